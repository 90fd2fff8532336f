"""Frozen values of which a run makes hundreds of thousands.

A frozen dataclass guards its fields at run time too, for which each object pays with seven times
what its making costs.  Of `made_often(frozen=True, …)` only mypy guards them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass as made_often
else:

    def made_often(*, frozen: bool, **how: bool) -> Callable[[type[T]], type[T]]:
        """`dataclass`, hashed as a frozen one."""
        return dataclass(unsafe_hash=frozen, **how)


__all__ = ["made_often"]
