"""What can go wrong, said to the person whom it concerns.

Every error is one Russian sentence: what happened and what to do.  No status codes and no HTML:
services know residents, the edges translate.
"""

from collections.abc import Mapping
from types import MappingProxyType


class PortalError(Exception):
    """A refusal that a person may read as it stands."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(PortalError):
    """There is no such thing, or it is another's: nobody can tell which."""

    def __init__(self, sentence: str = "Некорректный запрос") -> None:
        super().__init__(sentence)


class Refused(PortalError):
    """Understood, but not allowed now; nothing was changed."""


class Invalid(PortalError):
    """A field is wrong; `field` is its name in the form that was sent.  `others` are further wrong
    fields with their sentences.
    """

    def __init__(
        self, field: str, sentence: str, others: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(sentence)
        self.field = field
        self.errors = {field: sentence, **others}


class Unavailable(PortalError):
    """The portal itself cannot answer now; the same request may succeed later."""
