"""Letters and a real mail server in every mood: each letter goes, once, or its end is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.domain.letter import PAUSES
from portal.gateways.smtp import SmtpPost
from portal.mailroom import Mailroom, Round, _turn
from portal.services.audit import audit
from portal.services.mailing.relay import AT_ONCE, waiting
from portal.services.profile import choose_receipts
from portal.settings.mailing import SmtpServer
from tests.builders import NOW
from tests.support.letters import HEAD, letters, tries, waiting_letters
from tests.support.mail_server import (
    ACCEPTED,
    MailServer,
    Temper,
    always,
    first,
    hanging_up,
    silence,
)
from tests.support.processes import LOOPBACK, free_port
from tests.support.waiting import wait_until

GREY = "451 4.7.1 Greylisted, come again"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def goes_on(backend: Backend) -> Callable[[timedelta], None]:
    """The backend's clock, which stands."""
    now = [NOW]

    def move(by: timedelta) -> None:
        now[0] += by

    def clock() -> datetime:
        return now[0]

    backend.clock = clock
    return move


def mailroom(backend: Backend, server: SmtpServer, silence_: float = 20.0) -> Mailroom:
    return Mailroom(backend, SmtpPost(server, silence_, silence_), HEAD)


def test_each_letter_goes_once_under_its_own_number(backend: Backend) -> None:
    numbers = waiting_letters(backend, 3)
    with MailServer() as server:
        room = mailroom(backend, server.settings)
        assert [room.carry().sent for _ in range(3)] == [3, 0, 0]
    assert [letter["Message-ID"] for letter in server.letters] == numbers
    assert tries(backend) == [(row["id"], "sent", ACCEPTED) for row in letters(backend)]
    assert backend.read_now(waiting) == 0
    assert backend.read_now(audit) == ()


def test_html_and_text_say_the_same(backend: Backend) -> None:
    waiting_letters(backend, 1)
    with MailServer() as server:
        mailroom(backend, server.settings).carry()
    text, html = (part.get_content() for part in server.letters[0].iter_parts())
    for words in ("10,45", "Терминал в подъезде", "24.11.2026 11:58", "Чтобы отписаться"):
        assert words in text
        assert words in html
    assert '<a href="https://lk.example.ru/profile">' in html


def test_a_greylist_is_answered_in_a_minute(
    backend: Backend, goes_on: Callable[[timedelta], None]
) -> None:
    [number] = waiting_letters(backend, 1)
    with MailServer(Temper(rcpt=first(GREY))) as server:
        room = mailroom(backend, server.settings)
        assert room.carry().failed == 1
        goes_on(MINUTE - timedelta(seconds=1))
        assert room.carry().sent == 0
        assert len(server.tried) == 1, "not yet"
        goes_on(timedelta(seconds=1))
        assert room.carry().sent == 1
    assert [letter["Message-ID"] for letter in server.letters] == [number]


def test_tries_end(backend: Backend, goes_on: Callable[[timedelta], None]) -> None:
    waiting_letters(backend, 1)
    with MailServer(Temper(data=always("451 No room"))) as server:
        room = mailroom(backend, server.settings)
        outcomes = []
        for pause in (*PAUSES, timedelta(days=30), timedelta(days=30)):
            done = room.carry()
            outcomes.append((done.failed, done.given_up))
            goes_on(pause)
        assert outcomes == [(1, 0)] * len(PAUSES) + [(0, 1), (0, 0)]
        assert len(server.tried) == len(PAUSES) + 1
    assert backend.read_now(audit) == ()


def test_a_wrong_address_is_not_asked_twice_and_stops_nobody(backend: Backend) -> None:
    waiting_letters(backend, 3)

    async def rcpt(address: str) -> str:
        return "550 5.1.1 No such user" if address.startswith("r0") else "250 Ok"

    with MailServer(Temper(rcpt=rcpt)) as server:
        room = mailroom(backend, server.settings)
        done = room.carry()
        assert (done.sent, done.given_up) == (2, 1)
        room.carry()
    assert (server.addresses(), len(server.tried)) == (["r1@example.ru", "r2@example.ru"], 3)


@pytest.mark.parametrize("mood", [hanging_up, silence])
def test_a_letter_that_breaks_the_line_does_not_keep_the_others(
    backend: Backend, mood: Callable[[str], object]
) -> None:
    waiting_letters(backend, 3)

    async def data(address: str) -> str:
        return str(await mood(address)) if address.startswith("r0") else ACCEPTED  # type: ignore[misc]

    with MailServer(Temper(data=data)) as server:
        room = mailroom(backend, server.settings, 1.0)
        assert room.carry().failed == 1
        assert room.carry().sent == 2
    assert server.addresses() == ["r1@example.ru", "r2@example.ru"]


def test_a_server_that_is_away_is_no_fault_of_the_letters(backend: Backend) -> None:
    waiting_letters(backend, 2)
    away = mailroom(backend, SmtpServer(LOOPBACK, free_port(), is_tls=False))
    for _ in range(30):
        done = away.carry()
        assert (done.failed, done.given_up, bool(done.trouble)) == (0, 0, True)
    assert tries(backend) == []
    with MailServer() as server:
        assert mailroom(backend, server.settings).carry().sent == 2


def test_who_has_switched_them_off_since_gets_none(backend: Backend) -> None:
    waiting_letters(backend, 2)
    first_letter = letters(backend)[0]
    backend.write_now(choose_receipts, first_letter["resident_id"], wanted=False)
    with MailServer() as server:
        mailroom(backend, server.settings).carry()
    assert server.addresses() == ["r1@example.ru"]
    assert tries(backend)[0] == (first_letter["id"], "given_up", "жилец отключил письма")


def test_many_letters_go_in_rounds(backend: Backend) -> None:
    waiting_letters(backend, AT_ONCE + 5)
    with MailServer() as server:
        room = mailroom(backend, server.settings)
        assert [room.carry().sent for _ in range(3)] == [AT_ONCE, 5, 0]


def test_what_was_sent_is_not_looked_at_again_but_now_and_then(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter that was long in its transaction may come after others, under a smaller number."""
    waiting_letters(backend, 2)
    monkeypatch.setattr("portal.mailroom._WHOLE_LOOK_EVERY", 5)
    with MailServer() as server:
        room = mailroom(backend, server.settings)
        room.carry()
        assert [room.carry().sent, room._since] == [0, letters(backend)[-1]["id"] + 1]
        with writing(backend.engine) as connection:
            connection.execute(text("DELETE FROM outbox_event WHERE outbox_id = 1"))
        assert [room.carry().sent for _ in range(3)].count(1) == 1
        waiting_letters(backend, 1, "new")
        assert room.carry().sent == 1


# --- several processes -------------------------------------------------------------------------


@pytest.fixture
def other(backend: Backend, database_url: str) -> Iterator[Backend]:
    """What another process has."""
    other = Backend(database_url, clock=lambda: NOW)
    yield other
    other.close()


def test_only_one_carries_at_a_time(backend: Backend, other: Backend) -> None:
    waiting_letters(backend, 1)
    with MailServer() as server:
        with _turn(other.engine) as is_ours:
            assert is_ours
            assert mailroom(backend, server.settings).carry().is_busy
        assert mailroom(backend, server.settings).carry().sent == 1


def test_two_that_carry_send_each_letter_once(backend: Backend, other: Backend) -> None:
    numbers = waiting_letters(backend, 12)
    with MailServer() as server, ThreadPoolExecutor(2) as pool:
        rooms = [mailroom(each, server.settings) for each in (backend, other)]

        def carry(room: Mailroom) -> None:
            wait_until(
                lambda: not room.carry().is_busy and not backend.read_now(waiting), "sent", 60
            )

        for done in [pool.submit(carry, room) for room in rooms]:
            done.result()
    assert sorted(letter["Message-ID"] for letter in server.letters) == sorted(numbers)


def test_the_end_is_noted_once(backend: Backend) -> None:
    """Two that lost sight of each other: the second finds the letter at its end."""
    waiting_letters(backend, 1)
    with MailServer() as server:
        late = mailroom(backend, server.settings)
        seen = late._due()
        assert mailroom(backend, server.settings).carry().sent == 1
        with late._post.connected() as line:
            late._send(line, seen[0], Round())
    assert len(tries(backend)) == 1
    assert backend.read_now(audit) == ()


def test_a_thread_carries_until_it_is_stopped(backend: Backend) -> None:
    waiting_letters(backend, 2)
    with MailServer() as server:
        room = mailroom(backend, server.settings)
        room.start()
        wait_until(lambda: not backend.read_now(waiting), "the letters are sent", 60)
        room.stop()
    assert len(server.letters) == 2


def test_it_stops_though_the_server_is_silent(backend: Backend) -> None:
    """Whose silence it would else bear for twenty seconds."""
    waiting_letters(backend, 1)
    with MailServer(Temper(data=silence)) as server:
        room = mailroom(backend, server.settings)
        room.start()
        wait_until(lambda: server.tried, "a letter is on its way", 60)
        room.stop()
        assert not room._thread.is_alive()
    assert backend.read_now(waiting) == 1


def test_it_outlives_a_database_that_was_away(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting_letters(backend, 1)
    read_now, faults = backend.read_now, iter([OSError("away"), OSError("away")])

    def away(*args: object, **more: object) -> object:
        for fault in faults:
            raise fault
        return partial(read_now, *args, **more)()  # type: ignore[arg-type]

    monkeypatch.setattr(backend, "read_now", away)
    monkeypatch.setattr("portal.mailroom.LOOK_SECONDS", 0.01)
    with MailServer() as server:
        room = mailroom(backend, server.settings)
        room.start()
        wait_until(lambda: server.letters, "the letter is sent", 60)
        room.stop()
