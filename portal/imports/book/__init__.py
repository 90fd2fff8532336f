"""`zhkh-portal load FILE`: the operator's data in one TOML file.

The file describes operators, agents, additional fields, tariffs, services, dated prices,
residents, premises, agreements, accounts, meters, readings, charges, invoices, payments and
notices; `format_text()` is its description for people, `portal/imports/demo/manual.toml` an
example, `sample_text()` a book of tariffs to begin with.  Rows refer to one another by the keys
that people use.  Loading the same file twice changes nothing.  Names and other descriptions that
differ are changed; money, prices and readings never are: a file that contradicts them is refused.
A refusal names every fault at once and leaves nothing behind.

How it works: `reading` turns the text into rows of known shape, `known` reads what the database has
of the same things, the steps (`directory` to `notices`) check each row against it and store it, in
one transaction.
"""

from importlib.resources import files
from typing import Final

from portal.domain.dialects import dialects
from portal.imports.book.faults import BookFaults
from portal.imports.book.loading import load_book
from portal.imports.book.reading import Book, book_of, read_book
from portal.imports.book.report import LoadReport, TableReport

_DIALECTS: Final = "{dialects}"
__all__ = [
    "Book",
    "BookFaults",
    "LoadReport",
    "TableReport",
    "book_of",
    "format_text",
    "load_book",
    "read_book",
    "sample_text",
]


def format_text() -> str:
    """The description of the file's format, in Russian."""
    spoken = ", ".join(f"`{name}` ({each.title})" for name, each in dialects().items())
    written = files(__package__).joinpath("format.ru.md").read_text("utf-8")
    return written.replace(_DIALECTS, spoken)


def sample_text() -> str:
    """A file for `load`: the tariffs of a usual block of flats, for an operator to change."""
    return files(__package__).joinpath("sample.ru.toml").read_text("utf-8")
