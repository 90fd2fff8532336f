"""Work that makes many objects and no garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """A chunk of a run makes hundreds of thousands of objects, a long entry tens of thousands, and
    no cycles: looking for some among them again and again would take a tenth of the time.
    Whoever finds it on turns it on again, so that of several at once the last leaves it on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
