"""Registries of payments: taken when count and total agree with the lines, else refused whole."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import Money
from portal.domain.period import Period
from portal.imports.bank.content import BYTES_MAX
from portal.imports.bank.profile import Holds
from portal.imports.bank.profile_reading import find_profile
from portal.imports.bank.registry import Registry, operations, read_registry, registry_of
from portal.imports.book.faults import BookFaults
from tests.imports.bank.registries import (
    PAID,
    PAYMENTS,
    Paid,
    dbf,
    gorod,
    lanbilling,
    paid_table,
    qiwi,
    sber,
)

WHOLE = {
    "sber": sber().encode("cp1251"),
    "qiwi": qiwi().encode(),
    "lanbilling": lanbilling().encode("cp1251"),
    "dbf": paid_table(),
}


def read(profile: str, content: bytes) -> Registry:
    return registry_of("реестр", content, find_profile(profile))


def refused(profile: str, content: bytes) -> str:
    with pytest.raises(BookFaults) as refusal:
        read(profile, content)
    return "\n".join(refusal.value.faults).replace("\N{NBSP}", " ")


@pytest.mark.parametrize("profile", WHOLE)
def test_each_format_says_who_paid_what_and_when(profile: str) -> None:
    registry = read(profile, WHOLE[profile])
    found = [(row.external_id, row.account, row.amount) for row in registry.rows]
    assert tuple(found) == PAID
    assert {row.day for row in registry.rows} == {date(2026, 11, 24)}
    assert registry.total == Money(3000_49)
    assert len({row.key for row in registry.rows}) == 3
    assert (registry.control is None) == (profile in {"lanbilling", "dbf"})


def test_a_line_of_sber_with_all_its_columns() -> None:
    registry = read("sber", WHOLE["sber"])
    row = registry.rows[0]
    assert (row.time, row.payer, row.address) == (time(10, 15), "ИВАНОВ ИВАН", "ул. Ленина, 1, 2")
    assert (row.period, row.transferred, row.fee) == (Period(2026, 10), Money(100_00), Money(50))
    assert registry.control is not None
    assert (registry.control.number, registry.control.day) == ("451", date(2026, 11, 25))
    assert row.key == "1"


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("1026", Period(2026, 10)), ("10.2026", Period(2026, 10)), ("102026", Period(2026, 10)),
        ("2026-10", Period(2026, 10)), ("202610", Period(2026, 10)), ("1326", None), ("", None),
        ("октябрь", None), ("0000", None),
    ],
)  # fmt: skip
def test_the_payers_words_for_a_month(written: str, period: Period | None) -> None:
    row = read("sber", sber(period=written).encode("cp1251")).rows[0]
    assert row.period == period
    assert written in row.written.values()


def test_a_day_of_qiwi_is_a_list_to_compare_with() -> None:
    for day in ("24.11.2026", "2026-11-24", "20261124"):
        registry = read("qiwi", qiwi(day=day).encode())
        assert [each.key for each in operations(registry)] == ["1", "2", "3"]
    assert read("qiwi", b"Total: 0 0.00").rows == ()


@pytest.mark.parametrize("total", ["3 3000.48", "2 3000.49", "4 3000.49", "3 -3000.49", "3 0"])
def test_any_other_total_refuses_the_file(total: str) -> None:
    assert "по итогам" in refused("qiwi", qiwi().replace("3 3000.49", total).encode())


FAULTS = {
    "a fee": ("sber", "=3;3000,49;2998,99;1,50", "=3;3000,49;2998,99;1,51", "комиссия по итогам"),
    "transferred": ("sber", ";2998,99;", ";2998,98;", "строка 4: сумма перевода по итогам"),
    "no totals": ("sber", "\r\n=3", "\r\n+3", "столбцов 6, а нужно 10: «+3;3000,49"),
    "cut off": ("qiwi", "\nTotal: 3 3000.49", "", "нет строки с итогами: файл обрывается"),
    "totals twice": ("qiwi", "Total", "Total: 3 3000.49\nTotal", "итоги ещё раз, первые в"),
    "a sum with a dot": ("sber", ";100,50;", ";100.50;", "копейки отделяет «,»"),
    "half kopecks": ("qiwi", "100.50", "100.505", "строка 1: поле «сумма»: «100.505» не сумма"),
    "a return": ("qiwi", "100.50", "-100.50", "больше нуля"),
    "a fee below zero": ("sber", ";0,50\r", ";-0,50\r", "поле «комиссия»: не может быть меньше"),
    "nothing": ("qiwi", "100.50", "0.00", "больше нуля"),
    "no account": ("qiwi", "0001234567", "", "строка 1: не хватает поля «лицевой счет»"),
    "no number": ("qiwi", "1\t24", "\t24", "строка 1: не хватает поля «номер операции»"),
    "a day": ("qiwi", "24.11.2026", "31.11.2026", "нужно ДД.ММ.ГГГГ или"),
    "an hour": ("qiwi", "10:15:00", "25:15:00", "поле «время»: «25:15:00» не годится"),
    "a number twice": ("qiwi", "2\t24", "1\t24", "операция «1» уже есть выше: строка 1"),
    "too few columns": ("qiwi", "\t100.50", "", "строка 1: столбцов 4, а нужно 5"),
    "a zero byte": ("sber", "ИВАНОВ", "ИВАНОВ\0", "поле «плательщик»: есть недопустимый"),
    "a huge line": ("sber", "ИВАНОВ", "И" * 10_000_000, "строка 1: слишком длинная строка: 1000"),
    "a payment for heading": ("lanbilling", "\r\n", "1;2;3;4\r\n", "должен стоять заголовок"),
    "a count of letters": ("sber", "=3;", f"={'9' * 30};", "не количество"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_registry_with_a_fault_is_refused_with_its_place(what: str) -> None:
    profile, good, bad, sentence = FAULTS[what]
    encoding = find_profile(profile).encoding
    text = WHOLE[profile].decode(encoding)
    assert good in text
    assert sentence in refused(profile, text.replace(good, bad, 1).encode(encoding))


def test_all_faults_are_told_at_once() -> None:
    text = qiwi().replace("100.50", "x").replace("0007654321", "").replace("24.11", "41.11")
    assert refused("qiwi", text.encode()).count("\n") == 4


def test_utf_8_is_seen_before_the_profiles_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        assert read("sber", sber(payer="Ёлкин «Я»").encode(encoding)).rows[0].payer == "Ёлкин «Я»"


@pytest.mark.parametrize("payer", ['=HYPERLINK("x")', '"Ромашка" ООО', "+7", "-1", "@x", "'"])
def test_a_formula_or_a_quotation_mark_stays_a_text(payer: str) -> None:
    assert read("sber", sber(payer=payer).encode("cp1251")).rows[0].payer == payer


def test_a_manual_registry_may_have_an_account_above_tabs_or_short_lines() -> None:
    account = "40702810338360027201"
    for text in (lanbilling(heading=account), lanbilling(delimiter="\t"),
                 lanbilling().replace(";;;без НДС;17", "")):  # fmt: skip
        assert read("lanbilling", text.encode("cp1251")).total == Money(3000_49)
    assert "ни одной записи" in refused("lanbilling", account.encode())


def test_debts_are_not_taken_for_payments() -> None:
    content, profile = gorod().encode("cp1251"), find_profile("sistema-gorod")
    registry = registry_of("долги", content, profile, Holds.DEBTS)
    assert [row.account for row in registry.rows] == [account for _, account, _ in PAID]
    assert registry.total == Money(3000_49)
    with pytest.raises(BookFaults, match="не реестр платежей"):
        registry_of("долги", content, profile)
    assert "-1" in gorod([("", "7", Money(-1_00))])
    advance = gorod([("", "7", Money(-1_00))]).encode("cp1251")
    assert registry_of("долги", advance, profile, Holds.DEBTS).total == Money(-1_00)


def test_lines_of_a_table_that_look_alike_are_payments_of_their_own() -> None:
    table = paid_table([("", "17", Money(100)), ("", "17", Money(100)), ("8", "17", Money(100))])
    keys = [row.key for row in read("dbf", table).rows]
    assert keys == ["2026-11-24/17/1,00/", "2:2026-11-24/17/1,00/", "2026-11-24/17/1,00/8"]


def test_a_table_without_the_field_of_an_account_says_what_it_has() -> None:
    fields = [("LSCHET", *PAYMENTS[0][1:]), *PAYMENTS[1:]]
    assert "нет поля LS, LCHET" in refused("dbf", dbf(fields, []))
    assert "есть только LSCHET, ID" in refused("dbf", dbf(fields, []))


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "QIWI_1_202611241.csv"
    path.write_bytes(WHOLE["qiwi"])
    assert len(read_registry(path, find_profile("qiwi")).rows) == 3
    path.write_bytes(b"x" * (BYTES_MAX + 1))
    with pytest.raises(BookFaults, match="больше 32 МБ"):
        read_registry(path, find_profile("qiwi"))


MANY = st.lists(
    st.tuples(
        st.integers(1, 10**20 - 1).map(str),
        st.from_regex(r"[0-9A-ZА-Я][0-9A-ZА-Я/-]{0,14}", fullmatch=True),
        st.integers(51, 10**10).map(Money),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda paid: paid[0],
)


@given(MANY)
def test_what_a_channel_writes_is_what_is_read(paid: list[Paid]) -> None:
    for profile, text in (
        ("sber", sber(paid)),
        ("qiwi", qiwi(paid)),
        ("lanbilling", lanbilling(paid)),
    ):
        for encoding in ("utf-8", find_profile(profile).encoding):
            rows = read(profile, text.encode(encoding)).rows
            assert [(row.key, row.account, row.amount) for row in rows] == paid
