"""Many taps at once: one reading is stored, everybody is answered.

Each guard is also switched off once, to see that the test would notice its absence.
"""

from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
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
from tests.builders import NOW, Counter, a_house
from tests.support.entries import SCOPE, a_key, an_entry, submit

CLIENTS = 32


@pytest.fixture
def water(backend: Backend) -> Counter:
    house = a_house(backend)
    flat = house.a_resident().an_agreement()
    service = house.a_service("zkh_water", price="53,41")
    return flat.an_account().a_meter(service).opens_at("100", on=date(2026, 10, 1))


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """The answers or refusals of calls that start together."""
    start = Barrier(len(calls))

    def call(one: Callable[[], Any]) -> Any:
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


def taps(backend: Backend, water: Counter, values: list[str], on: str) -> list[Any]:
    who, key = water.account.flat.person.id, f"{water.account.id}/zkh_water"
    seen = {key: newest_id(backend)}
    entries = [an_entry({key: value}, seen, on) for value in values]

    def tap(entry: Entry) -> Callable[[], Receipt]:
        return lambda: submit(backend, who, entry, NOW)

    return at_once([tap(entry) for entry in entries])


def kinds(answers: list[Any]) -> Tally[type]:
    return Tally(type(answer) for answer in answers)


def test_of_simultaneous_readings_one_is_stored_and_the_others_are_told(
    backend: Backend, water: Counter, full: bool
) -> None:
    rounds = 100 if full else 20
    for number in range(rounds):
        day = date(2026, 10, 2 + number % 24).isoformat() if number < 24 else "2026-10-31"
        before = readings(backend)
        values = [str(110 + 10 * number + extra % 5) for extra in range(CLIENTS)]

        answers = taps(backend, water, values, day)

        assert kinds(answers) == {Receipt: 1, EntryRefused: CLIENTS - 1}
        assert readings(backend) == before + 1
        told = {s for a in answers if isinstance(a, EntryRefused) for s in a.errors.values()}
        assert len(told) == 1
        assert "Показания уже переданы" in told.pop()


def test_simultaneous_repeats_of_one_key_get_one_answer(backend: Backend, water: Counter) -> None:
    who, field = water.account.flat.person.id, f"{water.account.id}/zkh_water"
    for number in range(5):
        key, entry = (
            a_key(),
            an_entry(
                {field: str(110 + number)}, {field: newest_id(backend)}, f"2026-10-0{2 + number}"
            ),
        )
        before = readings(backend)

        answers = at_once([lambda: submit(backend, who, entry, NOW, key)] * CLIENTS)  # noqa: B023 - called within the round

        assert set(answers) == {answers[0]}
        assert isinstance(answers[0], Receipt)
        assert readings(backend) == before + 1


class TestGuards:
    """All clients are judged before any of them stores, as a racing server would."""

    @pytest.fixture
    def judged_too_early(
        self, backend: Backend, water: Counter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = f"{water.account.id}/zkh_water"
        entry = an_entry({key: "110"}, {key: newest_id(backend)}, "2026-10-02")
        who = water.account.flat.person.id

        def judge_once(session: Any, who: Any) -> Any:
            return assess(session, who, entry, SCOPE, NOW)

        early = backend.read_now(judge_once, who)
        monkeypatch.setattr(submission, "assess", lambda *_: early)
        monkeypatch.setattr(submission, "take_turn", lambda *_: None)

    def test_the_unique_key_alone_keeps_a_reading_single(
        self, backend: Backend, water: Counter, judged_too_early: None
    ) -> None:
        answers = taps(backend, water, ["110"] * CLIENTS, "2026-10-02")

        assert kinds(answers) == {Receipt: 1, IntegrityError: CLIENTS - 1}
        assert readings(backend) == 2

    def test_without_the_guards_the_reading_is_doubled(
        self, backend: Backend, water: Counter, judged_too_early: None
    ) -> None:
        drop_the_unique_key(backend)

        answers = taps(backend, water, ["110"] * CLIENTS, "2026-10-02")

        assert kinds(answers) == {Receipt: CLIENTS}
        assert readings(backend) == 1 + CLIENTS


def drop_the_unique_key(backend: Backend) -> None:
    with writing(backend.engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("reading") as table:
            table.drop_constraint("uq_reading_account_id_service_id_previous_id_revision")
