"""Signed-in browsers: how they start, live and end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.access import WebSession
from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.domain.browser import browser_words
from portal.domain.identity import ResidentId
from portal.errors import NotFound
from portal.services import sessions
from portal.services.sessions import Browser, NewSession, SignedIn
from tests.builders import NOW, Person, a_house
from tests.support.statements import counted

PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
HERE = Browser("192.0.2.7", PHONE)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    return a_house(backend).a_resident(login="ivanov")


def start(
    backend: Backend, resident: ResidentId, *, remembered: bool = True, at: datetime = NOW
) -> NewSession:
    return backend.write_now(sessions.start_session, resident, HERE, at, remembered=remembered)


def find(backend: Backend, token: str, at: datetime = NOW) -> SignedIn | None:
    return backend.read_now(sessions.find_session, token, at)


def test_a_new_session_is_found_by_its_token(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)
    assert find(backend, new.token) == SignedIn(
        session_id=new.session_id,
        resident=ivanov.id,
        login="ivanov",
        must_change_password=False,
        remembered=True,
        confirmed_at=NOW,
        touch_due=False,
    )


def test_a_session_is_found_in_one_statement(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)
    with counted(backend.engine) as statements:
        find(backend, new.token)
    assert len(statements) == 1


def test_a_strange_token_is_nobody(backend: Backend, ivanov: Person) -> None:
    start(backend, ivanov.id)
    for token in ("", "x", "nul\0", "\udcff", "😀", "я" * 1_000_000, "' OR 1=1"):
        assert find(backend, token) is None


def test_the_database_does_not_hold_the_token(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)
    with backend.engine.connect() as connection:
        row = connection.execute(select(table_of(WebSession))).one()
        record = connection.execute(
            select(table_of(AuditRecord)).order_by(table_of(AuditRecord).c.id.desc())
        ).first()
    assert new.token not in str(row)
    assert new.token not in str(record)
    assert new.token not in repr(new)
    assert len(new.token) >= 43  # 256 bits


def test_every_session_has_its_own_token(backend: Backend, ivanov: Person) -> None:
    assert len({start(backend, ivanov.id).token for _ in range(5)}) == 5


@pytest.mark.parametrize(("remembered", "limit"), [(False, 12 * HOUR), (True, 60 * DAY)])
def test_an_idle_session_ends(
    backend: Backend, ivanov: Person, remembered: bool, limit: timedelta
) -> None:
    new = start(backend, ivanov.id, remembered=remembered)
    assert find(backend, new.token, NOW + limit - MINUTE)
    assert find(backend, new.token, NOW + limit) is None


def test_a_session_in_use_lives_a_year_and_no_longer(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)
    for days in range(30, 365, 30):
        assert find(backend, new.token, NOW + days * DAY)
        backend.write_now(sessions.touch, ivanov.id, new.session_id, NOW + days * DAY)
    assert find(backend, new.token, NOW + 365 * DAY - MINUTE)
    assert find(backend, new.token, NOW + 365 * DAY) is None


def test_use_does_not_lengthen_a_session_that_is_not_remembered(
    backend: Backend, ivanov: Person
) -> None:
    new = start(backend, ivanov.id, remembered=False)
    backend.write_now(sessions.touch, ivanov.id, new.session_id, NOW + 11 * HOUR)
    assert find(backend, new.token, NOW + 12 * HOUR) is None


def test_use_is_noted_every_five_minutes_at_most(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)
    almost = find(backend, new.token, NOW + 5 * MINUTE - timedelta(seconds=1))
    due = find(backend, new.token, NOW + 5 * MINUTE)
    assert (almost and almost.touch_due, due and due.touch_due) == (False, True)
    backend.write_now(sessions.touch, ivanov.id, new.session_id, NOW + 5 * MINUTE)
    noted = find(backend, new.token, NOW + 6 * MINUTE)
    assert noted
    assert not noted.touch_due


def test_an_ended_session_is_gone_at_once_and_for_good(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)

    def end() -> tuple[int, ...]:
        return backend.write_now(sessions.end_session, ivanov.id, new.session_id, NOW)

    assert end() == (new.session_id,)
    assert find(backend, new.token) is None
    assert end() == ()


def test_anothers_session_is_not_found(backend: Backend, ivanov: Person) -> None:
    stranger = ivanov.house.a_resident("Петров")
    new = start(backend, ivanov.id)
    for session_id in (new.session_id, 10**9):
        with pytest.raises(NotFound):
            backend.write_now(sessions.end_session, stranger.id, session_id, NOW)
    backend.write_now(sessions.touch, stranger.id, new.session_id, NOW + DAY)
    backend.write_now(sessions.end_all_sessions, stranger.id, NOW)
    found = find(backend, new.token, NOW + 10 * MINUTE)
    assert found
    assert found.touch_due


def test_the_others_end_and_this_one_stays(backend: Backend, ivanov: Person) -> None:
    stranger = start(backend, ivanov.house.a_resident("Петров").id)
    here, there, elsewhere = (start(backend, ivanov.id) for _ in range(3))
    ended = backend.write_now(sessions.end_other_sessions, ivanov.id, here.session_id, NOW)
    assert ended == (there.session_id, elsewhere.session_id)
    assert [bool(find(backend, s.token)) for s in (here, there, elsewhere, stranger)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_all_end(backend: Backend, ivanov: Person) -> None:
    several = [start(backend, ivanov.id) for _ in range(2)]
    ended = backend.write_now(sessions.end_all_sessions, ivanov.id, NOW)
    assert ended == tuple(one.session_id for one in several)
    assert not any(find(backend, one.token) for one in several)


def test_a_sign_out_is_in_the_journal(backend: Backend, ivanov: Person) -> None:
    new = start(backend, ivanov.id)
    backend.write_now(sessions.end_all_sessions, ivanov.id, NOW)
    table = table_of(AuditRecord)
    with backend.engine.connect() as connection:
        record = connection.execute(select(table).order_by(table.c.id.desc())).first()
    assert record is not None
    assert (record.actor, record.action) == (f"resident:{ivanov.id}", "end_all_sessions")
    assert list(record.claims["web_session"]) == [str(new.session_id)]


def test_the_list_shows_where_one_is_signed_in(backend: Backend, ivanov: Person) -> None:
    start(backend, ivanov.house.a_resident("Петров").id)
    old = start(backend, ivanov.id, at=NOW - 61 * DAY)
    brief = start(backend, ivanov.id, remembered=False, at=NOW - 13 * HOUR)
    ended = start(backend, ivanov.id)
    backend.write_now(sessions.end_session, ivanov.id, ended.session_id, NOW)
    here = start(backend, ivanov.id, at=NOW - HOUR)
    there = start(backend, ivanov.id, at=NOW)
    shown = backend.read_now(sessions.open_sessions, ivanov.id, here.session_id, NOW)
    assert [one.session_id for one in shown] == [here.session_id, there.session_id]
    assert [one.is_current for one in shown] == [True, False]
    assert shown[0].browser == "Chrome, Android"
    assert (shown[0].address, shown[0].created_at) == ("192.0.2.7", NOW - HOUR)
    assert {old.session_id, brief.session_id}.isdisjoint(one.session_id for one in shown)


def test_what_a_browser_says_of_itself_breaks_nothing(backend: Backend, ivanov: Person) -> None:
    odd = Browser("a" * 500 + "\0", "<script>\0\ud800\u202e😀" * 100_000)
    new = backend.write_now(sessions.start_session, ivanov.id, odd, NOW, remembered=True)
    (shown,) = backend.read_now(sessions.open_sessions, ivanov.id, new.session_id, NOW)
    assert shown.browser == "Неизвестный браузер"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome, Android"),
        (PHONE.replace("Chrome/", "YaBrowser/25.10 Chrome/"), "Яндекс Браузер, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0",
         "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15",
         "Safari, macOS"),
        ("curl/8.5.0", "Неизвестный браузер"),
        ("", "Неизвестный браузер"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_knows_it(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words
