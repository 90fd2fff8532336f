"""Many taps at once: one reading is stored, everybody is answered.

Each guard is also switched off once, to see that the test would notice its absence.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.engine import writing
from portal.db.readings import Reading
from portal.errors import PortalError
from portal.services import submission
from portal.services.entry import Entry, EntryRefused, assess
from portal.services.submission import Receipt
from tests.builders import NOW, Counter, Flat, ServiceRow, a_house
from tests.support.entries import SCOPE, a_key, an_entry, submit

pytestmark = pytest.mark.timeout(400)

CLIENTS = 32
CHAIN_GUARD = "uq_reading_account_id_service_id_previous_id_revision"
FIRST_GUARD, KEY_GUARD = "uq_reading_first", "uq_submission_resident_id_key"

Call = Callable[[], Any]


@pytest.fixture
def rounds(full: bool) -> range:
    return range(100 if full else 20)


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident().an_agreement()


@pytest.fixture
def service(flat: Flat) -> ServiceRow:
    return flat.house.a_service("zkh_water", price="53,41")


@pytest.fixture
def water(flat: Flat, service: ServiceRow) -> Counter:
    return flat.an_account().a_meter(service).opens_at("100", on=date(2026, 10, 1))


def at_once(calls: list[Call]) -> list[Any]:
    """The answers or refusals of calls that start together."""
    start = Barrier(len(calls))

    def call(one: Call) -> Any:
        start.wait()
        try:
            return one()
        except (PortalError, IntegrityError) as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def newest_id(backend: Backend) -> int:
    newest = select(func.max(table_of(Reading).c.id))
    return int(backend.read_now(lambda session: session.execute(newest).scalar_one()))


def readings(backend: Backend) -> int:
    count = select(func.count()).select_from(table_of(Reading))
    return int(backend.read_now(lambda session: session.execute(count).scalar_one()))


def key_of(counter: Counter) -> str:
    return f"{counter.account.id}/zkh_water"


def tap(backend: Backend, counter: Counter, entry: Entry, key: str = "") -> Call:
    who = counter.account.flat.person.id
    return lambda: submit(backend, who, entry, NOW, key)


def taps(
    backend: Backend, counter: Counter, values: Iterable[str], on: date, seen: int | None
) -> list[Any]:
    """What everybody is told who submits one of `values`, each under a key of his own."""
    field = key_of(counter)
    entries = [an_entry({field: value}, {field: seen}, on.isoformat()) for value in values]
    return at_once([tap(backend, counter, entry) for entry in entries])


def kinds(answers: list[Any]) -> Tally[type]:
    return Tally(type(answer) for answer in answers)


def sentences(answers: list[Any]) -> set[str]:
    refused = (answer for answer in answers if isinstance(answer, EntryRefused))
    return {sentence for refusal in refused for sentence in refusal.errors.values()}


def test_of_simultaneous_readings_one_is_stored_and_the_others_are_told(
    backend: Backend, water: Counter, rounds: range
) -> None:
    for number in rounds:
        before, values = readings(backend), [str(110 + 10 * number + i % 5) for i in range(CLIENTS)]

        answers = taps(backend, water, values, day_of(number), newest_id(backend))

        assert kinds(answers) == {Receipt: 1, EntryRefused: CLIENTS - 1}
        assert readings(backend) == before + 1
        (told,) = sentences(answers)
        assert "Показания уже переданы" in told


def test_of_simultaneous_first_readings_one_opens_the_chain(
    backend: Backend, flat: Flat, service: ServiceRow, rounds: range
) -> None:
    for number in rounds:
        counter = flat.an_account(f"Стояк {number}").a_meter(service)

        answers = taps(backend, counter, ["100", "101"] * (CLIENTS // 2), day_of(number), None)

        assert kinds(answers) == {Receipt: 1, EntryRefused: CLIENTS - 1}
        assert readings(backend) == number + 1
        (told,) = sentences(answers)
        assert "Показания уже переданы" in told


def test_simultaneous_repeats_of_one_key_get_one_answer(
    backend: Backend, water: Counter, rounds: range
) -> None:
    for number in rounds:
        values, seen = {key_of(water): str(110 + number)}, {key_of(water): newest_id(backend)}
        entry = an_entry(values, seen, day_of(number).isoformat())
        before = readings(backend)

        answers = at_once([tap(backend, water, entry, a_key())] * CLIENTS)

        assert set(answers) == {answers[0]}
        assert isinstance(answers[0], Receipt)
        assert readings(backend) == before + 1


def day_of(number: int) -> date:
    """A later one each round, as long as the month has days."""
    return date(2026, 10, 2) + timedelta(min(number, 29))


class TestGuards:
    """All clients are judged before any of them stores, as a racing server would: what keeps the
    reading single then is the database alone, and without its keys nothing does.
    """

    @pytest.fixture(params=[CHAIN_GUARD, FIRST_GUARD])
    def guard(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        return name

    @pytest.fixture
    def counter(self, guard: str, flat: Flat, service: ServiceRow) -> Counter:
        counter = flat.an_account().a_meter(service)
        return counter.opens_at("100", date(2026, 10, 1)) if guard == CHAIN_GUARD else counter

    @pytest.fixture
    def judged_too_early(
        self, backend: Backend, counter: Counter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = counter.newest.id if counter.newest else None
        entry = an_entry({key_of(counter): "110"}, {key_of(counter): seen}, "2026-10-02")

        def judge_once(session: Any, who: Any) -> Any:
            return assess(session, who, entry, SCOPE, NOW)

        early = backend.read_now(judge_once, counter.account.flat.person.id)
        monkeypatch.setattr(submission, "assess", lambda *_: early)
        monkeypatch.setattr(submission, "take_turn", lambda *_: None)

    def test_the_unique_keys_alone_keep_a_reading_single(
        self, backend: Backend, counter: Counter, judged_too_early: None
    ) -> None:
        before = readings(backend)

        answers = taps(backend, counter, ["110"] * CLIENTS, date(2026, 10, 2), None)

        assert kinds(answers) == {Receipt: 1, IntegrityError: CLIENTS - 1}
        assert readings(backend) == before + 1

    def test_without_them_the_reading_is_doubled(
        self, backend: Backend, counter: Counter, guard: str, judged_too_early: None
    ) -> None:
        before = readings(backend)
        drop(backend, "reading", guard)

        answers = taps(backend, counter, ["110"] * CLIENTS, date(2026, 10, 2), None)

        assert kinds(answers) == {Receipt: CLIENTS}
        assert readings(backend) == before + CLIENTS

    @pytest.mark.parametrize("is_guarded", [True, False])
    def test_one_key_stores_one_submission_as_long_as_it_is_unique(
        self,
        backend: Backend,
        flat: Flat,
        service: ServiceRow,
        monkeypatch: pytest.MonkeyPatch,
        is_guarded: bool,
    ) -> None:
        counters = [flat.an_account(f"Стояк {i}").a_meter(service) for i in range(CLIENTS)]
        monkeypatch.setattr(submission, "take_turn", lambda *_: None)
        monkeypatch.setattr(submission, "_first_answer", lambda *_: None)
        if not is_guarded:
            drop(backend, "submission", KEY_GUARD)

        entries = [an_entry({key_of(each): "110"}, on="2026-10-02") for each in counters]
        key = a_key()
        pairs = zip(counters, entries, strict=True)
        answers = at_once([tap(backend, counter, entry, key) for counter, entry in pairs])

        stored = 1 if is_guarded else CLIENTS
        assert kinds(answers)[Receipt] == stored
        assert kinds(answers)[IntegrityError] == CLIENTS - stored
        assert readings(backend) == stored


def drop(backend: Backend, table: str, guard: str) -> None:
    with writing(backend.engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        if guard == FIRST_GUARD:
            operations.drop_index(guard, table)
            return
        with operations.batch_alter_table(table) as altered:
            altered.drop_constraint(guard)
