"""Photos beside readings: taken in once, required where the operator wants them, nobody else's."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.photos import Photo
from portal.db.readings import Reading
from portal.domain.deadline import TOLERANCE_DAYS_MAX
from portal.errors import NotFound, Refused
from portal.services.audit import audit
from portal.services.entry import PHOTO_ALONE, PHOTO_MISSING, Entry, EntryRefused
from portal.services.photo_files import path_of, put
from portal.services.photo_picture import picture_of
from portal.services.photo_pruning import AT_ONCE, Outlived, remove_outlived, sweep_files
from portal.services.photos import LOST, UNSENT_KEPT, UNSENT_MAX, photo_hash
from portal.services.statement import StatementQuery, statement
from tests.builders import BUILDER, NOW, Counter, House, Person, a_house
from tests.support.entries import a_key, an_entry, submit
from tests.support.photos import files_in, takes_photo
from tests.support.pictures import a_jpeg

TOO_LATE = UNSENT_KEPT + timedelta(hours=1)
KEEP_DAYS = 1095


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backend(database_url: str, clock: Clock) -> Iterator[Backend]:
    backend = Backend(database_url, clock)
    yield backend
    backend.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "photos"


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


@pytest.fixture
def person(house: House) -> Person:
    return house.a_resident()


def counter_of(person: Person, photo: str) -> Counter:
    service = person.house.a_service("zkh_power", "Электроэнергия", photo=photo)
    return person.an_agreement().an_account().a_meter(service).opens_at("100", date(2026, 10, 1))


def entry_of(counter: Counter, value: str, photo: str = "") -> Entry:
    key = f"{counter.account.id}/zkh_power"
    assert counter.newest is not None
    entry = an_entry({key: value}, {key: counter.newest.id})
    return entry.with_photos({key: photo})


def rows(backend: Backend, model: type[Any]) -> list[dict[str, Any]]:
    table = table_of(model)
    return backend.read_now(
        lambda session: [dict(row) for row in session.execute(
            select(table).order_by(table.c.id)).mappings()]
    )  # fmt: skip


def test_a_photo_is_stored_once_however_often_it_comes(
    backend: Backend, person: Person, house: House, folder: Path
) -> None:
    first, again = (takes_photo(backend, person.id, folder) for _ in range(2))
    elsewhere = takes_photo(backend, house.a_resident().id, folder)

    assert first == again == elsewhere
    assert files_in(folder) == [first]
    stored = path_of(folder, first).read_bytes()
    assert hashlib.sha256(stored).hexdigest() == first
    mine, other = rows(backend, Photo)
    assert (mine["resident_id"], mine["size"], mine["width"], mine["height"]) == (
        person.id, len(stored), 800, 600,
    )  # fmt: skip
    assert (mine["source"], mine["taken_in_at"], mine["removed_at"]) == ("resident", NOW, None)
    assert other["resident_id"] != person.id
    assert backend.read_now(audit) == ()


def test_a_reading_keeps_its_photo_and_shows_it_in_the_charges(
    backend: Backend, person: Person, folder: Path
) -> None:
    counter = counter_of(person, "optional")
    receipt = submit(
        backend, person.id, entry_of(counter, "110", takes_photo(backend, person.id, folder)), NOW
    )
    (photo,) = rows(backend, Photo)
    assert [line.has_photo for line in receipt.entry.lines] == [True]
    assert rows(backend, Reading)[-1]["photo_id"] == photo["id"]
    (line,) = charges(backend, person)
    assert line.photo_id == photo["id"]
    assert backend.read_now(photo_hash, person.id, photo["id"]) == photo["sha256"]
    assert backend.read_now(audit) == ()


def test_without_a_photo_a_reading_is_taken_where_it_is_optional(
    backend: Backend, person: Person
) -> None:
    receipt = submit(backend, person.id, entry_of(counter_of(person, "optional"), "110"), NOW)
    assert not receipt.entry.lines[0].has_photo
    assert charges(backend, person)[0].photo_id is None


def test_without_its_required_photo_a_reading_is_refused_at_the_photo(
    backend: Backend, person: Person, folder: Path
) -> None:
    counter = counter_of(person, "required")
    entry = entry_of(counter, "110")
    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry, NOW)
    assert refusal.value.errors == {f"photo:{entry.values[0].key}": PHOTO_MISSING}
    assert len(rows(backend, Reading)) == 1
    photo = takes_photo(backend, person.id, folder)
    submit(backend, person.id, entry_of(counter, "110", photo), NOW)


def test_what_is_stored_already_needs_no_other_photo(
    backend: Backend, person: Person, folder: Path
) -> None:
    counter = counter_of(person, "required")
    photo = takes_photo(backend, person.id, folder)
    submit(backend, person.id, entry_of(counter, "110", photo), NOW)
    (_, stored) = rows(backend, Reading)
    key = f"{counter.account.id}/zkh_power"
    submit(backend, person.id, an_entry({key: "110"}, {key: stored["id"]}), NOW)
    assert len(rows(backend, Reading)) == 2


def test_where_no_photos_are_taken_one_is_let_lie(
    backend: Backend, person: Person, folder: Path
) -> None:
    photo = takes_photo(backend, person.id, folder)
    submit(backend, person.id, entry_of(counter_of(person, "off"), "110", photo), NOW)
    assert rows(backend, Reading)[-1]["photo_id"] is None


def test_a_photo_without_its_reading_is_asked_about(
    backend: Backend, person: Person, folder: Path
) -> None:
    counter, photo = counter_of(person, "optional"), takes_photo(backend, person.id, folder)
    blank = entry_of(counter, " ", photo).values
    typed = replace(entry_of(counter, "110"), values=blank)
    with pytest.raises(EntryRefused, match="Показания не приняты"):
        submit(backend, person.id, typed, NOW)
    other = counter.account.flat.an_account("Второй").a_meter(counter.service)
    both = (*blank, *an_entry({f"{other.account.id}/zkh_power": "5"}).values)
    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, replace(typed, values=both), NOW)
    assert refusal.value.errors == {blank[0].key: PHOTO_ALONE}


def test_anothers_photo_is_not_found(
    backend: Backend, person: Person, house: House, folder: Path
) -> None:
    foreign = takes_photo(backend, house.a_resident().id, folder)
    (photo,) = rows(backend, Photo)
    counter = counter_of(person, "optional")
    for sha256 in (foreign, "0" * 64):
        with pytest.raises(NotFound) as refusal:
            submit(backend, person.id, entry_of(counter, "110", sha256), NOW)
        assert refusal.value.sentence == LOST
    for photo_id in (photo["id"], 999):
        with pytest.raises(NotFound, match="Некорректный запрос"):
            backend.read_now(photo_hash, person.id, photo_id)


def test_a_repeat_gets_its_answer_and_another_photo_under_its_key_does_not(
    backend: Backend, person: Person, folder: Path
) -> None:
    counter, key = counter_of(person, "optional"), a_key()
    first = takes_photo(backend, person.id, folder)
    second = takes_photo(backend, person.id, folder, a_jpeg(700, 700))
    receipt = submit(backend, person.id, entry_of(counter, "110", first), NOW, key)
    assert submit(backend, person.id, entry_of(counter, "110", first), NOW, key) == receipt
    for other in (second, ""):
        with pytest.raises(Refused, match="с другими значениями"):
            submit(backend, person.id, entry_of(counter, "110", other), NOW, key)


def test_nobody_hoards_photos(backend: Backend, person: Person, house: House, folder: Path) -> None:
    for number in range(UNSENT_MAX):
        house.adds(
            Photo, resident_id=person.id, sha256=f"{number:064}", size=1, width=1, height=1,
            source="resident", taken_in_at=NOW,
        )  # fmt: skip
    with pytest.raises(Refused, match="Слишком много снимков без показаний"):
        takes_photo(backend, person.id, folder)
    assert files_in(folder) == []
    takes_photo(backend, house.a_resident().id, folder)


def test_unsent_photos_go_after_the_longest_wait_and_sent_ones_after_their_time(
    backend: Backend, person: Person, folder: Path, clock: Clock
) -> None:
    sent = takes_photo(backend, person.id, folder)
    unsent = takes_photo(backend, person.id, folder, a_jpeg(700, 700))
    submit(backend, person.id, entry_of(counter_of(person, "optional"), "110", sent), NOW)

    clock.now = NOW + timedelta(days=TOLERANCE_DAYS_MAX)
    assert prune(backend, folder) == (Outlived(0, 0), 0)
    clock.now = NOW + TOO_LATE
    assert prune(backend, folder) == (Outlived(0, 1), 1)
    assert files_in(folder) == [sent]
    clock.now = NOW + timedelta(days=KEEP_DAYS, hours=1)
    assert prune(backend, folder) == (Outlived(1, 0), 1)
    assert files_in(folder) == []
    assert prune(backend, folder) == (Outlived(0, 0), 0)
    assert len(rows(backend, Photo)) == 2
    assert charges(backend, person)[0].photo_id is None
    assert backend.read_now(audit) == ()
    assert takes_photo(backend, person.id, folder, a_jpeg(700, 700)) == unsent
    assert files_in(folder) == [unsent]


def test_a_file_stays_while_somebody_has_it_and_strange_ones_go(
    backend: Backend, person: Person, house: House, folder: Path, clock: Clock
) -> None:
    shared = takes_photo(backend, person.id, folder)
    clock.now = NOW + TOO_LATE
    takes_photo(backend, house.a_resident().id, folder)
    put(folder, picture_of(a_jpeg(900, 700)))  # its transaction failed
    (folder / shared[:2] / "tmp123").write_bytes(b"half")

    assert prune(backend, folder) == (Outlived(0, 1), 2)
    assert files_in(folder) == [shared]


def test_many_go_a_portion_at_a_time(
    backend: Backend, person: Person, house: House, clock: Clock
) -> None:
    for number in range(AT_ONCE + 1):
        house.adds(
            Photo, resident_id=person.id, sha256=f"{number:064}", size=1, width=1, height=1,
            source="resident", taken_in_at=NOW,
        )  # fmt: skip
    clock.now = NOW + TOO_LATE
    first, second = (
        backend.write_now(remove_outlived, BUILDER, KEEP_DAYS, clock.now) for _ in range(2)
    )
    assert (first, first.is_all) == (Outlived(0, AT_ONCE), False)
    assert (second, second.is_all) == (Outlived(0, 1), True)


def prune(backend: Backend, folder: Path) -> tuple[Outlived, int]:
    gone = backend.write_now(remove_outlived, BUILDER, KEEP_DAYS, backend.clock())
    return gone, backend.write_now(sweep_files, BUILDER, folder)


def charges(backend: Backend, person: Person) -> tuple[Any, ...]:
    found = backend.read_now(statement, person.id, StatementQuery(), NOW)
    return found.statement.one_time
