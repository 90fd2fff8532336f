"""`promises`: what an operator reads of what was promised to him."""

import pytest

from portal.backend import Backend
from tests.builders import NOW, Flat, House, a_house
from tests.cli.conftest import Cli
from tests.support.browsing import stored
from tests.support.promising import has_promised, takes_promises

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def house(backend: Backend, in_november: None) -> House:
    """The command's day is 10 November 2026, the builders' is two weeks later."""
    house = a_house(backend)
    takes_promises(house)
    return house


def a_flat(house: House, number: str, name: str) -> Flat:
    return house.a_resident(name).an_agreement(number)


def test_nobody_has_promised_anything(cli: Cli, house: House) -> None:
    told = cli("promises")
    assert (told.code, told.out.replace(NBSP, " ")) == (
        0, "Обещаний: 0. Осталось получить 0,00 ₽.\n",
    )  # fmt: skip


def test_who_promised_what_and_what_became_of_it(cli: Cli, backend: Backend, house: House) -> None:
    kept = a_flat(house, "DOM-3", "Сидоров С. С.")
    has_promised(kept, "300", days_ago=27)
    late, partly = a_flat(house, "DOM-2", "Петров П. П."), a_flat(house, "DOM-1", "Иванов И. И.")
    has_promised(partly, "1000", days_ago=15)
    has_promised(late, "500", days_ago=26)
    kept.a_payment("300", at=NOW)
    partly.a_payment("400", at=NOW)
    before = stored(backend)

    told = cli("promises")

    waiting = [
        "29.10.2026 DOM-2, Петров П. П.: 500,00 ₽ до 08.11.2026 — не исполнено в срок",
        "09.11.2026 DOM-1, Иванов И. И.: 1 000,00 ₽ до 19.11.2026 — ждем, осталось 600,00 ₽",
    ]
    assert (told.code, told.err) == (0, "")
    assert told.out.replace(NBSP, " ").splitlines() == [
        *waiting,
        "Обещаний: 2, ждем: 1, не исполнено в срок: 1. Осталось получить 1 100,00 ₽.",
    ]
    assert cli("promises", "--all").out.replace(NBSP, " ").splitlines() == [
        "28.10.2026 DOM-3, Сидоров С. С.: 300,00 ₽ до 07.11.2026 — исполнено",
        *waiting,
        "Обещаний: 3, ждем: 1, исполнено: 1, не исполнено в срок: 1. Осталось получить 1 100,00 ₽.",
    ]
    assert stored(backend) == before
