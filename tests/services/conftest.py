"""What several tests of migrations begin with."""

from collections.abc import Iterator

import pytest

from portal.backend import Backend
from tests.builders import NOW
from tests.support.full_house import a_settled_house


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A settled house of today's program, to be carried back; others make one of their own."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    a_settled_house(backend)
    yield backend
    backend.close()
