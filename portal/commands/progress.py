"""A sign of life on a terminal; nothing on a pipe."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

_STEP = 0.2
_CLEAR_LINE = "\r\x1b[K"


@contextmanager
def working(what: str) -> Iterator[None]:
    """«Создаю дом … 3 с» on stderr while the block runs, and no trace of it afterwards."""
    if not sys.stderr.isatty():
        yield
        return
    is_over = Event()
    ticking = Thread(target=_tick, args=(what, is_over), daemon=True)
    ticking.start()
    try:
        yield
    finally:
        is_over.set()
        ticking.join()


def _tick(what: str, is_over: Event) -> None:
    began = time.monotonic()
    while not is_over.wait(_STEP):
        sys.stderr.write(f"{_CLEAR_LINE}{what} … {time.monotonic() - began:.0f} с")
        sys.stderr.flush()
    sys.stderr.write(_CLEAR_LINE)
    sys.stderr.flush()
