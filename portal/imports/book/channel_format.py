"""Channels of payment systems: their table; `format.ru.md` says the same to people."""

import re

from portal.domain.dialects import dialects
from portal.domain.incoming import Unspoken, fingerprint_of
from portal.domain.paying import Way
from portal.imports.book import amounts, kinds
from portal.imports.book.fields import Gender, Table, may, must, to
from portal.imports.book.raw import TEXT_MAX, Wrong, string
from portal.settings.deployment import networks as parsed_networks
from portal.settings.faults import Impossible

PASSWORD_MIN, SIGNS_MIN = 20, 8
_FINGERPRINT = re.compile(r"[0-9a-f]{40,128}")
_BASE_URL = re.compile(
    r"((https://[\w.-]+|http://127\.0\.0\.1)(:(?P<port>\d{1,5}))?)?(/[\w.~-]+)*/?", re.ASCII
)
PORT_MAX = 65535
VAT_MAX, TAX_SYSTEM_MAX = 12, 6


def dialect(value: object) -> str:
    """A protocol that there is a file for, or none at all."""
    return str(kinds.word(*dialects(), *Unspoken)(value))


def pattern(value: object) -> str:
    """A regular expression that a whole number must fit; empty is any."""
    written = kinds.optional_text(value)
    try:
        re.compile(written)
    except re.error as fault:
        raise Wrong(f"«{written}» не регулярное выражение ({fault})") from None
    return written


def networks(value: object) -> str:
    written = kinds.optional_text(value)
    try:
        return ", ".join(map(str, parsed_networks(written)))
    except Impossible:
        raise Wrong(
            f'«{written}» не адреса. Пишется так: "79.142.16.0/20, 91.232.230.0/23"'
        ) from None


def password(value: object) -> str:
    """Kept as a plain digest, so it must not be guessable."""
    written = string(value, TEXT_MAX)
    if len(written) < PASSWORD_MIN or len(set(written)) < SIGNS_MIN:
        raise Wrong(f"слишком простой: нужно не меньше {PASSWORD_MIN} случайных знаков")
    return written


def fingerprint(value: object) -> str:
    written = fingerprint_of(kinds.optional_text(value))
    if written and _FINGERPRINT.fullmatch(written) is None:
        raise Wrong("нужен отпечаток сертификата: 40 или больше шестнадцатеричных цифр")
    return written


def ways(value: object) -> str:
    """Each once, in the order of the file."""
    return ",".join(kinds.words(*Way)(value))


def base_url(value: object) -> str:
    """Of a bank that speaks the same protocol; a path is at this portal itself."""
    written = kinds.optional_text(value)
    match = _BASE_URL.fullmatch(written)
    if match is None or int(match["port"] or 0) > PORT_MAX:
        raise Wrong("нужен адрес https://…, без пробелов и знаков «?» и «#»")
    return written


CHANNEL_TABLE = Table(
    "pay_channels", "канал приема платежей", Gender.HE, "Каналы приема платежей", ("key",), (
        must("key", kinds.address_part), to("operators", "operator"),
        must("dialect", dialect), must("name", kinds.text),
        may("account_pattern", pattern), may("amount_min", amounts.positive_money),
        may("amount_max", amounts.positive_money), may("networks", networks),
        may("login", kinds.optional_text), may("password", password),
        may("certificate", fingerprint), may("is_open", kinds.flag),
        may("place", kinds.optional_text), may("ways", ways), may("shop_id", kinds.optional_text),
        may("base_url", base_url), may("has_receipts", kinds.flag),
        may("vat_code", kinds.whole(1, VAT_MAX)), may("tax_system", kinds.whole(1, TAX_SYSTEM_MAX)),
    ),
)  # fmt: skip
