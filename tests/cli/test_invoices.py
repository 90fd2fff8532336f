"""`invoices` and `invoices cancel`: what the operator types and reads."""

from datetime import UTC, datetime

import pytest

from portal.backend import Backend
from tests.cli.conftest import Cli
from tests.support.billed import BilledHouse, a_billed_house

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def town(backend: Backend, in_november: None) -> BilledHouse:
    return a_billed_house(backend, only=("upkeep",))


def test_invoices_are_issued_once_and_cancelled_with_a_reason(cli: Cli, town: BilledHouse) -> None:
    assert cli("bill", "--period", "2026-10").code == 0
    early = cli("invoices", "--period", "2026-10")
    assert early.code == 1
    assert "Октябрь 2026 ещё не закрыт. Закройте его: zhkh-portal close" in early.err
    assert cli("close", "--period", "2026-10").code == 0
    town.flats[0].a_payment("100", at=datetime(2026, 11, 3, tzinfo=UTC))
    dry = cli("invoices", "--period", "2026-10", "--dry-run")
    assert dry.out.splitlines()[-1] == "Это проба: ничего не записано."
    told = cli("invoices", "--period", "2026-10")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        f"Октябрь 2026. Договоров: 2. Новых счетов: 2, на 3{SPACE}930,24{SPACE}₽.",
        "  номера: 2026-000001 … 2026-000002",
        f"Оплачено из внесенного раньше: 100,00{SPACE}₽",
    ]
    again = cli("invoices", "--period", "2026-10", "--operator", "uk")
    assert again.out.splitlines() == [
        f"Октябрь 2026. Договоров: 2. Новых счетов: 0, на 0,00{SPACE}₽."
    ]
    assert cli("reopen", "--period", "2026-10", "--reason", "Забыли акт").code == 1
    gone = cli("invoices", "cancel", "2026-000001", "--reason", "Не тот договор")
    assert gone.out == "Счет № 2026-000001 отменен документом № 2026-000003.\n"
    assert cli("invoices", "cancel", "2026-000001", "--reason", "Не тот договор").code == 1
    assert cli("audit").code == 0


@pytest.mark.usefixtures("town")
def test_what_is_not_understood(cli: Cli) -> None:
    assert cli("invoices", "--period", "октябрь").code == 2
    assert cli("invoices", "--dry-run").code == 2
    assert cli("invoices", "cancel", "7").code == 2
    assert cli("invoices", "cancel", "7", "--reason", "Ошибка").code == 1
