"""A device submits: as its resident would, with what it does not know left out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.backend import Backend
from portal.domain.reading import Question
from portal.errors import NotFound, Refused
from portal.services.audit import audit
from portal.services.device_door import NotLetIn
from portal.services.device_submission import submit_from_device
from portal.services.device_tokens import NewToken, make_token, revoke_token
from portal.services.entry import Entry, EntryRefused, EntryValue
from portal.services.submission import EntryQuestioned, Receipt
from tests.builders import NOW, Counter, House, Person, a_house
from tests.support.browsing import stored
from tests.support.entries import SCOPE, a_key, an_entry, submit

MOSCOW_EVENING = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
"""Half past eleven; an hour later it is the 25th there."""


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


@pytest.fixture
def ivanov(house: House) -> Person:
    return house.a_resident()


@pytest.fixture
def water(house: House, ivanov: Person) -> Counter:
    service = house.a_service("zkh_water", "Холодная вода", price="53,41")
    account = ivanov.an_agreement().an_account()
    return account.a_meter(service).opens_at("248", on=date(2026, 10, 21))


@pytest.fixture
def key(backend: Backend, ivanov: Person) -> NewToken:
    return backend.write_now(make_token, ivanov.id, "Датчик", "submit", NOW)


def blind(counter: Counter, text: str, *confirmed: Question) -> Entry:
    """Of a device that knows its dial and nothing else."""
    value = EntryValue(
        f"{counter.account.id}/zkh_water", text, None, frozenset(confirmed), takes_newest=True
    )
    return Entry("", (value,), is_of_today=True)


def send(
    backend: Backend,
    who: Person,
    token: NewToken,
    entry: Entry,
    now: datetime = NOW,
    number: str = "",
) -> Receipt:
    return backend.write_now(
        submit_from_device, who.id, token.token_id, number or a_key(), entry, SCOPE, now
    )


def test_what_is_left_out_is_today_and_the_newest(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    receipt = send(backend, ivanov, key, blind(water, "256"))

    (line,) = receipt.entry.lines
    assert receipt.entry.taken_on == date(2026, 11, 24)
    assert (line.previous_text, line.current_text) == ("00248,000", "00256,000")
    assert str(line.amount) == "427,28\N{NO-BREAK SPACE}₽"
    assert backend.read_now(audit) == ()


def test_today_is_where_the_house_stands(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    late = send(backend, ivanov, key, blind(water, "256"), MOSCOW_EVENING)
    next_day = send(backend, ivanov, key, blind(water, "257"), MOSCOW_EVENING + timedelta(hours=1))

    days = (late.entry.taken_on, next_day.entry.taken_on)
    assert days == (date(2026, 11, 24), date(2026, 11, 25))


def test_a_repeat_gets_the_first_answer_even_on_the_next_day(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    number, entry = a_key(), blind(water, "256")
    first = send(backend, ivanov, key, entry, MOSCOW_EVENING, number)
    before = stored(backend)

    again = send(backend, ivanov, key, entry, MOSCOW_EVENING + timedelta(days=40), number)

    assert again == first
    assert stored(backend) == before


def test_other_values_under_a_used_number_are_refused(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    number = a_key()
    send(backend, ivanov, key, blind(water, "256"), NOW, number)

    with pytest.raises(Refused, match="уже принята"):
        send(backend, ivanov, key, blind(water, "257"), NOW, number)


def test_a_device_that_says_what_it_saw_is_held_to_it(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    assert water.newest is not None
    name = f"{water.account.id}/zkh_water"
    seen = an_entry({name: "257"}, {name: water.newest.id})
    submit(backend, ivanov.id, an_entry({name: "256"}, {name: water.newest.id}), NOW)

    with pytest.raises(EntryRefused) as refusal:
        send(backend, ivanov, key, seen)

    assert refusal.value.stale[0].shown == "00256,000"


def test_a_surprising_value_is_asked_about(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    with pytest.raises(EntryQuestioned):
        send(backend, ivanov, key, blind(water, "2560"))

    assert send(backend, ivanov, key, blind(water, "2560", Question.LARGE)).number


def test_an_entry_of_nothing_is_refused(backend: Backend, ivanov: Person, key: NewToken) -> None:
    with pytest.raises(EntryRefused, match="исправьте"):
        send(backend, ivanov, key, Entry("", (), is_of_today=True))


def test_a_key_that_was_revoked_meanwhile_stores_nothing(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    backend.write_now(revoke_token, ivanov.id, key.token_id, NOW)
    before = stored(backend)

    with pytest.raises(NotLetIn):
        send(backend, ivanov, key, blind(water, "256"))

    assert stored(backend) == before


def test_anothers_counter_is_not_found(backend: Backend, house: House, water: Counter) -> None:
    petrov = house.a_resident("Петров")
    his = backend.write_now(make_token, petrov.id, "Датчик", "submit", NOW)

    with pytest.raises(NotFound):
        send(backend, petrov, his, blind(water, "256"))


def test_the_journal_tells_which_key_it_was(
    backend: Backend, ivanov: Person, water: Counter, key: NewToken
) -> None:
    send(backend, ivanov, key, blind(water, "256"))

    record = stored(backend, but=frozenset())["audit_record"][-1]
    assert record["actor"] == f"resident:{ivanov.id}"
    assert record["changes"] == {"device_token": key.token_id}
