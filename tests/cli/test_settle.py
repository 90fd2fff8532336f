"""`settle`, `remit`: what the operator types and reads."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.backend import Backend
from tests.cli.conftest import Cli, Told, stands_at
from tests.support.billed import OCTOBER, BilledHouse, a_billed_house
from tests.support.invoiced import NOW, issues
from tests.support.settling import pays

WATER = ("--operator", "uk", "--supplier", "vodokanal-uk")


@pytest.fixture
def town(
    backend: Backend, database_url: str, data_dir: object, monkeypatch: pytest.MonkeyPatch
) -> BilledHouse:
    """October is asked for and one flat has paid; the command's clock stands in November."""
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    stands_at(monkeypatch, datetime(2026, 11, 10, 9, tzinfo=UTC))
    town = a_billed_house(backend, only=("upkeep", "zkh_cold"))
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issues(town)
    pays(town.flats[0], "2471,98", NOW)
    return town


def lines(told: Told) -> list[str]:
    return told.out.replace("\N{NO-BREAK SPACE}", " ").splitlines()


SETTLED = [
    "Ноябрь 2026. ООО «УК Дом-Сервис». Учтено частей платежей: 2.",
    (
        "  Собрано 2 471,98 ₽: собственные услуги 1 965,12 ₽, вознаграждение 15,21 ₽, "
        "поставщикам 491,65 ₽."
    ),
    "АО «Водоканал»",
    "  начислено 0,00 ₽, собрано 506,86 ₽, вознаграждение 15,21 ₽",
    "  перечислено 0,00 ₽",
    "  к перечислению 491,65 ₽ на 30 ноября 2026",
    "Собственные услуги",
    "  начислено 0,00 ₽, собрано 1 965,12 ₽",
]


def test_a_month_is_settled_and_told(cli: Cli, town: BilledHouse) -> None:
    assert town.flats
    dry = cli("settle", "--period", "2026-11", "--dry-run")
    assert lines(dry) == [*SETTLED, "Это проба: ничего не записано."]
    told = cli("settle", "--period", "2026-11")
    assert (told.code, told.err, lines(told)) == (0, "", SETTLED)
    again = lines(cli("settle", "--period", "2026-11"))
    assert again[0].endswith("Учтено частей платежей: 0.")
    assert again[1:] == SETTLED[1:]


@pytest.mark.usefixtures("town")
def test_of_one_supplier_with_what_is_behind_it(cli: Cli) -> None:
    cli("settle", "--period", "2026-11")
    assert cli("remit", *WATER, "--amount", "400", "--document", "п/п 45").code == 0
    told = cli("settle", "--period", "2026-11", "--supplier", "vodokanal-uk", "--details")
    assert lines(told)[1:] == [
        "АО «Водоканал»",
        "  начислено 0,00 ₽, собрано 506,86 ₽, вознаграждение 15,21 ₽",
        "  перечислено 400,00 ₽",
        "    п/п 45 от 10.11.2026: 400,00 ₽",
        "  к перечислению 91,65 ₽ на 30 ноября 2026",
        "    договор DOM-1: начислено 0,00 ₽, собрано 506,86 ₽, вознаграждение 15,21 ₽",
    ]
    assert cli("settle", "--period", "2026-11", "--supplier", "нет").code == 1


@pytest.mark.usefixtures("town")
def test_a_closed_month_is_warned_of(cli: Cli) -> None:
    told = cli("settle", "--period", "2026-10")
    assert told.err == (
        "ООО «УК Дом-Сервис». Октябрь 2026 закрыт: что в нем не учтено вовремя, "
        "войдет в ноябрь 2026\n"
    )
    assert "  начислено 1 013,72 ₽, собрано 0,00 ₽, вознаграждение 0,00 ₽" in lines(told)
    assert cli("settle", "--period", "2026-12").code == 1


@pytest.mark.usefixtures("town")
def test_a_remittance_is_noted_once(cli: Cli) -> None:
    cli("settle", "--period", "2026-11")
    paper = (*WATER, "--amount", "400,00", "--document", "п/п 45", "--on", "2026-11-09")
    assert lines(cli("remit", *paper)) == [
        (
            "АО «Водоканал»: п/п 45, 400,00 ₽, 9 ноября 2026, записано. "
            "К перечислению осталось 91,65 ₽."
        )
    ]
    assert "было записано раньше" in cli("remit", *paper).out
    other = cli("remit", *WATER, "--amount", "40", "--document", "п/п 45")
    assert (other.code, other.out) == (1, "")
    assert "уже есть" in other.err
    back = cli("remit", *WATER, "--amount", "-500", "--document", "возврат")
    assert "не должен возвращать" in back.err


@pytest.mark.parametrize(
    ("amount", "on", "said"),
    [
        ("сто", "2026-11-09", "Сумма «сто» не понятна"),
        ("1,234", "2026-11-09", "Сумма «1,234» не понятна"),
        ("1", "9 ноября", "День «9 ноября» не понятен"),
    ],
)
@pytest.mark.usefixtures("town")
def test_what_is_not_understood(cli: Cli, amount: str, on: str, said: str) -> None:
    told = cli("remit", *WATER, "--amount", amount, "--document", "1", "--on", on)
    assert told.code == 2
    assert said in told.err


@pytest.mark.usefixtures("town")
def test_the_ledger_is_written_to_a_file(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "книга.beancount"
    told = cli("export", "ledger", "--out", str(out))
    written = out.read_text(encoding="utf-8").splitlines()
    assert (told.code, told.out) == (0, f"{out}: строк {len(written)}.\n")
    assert written[-1].endswith("~ 0 RUB")
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


@pytest.mark.usefixtures("town")
def test_a_file_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    told = cli("export", "ledger", "--out", str(tmp_path / "нет" / "книга"))
    assert told.code == 1
    assert told.err.startswith("Не удалось записать")
