"""The readings that count: the newest first, page by page, only one's own."""

from datetime import date

import pytest

from portal.backend import Backend
from portal.domain.identity import ResidentId
from portal.errors import NotFound
from portal.services.reading_history import PAGE, PastReading, reading_history
from tests.builders import NOW, Counter, House, Person, a_house
from tests.support.entries import SCOPE, an_entry, submit


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


@pytest.fixture
def ivanov(house: House) -> Person:
    return house.a_resident()


@pytest.fixture
def water(house: House, ivanov: Person) -> Counter:
    service = house.a_service("zkh_water", "Холодная вода", price="53,41")
    return ivanov.an_agreement().an_account("Стояк").a_meter(service)


def history(
    backend: Backend, who: ResidentId, before: int | None = None
) -> tuple[PastReading, ...]:
    return backend.read_now(reading_history, who, SCOPE.matches, before)


def test_a_reading_is_told_with_what_it_charged(
    backend: Backend, ivanov: Person, water: Counter
) -> None:
    water.opens_at("248", on=date(2026, 10, 21))
    opening = water.newest
    assert opening is not None
    entry = an_entry(
        {f"{water.account.id}/zkh_water": "256,5"}, {f"{water.account.id}/zkh_water": opening.id}
    )
    submit(backend, ivanov.id, entry, NOW)

    newest, oldest = history(backend, ivanov.id)

    assert (newest.key, newest.device) == (f"{water.account.id}/zkh_water", "Стояк")
    assert (newest.service, newest.unit, newest.source) == ("Холодная вода", "м³", "resident")
    assert (str(newest.value), newest.taken_on) == ("256,5", date(2026, 11, 24))
    assert (str(newest.volume), str(newest.amount)) == ("8,5", "453,99\N{NO-BREAK SPACE}₽")
    assert (oldest.reading_id, oldest.source, oldest.amount) == (opening.id, "opening", None)


def test_what_was_replaced_does_not_count(backend: Backend, ivanov: Person, water: Counter) -> None:
    water.opens_at("240", on=date(2026, 8, 20))
    water.reads("2560", date(2026, 10, 20))
    water.corrects("256")

    assert [str(each.value) for each in history(backend, ivanov.id)] == ["256", "240"]


def test_it_is_read_page_by_page(backend: Backend, ivanov: Person, water: Counter) -> None:
    water.opens_at("0", on=date(2010, 1, 1))
    for month in range(PAGE + 5):
        water.reads(str(month), date(2012 + month // 12, month % 12 + 1, 1))

    first = history(backend, ivanov.id)
    second = history(backend, ivanov.id, first[-1].reading_id)

    days = [each.taken_on for each in (*first, *second)]
    assert (len(first), len(second)) == (PAGE, 6)
    assert days == sorted(days, reverse=True)
    assert len({each.reading_id for each in (*first, *second)}) == PAGE + 6


def test_readings_of_one_day_are_no_page_apart(
    backend: Backend, house: House, ivanov: Person
) -> None:
    flat = ivanov.an_agreement()
    for number in range(3):
        service = house.a_service(f"zkh_{number}")
        flat.an_account(f"Прибор {number}").a_meter(service).opens_at("1", date(2026, 1, 1))
    newest, middle, oldest = history(backend, ivanov.id)

    assert history(backend, ivanov.id, newest.reading_id) == (middle, oldest)


def test_what_is_not_of_the_module_is_left_out(
    backend: Backend, house: House, ivanov: Person
) -> None:
    service = house.a_service("internet")
    ivanov.an_agreement().an_account().a_meter(service).opens_at("1")

    assert history(backend, ivanov.id) == ()


def test_anothers_are_neither_listed_nor_known(
    backend: Backend, house: House, ivanov: Person, water: Counter
) -> None:
    water.opens_at("248")
    petrov = house.a_resident("Петров")
    assert water.newest is not None

    assert history(backend, petrov.id) == ()
    for number in (water.newest.id, 987654321, 0, -1, 10**30):
        with pytest.raises(NotFound):
            history(backend, petrov.id, number)
