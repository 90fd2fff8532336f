"""Signing in: who is let in, who is not, and what both learn."""

from datetime import timedelta

import pytest
from passlib.context import CryptContext
from sqlalchemy import select

from portal.backend import Backend
from portal.db.access import KnownDevice, SignInAttempt, WebSession
from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.services import sign_in
from portal.services.passwords import hash_password
from portal.services.sessions import Browser, find_session
from portal.services.sign_in import Admission, Attempt, Verdict, WrongPassword
from tests.builders import NOW, Person, a_house

SECRET = b"s" * 32
PASSWORD = "синий трамвай поет"
HASH = hash_password(PASSWORD)
HOME = Browser("192.0.2.7", "Firefox")


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    person = a_house(backend).a_resident(login="ivanov", password_hash=HASH)
    person.an_agreement("DOM-12")
    return person


def knock(backend: Backend, name: str, browser: Browser = HOME) -> Attempt:
    return backend.write_now(sign_in.open_attempt, SECRET, name, browser, NOW)


def enter(backend: Backend, name: str, password: str, browser: Browser = HOME) -> Admission:
    attempt = knock(backend, name, browser)
    verdict = attempt.judge(password)
    if attempt.resident is None:
        raise WrongPassword
    return backend.write_now(
        sign_in.admit, attempt.resident, attempt, verdict, browser, NOW, remembered=True
    )


def test_the_right_password_opens_under_either_name(backend: Backend, ivanov: Person) -> None:
    for name in ("ivanov", "IVANOV ", "DOM-12", " dom-12"):
        admission = enter(backend, name, PASSWORD)
        signed_in = backend.read_now(find_session, admission.session.token, NOW)
        assert signed_in
        assert signed_in.resident == ivanov.id
        assert not admission.must_change_password


WRONG = [
    ("ivanov", "wrong"),
    ("ivanov", ""),
    ("ivanov", PASSWORD + " "),
    ("ivanov", PASSWORD.upper()),
    ("ivanov", "x" * 1_000_000),
    ("ivanov", PASSWORD + "\0"),
    ("nobody", PASSWORD),
    ("", ""),
    ("\0\u202e😀", PASSWORD),
    ("x" * 1_000_000, PASSWORD),
    ("'; DROP TABLE resident --", PASSWORD),
]


def test_a_wrong_name_and_a_wrong_password_get_one_sentence(
    backend: Backend, ivanov: Person
) -> None:
    for name, password in WRONG:
        with pytest.raises(WrongPassword) as refused:
            enter(backend, name, password)
        assert refused.value.sentence == "Неверный логин или пароль"


def test_a_resident_without_a_password_cannot_sign_in(backend: Backend, ivanov: Person) -> None:
    ivanov.house.a_resident(login="new")
    for password in ("", "None"):
        with pytest.raises(WrongPassword):
            enter(backend, "new", password)


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(
    backend: Backend, ivanov: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = CryptContext.verify

    def counting(context: CryptContext, secret: bytes, stored: str) -> bool:
        hashed.append(stored.rpartition("$")[0].rpartition("$")[0])
        return bool(real(context, secret, stored))

    monkeypatch.setattr(CryptContext, "verify", counting)
    for name in ("ivanov", "nobody"):
        knock(backend, name).judge("wrong password")
    assert hashed == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_a_wrong_password_leaves_a_trace_without_the_name(backend: Backend, ivanov: Person) -> None:
    for name in ("ivanov", "somebody-else"):
        with pytest.raises(WrongPassword):
            enter(backend, name, "hunter2-hunter2")
    with backend.engine.connect() as connection:
        tries = connection.execute(select(table_of(SignInAttempt))).all()
        records = str(connection.execute(select(table_of(AuditRecord))).all())
    assert [row.succeeded for row in tries] == [False, False]
    assert len({row.subject for row in tries}) == 2
    everything = str(tries) + records
    assert "open_attempt" in records
    for secret in ("ivanov", "somebody-else", "hunter2"):
        assert secret not in everything


def test_a_sign_in_is_in_the_journal(backend: Backend, ivanov: Person) -> None:
    enter(backend, "ivanov", PASSWORD)
    table = table_of(AuditRecord)
    with backend.engine.connect() as connection:
        record = connection.execute(select(table).order_by(table.c.id.desc())).first()
    assert record is not None
    assert (record.actor, record.action) == (f"resident:{ivanov.id}", "admit")
    written = {"sign_in_attempt", "known_device", "web_session"}
    assert record.claims.keys() == written | {"audit_record"}


def test_a_password_that_changed_while_it_was_compared_opens_nothing(
    backend: Backend, ivanov: Person
) -> None:
    attempt = knock(backend, "ivanov")
    verdict = attempt.judge(PASSWORD)
    ivanov.house.changes(Resident, ivanov.id, password_hash=hash_password("другой пароль 7"))
    with pytest.raises(WrongPassword):
        backend.write_now(sign_in.admit, ivanov.id, attempt, verdict, HOME, NOW, remembered=True)
    with backend.engine.connect() as connection:
        assert connection.execute(select(table_of(WebSession))).all() == []


def test_a_right_password_admits_only_its_own_resident(backend: Backend, ivanov: Person) -> None:
    petrov = ivanov.house.a_resident("Петров", password_hash=HASH)
    attempt = knock(backend, "ivanov")
    for resident, verdict in ((petrov.id, Verdict(is_right=True)), (ivanov.id, Verdict(False))):
        with pytest.raises(WrongPassword):
            backend.write_now(sign_in.admit, resident, attempt, verdict, HOME, NOW, remembered=True)


def test_an_outdated_hash_is_renewed_at_the_sign_in(backend: Backend, ivanov: Person) -> None:
    cheap = CryptContext(schemes=["argon2"], argon2__memory_cost=1024, argon2__time_cost=1)
    ivanov.house.changes(Resident, ivanov.id, password_hash=cheap.hash(PASSWORD))
    enter(backend, "ivanov", PASSWORD)
    with backend.engine.connect() as connection:
        stored = connection.scalar(select(table_of(Resident).c.password_hash))
    assert stored is not None
    assert "m=19456,t=2,p=1" in stored
    enter(backend, "ivanov", PASSWORD)


def test_a_device_is_known_after_its_first_sign_in(backend: Backend, ivanov: Person) -> None:
    token = enter(backend, "ivanov", PASSWORD).device_token
    assert token
    again = enter(backend, "DOM-12", PASSWORD, Browser("198.51.100.1", devices=(token,)))
    assert again.device_token is None
    with backend.engine.connect() as connection:
        devices = connection.execute(select(table_of(KnownDevice))).all()
    assert len(devices) == 1
    assert token not in str(devices)


def test_a_planted_or_anothers_device_token_is_not_adopted(
    backend: Backend, ivanov: Person
) -> None:
    ivanov.house.a_resident("Петров", login="petrov", password_hash=HASH)
    ivanovs = enter(backend, "ivanov", PASSWORD).device_token
    assert ivanovs
    petrovs = enter(
        backend, "petrov", PASSWORD, Browser("192.0.2.7", devices=("planted", ivanovs))
    ).device_token
    assert petrovs not in {None, "planted", ivanovs}


def test_a_household_shares_a_browser(backend: Backend, ivanov: Person) -> None:
    ivanov.house.a_resident("Петров", login="petrov", password_hash=HASH)
    tokens = [enter(backend, name, PASSWORD).device_token or "" for name in ("ivanov", "petrov")]
    shared = Browser("192.0.2.7", devices=tuple(tokens))
    assert knock(backend, "ivanov", shared).is_device_known
    assert knock(backend, "petrov", shared).is_device_known
    assert not knock(backend, "nobody", shared).is_device_known


def test_secrets_do_not_leak_into_representations(backend: Backend, ivanov: Person) -> None:
    admission = enter(backend, "ivanov", PASSWORD)
    attempt = knock(backend, "ivanov")
    shown = repr((admission, attempt, Verdict(True, HASH), Browser("a", devices=("tok-en",))))
    assert admission.session.token not in shown
    assert admission.device_token is not None
    for secret in (admission.device_token, HASH, "tok-en"):
        assert secret not in shown


def test_not_remembered_is_kept(backend: Backend, ivanov: Person) -> None:
    attempt = knock(backend, "ivanov")
    admission = backend.write_now(
        sign_in.admit, ivanov.id, attempt, attempt.judge(PASSWORD), HOME, NOW, remembered=False
    )
    later = NOW + timedelta(hours=12)
    assert backend.read_now(find_session, admission.session.token, later) is None
