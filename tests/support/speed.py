"""What costs the tests much time and tells them nothing: the disk, and compiling the same SQL for
each new engine.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

MEMORY = Path("/dev/shm")
_ENOUGH = 8 << 30
_STATEMENTS = 5000
"""More than the product has, of both databases."""


def keep_files_in_memory(memory: Path = MEMORY, enough: int = _ENOUGH) -> None:
    """Temporary files, for us and for our children: where there is memory for them, and it may
    hold programs.  Nobody's power goes out during a test; what measures the disk is in tests/bench.
    """
    if "TMPDIR" in os.environ or not memory.is_dir():
        return
    may_run_programs = not os.statvfs(memory).f_flag & os.ST_NOEXEC
    if may_run_programs and shutil.disk_usage(memory).free >= enough:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


def compile_once(create_engine: Callable[..., Engine]) -> Callable[..., Engine]:
    """`create_engine` whose engines of one kind share their compiled statements, as all requests
    to one portal do.  A test has an engine of its own, and most of its time went into compiling.
    """
    shared: MutableMapping[Any, Any] = LRUCache(_STATEMENTS)

    def create(*args: Any, **options: Any) -> Engine:
        engine = create_engine(*args, **options)
        _be_equal(type(engine.dialect))
        engine._compiled_cache = shared
        return engine

    return create


def _be_equal(kind: type[object]) -> None:
    """Dialects of one class: they are part of the key of a compiled statement."""
    for name, method in (("__hash__", _hash_of_its_class), ("__eq__", _is_of_its_class)):
        setattr(kind, name, method)


def _hash_of_its_class(self: object) -> int:
    return hash(type(self))


def _is_of_its_class(self: object, other: object) -> bool:
    return type(self) is type(other)


def miss_sniffio_at_once() -> None:
    """Where it is not installed, httpx looks for it all over the disk for each of its requests."""
    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment] # so an import knows it missing


def collect_garbage_seldom() -> None:
    """What collecting the tests has made stays until the end: no need to look through it again and
    again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
