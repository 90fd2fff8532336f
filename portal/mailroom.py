"""Carrying letters from the outbox to the mail server: at least once, one process at a time.

A letter that the server has taken, and of which the database does not know it yet when the process
dies, goes once more under the same Message-ID; none is lost.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

from sqlalchemy import Engine, text

from portal.backend import Backend
from portal.config import Settings
from portal.documents.letter import html_of
from portal.domain.letter import End, Letterhead, wire_address
from portal.domain.profile import ContactFault
from portal.gateways.mail import Deferred, Envelope, Line, Post, Rejected, Unreachable
from portal.gateways.smtp import SmtpPost
from portal.services.mailing.relay import Waiting, note_try, queue

LOOK_SECONDS: Final = 10.0
"""Between two looks into an outbox that was empty; what cannot be sent waits ever longer."""
LONGEST_PAUSE_SECONDS: Final = 600.0
_GOODBYE_SECONDS: Final = 1.5
_WHOLE_LOOK_EVERY: Final = 360
"""Looks: letters that were long in their transaction may bear a smaller number than those seen."""
_TURN: Final = 0x7A68_6B68
_UNWANTED: Final = "жилец отключил письма"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """What became of the letters that were due; `trouble` is what the server said to us."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    is_busy: bool = False
    """Another process is carrying letters, and this one did nothing."""
    trouble: str = ""

    def add(self, other: "Round") -> None:
        """The counts of both; how it stands is as `other` found it."""
        self.sent += other.sent
        self.failed += other.failed
        self.given_up += other.given_up
        self.is_busy, self.trouble = other.is_busy, other.trouble


class Mailroom:
    """Carries letters; `start` and `stop` do it in a thread of its own."""

    def __init__(self, backend: Backend, post: Post, letterhead: Letterhead) -> None:
        self._backend = backend
        self._post = post
        self._head = letterhead
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="zkh-mail", daemon=True)
        self._since = 0
        self._looks = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait a little for a letter under way, then hang up; blocks."""
        self._stopping.set()
        self._thread.join(_GOODBYE_SECONDS)
        self._post.hang_up()
        self._thread.join(_GOODBYE_SECONDS)

    def carry(self) -> Round:
        """One round: the letters that are due, as many as go over one connection."""
        done = Round()
        if not self._due():
            return done
        with _turn(self._backend.engine) as is_ours:
            done.is_busy = not is_ours
            if is_ours:
                self._carry(self._due(), done)
        return done

    def _due(self) -> tuple[Waiting, ...]:
        self._looks += 1
        since = self._since if self._looks % _WHOLE_LOOK_EVERY else 0
        found = self._backend.read_now(queue, self._backend.clock(), since)
        self._since = found.first_open
        return found.due

    def _carry(self, letters: tuple[Waiting, ...], done: Round) -> None:
        wanted = [letter for letter in letters if letter.is_wanted]
        for letter in letters:
            if not letter.is_wanted:
                self._note(letter, End.GIVEN_UP, _UNWANTED, done)
        if not wanted:
            return
        try:
            with self._post.connected() as line:
                self._send_all(line, wanted, done)
        except Unreachable as fault:
            done.trouble = str(fault)

    def _send_all(self, line: Line, letters: list[Waiting], done: Round) -> None:
        """Raises Unreachable."""
        for letter in letters:
            if self._stopping.is_set() or not self._send(line, letter, done):
                return

    def _send(self, line: Line, letter: Waiting, done: Round) -> bool:
        """Whether the line is good for another letter.  Raises Unreachable."""
        try:
            words = line.send(_envelope(self._head, letter))
        except (Rejected, ContactFault) as fault:
            self._note(letter, End.GIVEN_UP, str(fault), done)
        except Deferred as fault:
            self._note(letter, End.FAILED, str(fault), done)
            return not fault.is_broken
        else:
            self._note(letter, End.SENT, words, done)
        return True

    def _note(self, letter: Waiting, state: End, words: str, done: Round) -> None:
        now = self._backend.clock()
        match self._backend.write_now(note_try, letter.outbox_id, state, words, now):
            case End.SENT:
                done.sent += 1
            case End.FAILED:
                done.failed += 1
            case End.GIVEN_UP:
                done.given_up += 1
                # Its words may name the resident: they stay in the database.
                _log.warning("letter %d is given up", letter.outbox_id)

    def _work(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = self._pause_after(pause)

    def _pause_after(self, pause: float) -> float:
        """One round, and how long to wait then."""
        try:
            done = self.carry()
        except Exception:  # noqa: BLE001 - the thread must outlive a database that was away
            _log.exception("the mailroom stumbled")
            return min(max(pause * 2, LOOK_SECONDS), LONGEST_PAUSE_SECONDS)
        if done.trouble:
            _log.warning("the mail server takes no letters: %s", done.trouble)
        if done.sent:
            return 0.0
        is_calm = not done.trouble
        return LOOK_SECONDS if is_calm else min(max(pause * 2, LOOK_SECONDS), LONGEST_PAUSE_SECONDS)


def mailroom_of(settings: Settings, backend: Backend) -> Mailroom | None:
    """None: this installation sends no letters."""
    if settings.smtp is None or settings.letterhead is None:
        return None
    return Mailroom(backend, SmtpPost(settings.smtp), settings.letterhead)


def _envelope(head: Letterhead, letter: Waiting) -> Envelope:
    """Raises ContactFault."""
    return Envelope(
        sender=head.sender,
        address=wire_address(letter.address),
        subject=letter.letter.subject,
        text=letter.letter.text,
        html=html_of(letter.letter, head),
        message_id=letter.message_id,
        written_at=letter.written_at,
    )


@contextmanager
def _turn(engine: Engine) -> Iterator[bool]:
    """Whether no other process carries letters of this database; none can until the end.  Both
    kinds let go by themselves when the process dies.
    """
    turn = _turn_on_sqlite if engine.dialect.name == "sqlite" else _turn_on_postgresql
    with turn(engine) as is_ours:
        yield is_ours


@contextmanager
def _turn_on_sqlite(engine: Engine) -> Iterator[bool]:
    lock = os.open(Path(f"{engine.url.database}.mail.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(lock)


@contextmanager
def _turn_on_postgresql(engine: Engine) -> Iterator[bool]:
    """On a connection of its own, which is thrown away: with it goes the lock."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = text("SELECT pg_try_advisory_lock(:turn)")
        is_ours = bool(connection.scalar(asked, {"turn": _TURN}))
        try:
            yield is_ours
        finally:
            connection.invalidate()
