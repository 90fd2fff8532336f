"""`bill`, `close`, `reopen`: what the operator types and reads."""

import pytest

from portal.backend import Backend
from tests.cli.conftest import Cli
from tests.support.billed import BilledHouse, a_billed_house


@pytest.fixture
def town(backend: Backend, in_november: None) -> BilledHouse:
    return a_billed_house(backend, only=("upkeep", "zkh_cold", "internet"))


def test_a_month_is_charged_and_told(cli: Cli, town: BilledHouse) -> None:
    told = cli("bill", "--period", "2026-10")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "Октябрь 2026. Договоров: 2. Новых строк: 6, сторнировано: 0, перерасчетов: 0.",
        "  internet: 1\N{NO-BREAK SPACE}100,00\N{NO-BREAK SPACE}₽",
        "  upkeep: 3\N{NO-BREAK SPACE}930,24\N{NO-BREAK SPACE}₽",
        "  zkh_cold, АО «Водоканал»: 1\N{NO-BREAK SPACE}013,72\N{NO-BREAK SPACE}₽",
        "Итого: 6\N{NO-BREAK SPACE}043,96\N{NO-BREAK SPACE}₽",
    ]
    again = cli("bill", "--period", "2026-10")
    assert again.out.splitlines()[-1] == "Итого: 0,00\N{NO-BREAK SPACE}₽"


def test_a_dry_run_writes_nothing(cli: Cli, town: BilledHouse) -> None:
    told = cli("bill", "--period", "2026-10", "--dry-run")
    assert told.code == 0
    assert told.out.splitlines()[-1] == "Это проба: ничего не записано."
    assert town.charges("id") == []


def test_what_could_not_be_charged_is_listed_and_the_shell_is_told(
    cli: Cli, town: BilledHouse
) -> None:
    town.house.a_service("bare", "Газ", method="norm", kind="periodic")
    told = cli("bill", "--period", "2026-10")
    assert told.code == 1
    assert told.out.splitlines()[-3:] == [
        "Не начислено: 2",
        *(
            f"  {number}. Договор DOM-{number}, Квартира {number}, Газ: С 1 по 31 октября 2026 "
            "нет норматива. Добавьте его в таблицу norms"
            for number in (1, 2)
        ),
    ]
    assert len(town.charges("id")) == 6


def test_findings_that_are_alike_are_counted_and_listed_when_asked(
    cli: Cli, town: BilledHouse
) -> None:
    for number in range(3, 6):
        town.is_lived_in(number)
    town.house.a_service("bare", "Газ", method="norm", kind="periodic")
    town.house.a_service("drain", "Канализация", method="waters", kind="periodic")
    told = cli("bill", "--period", "2026-10")
    assert told.code == 1
    listed = told.out.partition("Не начислено: 10\n")[2].splitlines()
    assert [line.partition(": С 1")[0] for line in listed] == [
        "  1. Договор DOM-1, Квартира 1, Газ",
        "  2. Договор DOM-2, Квартира 2, Газ",
        "  3. Договор DOM-3, Квартира 3, Газ",
        "     … и ещё таких же: 2",
        "  4. Договор DOM-1, Квартира 1, Канализация",
        "  5. Договор DOM-2, Квартира 2, Канализация",
        "  6. Договор DOM-3, Квартира 3, Канализация",
        "     … и ещё таких же: 2",
        "Все перечислит эта же команда с параметром --all.",
    ]
    whole = cli("bill", "--period", "2026-10", "--all").out
    assert "таких же" not in whole
    for number in range(1, 6):
        for service in ("Газ", "Канализация"):
            assert f"Договор DOM-{number}, Квартира {number}, {service}: С 1 по 31" in whole


def test_of_one_house_or_operator_only(cli: Cli, town: BilledHouse) -> None:
    assert cli("bill", "--period", "2026-10", "--house", "Пушкина, 7").code == 1
    assert cli("bill", "--period", "2026-10", "--operator", "нет").code == 1
    assert town.charges("id") == []
    told = cli("bill", "--period", "2026-10", "--house", "Ленина, 1", "--operator", "uk")
    assert told.code == 0
    assert len(town.charges("id")) == 6


@pytest.mark.parametrize("period", ["октябрь", "2026-13", "10.2026"])
@pytest.mark.usefixtures("town")
def test_a_month_that_is_none(cli: Cli, period: str) -> None:
    told = cli("bill", "--period", period)
    assert told.code == 2
    assert f"Месяц «{period}» не понятен. Напишите год и месяц: 2026-10." in told.err


@pytest.mark.usefixtures("town")
def test_a_month_is_closed_corrected_and_opened_again(cli: Cli) -> None:
    assert cli("bill", "--period", "2026-12").code == 1
    told = cli("close", "--period", "2026-10")
    assert told.out == "ООО «УК Дом-Сервис». Октябрь 2026: закрыт, и все месяцы до него.\n"
    assert "был закрыт раньше" in cli("close", "--period", "2026-10").out
    late = cli("bill", "--period", "2026-10")
    assert late.code == 0
    assert late.err == (
        "ООО «УК Дом-Сервис». Октябрь 2026 закрыт: разница войдет перерасчетом в ноябрь 2026\n"
    )
    assert cli("reopen", "--period", "2026-10", "--reason", " ").code == 1
    told = cli("reopen", "--period", "2026-10", "--reason", "Забыли акт")
    assert told.out == "ООО «УК Дом-Сервис». Октябрь 2026 снова открыт.\n"
    early = cli("bill", "--period", "2026-11")
    assert "Октябрь 2026 ещё не закрыт" in early.err


def test_a_month_of_nobody_is_nothing_to_work_on(cli: Cli) -> None:
    cli("migrate")
    for command in ("bill", "close", "settle", "invoices"):
        told = cli(command, "--period", "2026-10")
        assert (told.code, told.out) == (1, "")
        assert told.err.startswith("Исполнителей ещё нет. Загрузите файл дома: zhkh-portal load")
