"""Profiles of registries: those that come with the portal, and faults of the operator's own."""

from pathlib import Path

import pytest

from portal.imports.bank.layouts import Layout, moment
from portal.imports.bank.profile import Column, Form, Holds
from portal.imports.bank.profile_reading import (
    find_profile,
    profile_of,
    read_profile,
    shipped_profiles,
)
from portal.imports.book.faults import BookFaults
from portal.imports.book.raw import Wrong

PROFILE = """
name = "Наш банк"
encoding = "cp1251"
delimiter = ";"
decimal_sep = ","
dates = ["ДД.ММ.ГГГГ"]
footer = 'Итого (?P<count>\\d+) (?P<total>\\S+)'
unique_key = ["external_id"]

[columns]
account = 1
external_id = 2
date = 3
amount = 4
"""
TABLE = """
name = "Таблица"
format = "dbf"
encoding = "cp866"
unique_key = ["date", "account"]
[columns]
account = ["ls", "LCHET"]
date = "DATA"
amount = "SUM"
"""


def refused(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "наш.toml"
    path.write_text(text)
    with pytest.raises(BookFaults) as refusal:
        read_profile(path)
    return refusal.value.faults


def test_the_portal_comes_with_five() -> None:
    profiles = {profile.key: profile for profile in shipped_profiles()}
    assert sorted(profiles) == ["dbf", "lanbilling", "qiwi", "sber", "sistema-gorod"]
    assert [key for key, each in profiles.items() if each.holds is Holds.DEBTS] == ["sistema-gorod"]
    assert all(each.footer for key, each in profiles.items() if key not in {"dbf", "lanbilling"})


def test_the_operators_own_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "наш.toml"
    path.write_text(PROFILE)
    profile = find_profile(str(path))
    assert (profile.key, profile.name, profile.width) == ("наш", "Наш банк", 4)
    assert profile.columns[Column.AMOUNT] == (4,)
    path.write_text(TABLE)
    table = find_profile(str(path))
    assert (table.form, table.columns[Column.ACCOUNT]) == (Form.DBF, ("LS", "LCHET"))


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BookFaults, match="нет такого формата «sbe», может быть «sber»"):
        find_profile("sbe")
    with pytest.raises(BookFaults, match="нет такого файла"):
        find_profile(str(tmp_path / "нет.toml"))


FAULTS = {
    "no name": ('name = "Наш банк"\n', "", "не хватает поля «name»"),
    "a misspelt name": ("encoding", "encodnig", "«encodnig», может быть «encoding»?"),
    "a strange name": ("delimiter", "x1 = 1\ndelimiter", "нет такого поля «x1»"),
    "an encoding": ("cp1251", "cp1252", "«cp1252» не годится, бывает: «utf-8»"),
    "a delimiter": ('";"', '";;"', "поле «delimiter»: «;;» не годится"),
    "a letter for delimiter": ('";"', '"a"', "поле «delimiter»"),
    "no delimiter": ('delimiter = ";"\n', "", "не хватает поля «delimiter»"),
    "a separator": ('decimal_sep = ","', 'decimal_sep = "x"', "поле «decimal_sep»"),
    "a date": ("ДД.ММ.ГГГГ", "dd.mm.yyyy", "«dd.mm.yyyy» не дата и не время"),
    "a time for a date": ("ДД.ММ.ГГГГ", "ЧЧ:ММ", "«ЧЧ:ММ» не дата"),
    "a day twice": ("ДД.ММ.ГГГГ", "ДД.ДД.ММ.ГГГГ", "названо дважды"),
    "no dates": ('dates = ["ДД.ММ.ГГГГ"]\n', "", "не сказано, как он пишется: поле «dates»"),
    "a pattern": ("(?P<count>", "(?P<count", "это не регулярное выражение"),
    "a footer without total": ("<total>", "<sum>", "нужна группа (?P<total>…)"),
    "a fee of no column": ("<count>", "<fee>", "«footer» называет «fee»"),
    "a strange column": ("account = 1", "acount = 1", "«acount», может быть «account»?"),
    "no amount": ("amount = 4", "fee = 4", "не хватает столбца «amount» (сумма)"),
    "no date": ("date = 3", "payer = 3", "не хватает столбца «date» (дата)"),
    "a place": ("account = 1", "account = 0", "поле «columns»: 0 не годится"),
    "a place taken": ("account = 1", "account = 2", "два столбца стоят на одном месте"),
    "a name in a text": ("account = 1", 'account = "LS"', "называются номерами"),
    "a list of places": ("account = 1", "account = [1, 2]", "номер столбца"),
    "a key of nothing": ('"external_id"]', '"payer"]', "называет столбец «payer»"),
    "no key": ('unique_key = ["external_id"]\n', "", "не хватает поля «unique_key»"),
    "an unknown key": ('"external_id"]', '"id"]', "поле «unique_key»: «id» не годится"),
    "a table with a delimiter": ("encoding", 'format = "dbf"\nencoding', "у таблицы DBF"),
    "no columns": (PROFILE[PROFILE.index("[columns]") :], "", "не хватает поля «columns»"),
    "columns of one": ("[columns]\naccount = 1", "columns = 1", "пишется таблицей [columns]"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_told_with_what_to_write(tmp_path: Path, what: str) -> None:
    good, bad, sentence = FAULTS[what]
    assert good in PROFILE
    faults = refused(tmp_path, PROFILE.replace(good, bad, 1))
    assert any(sentence in fault for fault in faults), faults
    assert all(fault.startswith("наш.toml: ") for fault in faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = PROFILE.replace("cp1251", "x").replace("ГГГГ", "").replace("account", "acount")
    assert len(refused(tmp_path, text.replace('";"', "1"))) == 5


def test_a_table_calls_columns_by_name(tmp_path: Path) -> None:
    [fault] = refused(tmp_path, TABLE.replace('"SUM"', "7"))
    assert "называются именами полей" in fault


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert refused(tmp_path, "name = ") == (
        "наш.toml, конец файла: значение не понятно: тексты, суммы и объемы пишутся в кавычках",
    )


def test_a_document_of_anything_is_refused_and_never_breaks() -> None:
    values: list[object] = [1, -1, True, "", "x", [], {}, [{}], [1], {"a": 1}, 10**400]
    for value in values:
        for name in ("name", "holds", "format", "encoding", "delimiter", "quote", "skip_lines",
                     "heading", "ignore", "footer", "decimal_sep", "dates", "times", "columns",
                     "unique_key"):  # fmt: skip
            with pytest.raises(BookFaults):
                profile_of("x", {name: value})


@pytest.mark.parametrize(
    ("layout", "written"),
    [("ДД-ММ-ГГ", "24-11-26"), ("ГГГГММДД", "20261124"), ("ДД.ММ.ГГГГ ЧЧ:ММ:СС", None)],
)
def test_days_and_times_by_their_layout(layout: str, written: str | None) -> None:
    day, clock = moment(written or "24.11.2026 10:15:00", [Layout.of(layout)])
    assert str(day) == "2026-11-24"
    assert str(clock) == ("None" if written else "10:15:00")


@pytest.mark.parametrize("written", ["24.11.26", "٢٤.11.2026", "24.13.2026", "01.01.0001", ""])
def test_what_is_no_day(written: str) -> None:
    with pytest.raises(Wrong, match=r"нужно ДД\.ММ\.ГГГГ"):
        moment(written, [Layout.of("ДД.ММ.ГГГГ")])
