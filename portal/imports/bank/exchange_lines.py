"""The lines of 1CClientBankExchange: «Ключ=Значение» in a header, in sections of accounts and in
documents.

Source: v8.1c.ru/edi/edi_stnd/100/101.htm; banks add keys of their own and break long purposes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from portal.imports.bank.content import Complaints, lines_of
from portal.imports.book.faults import BookFaults
from portal.imports.book.raw import Wrong, shown, string

FIRST_LINE: Final = "1CClientBankExchange"
PURPOSE: Final = "НазначениеПлатежа"
_LAST_LINE: Final = "КонецФайла"
_ENCODING: Final = "Кодировка="
_KEY = re.compile(r"\w{1,60}")
_VALUE_MAX: Final = 2000
_HEAD_BYTES: Final = 4096
_REPEATED: Final = frozenset({"РасчСчет", "Документ"})


class Part(Enum):
    """A part of the file: the line that opens it and the line that closes it."""

    HEADER = (FIRST_LINE, _LAST_LINE)
    ACCOUNT = ("СекцияРасчСчет", "КонецРасчСчет")
    DOCUMENT = ("СекцияДокумент", "КонецДокумента")

    @property
    def opened_by(self) -> str:
        return self.value[0]

    @property
    def closed_by(self) -> str:
        return self.value[1]


_OPENED = {part.opened_by: part for part in (Part.ACCOUNT, Part.DOCUMENT)}
_CLOSED = {part.closed_by: part for part in Part}


@dataclass(slots=True)
class Section:
    """What stands in one part, all key lines of it, as text; `kind` is the document's."""

    part: Part
    line: int
    kind: str = ""
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def get(self, *keys: str) -> str:
        """The first of these that is there and not empty."""
        return next((self.values[key] for key in keys if self.values.get(key)), "")

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


def encoding_of(content: bytes) -> str:
    """Of a file that is not UTF-8: the encoding in which its «Кодировка» can be read.  Of
    «Кодировка=DOS» that was recoded to windows-1251 on its way the word alone would be wrong.
    """
    return "cp866" if _ENCODING.encode("cp866") in content[:_HEAD_BYTES] else "cp1251"


def sections_of(text: str, complaints: Complaints) -> list[Section]:
    """The header first, then the others as they stand.

    Raises BookFaults: it is another kind of file, or there is no end to the complaints.
    """
    lines = lines_of(text, complaints)
    number, first = next(lines, (0, ""))
    if first.strip() != FIRST_LINE:
        raise _another_kind(complaints, number)
    scanner = _Scanner(complaints)
    for number, line in lines:
        scanner.take(number, line.strip())
    if not scanner.is_over:
        complaints.add(0, f"файл обрывается: последней должна быть строка «{_LAST_LINE}»")
    return scanner.sections


def _another_kind(complaints: Complaints, line: int) -> BookFaults:
    return complaints.refused(line, f"это не выписка 1С: первая строка должна быть «{FIRST_LINE}»")


class _Scanner:
    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.sections = [Section(Part.HEADER, 1)]
        self.is_over = False
        self._open = self._header = self.sections[0]
        self._last_key = ""

    def take(self, number: int, line: str) -> None:
        key, divider, value = (part.strip() for part in line.partition("="))
        if self.is_over:
            self._after_the_end(number)
        elif key in _OPENED:
            self._begin(number, _OPENED[key], value)
        elif key in _CLOSED and not divider:
            self._end(number, _CLOSED[key])
        elif divider and _KEY.fullmatch(key):
            self._keep(number, key, value)
        else:
            self._continue(number, line)

    def _after_the_end(self, number: int) -> None:
        raise self.complaints.refused(
            number, f"после строки «{_LAST_LINE}» что-то ещё: загружайте выписки по одной"
        )

    def _begin(self, number: int, part: Part, kind: str) -> None:
        self._complain_of_open(number)
        self._last_key = ""
        self._open = Section(part, number, self._clean(number, part.opened_by, kind))
        self.sections.append(self._open)

    def _end(self, number: int, part: Part) -> None:
        if part is Part.HEADER:
            self.is_over = True
            self._complain_of_open(number)
        elif self._open.part is not part:
            self.complaints.add(number, f"«{part.closed_by}» без «{part.opened_by}»")
        self._open = self._header
        self._last_key = ""

    def _complain_of_open(self, number: int) -> None:
        left = self._open
        if left is not self._header:
            opened, closed = left.part.opened_by, left.part.closed_by
            self.complaints.add(
                number, f"«{opened}» из строки {left.line} не закрыта: нет строки «{closed}»"
            )

    def _keep(self, number: int, key: str, value: str) -> None:
        self._last_key = key
        values = self._open.values
        text = self._clean(number, key, value)
        may_repeat = self._open is self._header and key in _REPEATED
        if values.setdefault(key, text) != text and not may_repeat:
            first = self._open.lines[key]
            self.complaints.add(number, f"«{key}» ещё раз и иначе, чем в строке {first}")
        self._open.lines.setdefault(key, number)

    def _continue(self, number: int, line: str) -> None:
        """Some programs break a long purpose into lines."""
        key = self._last_key
        if self._open.part is not Part.DOCUMENT or not key.startswith(PURPOSE):
            self.complaints.add(number, f"не понятно: нужно «Ключ=Значение», а стоит {shown(line)}")
            return
        values = self._open.values
        values[key] = self._clean(number, key, f"{values[key]} {line}".strip())

    def _clean(self, number: int, key: str, value: str) -> str:
        try:
            return string(value, _VALUE_MAX)
        except Wrong as wrong:
            self.complaints.add(number, f"«{shown(key)[1:-1]}»: {wrong}")
            return ""


def of_part(sections: list[Section], part: Part) -> Iterator[Section]:
    return (section for section in sections if section.part is part)
