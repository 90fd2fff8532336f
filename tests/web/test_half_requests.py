"""Requests that never become whole, and those that are larger or slower than any of ours."""

import socket
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.support.server import status
from tests.support.small import SmallPortal, everything
from tests.support.waiting import wait_until


def test_a_phone_that_loses_the_network_while_it_sends_is_one_line(
    small: SmallPortal, quiet: Callable[[], str]
):
    with small.raw() as raw:
        raw.sendall(small.head("POST /echo", "Content-Length: 1000") + b"half")
        assert status(f"{small.url}/healthz") == 200  # it has read the half by now

    wait_until(lambda: "POST /echo: the sender has gone" in quiet(), "it is noted")
    assert quiet().count("POST /echo") == 1


@pytest.fixture(scope="module")
def impatient(start_small: Callable[..., SmallPortal]) -> SmallPortal:
    """It waits for a head, and for a body, two seconds."""
    return start_small(SMALL_PATIENCE_SECONDS="2", SMALL_MOST_CONNECTIONS="60")


@pytest.mark.parametrize(
    "lines",
    [
        ("X: " + "x" * 40_000,),
        ("X" * 40_000 + ": x",),
        tuple(f"X-{number}: {'x' * 100}" for number in range(400)),
        ("Cookie: zhkh=" + "A" * 40_000,),
    ],
)
def test_a_head_that_is_too_large_is_refused(
    small: SmallPortal, quiet: Callable[[], str], lines: tuple[str, ...]
):
    with small.raw() as raw:
        raw.sendall(small.head("GET /login", *lines))
        answer = everything(raw)
    assert answer.startswith("HTTP/1.1 431 ")
    assert "frame-ancestors 'none'" in answer


def test_an_address_that_is_too_large_is_refused(small: SmallPortal):
    with small.raw() as raw:
        raw.sendall(small.head("GET /" + "x" * 40_000))
        assert everything(raw).startswith("HTTP/1.1 431 ")


def test_nobody_keeps_sending_a_head(small: SmallPortal):
    head = small.head("GET /login")[:-2] + b"X: " + b"x" * 60_000_000
    with small.raw() as raw, pytest.raises(OSError, match=r"reset|pipe"):
        raw.sendall(head)


def test_a_head_of_a_browser_with_many_cookies_fits(small: SmallPortal):
    with small.resident(1) as ivanov:
        answer = ivanov.get("/", headers={"x-cookies": "c" * 20_000})
    assert answer.status_code == 200


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: x"])
def test_a_head_that_does_not_come_is_not_waited_for(impatient: SmallPortal, sent: bytes):
    with impatient.raw() as raw:
        raw.sendall(sent)
        assert everything(raw) == ""


def test_half_a_body_is_refused_after_a_while(impatient: SmallPortal):
    with ExitStack() as opened:
        sockets = [opened.enter_context(impatient.raw()) for _ in range(20)]
        for raw in sockets:
            raw.sendall(impatient.head("POST /echo", "Content-Length: 1000") + b"half")
        for raw in sockets:
            answer = everything(raw)
            assert answer.startswith("HTTP/1.1 408 ")
            assert "слишком долго" in answer
    assert " ERROR " not in impatient.output()


def test_a_body_that_nobody_reads_does_not_hold_its_connection(impatient: SmallPortal):
    with impatient.raw() as raw:
        raw.sendall(impatient.head("POST /static/css/tokens.css", "Content-Length: 60000"))
        wait_until(lambda: is_over(raw), "the connection is closed", 20)


def is_over(raw: socket.socket) -> bool:
    """Sends a byte more; whether the other side has gone."""
    try:
        raw.sendall(b"x")
        raw.settimeout(0.2)
        return not raw.recv(65536)
    except TimeoutError:
        return False
    except OSError:
        return True


def test_one_connection_too_many_is_refused_and_the_others_go_on(impatient: SmallPortal):
    with impatient.resident(1) as ivanov, ExitStack() as opened:
        assert ivanov.get("/").status_code == 200
        more = [opened.enter_context(impatient.raw()) for _ in range(80)]
        assert everything(more[-1]).startswith("HTTP/1.1 503 ")
        assert ivanov.get("/").status_code == 200
    wait_until(lambda: status(f"{impatient.url}/healthz") == 200, "there is room again")
