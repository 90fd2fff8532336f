"""The brake on guessing: it holds against queues and crowds and never against the owner."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.access import SignInAttempt
from portal.db.base import table_of
from portal.services import sign_in
from portal.services.brake import TooManyAttempts, _network
from portal.services.passwords import hash_password
from portal.services.sessions import Browser, end_all_sessions
from portal.services.sign_in import Attempt
from tests.builders import NOW, Person, a_house

SECRET = b"s" * 32
PASSWORD = "синий трамвай поет"
HASH = hash_password(PASSWORD)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    person = a_house(backend).a_resident(login="ivanov", password_hash=HASH)
    person.an_agreement("DOM-12")
    return person


@pytest.fixture
def addresses() -> Iterator[str]:
    """An endless botnet."""
    return (f"198.51.{number // 250}.{number % 250 + 1}" for number in range(60_000))


def guess(
    backend: Backend, name: str, address: str = "192.0.2.7", at: datetime = NOW, *devices: str
) -> Attempt:
    return backend.write_now(
        sign_in.open_attempt, SECRET, name, Browser(address, devices=devices), at
    )


def enter(backend: Backend, at: datetime, address: str = "192.0.2.7", *devices: str) -> str:
    """The device token of a sign-in with the right password."""
    attempt = guess(backend, "ivanov", address, at, *devices)
    assert attempt.resident is not None
    browser = Browser(address, devices=devices)
    verdict = attempt.judge(PASSWORD)
    admission = backend.write_now(
        sign_in.admit, attempt.resident, attempt, verdict, browser, at, remembered=True
    )
    return admission.device_token or ""


def refusal(
    backend: Backend, name: str, address: str = "192.0.2.7", at: datetime = NOW, *devices: str
) -> TooManyAttempts:
    with pytest.raises(TooManyAttempts) as refused:
        guess(backend, name, address, at, *devices)
    return refused.value


def test_the_eleventh_try_in_five_minutes_waits(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    for second in range(10):
        guess(backend, "ivanov", next(addresses), NOW + timedelta(seconds=second))
    refused = refusal(backend, "ivanov", next(addresses), NOW + 90 * timedelta(seconds=1))
    assert refused.wait == timedelta(seconds=210)
    assert refused.sentence == "Слишком много попыток. Повторите через 4 минуты"
    almost = NOW + 5 * MINUTE - timedelta(seconds=1)
    assert refusal(backend, "ivanov", next(addresses), almost).wait == timedelta(seconds=1)
    guess(backend, "ivanov", next(addresses), NOW + 5 * MINUTE)
    refusal(backend, "ivanov", next(addresses), NOW + 5 * MINUTE)


def test_one_account_has_one_counter_under_all_its_names(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    for name in ("ivanov", "IVANOV", "dom-12", "DOM-12", " ivanov ") * 2:
        guess(backend, name, next(addresses))
    refusal(backend, "DOM-12", next(addresses))


def test_an_unknown_name_is_braked_like_a_known_one(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    for _ in range(10):
        guess(backend, "Nobody", next(addresses))
    assert refusal(backend, "nobody ", next(addresses)).wait == 5 * MINUTE
    guess(backend, "somebody", next(addresses))


def test_twenty_failures_of_one_address_stop_it_whomever_it_tries(
    backend: Backend, ivanov: Person
) -> None:
    for number in range(20):
        guess(backend, f"name-{number}", "203.0.113.9")
    refusal(backend, "ivanov", "203.0.113.9")
    guess(backend, "ivanov", "203.0.113.10")
    guess(backend, "ivanov", "203.0.113.9", NOW + 5 * MINUTE)


@pytest.mark.parametrize(
    ("ours", "theirs", "network"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::99", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("::1", "::2", "::/64"),
        ("testclient", "", "?"),
    ],
)
def test_one_network_is_one_address(ours: str, theirs: str, network: str) -> None:
    assert _network(ours) == _network(theirs) == network


def test_neighbours_who_sign_in_do_not_use_up_their_common_address(
    backend: Backend, ivanov: Person
) -> None:
    for _ in range(25):
        enter(backend, NOW)


def test_a_success_forgives_the_failures_of_its_subject(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    for _ in range(9):
        guess(backend, "ivanov", next(addresses))
    enter(backend, NOW)
    for _ in range(10):
        guess(backend, "ivanov", next(addresses))
    refusal(backend, "ivanov", next(addresses))


def test_a_success_of_one_does_not_forgive_an_address_its_guesses_at_others(
    backend: Backend, ivanov: Person
) -> None:
    for number in range(20):
        guess(backend, f"name-{number}")
        if number % 5 == 0:
            enter(backend, NOW)
    refusal(backend, "name-1")


def test_a_strangers_guessing_does_not_keep_the_owner_out(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    device = enter(backend, NOW)
    for number in range(30):  # from everywhere, and from behind the owner's own address
        for address in (next(addresses), "192.0.2.7"):
            try:
                guess(backend, "ivanov" if number < 10 else f"name-{number}", address)
            except TooManyAttempts:
                continue
    refusal(backend, "ivanov", "192.0.2.7")
    assert enter(backend, NOW, "192.0.2.7", device) == ""


def test_a_known_device_has_its_own_brake(backend: Backend, ivanov: Person) -> None:
    device = enter(backend, NOW)
    for _ in range(10):
        guess(backend, "ivanov", "192.0.2.7", NOW, device)
    refusal(backend, "ivanov", "192.0.2.7", NOW, device)
    guess(backend, "ivanov", "203.0.113.9")


def test_many_known_devices_are_not_many_more_tries(backend: Backend, ivanov: Person) -> None:
    devices = [enter(backend, NOW) for _ in range(5)]
    tries = 0
    for device in devices * 10:
        try:
            guess(backend, "ivanov", "192.0.2.7", NOW, device)
        except TooManyAttempts:
            continue
        tries += 1
    assert tries == 20
    assert enter(backend, NOW + 5 * MINUTE, "192.0.2.7", devices[0]) == ""
    guess(backend, "ivanov", "192.0.2.7", NOW + 5 * MINUTE, devices[1])


def test_the_oldest_of_too_many_devices_is_forgotten(backend: Backend, ivanov: Person) -> None:
    devices = [enter(backend, NOW) for _ in range(11)]
    assert not guess(backend, "ivanov", "192.0.2.7", NOW, devices[0]).is_device_known
    for device in devices[1:]:
        assert guess(backend, "ivanov", "192.0.2.7", NOW, device).is_device_known


def test_signing_out_everywhere_forgets_the_devices(backend: Backend, ivanov: Person) -> None:
    device = enter(backend, NOW)
    assert guess(backend, "ivanov", "192.0.2.7", NOW, device).is_device_known
    backend.write_now(end_all_sessions, ivanov.id, NOW)
    assert not guess(backend, "ivanov", "192.0.2.7", NOW, device).is_device_known
    assert enter(backend, NOW, "192.0.2.7", device) != ""


def test_a_device_known_for_one_is_unknown_for_another(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    ivanov.house.a_resident("Петров", login="petrov", password_hash=HASH)
    device = enter(backend, NOW)
    for _ in range(10):
        guess(backend, "petrov", next(addresses))
    refusal(backend, "petrov", "192.0.2.7", NOW, device)


def test_after_a_hundred_failures_in_a_row_a_try_is_let_through_every_five_minutes(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    device = enter(backend, NOW)
    moment = NOW
    for _ in range(10):
        moment += 6 * MINUTE
        for _ in range(10):
            guess(backend, "ivanov", next(addresses), moment)
    for _ in range(3):
        moment += 5 * MINUTE
        guess(backend, "ivanov", next(addresses), moment)
        refusal(backend, "ivanov", next(addresses), moment + 5 * MINUTE - timedelta(seconds=1))
    assert enter(backend, moment, "192.0.2.7", device) == ""
    moment = NOW + timedelta(days=1, hours=2)  # a day after the last of the hundred
    for _ in range(10):
        guess(backend, "ivanov", next(addresses), moment)


def test_the_brake_survives_a_restart(
    backend: Backend, ivanov: Person, database_url: str, addresses: Iterator[str]
) -> None:
    for _ in range(10):
        guess(backend, "ivanov", next(addresses))
    backend.close()
    restarted = Backend(database_url, clock=lambda: NOW)
    refusal(restarted, "ivanov", next(addresses))
    restarted.close()


def test_a_braked_try_writes_nothing(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    for _ in range(10):
        guess(backend, "ivanov", next(addresses))
    for _ in range(5):
        refusal(backend, "ivanov", next(addresses))
        with pytest.raises(TooManyAttempts):
            backend.read_now(sign_in.braked, SECRET, "ivanov", Browser(next(addresses)), NOW)
    with backend.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(table_of(SignInAttempt))) == 10


def test_a_crowd_is_counted_like_a_queue(
    backend: Backend, ivanov: Person, addresses: Iterator[str]
) -> None:
    crowd = [(f"{name}", next(addresses)) for name in ("ivanov", "DOM-12") * 16]

    def let_through(guesser: tuple[str, str]) -> bool:
        try:
            guess(backend, *guesser)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(let_through, crowd)) == 10


@pytest.mark.parametrize(
    ("seconds", "words", "told"),
    [
        (0.000001, "1 секунду", 1), (1, "1 секунду", 1), (2.1, "3 секунды", 3),
        (5, "5 секунд", 5), (11, "11 секунд", 11), (20.5, "21 секунду", 21),
        (59, "59 секунд", 59), (59.5, "1 минуту", 60), (60, "1 минуту", 60),
        (60.5, "2 минуты", 120), (61, "2 минуты", 120), (240, "4 минуты", 240),
        (300, "5 минут", 300), (11 * 60, "11 минут", 660), (21 * 60, "21 минуту", 1260),
    ],
)  # fmt: skip
def test_the_wait_is_said_in_russian_and_to_machines_the_same(
    seconds: float, words: str, told: int
) -> None:
    refused = TooManyAttempts(timedelta(seconds=seconds))
    assert refused.sentence == f"Слишком много попыток. Повторите через {words}"
    assert refused.wait_seconds == told
