"""A real mail server in every mood: what its answers mean for a letter."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from portal.domain.letter import Sender
from portal.gateways.mail import Deferred, Envelope, Rejected, Unreachable
from portal.gateways.smtp import SmtpPost
from portal.settings.mailing import SmtpServer
from tests.support.mail_server import (
    ACCEPTED,
    LOGIN,
    PASSWORD,
    MailServer,
    Temper,
    always,
    first,
    hanging_up,
    silence,
)
from tests.support.processes import LOOPBACK, free_port

LETTER = Envelope(
    Sender("ООО «Дом»", "lk@example.ru"), "ivanov@example.ru", "Платеж 10,45 ₽ принят",
    "Платеж принят\n\nДоговор: DOM-12", "<h1>Платеж принят</h1>", "<receipt.1.ab@example.ru>",
    datetime(2026, 11, 24, 9, tzinfo=UTC),
)  # fmt: skip
SOON = 0.5


def sent(server: SmtpServer, letter: Envelope = LETTER, silence_: float = 20.0) -> str:
    with SmtpPost(server, silence_, 60.0).connected() as line:
        return line.send(letter)


def test_a_letter_says_the_same_twice_and_that_a_machine_wrote_it() -> None:
    with MailServer() as server:
        assert sent(server.settings) == ACCEPTED
        [letter] = server.letters
    assert str(letter["From"]) == "ООО «Дом» <lk@example.ru>"
    assert (str(letter["To"]), str(letter["Subject"])) == ("ivanov@example.ru", LETTER.subject)
    assert letter["Message-ID"] == LETTER.message_id
    assert letter["Date"].datetime == LETTER.written_at
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", LETTER.html)


@pytest.mark.parametrize("field", ["subject", "message_id"])
@pytest.mark.parametrize("more", ["\r\nBcc: evil@example.ru", "\nX: y", "\r\n\r\nbody"])
def test_no_header_can_be_smuggled_in(field: str, more: str) -> None:
    smuggled = replace(LETTER, **{field: getattr(LETTER, field) + more})
    with MailServer() as server:
        with pytest.raises(Rejected):
            sent(server.settings, smuggled)
        assert (server.letters, server.tried) == ([], [])


def test_lines_of_a_letter_are_no_commands() -> None:
    text = "первая\n.\nMAIL FROM:<evil@example.ru>\n..\nпоследняя"
    with MailServer() as server:
        sent(server.settings, replace(LETTER, text=text))
        [letter] = server.letters
    body = letter.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == text.splitlines()


@pytest.mark.parametrize(
    ("temper", "fault", "is_broken"),
    [
        (Temper(rcpt=always("550 5.1.1 No such user")), Rejected, None),
        (Temper(rcpt=always("553 What is that")), Rejected, None),
        (Temper(rcpt=always("550 5.7.1 Relaying denied")), Deferred, False),
        (Temper(rcpt=always("451 4.7.1 Greylisted")), Deferred, False),
        (Temper(rcpt=always("452 4.2.2 Mailbox full")), Deferred, False),
        (Temper(rcpt=hanging_up), Deferred, True),
        (Temper(data=always("554 5.6.0 Spam")), Deferred, False),
        (Temper(data=always("451 Try later")), Deferred, False),
        (Temper(data=hanging_up), Deferred, True),
    ],
)
def test_what_an_answer_means(
    temper: Temper, fault: type[Exception], is_broken: bool | None
) -> None:
    with MailServer(temper) as server:
        with pytest.raises(fault) as caught:
            sent(server.settings)
        assert server.letters == []
    if isinstance(caught.value, Deferred):
        assert caught.value.is_broken is is_broken


def test_one_that_is_refused_does_not_stop_the_next() -> None:
    with (
        MailServer(Temper(rcpt=first("550 5.1.1 No such user"))) as server,
        SmtpPost(server.settings).connected() as line,
    ):
        with pytest.raises(Rejected):
            line.send(LETTER)
        assert line.send(LETTER) == ACCEPTED


@pytest.mark.parametrize("temper", [Temper(rcpt=silence), Temper(data=silence)])
def test_a_server_that_says_nothing_is_not_waited_for(temper: Temper) -> None:
    with MailServer(temper) as server, pytest.raises(Deferred) as caught:
        sent(server.settings, silence_=2.0)
    assert caught.value.is_broken


def test_the_line_can_be_cut_from_another_thread() -> None:
    with MailServer(Temper(data=silence)) as server:
        post = SmtpPost(server.settings)
        with post.connected() as line:
            threading.Timer(SOON, post.hang_up).start()
            with pytest.raises(Deferred):
                line.send(LETTER)


def test_nobody_is_there() -> None:
    with pytest.raises(Unreachable):
        sent(SmtpServer(LOOPBACK, free_port(), is_tls=False))


# --- servers that are none ---------------------------------------------------------------------


@pytest.fixture
def strange(request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    """Says its bytes to whoever comes, the last of them again and again, and listens to nothing."""
    said: bytes = request.param
    is_over = threading.Event()
    door = socket.create_server((LOOPBACK, 0))

    def answer() -> None:
        guest, _ = door.accept()
        with guest:
            try:
                guest.sendall(said)
                while said and not is_over.wait(0.05):
                    guest.sendall(said[-1:])
            except OSError:
                return
            is_over.wait(60)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield SmtpServer(LOOPBACK, door.getsockname()[1], is_tls=False)
    is_over.set()
    thread.join()
    door.close()


@pytest.mark.parametrize(
    "strange", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"220", b"220-" + b"x" * 20_000, b"\x16\x03"],
    indirect=True,
)  # fmt: skip
def test_no_mail_server_is_out_of_reach_soon(strange: SmtpServer) -> None:
    """Also one that drips: our patience has an end in all, not only between two bytes."""
    with pytest.raises(Unreachable), SmtpPost(strange, 2.0, 2.0).connected():
        pass


# --- passwords and certificates ----------------------------------------------------------------


def test_a_password_is_told_and_a_wrong_one_is_not_the_letters_fault() -> None:
    with MailServer(Temper(is_careful=True)) as server:
        assert sent(server.settings) == ACCEPTED
        with pytest.raises(Unreachable, match="535"):
            sent(replace(server.settings, password="wrong"))
        with pytest.raises(Unreachable):
            sent(replace(server.settings, login="", password=""))
        assert len(server.letters) == 1


class Elsewhere(SmtpServer):
    """As if it were not this machine."""

    @property
    def is_this_machine(self) -> bool:
        return False


def elsewhere(server: MailServer, login: str = "", password: str = "") -> SmtpServer:
    return Elsewhere(LOOPBACK, server.port, server.temper.is_tls_first, login, password)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, by itself, with its key in the same file."""
    folder = tmp_path_factory.mktemp("certificate")
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", str(folder / "key"), "-out", str(folder / "certificate"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "certificate").read_bytes() + (folder / "key").read_bytes())
    return both


@pytest.fixture(params=[False, True], ids=["STARTTLS", "TLS"])
def careful(request: pytest.FixtureRequest, certificate: Path) -> Temper:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return Temper(is_careful=True, tls=context, is_tls_first=request.param)


def test_a_server_is_believed_by_its_certificate_alone(
    careful: Temper, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(careful) as server:
        there = elsewhere(server, LOGIN, PASSWORD)
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            sent(there)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(there) == ACCEPTED


def test_a_password_is_not_told_in_the_clear() -> None:
    with MailServer(Temper(is_careful=True)) as server:
        with pytest.raises(Unreachable, match="STARTTLS"):
            sent(elsewhere(server, LOGIN, PASSWORD))
        assert server.letters == []
