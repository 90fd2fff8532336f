"""The demonstration: the manual's own example, and a house of 40 flats that lives today.

Both go through the same doors as an operator's: `load`, then `bill` and `close` month by month.
"""

from portal.imports.demo.books import demo_books
from portal.imports.demo.made import Made, make_demo

__all__ = ["Made", "demo_books", "make_demo"]
