"""Who asks."""

from dataclasses import dataclass
from typing import NewType

ResidentId = NewType("ResidentId", int)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the management company, or the command line on its behalf."""

    name: str
