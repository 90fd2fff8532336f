"""How a file writes days and times: «ДД-ММ-ГГГГ», «ЧЧ:ММ:СС», or both in one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Self

from portal.imports.book.kinds import FIRST_YEAR, LAST_YEAR
from portal.imports.book.raw import Wrong, shown

_TOKEN = re.compile("ГГГГ|ГГ|ДД|ММ|ЧЧ|СС")
_WORDS: Final = {"ГГГГ": "year", "ГГ": "short", "ДД": "day", "ЧЧ": "hour", "СС": "second"}
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class Layout:
    """`text` is how people write it; the first «ММ» before «ЧЧ» is the month, after it minutes."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises Wrong: it names neither a day nor a time, or something twice."""
        pattern, end, names = "", 0, set[str]()
        for token in _TOKEN.finditer(text):
            name = _name(token[0], names)
            if name in names:
                raise Wrong(f"в {shown(text)} «{token[0]}» названо дважды")
            names.add(name)
            digits = len(token[0])
            pattern += re.escape(text[end : token.start()]) + f"(?P<{name}>[0-9]{{{digits}}})"
            end = token.end()
        if not (_is_day(names) or _is_time(names)):
            raise Wrong(f"{shown(text)} не дата и не время. Пишется так: ДД.ММ.ГГГГ или ЧЧ:ММ:СС")
        return cls(text, re.compile(pattern + re.escape(text[end:])))

    @property
    def has_day(self) -> bool:
        return _is_day(self.pattern.groupindex.keys())

    @property
    def has_time(self) -> bool:
        return _is_time(self.pattern.groupindex.keys())


def moment(written: str, layouts: Sequence[Layout]) -> tuple[date | None, time | None]:
    """By the first of `layouts` that fits.  Raises Wrong."""
    for layout in layouts:
        if match := layout.pattern.fullmatch(written):
            parts = {name: int(digits) for name, digits in match.groupdict().items()}
            try:
                return _day(parts), _time(parts)
            except ValueError:
                break
    expected = " или ".join(layout.text for layout in layouts)
    raise Wrong(f"{shown(written)} не годится, нужно {expected}")


def _name(token: str, names: set[str]) -> str:
    if token == "ММ":  # noqa: S105 - a token of a date
        return "minute" if "hour" in names else "month"
    return _WORDS[token]


def _is_day(names: Iterable[str]) -> bool:
    return {"day", "month"} <= set(names) and bool({"year", "short"} & set(names))


def _is_time(names: Iterable[str]) -> bool:
    return {"hour", "minute"} <= set(names)


def _day(parts: dict[str, int]) -> date | None:
    if "day" not in parts:
        return None
    year = parts["year"] if "year" in parts else _CENTURY + parts["short"]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    return date(year, parts["month"], parts["day"])


def _time(parts: dict[str, int]) -> time | None:
    if "hour" not in parts:
        return None
    return time(parts["hour"], parts["minute"], parts.get("second", 0))
