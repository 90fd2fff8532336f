"""The protocols of terminals, each in a file of its own that nothing else names: a file more in
this folder is a protocol more, with its address, its word in the operator's file and its place in
what residents read.  Each declares one `DIALECT`.
"""

import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from portal.domain.dialect import Dialect
from portal.domain.incoming import NOT_SPOKEN

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)


@cache
def dialects() -> Mapping[str, Dialect]:
    """By name, in the order of the names.

    Raises TypeError, ValueError: a file declares no dialect, or one whose name is no part of an
    address, or another's.
    """
    found: dict[str, Dialect] = {}
    for name in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        dialect = getattr(import_module(f"{__name__}.{name}"), "DIALECT", None)
        if not isinstance(dialect, Dialect):
            raise TypeError(f"{__name__}.{name} declares no DIALECT")
        if _NAME.fullmatch(dialect.name) is None or dialect.name in {*found, *NOT_SPOKEN}:
            raise ValueError(f"{__name__}.{name}: «{dialect.name}» is no name of its own")
        found[dialect.name] = dialect
    return found
