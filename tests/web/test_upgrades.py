"""The one upgrade that is ours; every other is refused in few words and with our headers."""

from collections.abc import Callable

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.support.small import SmallPortal, cookie_of, everything

OURS = "/_nicegui_ws/socket.io/"
OPENING = "EIO=4&transport=websocket"
HAS_HEADERS = "frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/_nicegui_ws/xx", OPENING),
        ("/_nicegui_ws/socket.io", OPENING),
        ("/_nicegui_ws/socket.io/x", OPENING),
        (OURS, "EIO=4&transport=polling"),
        (OURS, "transport=websocket"),
        (OURS, "EIO=3&transport=websocket"),
        (OURS, OPENING + "&transport=polling"),
        (OURS, OPENING + "&sid=1"),
        (OURS, OPENING + "&j=x"),
        (OURS, ""),
    ],
)
def test_no_other_upgrade_is_ours(
    small: SmallPortal, quiet: Callable[[], str], path: str, query: str
):
    with small.resident(1) as ivanov, pytest.raises(InvalidStatus) as refusal:
        upgrade(small, f"{path}?{query}", Cookie=cookie_of(ivanov))
    assert refusal.value.response.status_code == 403
    assert HAS_HEADERS in refusal.value.response.headers["content-security-policy"]


def test_nobody_is_let_in_without_a_session(small: SmallPortal, quiet: Callable[[], str]):
    for cookie in ("", "zhkh=" + "A" * 43):
        with pytest.raises(InvalidStatus) as refusal:
            upgrade(small, f"{OURS}?{OPENING}&client_id=1", Cookie=cookie)
        assert refusal.value.response.status_code == 403
        assert HAS_HEADERS in refusal.value.response.headers["content-security-policy"]


def upgrade(small: SmallPortal, address: str, **headers: str) -> None:
    url = f"ws://127.0.0.1:{small.port}{address}"
    with connect(url, origin=Origin(small.url), additional_headers=headers):
        pass


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("Sec-WebSocket-Version: 12", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), 426),
        (("Sec-WebSocket-Version: 13",), 400),
        ((), 400),
    ],
)
def test_what_is_no_websocket_is_refused_with_the_headers(
    small: SmallPortal, quiet: Callable[[], str], lines: tuple[str, ...], code: int
):
    with small.raw() as raw:
        asked = ("Connection: Upgrade", "Upgrade: websocket", *lines)
        raw.sendall(small.head(f"GET {OURS}?{OPENING}", *asked))
        answer = everything(raw)
    assert answer.startswith(f"HTTP/1.1 {code} ")
    assert HAS_HEADERS in answer


def test_what_is_no_http_is_refused_with_the_headers(small: SmallPortal, quiet: Callable[[], str]):
    with small.raw() as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n: nothing\r\n\r\n")
        answer = everything(raw)
    assert answer.startswith("HTTP/1.1 400 ")
    assert HAS_HEADERS in answer
