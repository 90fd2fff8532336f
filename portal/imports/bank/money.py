"""What a file, whatever it is, says was paid: as the core takes payments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.incoming import ACCOUNT_MAX, SEVERAL, Order
from portal.domain.lumps import Listed, Lump
from portal.domain.money import Money
from portal.imports.bank.compare import Total
from portal.imports.bank.content import content_of
from portal.imports.bank.exchange import Incoming, Nature, Statement, statement_of
from portal.imports.bank.exchange_values import BankDocument
from portal.imports.bank.party_faults import party_faults
from portal.imports.bank.profile import ImportProfile
from portal.imports.bank.purpose import invoice_numbers, month_named
from portal.imports.bank.registry import Registry, registry_of
from portal.imports.bank.registry_rows import RegistryRow
from portal.imports.book.faults import BookFaults
from portal.services.incoming.filing import Told
from portal.services.incoming.lumps import NewLump

_WORDS_MAX: Final = 300
_MOSCOW: Final = ZoneInfo("Europe/Moscow")
_NOON: Final = time(12)
"""Of a payment whose hour is not told: the same day in every zone of the country."""
_FIRST_LINE: Final = b"1CClientBankExchange"
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FileMoney:
    """`lumps` are sums for registries of many, `own` comes from accounts of our own: neither is
    anybody's payment.  `days` are those that the file is about; `is_proved` by totals of its own.
    """

    name: str
    digest: str
    counted: str
    payments: tuple[Told, ...]
    days: tuple[date, date] | None
    is_proved: bool
    lumps: tuple[Incoming, ...] = ()
    own: tuple[Incoming, ...] = ()
    doubts: tuple[str, ...] = ()
    """Requisites that cannot be true."""
    registry: Listed | None = None
    """What a registry of payments says of itself."""

    @property
    def source(self) -> str:
        return f"{self.name} sha256:{self.digest}"

    @property
    def total(self) -> Total:
        amounts = [told.order.amount for told in self.payments]
        return Total(len(amounts), Money.total(amounts))

    @property
    def new_lumps(self) -> tuple[NewLump, ...]:
        return tuple(_lump_of(each) for each in self.lumps)


def read_money(path: Path, profile: ImportProfile | None, ours: str) -> FileMoney:
    """A statement, or with a profile a registry; `ours` is our settlement account.

    Raises BookFaults.
    """
    content = content_of(path)
    digest = sha256(content).hexdigest()
    if profile is not None:
        return _of_registry(registry_of(path.name, content, profile), digest)
    if not content.removeprefix(_MARK).startswith(_FIRST_LINE):
        name = _FIRST_LINE.decode()
        raise BookFaults([f"{path.name}: не выписка {name}; формат реестра назовите: --profile"])
    return _of_statement(statement_of(path.name, content, [ours]), digest)


def _of_statement(statement: Statement, digest: str) -> FileMoney:
    some: dict[Nature, list[Incoming]] = {nature: [] for nature in Nature}
    for each in statement.incoming:
        some[each.nature].append(each)
    ours = [each for each in statement.turnovers if each.account not in statement.strangers]
    days = (min(each.first for each in ours), max(each.last for each in ours))
    return FileMoney(
        statement.name,
        digest,
        "строка",
        tuple(_told_by_bank(each) for each in some[Nature.PAYMENT]),
        days,
        is_proved=True,
        lumps=tuple(some[Nature.LUMP]),
        own=tuple(some[Nature.OWN]),
        doubts=party_faults(statement.incoming),
    )


def _lump_of(incoming: Incoming) -> NewLump:
    document = incoming.document
    number = incoming.registry.number if incoming.registry else ""
    words = _joined(document.payer.name, document.purpose)
    lump = Lump(
        incoming.external_id, document.number, number, incoming.credited_on, incoming.amount, words
    )
    return NewLump(lump, _written(document))


def _written(document: BankDocument) -> str:
    return "\n".join(
        [document.kind, *(f"{key}={value}" for key, value in document.written.items())]
    )


def _told_by_bank(incoming: Incoming) -> Told:
    document = incoming.document
    numbers = tuple(each.number for each in incoming.candidates)
    words = SEVERAL.join(numbers) or document.purpose or document.payer.name or document.number
    account = _printable(words)[:ACCOUNT_MAX]
    moment = _moment(incoming.credited_on, None)
    order = Order(incoming.external_id, account, incoming.amount, moment)
    said = _joined(document.payer.name, document.purpose)
    return Told(
        document.line,
        order,
        numbers,
        said,
        _written(document),
        has_account=False,
        invoices=invoice_numbers(document.purpose),
        period=month_named(document.purpose),
    )


def _of_registry(registry: Registry, digest: str) -> FileMoney:
    days = [row.day for row in registry.rows if row.day is not None]
    return FileMoney(
        registry.name,
        digest,
        registry.profile.counted,
        tuple(_told_by_row(row) for row in registry.rows),
        (min(days), max(days)) if days else None,
        is_proved=registry.control is not None,
        registry=_listed(registry, days) if days else None,
    )


def _listed(registry: Registry, days: list[date]) -> Listed:
    """Without totals of its own it may still name one payment order in all its lines."""
    control, rows = registry.control, registry.rows
    orders = {row.payment_order for row in rows}
    own = "" if control is None else control.number
    parts = sorted(f"{row.key} {row.amount.kopecks}" for row in rows)
    return Listed(
        sha256("\n".join(parts).encode()).hexdigest(),
        registry.name,
        own or (orders.pop() if len(orders) == 1 else ""),
        None if control is None else control.day,
        min(days),
        max(days),
        len(rows),
        Money.total(row.amount for row in rows),
        None if control is None else control.transferred,
    )


def _told_by_row(row: RegistryRow) -> Told:
    """A registry of payments has a day in every line."""
    order = Order(row.key, row.account, row.amount, _moment(row.day or date.min, row.time))
    lines = (f"{column.value}={value}" for column, value in row.written.items())
    said = _joined(row.payer, row.address, row.comment)
    return Told(
        row.line,
        order,
        (row.account,),
        said,
        "\n".join(lines),
        has_account=True,
        invoices=(*filter(None, [row.invoice]), *invoice_numbers(row.comment)),
        period=row.period or month_named(row.comment),
    )


def _joined(*texts: str) -> str:
    return _printable("; ".join(text for text in texts if text))[:_WORDS_MAX]


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _moment(day: date, clock: time | None) -> datetime:
    """Moscow's time."""
    return datetime.combine(day, clock or _NOON, _MOSCOW).astimezone(UTC)
