"""The operator's messages."""

from datetime import UTC, datetime

import pytest

from portal.errors import NotFound
from portal.services.notices import mark_read, notice, notices
from portal.services.side_block import side_block
from tests.builders import NOW, a_house
from tests.support.statements import counted

EARLIER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def house(backend):
    return a_house(backend)


@pytest.fixture
def ivanov(house):
    return house.a_resident().an_agreement().person


def unread(backend, person):
    return backend.read_now(side_block, person.id, frozenset()).unread_notices


def test_those_to_all_and_those_to_oneself_newest_first(backend, house, ivanov):
    petrova = house.a_resident("Петрова Мария").an_agreement().person
    elsewhere = a_house(backend, "other")
    to_all = house.a_notice("Отключение воды")
    to_him = house.a_notice("Ваша поверка", to=ivanov, at=EARLIER)
    house.a_notice("Не ему", to=petrova)
    elsewhere.a_notice("Другого дома")
    assert [n.notice_id for n in backend.read_now(notices, ivanov.id)] == [to_all, to_him]
    assert unread(backend, ivanov) == 2


def test_anothers_notice_is_not_found(backend, house, ivanov):
    petrova = house.a_resident("Петрова Мария").an_agreement().person
    hers = house.a_notice(to=petrova)
    for number in (hers, hers + 1000, 0, 2**70):
        with pytest.raises(NotFound):
            backend.read_now(notice, ivanov.id, number)
        with pytest.raises(NotFound):
            backend.write_now(mark_read, ivanov.id, number, NOW)


def test_it_is_read_once_and_only_by_who_opened_it(backend, house, ivanov):
    petrova = house.a_resident("Петрова Мария").an_agreement().person
    number = house.a_notice(body="С 9 до 17 часов")
    for _ in range(2):
        backend.write_now(mark_read, ivanov.id, number, NOW)
    seen = backend.read_now(notice, ivanov.id, number)
    assert seen.is_read
    assert seen.body == "С 9 до 17 часов"
    assert seen.operator == "ООО «УК Дом-Сервис»"
    assert not backend.read_now(notice, petrova.id, number).is_read
    assert (unread(backend, ivanov), unread(backend, petrova)) == (0, 1)


@pytest.mark.parametrize("many", [1, 30])
def test_the_number_of_statements_does_not_grow(backend, house, ivanov, many):
    for _ in range(many):
        house.a_notice()
    with counted(backend.engine) as statements:
        backend.read_now(notices, ivanov.id)
    assert len(statements) == 1
