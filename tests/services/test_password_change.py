"""Changing a password, confirming it, and being given one."""

from datetime import timedelta

import pytest

from portal.backend import Backend
from portal.domain.identity import Officer
from portal.errors import Invalid, NotFound, Refused
from portal.services import password_change, sessions, sign_in
from portal.services.brake import TooManyAttempts
from portal.services.password_change import (
    ConfirmationNeeded,
    PasswordFacts,
    set_password,
)
from portal.services.passwords import hash_password, verify_password
from portal.services.sessions import Browser, NewSession, SignedIn
from tests.builders import NOW, Person, a_house

SECRET = b"s" * 32
OLD, NEW = "синий трамвай поет", "зеленый дом у реки"
HASH = hash_password(OLD)
HERE = Browser("192.0.2.7", "Firefox")
MINUTE = timedelta(minutes=1)
CLERK = Officer("clerk")


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    person = a_house(backend).a_resident(login="ivanov", password_hash=HASH)
    person.an_agreement("DOM-12")
    return person


@pytest.fixture
def newcomer(backend: Backend) -> Person:
    return a_house(backend, "uk2").a_resident(
        login="newcomer", password_hash=HASH, must_change_password=True
    )


def start(backend: Backend, person: Person) -> tuple[NewSession, SignedIn]:
    new = backend.write_now(sessions.start_session, person.id, HERE, NOW, remembered=True)
    return new, found(backend, new.token)


def found(backend: Backend, token: str) -> SignedIn:
    signed_in = backend.read_now(sessions.find_session, token, NOW)
    assert signed_in
    return signed_in


def facts_of(backend: Backend, person: Person) -> PasswordFacts:
    return backend.read_now(password_change.password_facts, person.id)


def check(backend: Backend, signed_in: SignedIn) -> int:
    return backend.write_now(
        password_change.open_check, signed_in.resident, signed_in, SECRET, HERE, NOW
    )


def change(
    backend: Backend, person: Person, signed_in: SignedIn, current: str | None, new: str = NEW
) -> password_change.ChangedPassword:
    facts = facts_of(backend, person)
    facts.judge(new, current)
    check_id = None if current is None else check(backend, signed_in)
    return backend.write_now(
        password_change.change_password,
        person.id,
        signed_in,
        facts,
        facts.renewed(new, current),
        NOW,
        check_id=check_id,
    )


def opens(backend: Backend, name: str, password: str) -> bool:
    attempt = backend.write_now(sign_in.open_attempt, SECRET, name, HERE, NOW)
    return attempt.judge(password).is_right


def test_a_change_ends_the_other_sessions_and_renews_this_ones_token(
    backend: Backend, ivanov: Person
) -> None:
    other, _ = start(backend, ivanov)
    here, signed_in = start(backend, ivanov)
    changed = change(backend, ivanov, signed_in, OLD)
    assert changed.ended == (other.session_id,)
    for dead in (other.token, here.token):
        assert backend.read_now(sessions.find_session, dead, NOW) is None
    assert found(backend, changed.session.token).session_id == here.session_id
    assert opens(backend, "ivanov", NEW)
    assert not opens(backend, "ivanov", OLD)


def device_of(backend: Backend, person: Person) -> str:
    attempt = backend.write_now(sign_in.open_attempt, SECRET, "ivanov", HERE, NOW)
    return (
        backend.write_now(
            sign_in.admit, person.id, attempt, attempt.judge(OLD), HERE, NOW, remembered=True
        ).device_token
        or ""
    )


def is_known(backend: Backend, device: str) -> bool:
    browser = Browser("192.0.2.7", devices=(device,))
    attempt = backend.write_now(sign_in.open_attempt, SECRET, "ivanov", browser, NOW)
    return attempt.is_device_known


def test_a_new_password_forgets_the_devices_of_the_old_one(
    backend: Backend, ivanov: Person
) -> None:
    device = device_of(backend, ivanov)
    assert is_known(backend, device)
    _, signed_in = start(backend, ivanov)
    change(backend, ivanov, signed_in, OLD)
    assert not is_known(backend, device)


def test_a_password_of_the_operators_forgets_the_devices(backend: Backend, ivanov: Person) -> None:
    device = device_of(backend, ivanov)
    assert is_known(backend, device)
    backend.write_now(set_password, CLERK, "ivanov", "kvartira-12", NOW, must_change=True)
    assert not is_known(backend, device)


def test_an_initial_password_is_replaced_without_being_typed_again(
    backend: Backend, newcomer: Person
) -> None:
    _, signed_in = start(backend, newcomer)
    assert signed_in.must_change_password
    changed = change(backend, newcomer, signed_in, None)
    assert not found(backend, changed.session.token).must_change_password


def test_any_other_password_must_be_typed_again(backend: Backend, ivanov: Person) -> None:
    _, signed_in = start(backend, ivanov)
    with pytest.raises(ConfirmationNeeded):
        change(backend, ivanov, signed_in, None)
    assert opens(backend, "ivanov", OLD)


def test_a_wrong_current_password_changes_nothing(backend: Backend, ivanov: Person) -> None:
    _, signed_in = start(backend, ivanov)
    with pytest.raises(Invalid) as refused:
        change(backend, ivanov, signed_in, "wrong")
    assert (refused.value.field, refused.value.sentence) == (
        "current_password", "Текущий пароль неверен",
    )  # fmt: skip
    assert opens(backend, "ivanov", OLD)


@pytest.mark.parametrize("current", [OLD, None])
def test_the_old_password_is_not_a_new_one(
    backend: Backend, ivanov: Person, newcomer: Person, current: str | None
) -> None:
    person = newcomer if current is None else ivanov
    _, signed_in = start(backend, person)
    with pytest.raises(Invalid, match="Это прежний пароль") as refused:
        change(backend, person, signed_in, current, OLD)
    assert refused.value.field == "new_password"


def test_a_new_password_contains_neither_login_nor_agreement(
    backend: Backend, ivanov: Person
) -> None:
    facts = facts_of(backend, ivanov)
    for weak in ("мой Ivanov дом", "dom-12 у реки"):
        with pytest.raises(Invalid, match="логин или номер договора"):
            facts.judge(weak, None)


def test_of_two_changes_at_once_the_later_one_is_told(backend: Backend, ivanov: Person) -> None:
    _, signed_in = start(backend, ivanov)
    facts = facts_of(backend, ivanov)
    check_id = check(backend, signed_in)
    change(backend, ivanov, signed_in, OLD)
    with pytest.raises(Refused, match="изменили в другом окне"):
        backend.write_now(
            password_change.change_password,
            ivanov.id, signed_in, facts, hash_password("третий пароль"), NOW, check_id=check_id,
        )  # fmt: skip
    assert opens(backend, "ivanov", NEW)


def test_guessing_the_current_password_from_a_stolen_session_is_braked(
    backend: Backend, ivanov: Person
) -> None:
    _, stolen = start(backend, ivanov)
    _, own = start(backend, ivanov)
    for _ in range(10):
        check(backend, stolen)
    with pytest.raises(TooManyAttempts):
        check(backend, stolen)
    check(backend, own)


def test_a_confirmation_is_noted_with_its_session(backend: Backend, ivanov: Person) -> None:
    new, signed_in = start(backend, ivanov)
    later = NOW + 10 * MINUTE
    facts = facts_of(backend, ivanov)
    facts.confirm(OLD)
    backend.write_now(
        password_change.confirm_password,
        ivanov.id, signed_in, facts, later, check_id=check(backend, signed_in),
    )  # fmt: skip
    assert found(backend, new.token).confirmed_at == later


@pytest.mark.parametrize("name", ["ivanov", "dom-12"])
def test_the_operator_gives_an_initial_password_and_all_sessions_end(
    backend: Backend, ivanov: Person, name: str
) -> None:
    new, _ = start(backend, ivanov)
    backend.write_now(set_password, CLERK, name, "kvartira-12", NOW, must_change=True)
    assert backend.read_now(sessions.find_session, new.token, NOW) is None
    assert opens(backend, "ivanov", "kvartira-12")
    _, signed_in = start(backend, ivanov)
    assert signed_in.must_change_password


@pytest.mark.parametrize(
    ("plain", "must_change"), [("short", True), ("short", False), ("пароль123", False)]
)
def test_the_operator_cannot_give_just_any_password(
    backend: Backend, ivanov: Person, plain: str, must_change: bool
) -> None:
    with pytest.raises(Invalid):
        backend.write_now(set_password, CLERK, "ivanov", plain, NOW, must_change=must_change)
    assert opens(backend, "ivanov", OLD)


def test_nobodys_password_cannot_be_set(backend: Backend, ivanov: Person) -> None:
    with pytest.raises(NotFound, match="Нет абонента с логином или номером договора «nobody»"):
        backend.write_now(set_password, CLERK, "nobody", NEW, NOW, must_change=True)


def test_facts_do_not_show_the_hash(backend: Backend, ivanov: Person) -> None:
    assert HASH not in repr(facts_of(backend, ivanov))
    assert verify_password(OLD, facts_of(backend, ivanov).password_hash)
