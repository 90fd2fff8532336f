"""A file mangled in any one place is loaded or refused, and never breaks the load."""

from collections.abc import Iterator

import pytest

from portal.db.session import Session
from portal.domain.identity import Officer
from portal.imports.book import BookFaults, load_book
from tests.imports.conftest import HOUSE, NOW, OFFICER, Town

LINES = HOUSE.splitlines()
VALUES = ("1.5", "true", "[]", "{}", '""', '"x"', "2020-01-01", "2020-01-01T00:00:00", "-1", "[{}]")


class Undone(Exception):
    """Takes a load back that was not refused."""


def mangled(*, full: bool) -> Iterator[str]:
    """Each line left out, and with each of `VALUES` (or with two of them in turn)."""
    for number, line in enumerate(LINES):
        if "=" in line:
            yield "\n".join(LINES[:number] + LINES[number + 1 :])
            name = line.split("=")[0]
            for value in VALUES if full else VALUES[number % 5 :: 5]:
                yield "\n".join([*LINES[:number], f"{name}= {value}", *LINES[number + 1 :]])


@pytest.mark.parametrize("is_loaded", [False, True], ids=["empty", "loaded before"])
@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_mangled_file_never_breaks_the_load(
    sqlite_town: Town, full: bool, *, is_loaded: bool
) -> None:
    if is_loaded:
        sqlite_town.loads()
    before = sqlite_town.counts()

    def tries(session: Session, officer: Officer, text: str) -> None:
        load_book(session, officer, sqlite_town.reads(text), NOW)
        raise Undone

    for text in mangled(full=full):
        with pytest.raises((BookFaults, Undone)):
            sqlite_town.backend.write_now(tries, OFFICER, text)
    assert sqlite_town.counts() == before
