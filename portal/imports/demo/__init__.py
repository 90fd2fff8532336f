"""The demonstration: the manual's own example, and a house of 40 flats that lives today.

Both go through the same doors as an operator's: `load`, then `bill`, `close` and `invoices` month
by month, and `load` again for what was paid.
"""

from portal.imports.demo.books import demo_books
from portal.imports.demo.made import Made, make_demo

__all__ = ["Made", "demo_books", "make_demo"]
