"""Registries as channels write them, with totals that agree, and tables of dBase III."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from struct import pack

from portal.domain.money import Money
from portal.imports.bank.dbf_values import DbfValue

Paid = tuple[str, str, Money]
"""The operation's number, the account and the sum."""
FEE = Money(50)
PAID: tuple[Paid, ...] = (
    ("1", "0001234567", Money(100_50)),
    ("2", "0007654321", Money(2500_00)),
    ("3", "42", Money(399_99)),
)


def sber(paid: Sequence[Paid] = PAID, payer: str = "ИВАНОВ ИВАН", period: str = "1026") -> str:
    """The fee is held back from each sum."""
    lines = [
        f"24-11-2026;10-15-00;8586;586;{number};{account};{payer};ул. Ленина, 1, 2;{period};"
        f"{amount.plain};{(amount - FEE).plain};{FEE.plain}"
        for number, account, amount in paid
    ]
    total, fee = Money.total(amount for _, _, amount in paid), Money(FEE.kopecks * len(paid))
    footer = f"={len(paid)};{total.plain};{(total - fee).plain};{fee.plain};451;25-11-2026"
    return "\r\n".join([*lines, footer, ""])


def qiwi(paid: Sequence[Paid] = PAID, day: str = "24.11.2026") -> str:
    lines = [
        f"{number}\t{day}\t10:15:00\t{account}\t{amount.plain.replace(',', '.')}"
        for number, account, amount in paid
    ]
    total = Money.total(amount for _, _, amount in paid).plain.replace(",", ".")
    return "\n".join([*lines, f"Total: {len(paid)} {total}"])


def lanbilling(paid: Sequence[Paid] = PAID, heading: str = "", delimiter: str = ";") -> str:
    lines = [
        delimiter.join((account, number, "2026-11-24", dotted(amount), "", "", "без НДС", "17"))
        for number, account, amount in paid
    ]
    return "\r\n".join([heading, *lines, ""])


def gorod(debts: Sequence[Paid] = PAID) -> str:
    lines = [
        f"Иванов И. И.;Город г,Ленина ул,1,2;{account};{dotted(amount)};ЖКУ"
        for _, account, amount in debts
    ]
    total = Money.total(amount for _, _, amount in debts)
    return "\r\n".join([f"#FILESUM {dotted(total)}", "#TYPE 7", "#SERVICE 5258", *lines])


def dotted(amount: Money) -> str:
    return amount.plain.replace(",", ".")


Described = tuple[str, str, int, int]
"""A field's name, type, length and decimals."""
PAYMENTS: tuple[Described, ...] = (
    ("LS", "C", 10, 0), ("ID", "C", 12, 0), ("DATE", "D", 8, 0), ("SUM", "N", 12, 2),
    ("FIO", "C", 30, 0), ("NALICH", "L", 1, 0),
)  # fmt: skip


def dbf(
    fields: Sequence[Described],
    rows: Iterable[Mapping[str, DbfValue]],
    encoding: str = "cp866",
    driver: int = 0,
    deleted: Iterable[int] = (),
) -> bytes:
    """The rows whose indexes are `deleted` are marked so."""
    rows, gone = list(rows), set(deleted)
    size = 1 + sum(length for _, _, length, _ in fields)
    head = pack("<B3BIHH17xB2x", 3, 126, 11, 24, len(rows), 33 + 32 * len(fields), size, driver)
    described = b"".join(
        pack("<11sc4xBB14x", name.encode(), kind.encode(), length, decimals)
        for name, kind, length, decimals in fields
    )
    records = b"".join(
        (b"*" if number in gone else b" ")
        + b"".join(_bytes(row.get(field[0]), field, encoding) for field in fields)
        for number, row in enumerate(rows)
    )
    return head + described + b"\r" + records + b"\x1a"


def paid_table(paid: Sequence[Paid] = PAID, encoding: str = "cp866", driver: int = 0) -> bytes:
    rows: list[dict[str, DbfValue]] = [
        {
            "LS": account, "ID": number, "DATE": date(2026, 11, 24), "FIO": "Ёлкин",
            "SUM": Decimal(amount.kopecks) / 100, "NALICH": True,
        }
        for number, account, amount in paid
    ]  # fmt: skip
    return dbf(PAYMENTS, rows, encoding, driver)


def _bytes(value: DbfValue, field: Described, encoding: str) -> bytes:
    _, _, length, decimals = field
    written = b""
    match value:
        case bool():
            written = b"T" if value else b"F"
        case Decimal():
            written = f"{value:.{decimals}f}".rjust(length).encode()
        case date():
            written = f"{value:%Y%m%d}".encode()
        case str():
            written = value.encode(encoding)
    assert len(written) <= length, value
    return written.ljust(length)
