"""What the resident sees of himself, and the contacts that he may change."""

import re
from dataclasses import dataclass
from datetime import date

PHONE_DIGITS = range(10, 16)  # ITU-T E.164: at most fifteen
EMAIL_MAX = 254  # RFC 5321, with the errata to RFC 3696
_LOCAL_WITH_TRUNK = re.compile(r"8[0-9]{10}")
_LOCAL = re.compile(r"9[0-9]{9}")
_PUNCTUATION = re.compile(r"[\s()./\N{NO-BREAK SPACE}\N{EN DASH}-]")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"[^\s@<>\"',;:\\()\[\]]{{1,64}}@(?:{_LABEL}\.)+[^\W\d_][\w-]*[^\W_]")


class ContactFault(ValueError):
    """What was typed is no such contact; str() is the Russian sentence."""


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """One agreement: the flat and who serves it."""

    number: str
    address: str
    operator: str
    operator_phone: str
    operator_email: str
    operator_site: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class ContactRules:
    """Which contacts the operator lets residents change, and how a phone must look."""

    phone: bool = True
    email: bool = True
    phone_mask: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The resident's own data."""

    name: str
    login: str
    phone: str
    email: str
    agreements: tuple[AgreementCard, ...]
    wants_receipts: bool = True
    """Квитанции об оплате by e-mail."""


def parse_phone(text: str, mask: str = "") -> str:
    """«+79161234567» of whatever way people write it; '' of nothing.

    `mask` is the old cabinet's `phoneMask`, such as «+7 (999) 999-99-99»: each 9 is any digit,
    other digits stand for themselves; it may leave out the country.  Raises ContactFault.
    """
    typed = _PUNCTUATION.sub("", text)
    if not typed:
        return ""
    digits = typed.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in PHONE_DIGITS:
        raise ContactFault("Проверьте номер телефона: нужно от 10 до 15 цифр, +7 916 123-45-67")
    if not typed.startswith("+"):
        digits = _with_country(digits)
    if mask and not _fits(digits, mask):
        raise ContactFault(f"Номер телефона нужен в виде {mask.replace('9', '_')}")
    return f"+{digits}"


def parse_email(text: str) -> str:
    """The address without spaces around it; '' of nothing.  Raises ContactFault."""
    email = text.strip()
    if len(email) > EMAIL_MAX:
        raise ContactFault(f"Слишком длинный e-mail: больше {EMAIL_MAX} знаков")
    if not email.isprintable() or (email and _EMAIL.fullmatch(email) is None):
        raise ContactFault("Проверьте e-mail: он пишется как name@example.ru")
    return email


def _with_country(digits: str) -> str:
    """Numbers dialled inside Russia, 8 916… or 916…, get its country code."""
    if _LOCAL_WITH_TRUNK.fullmatch(digits):
        return "7" + digits[1:]
    return "7" + digits if _LOCAL.fullmatch(digits) else digits


def _fits(digits: str, mask: str) -> bool:
    slots = re.sub("^8(?=[0-9]{10}$)", "7", re.sub("[^0-9]", "", mask))
    return re.fullmatch(f"7?{slots.replace('9', '[0-9]')}", digits) is not None
