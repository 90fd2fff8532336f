"""Keys of own devices: made, used, revoked; what they open, and for how long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from portal.backend import Backend
from portal.domain.identity import Officer, ResidentId
from portal.domain.own_device import OwnDevice
from portal.errors import Invalid, NotFound, Refused
from portal.services import brake, device_door, device_tokens, password_change, sessions
from portal.services.audit import audit
from portal.services.brake import TooManyAttempts
from portal.services.device_door import AT_ONCE_MAX, PACE, Entered, NotLetIn
from portal.services.device_tokens import IDLE, NAME_MAX, TOKENS_MAX, NewToken
from portal.services.sessions import Browser
from tests.builders import NOW, House, Person, a_house

SECRET = b"s" * 32
HOME = "192.0.2.7"
MINUTE = timedelta(minutes=1)
PASSWORD = "зеленый дом у реки"


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


@pytest.fixture
def ivanov(house: House) -> Person:
    return house.a_resident(login="ivanov")


@pytest.fixture
def petrov(house: House) -> Person:
    return house.a_resident("Петров")


def make(
    backend: Backend, who: Person, name: str = "Датчик", right: str = "read", at: datetime = NOW
) -> NewToken:
    return backend.write_now(device_tokens.make_token, who.id, name, right, at)


def devices(backend: Backend, who: Person, at: datetime = NOW) -> tuple[OwnDevice, ...]:
    return backend.read_now(device_tokens.own_devices, who.id, at)


def enter(backend: Backend, token: str, at: datetime = NOW, address: str = HOME) -> Entered | None:
    """As the door does it: look first, then count."""
    backend.read_now(device_door.knock, SECRET, token, address, at)
    return backend.write_now(device_door.enter, SECRET, token, address, at)


def revoke(backend: Backend, who: Person, token_id: int) -> None:
    backend.write_now(device_tokens.revoke_token, who.id, token_id, NOW)


def hold(backend: Backend, who: Person, token_id: int) -> None:
    backend.write_now(device_door.hold_token, who.id, token_id)


def refused(backend: Backend, token: str, at: datetime = NOW) -> bool:
    with pytest.raises(NotLetIn):
        backend.read_now(device_door.knock, SECRET, token, HOME, at)
    with pytest.raises(NotLetIn):
        backend.write_now(device_door.enter, SECRET, token, HOME, at)
    return True


def test_a_key_opens_what_it_was_made_for(backend: Backend, ivanov: Person, petrov: Person) -> None:
    mine, other = make(backend, ivanov), make(backend, petrov, right="submit")

    assert mine.secret != other.secret
    assert enter(backend, mine.secret) == Entered(mine.token_id, ivanov.id, mine.right)
    assert enter(backend, other.secret) == Entered(other.token_id, petrov.id, other.right)
    assert (mine.right, other.right) == ("read", "submit")


def test_the_list_tells_when_each_was_used(backend: Backend, ivanov: Person) -> None:
    old = make(backend, ivanov, "  Датчик   воды ")
    new = make(backend, ivanov, "Умный дом", "submit", NOW + MINUTE)
    enter(backend, old.secret, NOW + 2 * MINUTE)

    newest, oldest = devices(backend, ivanov)

    assert (newest.token_id, newest.last_used_at) == (new.token_id, None)
    assert newest.right_words == "смотреть и передавать показания"
    assert (oldest.name, oldest.last_used_at) == ("Датчик воды", NOW + 2 * MINUTE)


def test_neither_the_key_nor_anything_like_it_is_stored(backend: Backend, ivanov: Person) -> None:
    from tests.support.browsing import stored

    new = make(backend, ivanov)

    assert new.secret.removeprefix("zhkh_") not in repr(stored(backend, but=frozenset()))
    assert new.secret not in repr(new)


@pytest.mark.parametrize(
    ("name", "right", "field"),
    [
        ("", "read", "name"),
        ("  ", "read", "name"),
        ("я" * (NAME_MAX + 1), "read", "name"),
        ("Датчик\0", "read", "name"),
        ("Датчик\N{RIGHT-TO-LEFT OVERRIDE}", "read", "name"),
        ("<b>", "read", "name"),
        ("\ud800", "read", "name"),
        ("Датчик", "", "right"),
        ("Датчик", "all", "right"),
    ],
)
def test_a_key_needs_a_name_and_a_right(
    backend: Backend, ivanov: Person, name: str, right: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(backend, ivanov, name, right)

    assert refusal.value.field == field
    assert devices(backend, ivanov) == ()


def test_a_name_is_taken_until_its_key_is_revoked(
    backend: Backend, ivanov: Person, petrov: Person
) -> None:
    first = make(backend, ivanov)
    with pytest.raises(Invalid, match="уже есть"):
        make(backend, ivanov)
    make(backend, petrov)
    revoke(backend, ivanov, first.token_id)

    again = make(backend, ivanov)

    assert [each.token_id for each in devices(backend, ivanov)] == [again.token_id]


def test_two_taps_make_one_key(backend: Backend, ivanov: Person) -> None:
    def tap(_number: int) -> str:
        try:
            return make(backend, ivanov).secret
        except Invalid as refusal:
            return refusal.field

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(tap, range(4)))

    assert answers[:3] == ["name"] * 3
    assert answers[3].startswith("zhkh_")
    assert len(devices(backend, ivanov)) == 1


def test_there_are_only_so_many(backend: Backend, ivanov: Person) -> None:
    for number in range(TOKENS_MAX):
        make(backend, ivanov, f"Датчик {number}")

    with pytest.raises(Refused, match="Ключей уже 20"):
        make(backend, ivanov, "Лишний")


def test_a_revoked_key_stops_at_once_and_for_good(backend: Backend, ivanov: Person) -> None:
    new = make(backend, ivanov)
    enter(backend, new.secret)
    revoke(backend, ivanov, new.token_id)
    revoke(backend, ivanov, new.token_id)

    assert refused(backend, new.secret)
    with pytest.raises(NotLetIn):
        hold(backend, ivanov, new.token_id)
    assert devices(backend, ivanov) == ()


def test_anothers_key_cannot_be_revoked(backend: Backend, ivanov: Person, petrov: Person) -> None:
    new = make(backend, ivanov)
    for token_id in (new.token_id, 987654321):
        with pytest.raises(NotFound):
            revoke(backend, petrov, token_id)
    with pytest.raises(NotLetIn):
        hold(backend, petrov, new.token_id)

    assert enter(backend, new.secret) is not None


def test_a_year_of_silence_ends_a_key(backend: Backend, ivanov: Person) -> None:
    used, unused = make(backend, ivanov, "Датчик"), make(backend, ivanov, "Умный дом")
    enter(backend, used.secret, NOW + MINUTE)

    assert enter(backend, used.secret, NOW + IDLE) is not None
    assert refused(backend, unused.secret, NOW + IDLE)
    asleep = {each.name: each.is_asleep for each in devices(backend, ivanov, NOW + IDLE)}
    assert asleep == {"Датчик": False, "Умный дом": True}


def test_an_initial_password_closes_the_door(backend: Backend, ivanov: Person) -> None:
    from portal.db.parties import Resident

    new = make(backend, ivanov)
    ivanov.house.changes(Resident, ivanov.id, must_change_password=True)

    assert refused(backend, new.secret)


def test_a_password_from_the_operator_ends_the_keys(
    backend: Backend, ivanov: Person, petrov: Person
) -> None:
    mine, other = make(backend, ivanov), make(backend, petrov)
    backend.write_now(
        password_change.set_password, Officer("clerk"), "ivanov", PASSWORD, NOW, must_change=False
    )

    assert refused(backend, mine.secret)
    assert enter(backend, other.secret) is not None


def test_a_password_of_ones_own_ends_them_too(backend: Backend, ivanov: Person) -> None:
    new = make(backend, ivanov)
    here = Browser(HOME)
    token = backend.write_now(sessions.start_session, ivanov.id, here, NOW, remembered=True).token
    signed_in = backend.read_now(sessions.find_session, token, NOW)
    assert signed_in is not None
    facts = backend.read_now(password_change.password_facts, ivanov.id)
    check = backend.write_now(password_change.open_check, ivanov.id, signed_in, SECRET, here, NOW)

    changed = backend.write_now(
        password_change.change_password, ivanov.id, signed_in, facts, "hash", NOW, check_id=check
    )

    assert changed.revoked == 1
    assert refused(backend, new.secret)


def test_signing_out_everywhere_leaves_them(backend: Backend, ivanov: Person) -> None:
    new = make(backend, ivanov)
    backend.write_now(sessions.end_all_sessions, ivanov.id, NOW)

    assert enter(backend, new.secret) is not None


# --- how often -----------------------------------------------------------------------------------


@pytest.fixture
def wrong() -> Iterator[str]:
    return (f"zhkh_{number:043}" for number in range(1000))


def test_a_key_may_hurry_for_a_while_and_then_keeps_pace(backend: Backend, ivanov: Person) -> None:
    new = make(backend, ivanov)
    for _ in range(AT_ONCE_MAX):
        assert enter(backend, new.secret)

    with pytest.raises(TooManyAttempts) as refusal:
        backend.read_now(device_door.knock, SECRET, new.secret, HOME, NOW)
    assert refusal.value.wait == PACE
    with pytest.raises(TooManyAttempts):
        backend.write_now(device_door.enter, SECRET, new.secret, HOME, NOW)
    assert enter(backend, new.secret, NOW + PACE)
    with pytest.raises(TooManyAttempts):
        enter(backend, new.secret, NOW + PACE)
    assert enter(backend, new.secret, NOW + AT_ONCE_MAX * PACE * 2)


def test_a_hasty_key_stops_no_other(backend: Backend, ivanov: Person) -> None:
    hasty, calm = make(backend, ivanov, "Датчик"), make(backend, ivanov, "Умный дом")
    for _ in range(AT_ONCE_MAX):
        enter(backend, hasty.secret)

    assert enter(backend, calm.secret)


def test_wrong_keys_are_braked_by_address_but_a_right_one_passes(
    backend: Backend, ivanov: Person, wrong: Iterator[str]
) -> None:
    new = make(backend, ivanov)
    for _ in range(brake.FAILURES_PER_ADDRESS):
        assert enter(backend, next(wrong)) is None

    with pytest.raises(TooManyAttempts) as refusal:
        enter(backend, next(wrong))
    assert refusal.value.wait == brake.WINDOW
    assert enter(backend, next(wrong), address="192.0.2.8") is None
    assert enter(backend, new.secret)
    assert enter(backend, next(wrong), NOW + brake.WINDOW) is None


def test_one_wrong_key_is_braked_wherever_it_comes_from(
    backend: Backend, wrong: Iterator[str]
) -> None:
    token = next(wrong)
    for number in range(brake.FAILURES_PER_SUBJECT):
        assert enter(backend, token, address=f"198.51.100.{number}") is None

    with pytest.raises(TooManyAttempts):
        enter(backend, token, address="198.51.100.99")


def test_a_forgotten_device_keeps_nobody_from_signing_in(
    backend: Backend, wrong: Iterator[str]
) -> None:
    for _ in range(brake.FAILURES_PER_ADDRESS):
        enter(backend, next(wrong))

    guesser = brake.Guesser("subject", HOME)
    backend.read_now(brake.judge, guesser, NOW)
    for _ in range(brake.FAILURES_PER_ADDRESS):
        backend.write_now(brake.begin, brake.Guesser(next(wrong), HOME), NOW)
    with pytest.raises(TooManyAttempts):
        backend.read_now(brake.judge, guesser, NOW)


def test_a_crowd_of_wrong_keys_is_counted_too(backend: Backend, wrong: Iterator[str]) -> None:
    def attack(token: str) -> bool:
        try:
            return enter(backend, token) is None
        except TooManyAttempts:
            return False

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(attack, [next(wrong) for _ in range(40)]))

    assert sum(let_through) == brake.FAILURES_PER_ADDRESS


def test_using_keys_leaves_nothing_behind(backend: Backend, ivanov: Person) -> None:
    from tests.support.browsing import stored

    new = make(backend, ivanov)
    before = stored(backend, but=frozenset({"device_token"}))
    enter(backend, new.secret)

    assert stored(backend, but=frozenset({"device_token"})) == before
    assert backend.read_now(audit) == ()


def test_the_journal_vouches_for_the_keys(backend: Backend, ivanov: Person) -> None:
    from sqlalchemy import update

    from portal.db.access import DeviceToken
    from portal.db.base import table_of
    from portal.db.session import Session

    new = make(backend, ivanov)
    revoke(backend, ivanov, new.token_id)
    table = table_of(DeviceToken)

    def revive(session: Session, _who: ResidentId) -> None:
        session.execute(update(table).values(revoked_at=None))

    assert backend.read_now(audit) == ()
    backend.write_now(revive, ivanov.id)
    findings = backend.read_now(audit)
    assert [(each.table, each.row_id) for each in findings] == [("device_token", new.token_id)]
