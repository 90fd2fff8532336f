"""What is wrong with a file: all of it at once, each fault one sentence with its place."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from portal.errors import PortalError


class BookFaults(PortalError):
    """The file was refused as a whole and nothing of it is stored."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"Файл не загружен, ничего не изменено. Ошибок: {len(faults)}")
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join((self.sentence, *self.faults))


def guess(word: str, known: Iterable[str]) -> str:
    """«, может быть «name»?» for a misspelt word; empty when nothing is near."""
    near = get_close_matches(word, list(known), n=1)
    return f", может быть «{near[0]}»?" if near else ""
