"""A file mangled in any one place is loaded or refused, and never breaks the load."""

from collections.abc import Iterator

import pytest

from portal.db.session import Session
from portal.domain.identity import Officer
from portal.imports.book import BookFaults, load_book
from tests.imports.conftest import HOUSE, NOW, OFFICER, Town
from tests.imports.month_book import MONTH

BOOKS = {"house": ("", HOUSE), "month": (HOUSE, MONTH)}
"""What is whole, and what is mangled."""
VALUES = ("1.5", "true", "[]", "{}", '""', '"x"', "2020-01-01", "2020-01-01T00:00:00", "-1", "[{}]")


class Undone(Exception):
    """Takes a load back that was not refused."""


def mangled(whole: str, text: str, *, full: bool) -> Iterator[str]:
    """Each line left out, and with each of `VALUES` (or with two of them in turn)."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if "=" in line:
            yield "\n".join([whole, *lines[:number], *lines[number + 1 :]])
            name = line.split("=")[0]
            for value in VALUES if full else VALUES[number % 5 :: 5]:
                other = f"{name}= {value}"
                yield "\n".join([whole, *lines[:number], other, *lines[number + 1 :]])


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("is_loaded", [False, True], ids=["empty", "loaded before"])
@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_mangled_file_never_breaks_the_load(
    sqlite_town: Town, full: bool, book: str, *, is_loaded: bool
) -> None:
    if is_loaded:
        sqlite_town.loads("".join(BOOKS[book]))
    before = sqlite_town.counts()

    def tries(session: Session, officer: Officer, text: str) -> None:
        load_book(session, officer, sqlite_town.reads(text), NOW)
        raise Undone

    for text in mangled(*BOOKS[book], full=full):
        with pytest.raises((BookFaults, Undone)):
            sqlite_town.backend.write_now(tries, OFFICER, text)
    assert sqlite_town.counts() == before
