"""Who meant to mend a value is told how, and is never sent to a date that is refused then."""

from datetime import date, timedelta

import pytest

from portal.backend import Backend
from portal.services.entry import DATE_FIELD, EntryRefused
from tests.builders import NOW, Counter, a_house
from tests.support.entries import an_entry, submit

GIVEN_ON = date(2026, 11, 20)
WAY = "Чтобы исправить показания от 20 ноября 2026, выберите эту дату"


@pytest.fixture
def water(backend: Backend) -> Counter:
    """490 was given on the 20th."""
    flat = a_house(backend).a_resident().an_agreement()
    service = flat.house.a_service("zkh_water", price="53,41")
    return flat.an_account().a_meter(service).opens_at("478", on=date(2026, 10, 21))


def refusal(backend: Backend, counter: Counter, value: str, on: date) -> dict[str, str]:
    assert counter.newest is not None
    key = f"{counter.account.id}/zkh_water"
    entry = an_entry({key: value}, {key: counter.newest.id}, on.isoformat())
    with pytest.raises(EntryRefused) as refused:
        submit(backend, counter.account.flat.person.id, entry, NOW)
    return refused.value.errors


def test_a_lower_value_of_today_is_told_the_date_that_would_mend_it(
    backend: Backend, water: Counter
) -> None:
    water.reads("490", on=GIVEN_ON)

    (sentence,) = refusal(backend, water, "485", NOW.date()).values()

    assert sentence.startswith("Вы указали текущее значение меньше чем предыдущее")
    assert sentence.endswith(f". {WAY}")
    key = f"{water.account.id}/zkh_water"
    assert water.newest is not None
    mended = an_entry({key: "485"}, {key: water.newest.id}, GIVEN_ON.isoformat())
    assert submit(backend, water.account.flat.person.id, mended, NOW).entry.lines[0].is_correction


@pytest.mark.parametrize("source", ["import", "opening"])
def test_what_he_cannot_mend_he_is_not_told_to(
    backend: Backend, water: Counter, source: str
) -> None:
    water.reads("490", on=GIVEN_ON, source=source)

    (sentence,) = refusal(backend, water, "485", NOW.date()).values()

    assert "исправить" not in sentence


def test_last_months_value_is_not_his_to_mend(backend: Backend, water: Counter) -> None:
    water.reads("490", on=GIVEN_ON - timedelta(days=30))

    (sentence,) = refusal(backend, water, "485", NOW.date()).values()

    assert "исправить" not in sentence


@pytest.mark.parametrize(
    ("source", "offered"),
    [("resident", "эту дату"), ("import", "21 ноября 2026"), ("opening", "эту дату")],
)
def test_the_date_that_is_offered_is_one_that_will_do(
    backend: Backend, water: Counter, source: str, offered: str
) -> None:
    water.reads("490", on=GIVEN_ON, source=source)

    errors = refusal(backend, water, "495", GIVEN_ON - timedelta(days=1))

    assert errors == {
        DATE_FIELD: "Дата раньше предыдущих показаний: они сняты 20 ноября 2026. "
        f"Укажите {offered} или более позднюю"
    }
    key = f"{water.account.id}/zkh_water"
    assert water.newest is not None
    day = date(2026, 11, 21) if "21" in offered else GIVEN_ON
    entry = an_entry({key: "495"}, {key: water.newest.id}, day.isoformat())
    assert submit(backend, water.account.flat.person.id, entry, NOW).number
