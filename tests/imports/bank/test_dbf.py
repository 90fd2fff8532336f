"""Tables of dBase III: read to the last kopeck, or refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.bank.content import Complaints
from portal.imports.bank.dbf import DbfTable, dbf_of
from portal.imports.bank.dbf_values import DbfValue
from portal.imports.book.faults import BookFaults
from tests.imports.bank.registries import PAYMENTS, Described, dbf, paid_table

FLATS: tuple[Described, ...] = (
    ("LS", "C", 15, 0), ("PLOSH", "N", 7, 2), ("DATPOV", "D", 8, 0), ("HOT", "L", 1, 0),
)  # fmt: skip
FLAT: dict[str, DbfValue] = {
    "LS": "0001234567", "PLOSH": Decimal("54.30"), "DATPOV": date(2028, 5, 14), "HOT": True,
}  # fmt: skip


def read(content: bytes, encoding: str = "cp866") -> DbfTable:
    complaints = Complaints("ls.dbf", "запись")
    table = dbf_of(content, complaints, encoding)
    complaints.refuse_if_any()
    return table


def refused(content: bytes) -> str:
    with pytest.raises(BookFaults) as refusal:
        read(content)
    return "\n".join(refusal.value.faults)


def test_leading_zeros_decimals_and_days_are_exact() -> None:
    [record] = read(dbf(FLATS, [FLAT])).records
    assert record.values == FLAT
    assert str(record.values["PLOSH"]) == "54.30"


@pytest.mark.parametrize(
    ("encoding", "driver", "told"),
    [
        ("cp866", 0x26, "cp1251"), ("cp866", 0x65, "cp1251"), ("cp1251", 0xC9, "cp866"),
        ("cp1251", 0x57, "cp866"), ("cp866", 0, "cp866"), ("cp1251", 0, "cp1251"),
        ("cp1251", 0x99, "cp1251"),
    ],
)  # fmt: skip
def test_the_table_names_its_encoding_or_the_profile_does(
    encoding: str, driver: int, told: str
) -> None:
    table = read(paid_table(encoding=encoding, driver=driver), told)
    assert (table.encoding, table.records[0].values["FIO"]) == (encoding, "Ёлкин")


def test_what_is_blank_is_nothing_and_deleted_records_are_not_read() -> None:
    table = read(dbf(FLATS, [{}, FLAT, FLAT, {"LS": "x"}], deleted=[1]))
    assert [record.number for record in table.records] == [1, 3, 4]
    blank = {"LS": "", "PLOSH": None, "DATPOV": None, "HOT": None}
    assert (table.records[0].values, table.deleted) == (blank, 1)
    assert read(dbf(FLATS, [])).records == ()


def test_fields_may_be_filled_up_with_zero_bytes_and_the_end_mark_may_be_missing() -> None:
    content = dbf(FLATS, [FLAT]).replace(b"0001234567     ", b"0001234567\0\0\0\0\0")
    assert read(content[:-1]).records[0].values == FLAT


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "это не таблица DBF"),
        (b"LS;SUM\r\n" * 9, "это не таблица DBF"),
        (b"\x83" + dbf(FLATS, [FLAT])[1:], "без полей memo"),
        (dbf([("NOTE", "M", 10, 0)], [{}]), "поле NOTE: тип «M» не читается"),
        (dbf([("A", "C", 5, 0), ("A", "C", 5, 0)], []), "поле A описано дважды"),
        (dbf([("D", "D", 9, 0)], []), "длина 9 не бывает у типа D"),
        (dbf([("N", "N", 21, 0)], []), "длина 21"),
        (dbf([], []), "нет полей"),
        (dbf(FLATS, []).replace(b"\x20\x00", b"\x21\x00", 1), "33 байт, а поля дают 32"),
        (dbf(FLATS, [FLAT])[:100], "заголовок таблицы обрывается"),
        (dbf(FLATS, [FLAT] * 3)[:-40], "по заголовку записей 3, а в файле 1"),
        (dbf(FLATS, [FLAT]) + b" " * 200, "есть ещё"),
        (dbf(FLATS, [FLAT]).replace(b" 0001234567", b"?0001234567"), "запись 1: запись не нач"),
        (dbf(FLATS, [FLAT]).replace(b"  54.30", b"*******"), "поле PLOSH: «*******» не число"),
        (dbf(FLATS, [FLAT]).replace(b"  54.30", b"5.43e+1"), "«5.43e+1» не число"),
        (dbf(FLATS, [FLAT]).replace(b"20280514", b"20280230"), "поле DATPOV: «20280230» не дата"),
        (dbf(FLATS, [FLAT]).replace(b"20280514", b"00010101"), "год 1 не годится"),
        (dbf(FLATS, [FLAT]).replace(b"20280514T", b"20280514x"), "поле HOT: «X»"),
        (dbf(FLATS, [FLAT]).replace(b"000123", b"00\x00123"), "управляющий знак"),
    ],
)
def test_what_does_not_fit_together_is_refused(content: bytes, sentence: str) -> None:
    assert sentence in refused(content)


def test_a_byte_of_no_encoding_is_told_with_its_record() -> None:
    content = dbf(FLATS, [FLAT, FLAT | {"LS": "1"}], driver=0xC9)
    content = content.replace(b" 1              ", b" \x98              ")
    assert "запись 2: поле LS: байт 98 не знак кодировки cp1251" in refused(content)


def texts(length: int) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from("АЯёя09 =;'"), max_size=length).map(str.rstrip)


VALUES: dict[str, Callable[[Described], st.SearchStrategy[DbfValue]]] = {
    "C": lambda field: texts(field[2]),
    "N": lambda field: st.none() | st.integers(-(10**6), 10**6).map(
        lambda whole: Decimal(whole).scaleb(-field[3])
    ),
    "D": lambda _: st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    "L": lambda _: st.sampled_from([None, True, False]),
}  # fmt: skip
ROWS = st.lists(st.fixed_dictionaries({field[0]: VALUES[field[1]](field) for field in PAYMENTS}))


@given(ROWS, st.sampled_from(["cp866", "cp1251"]), st.sets(st.integers(0, 9)))
def test_what_a_program_writes_is_what_is_read(
    rows: list[dict[str, DbfValue]], encoding: str, deleted: set[int]
) -> None:
    table = read(dbf(PAYMENTS, rows, encoding, deleted=deleted), encoding)
    kept = [row for number, row in enumerate(rows) if number not in deleted]
    assert [dict(record.values) for record in table.records] == kept
    assert table.deleted == len(rows) - len(kept)
