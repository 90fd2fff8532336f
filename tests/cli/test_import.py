"""`import usage`: what another rating system counted, as the operator brings it in and sees it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.usage import Usage
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.cli.conftest import Cli
from tests.support.billed import LATE_NOVEMBER, LATE_OCTOBER, OCTOBER, BilledHouse, a_billed_house

CDR = """логин;услуга;месяц;номер;объем;сумма
Квартира 1;phone;31.10.2026;cdr-7;12,5;
Квартира 2;phone;2026-10;cdr-8;1 000;31,40
Квартира 2;phone;10.2026;cdr-9;0;
"""


@pytest.fixture
def town(backend: Backend, in_november: None) -> BilledHouse:
    return a_billed_house(backend, only=("upkeep", "phone"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cdr.csv"


def stored(town: BilledHouse) -> list[tuple]:
    """Without the two records that the house has from the beginning."""
    table = table_of(Usage)
    columns = (table.c.account_id, table.c.external_id, table.c.volume, table.c.amount)
    query = select(*columns).where(table.c.external_id != "cdr-1").order_by(table.c.id)
    return town.backend.read_now(lambda session: [tuple(row) for row in session.execute(query)])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_table_is_tried_then_stored_then_charged(cli: Cli, town: BilledHouse, file: Path) -> None:
    file.write_text(CDR, "utf-8")
    tried = cli("import", "usage", str(file))
    assert (tried.code, tried.err) == (0, "")
    assert plain(tried.out).splitlines() == [
        "Файл cdr.csv. Новых записей: 3, уже загружено: 0.",
        "  phone, 2026-10: 3 записи, объем 1 012,5, сумма 31,40 ₽",
        "Это проба: ничего не записано. Чтобы записать, повторите с --apply.",
    ]
    assert stored(town) == []
    done = cli("import", "usage", str(file), "--apply")
    assert plain(done.out).splitlines() == plain(tried.out).splitlines()[:-1]
    first, second = (account.id for account in town.accounts)
    assert stored(town) == [
        (first, "cdr-7", Quantity.parse("12,5"), None),
        (second, "cdr-8", Quantity.parse("1000"), Money.parse("31,40")),
        (second, "cdr-9", Quantity.parse("0"), None),
    ]
    town.bills(OCTOBER, LATE_OCTOBER)
    # Of either flat 125 minutes from the beginning on, at 0,62; then 12,5 more, and 31,40.
    assert town.owed(OCTOBER, "phone") == Money.parse("194,15")
    assert town.backend.read_now(audit) == ()


def test_a_second_time_nothing_is_new(cli: Cli, town: BilledHouse, file: Path) -> None:
    file.write_text(CDR, "utf-8")
    cli("import", "usage", str(file), "--apply")
    before = stored(town)
    again = cli("import", "usage", str(file), "--apply")
    assert again.out == "Файл cdr.csv. Новых записей: 0, уже загружено: 3.\n"
    assert stored(town) == before


def test_an_old_windows_writes_commas_and_its_own_letters(
    cli: Cli, town: BilledHouse, file: Path
) -> None:
    file.write_bytes(
        'Логин,Услуга,Дата,№,Объём,Оператор\r\nКвартира 1,phone,01.10.2026,7,"12,5",АТС\r\n\r\n'
        .encode("cp1251")
    )  # fmt: skip
    assert cli("import", "usage", str(file), "--apply").code == 0
    assert stored(town) == [(town.accounts[0].id, "7", Quantity.parse("12,5"), None)]


def test_all_that_is_wrong_is_said_at_once_by_line(cli: Cli, town: BilledHouse, file: Path) -> None:
    town.flats[1].an_account("Квартира 1")
    file.write_text(
        "логин;услуга;месяц;номер;объем;сумма\n"
        "Квартира 1;phone;2026-10;1;5;\n"
        "Квартира 3;phone;2026-10;2;5;\n"
        "Квартира 2;upkeep;2026-10;3;5;\n"
        "Квартира 2;fax;2026-10;4;5;\n"
        "Квартира 2;phone;2026-12;5;5;\n"
        "Квартира 2;phone;октябрь;6;-5;много\n"
        "Квартира 2;phone;2026-10\n"
        "Квартира 2;phone;2026-10;8;5;\n"
        "Квартира 2;phone;2026-10;8;5;\n"
        "Квартира 2;phone;2026-10;cdr-1;126;\n",
        "utf-8",
    )
    told = cli("import", "usage", str(file), "--apply")
    assert told.code == 1
    assert plain(told.err).splitlines() == [
        "Файл не загружен, ничего не изменено. Ошибок: 12",
        "cdr.csv, строка 2: логин «Квартира 1» у нескольких учетных записей: напишите ее ключ",
        "cdr.csv, строка 3: учетной записи «Квартира 3» нет, может быть «Квартира 2»?",
        "cdr.csv, строка 4: услуга «upkeep» начисляется по площади, а не по данным другой системы",
        "cdr.csv, строка 5: услуги «fax» нет в тарифе учетной записи «Квартира 2»",
        "cdr.csv, строка 6: Декабрь 2026 ещё не наступил",
        "cdr.csv, строка 7: поле «месяц»: «октябрь» не месяц. Пишется так: 2026-10 или 31.10.2026",
        "cdr.csv, строка 7: поле «объем»: не может быть меньше нуля",
        'cdr.csv, строка 7: поле «сумма»: «много» не сумма. Пишется так: "2 500,00"',
        "cdr.csv, строка 8: не хватает поля «номер»",
        "cdr.csv, строка 8: не хватает поля «объем»",
        "cdr.csv, строка 10: этот номер уже есть в строке 9",
        "cdr.csv, строка 11: под номером cdr-1 уже загружено 2026-10, 125, а в файле 2026-10, 126",
    ]
    assert stored(town) == []


def test_what_comes_for_a_closed_month_is_found_by_the_next_run(
    cli: Cli, town: BilledHouse, file: Path
) -> None:
    town.bills(OCTOBER, LATE_OCTOBER)
    town.closes(OCTOBER, LATE_NOVEMBER)
    file.write_text(CDR, "utf-8")
    told = cli("import", "usage", str(file), "--apply")
    assert told.code == 0
    assert told.out.splitlines()[-1].endswith(
        "За закрытые месяцы стало известно: phone (3). Начисление за ноябрь 2026 учтет это само: "
        "разница войдет в него перерасчетом"
    )
    town.bills(OCTOBER.shifted(1), LATE_NOVEMBER)
    assert town.owed(OCTOBER, "phone") == Money.parse("155")
    assert town.owed(OCTOBER.shifted(1), "phone") == Money.parse("39,15")
    assert town.backend.read_now(audit) == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "в первой строке нет названий столбцов"),
        (b"\x00\x01;\xff", "в первой строке нет названий столбцов"),
        ("логин;услуга;месяц;номер\n".encode(), "в первой строке нет названий столбцов"),
        ("логин;услуга;месяц;номер;объем\n\n;;\n".encode(), "в файле нет ни одной записи"),
        (('логин;услуга;месяц;номер;объем\n"' + "я" * 140_000).encode(), "не таблица"),
    ],
)
@pytest.mark.usefixtures("town")
def test_what_is_no_table(cli: Cli, file: Path, content: bytes, sentence: str) -> None:
    file.write_bytes(content)
    told = cli("import", "usage", str(file))
    assert told.code == 1
    assert sentence in told.err
    assert "Непредвиденная" not in told.err


@pytest.mark.usefixtures("town")
def test_a_file_that_is_not_there(cli: Cli, file: Path) -> None:
    told = cli("import", "usage", str(file))
    assert (told.code, "нет такого файла" in told.err) == (1, True)
