"""The bytes of a file, its lines, and what is wrong with them: with bounds, because a file from
outside may be of any size and say anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from portal.imports.book.faults import BookFaults, Fault, refusal, unreadable
from portal.imports.book.raw import Wrong

T = TypeVar("T")
BYTES_MAX = 32 * 2**20
"""Some 20 000 documents of a statement, or 300 000 lines of a registry."""
FAULTS_MAX = 200
LINES_MAX = 1_000_000
_END_OF_DOS_FILE = "\x1a"


@dataclass(slots=True)
class Complaints:
    """What is wrong with the file `name`; `counted` is what its parts are called."""

    name: str
    counted: str = "строка"
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, sentence: str) -> None:
        """Raises BookFaults when there are too many already: it is another kind of file."""
        if len(self.faults) == FAULTS_MAX:
            raise self.refused(line, "ошибок слишком много, дальше файл не читался")
        self.faults.append((line, sentence))

    def refused(self, line: int, sentence: str) -> BookFaults:
        """The refusal for a fault after which nothing more can be read."""
        return refusal(self.name, [*self.faults, (line, sentence)], self.counted)

    def refuse_if_any(self) -> None:
        """Raises BookFaults."""
        if self.faults:
            raise refusal(self.name, self.faults, self.counted)

    def attempt(self, line: int, title: str, read: Callable[[], T]) -> T | None:
        """What `read` answers; None, and a complaint about the field, when it raises Wrong."""
        try:
            return read()
        except Wrong as wrong:
            self.add(line, f"поле «{title}»: {wrong}")
            return None


def content_of(path: Path) -> bytes:
    """Raises BookFaults: it cannot be opened or is too large."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except OSError as fault:
        raise unreadable(path, fault) from None
    refuse_large(Complaints(path.name), content)
    return content


def refuse_large(complaints: Complaints, content: bytes) -> None:
    """Raises BookFaults."""
    if len(content) > BYTES_MAX:
        megabytes = BYTES_MAX // 2**20
        raise complaints.refused(0, f"файл больше {megabytes} МБ: выгрузите его частями")


def decoded(complaints: Complaints, content: bytes, encoding: str) -> str:
    """Strictly as UTF-8, with a mark or without, else in `encoding`: Russian text in an old
    encoding is practically never UTF-8 by chance.

    Raises BookFaults.
    """
    refuse_large(complaints, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        byte = content[fault.start]
        raise complaints.refused(
            line, f"байт {byte:02X} не знак кодировки {encoding}: выгрузите файл заново"
        ) from None


def lines_of(text: str, complaints: Complaints) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, with its number: CRLF or LF; other line separators of Unicode
    stand inside texts.  Raises BookFaults when there are too many.
    """
    number, start = 0, 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        number += 1
        if number > LINES_MAX:
            raise complaints.refused(number, "строк слишком много: выгрузите файл частями")
        line = text[start:end].strip("\r" + _END_OF_DOS_FILE)
        if line and not line.isspace():
            yield number, line
        start = end + 1
