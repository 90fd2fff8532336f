"""What is wrong with a file: all of it at once, each fault one sentence with its place."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from portal.errors import PortalError

Fault = tuple[int, str]
"""The number of a line (0: the file as a whole), and what is wrong in it."""


class BookFaults(PortalError):
    """The file was refused as a whole and nothing of it is stored."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"Файл не загружен, ничего не изменено. Ошибок: {len(faults)}")
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join((self.sentence, *self.faults))


def refusal(name: str, faults: Iterable[Fault], counted: str = "строка") -> BookFaults:
    """All that is wrong, in the order of the lines: «cdr.csv, строка 12: …»."""
    told = sorted(faults, key=lambda fault: fault[0])
    return BookFaults(
        [f"{name}, {counted} {line}: {why}" if line else f"{name}: {why}" for line, why in told]
    )


def unreadable(path: Path, fault: OSError) -> BookFaults:
    reason = "нет такого файла" if isinstance(fault, FileNotFoundError) else "не открывается"
    return BookFaults([f"{path}: {reason}"])


def guess(word: str, known: Iterable[str]) -> str:
    """«, может быть «name»?» for a misspelt word; empty when nothing is near."""
    near = nearest(word, known)
    return f", может быть «{near}»?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty when nothing is near."""
    return next(iter(get_close_matches(word, sorted(known), n=1)), "")
