"""The doorway to a database that fails: a person is told calmly, the log is told why."""

from datetime import UTC, datetime

import pytest

from portal.backend import Backend
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.profile import ContactRules
from portal.errors import Unavailable
from portal.services.profile import change_contacts, profile


def without_contacts(session: Session) -> None:
    change_contacts(session, ResidentId(1), "", "", ContactRules())


def nobodys_profile(session: Session) -> None:
    profile(session, ResidentId(1))


@pytest.mark.parametrize(("way", "call"), [("read", nobodys_profile), ("write", without_contacts)])
async def test_a_database_that_fails_is_unavailable_and_its_words_are_in_the_log(
    blank_sqlite_url: str, caplog: pytest.LogCaptureFixture, way: str, call: object
) -> None:
    backend = Backend(blank_sqlite_url, lambda: datetime.now(UTC))
    with pytest.raises(Unavailable, match="База данных не отвечает"):
        await getattr(backend, way)(call)
    backend.close()
    assert "no such table" in caplog.text
