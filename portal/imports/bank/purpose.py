"""What the words of a payment's purpose say: whose account is paid, or which registry."""

import re
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.period import MONTHS, Period

_ALONE = r"(?<![а-яёa-z])"
_NO_MORE = r"(?![а-яёa-z])"
_DAY = r"(?:\s*от\s*\d\d[./-]\d\d[./-](?:\d{4}|\d\d)(?!\d)(?:\s*г\.?)?)?"
_SIGN = r"[\s:=№#N.]{0,6}"
_NUMBER = r"(?P<number>(?=[\w/-]{0,30}\d)[^\W_](?:[\w/-]{0,30}\w)?)(?!\w|[.,]\d)"


class Names(StrEnum):
    """What a number in the purpose is the number of."""

    ACCOUNT = "лицевой счет"
    UNIFIED = "ЕЛС"
    SERVICE = "ИЖКУ"
    AGREEMENT = "договор"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may lead to the payer's account; whether there is one, the database knows."""

    names: Names
    number: str


@dataclass(frozen=True, slots=True)
class RegistryMark:
    """A lump payment for a registry of many; `number` is empty where none is named."""

    number: str


def _named(words: str, between: str = "") -> re.Pattern[str]:
    return re.compile(_ALONE + f"(?:{words})" + _NO_MORE + between + _SIGN + _NUMBER, re.IGNORECASE)


_PATTERNS = (
    (
        Names.ACCOUNT,
        _named(
            r"л\s?[/\\.]\s?сч?\.?|л/сч[её]та?|лс|persacc"
            r"|(?<!единый )(?<!единого )лиц(?:\.|ево(?:й|го|му))?\s?сч(?:\.|[её]та?|[её]ту)?"
        ),
    ),
    (Names.UNIFIED, _named(r"елс|един(?:ый|ого) лицево(?:й|го) сч[её]та?")),
    (Names.UNIFIED, re.compile(r"(?<!\w)(?P<number>\d\d[А-ЯЁ]{2}\d{6})(?![\w-])")),
    (Names.SERVICE, _named(r"ижку|идентификатор\s+жку")),
    (Names.SERVICE, re.compile(r"(?<!\w)(?P<number>\d\d[А-ЯЁ]{2}\d{6}-\d\d)(?![\w-])")),
    (Names.AGREEMENT, _named(r"дог\.?|договор(?:а|у|ом|е)?", _DAY)),
)
_BEFORE = r"(?:№|#|N(?=\s?\d))\s?"
_LISTED = rf"(?<!\w)(?:{_BEFORE}[^\W_]|\d)(?:[\w/-]{{0,30}}\w)?"
_INVOICES = re.compile(
    r"(?<![а-яёa-z/\\.])(?P<account>(?:лиц|расч|кор|банк)\S{0,20}\s{1,3})?"
    r"сч[её]т(?:а|у|ам|ами|ов|ом)?\s{0,3}"
    rf"(?P<numbers>{_LISTED}(?:(?:\s?,\s?|\s+и\s+){_LISTED})*)",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"{_ALONE}за\s{{1,3}}(?:(?P<month>0[1-9]|1[0-2])[./]|(?P<name>{'|'.join(MONTHS)})\s{{1,3}})"
    r"(?P<year>20[0-9]{2})(?![\d./])",
    re.IGNORECASE,
)
_REGISTRY = re.compile(_ALONE + r"реестр(?:а|у|ом|е|ы|ов|ам)?" + _NO_MORE, re.IGNORECASE)
_REGISTRY_NUMBER = re.compile(
    r"(?:\s+[а-яё]+){0,3}?" + _DAY + r"\s*(?:№|#|N|ном(?:ер|\.))\s?" + _NUMBER, re.IGNORECASE
)


def candidates(purpose: str) -> tuple[Candidate, ...]:
    """The most telling first: accounts, then ЕЛС, ИЖКУ and agreements, each in the order of the
    text; a number once.  Of «17/2026» the part before the stroke is one more, a worse one.
    """
    found: dict[str, Candidate] = {}
    parts: dict[str, Candidate] = {}
    for names, pattern in _PATTERNS:
        for match in pattern.finditer(purpose):
            number = match["number"]
            found.setdefault(number, Candidate(names, number))
            head = number.split("/")[0]
            if any(sign.isdigit() for sign in head):
                parts.setdefault(head, Candidate(names, head))
    return tuple((found | {n: c for n, c in parts.items() if n not in found}).values())


def invoice_numbers(purpose: str) -> tuple[str, ...]:
    """Of «счет № 2026-000017», «по счетам № 17, № 18 и 19»; each once, in the order of the text.
    An account, «лицевой счет», is called by the same word and is none.
    """
    found: dict[str, None] = {}
    for match in _INVOICES.finditer(purpose):
        if not match["account"]:
            listed = re.findall(_LISTED, match["numbers"], re.IGNORECASE)
            found |= dict.fromkeys(re.sub(f"^{_BEFORE}", "", each) for each in listed)
    return tuple(found)


def month_named(purpose: str) -> Period | None:
    """The month of «за 10.2026», «за октябрь 2026 г.»; None where none is named, or several."""
    found = set[Period]()
    for match in _MONTH.finditer(purpose):
        name = (match["name"] or "").lower()
        found.add(Period(int(match["year"]), int(match["month"] or MONTHS.index(name) + 1)))
    return found.pop() if len(found) == 1 else None


def registry_mark(purpose: str) -> RegistryMark | None:
    """Of «реестр № 451», and of a registry without a number where no single account is named."""
    for match in _REGISTRY.finditer(purpose):
        if number := _REGISTRY_NUMBER.match(purpose, match.end()):
            return RegistryMark(number["number"])
    is_lump = _REGISTRY.search(purpose) and not candidates(purpose)
    return RegistryMark("") if is_lump else None
