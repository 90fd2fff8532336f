"""The demonstration: the manual's own example, and a house of 40 flats that lives today.

Both go through the same door as an operator's file.
"""

from datetime import date
from importlib.resources import as_file, files

from portal.imports.book import Book, book_of, read_book
from portal.imports.demo.house import house_document


def demo_books(today: date) -> list[Book]:
    """What the demonstration's database is loaded with, in this order.  The same day gives the
    same books; another day's do not fit beside them, so a demonstration is loaded once.

    `today` is the house's (Moscow's); everything in the books lies before the end of it.
    """
    with as_file(files(__package__).joinpath("manual.toml")) as path:
        manual = read_book(path)
    return [manual, book_of("demo-house", house_document(today))]
