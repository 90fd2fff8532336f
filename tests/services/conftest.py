"""What the services' tests share."""

from collections.abc import Iterator

import pytest

from portal.backend import Backend
from tests.builders import NOW


@pytest.fixture
def backend(database_url: str) -> Iterator[Backend]:
    """The product's doorway on a migrated, empty database, with the clock at `NOW`."""
    backend = Backend(database_url, clock=lambda: NOW)
    yield backend
    backend.close()
