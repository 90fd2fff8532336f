"""What no page of ours sends over its socket: it harms nobody, and the log stays readable."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.small import SmallPortal
from tests.support.sockets import page_ids

DEEP = "[" * 30_000
PACKETS: dict[str, str] = {
    "a forged connect": '42["connect",{"a":1}]',
    "a bare connect": '42["connect"]',
    "a bare handshake": '42["handshake"]',
    "a bare disconnect": '42["disconnect"]',
    "no type": "zzz",
    "another type": "9",
    "half a binary": "b!",
    "an opening": '0{"sid":"1"}',
    "a deep packet": "4" + DEEP,
    "a deep event": '42["event",' + DEEP,
    "no event": "42",
    "an event of no name": "42[]",
    "a number for a name": "42[5]",
    "a binary without its part": '451-["event",{"_placeholder":true,"num":0}]',
    "an unknown packet": "49",
    "an error of ours": '44{"message":"x"}',
    "an answer to nothing": "431[1]",
    "another room": "40/admin,",
}


@pytest.mark.parametrize("name", PACKETS)
def test_a_malformed_packet_is_at_most_a_warning(
    small: SmallPortal, quiet: Callable[[], str], name: str
):
    with small.resident(1) as ivanov, small.socket(ivanov) as bad:
        assert bad.accepted()
        bad.say(PACKETS[name])
        bad.say("3")
        answers_others(small)
    assert len([line for line in quiet().splitlines() if " WARNING " in line]) <= 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("handshake", {"document_id": "1", "next_message_id": 0}),
        ("handshake", {"tab_id": [], "document_id": {}, "next_message_id": "x"}),
        ("log", {"level": ["error"], "message": "x"}),
        ("log", {"level": {}, "message": ["x"]}),
        ("ack", {"next_message_id": "x"}),
        ("javascript_response", {"request_id": [], "result": 1}),
        ("event", {"id": 4, "listener_id": "1", "args": [DEEP]}),
    ],
)
def test_a_malformed_message_is_at_most_a_warning(
    small: SmallPortal, quiet: Callable[[], str], name: str, message: dict[str, Any]
):
    with small.resident(1) as ivanov, small.socket(ivanov) as bad:
        assert bad.accepted()
        ids = {"client_id": bad.ids.client_id}
        bad.say("42" + json.dumps([name, {**ids, **message}]))
        answers_others(small)
    assert len([line for line in quiet().splitlines() if " WARNING " in line]) <= 1


def answers_others(small: SmallPortal) -> None:
    with small.resident(2) as petrov, small.socket(petrov) as other:
        assert other.accepted()
        other.wish("/long")
        assert other.shown().title == "Длинная"


def test_a_refused_socket_is_closed(small: SmallPortal):
    with small.resident(1) as ivanov, small.resident(2) as petrov:
        ids = page_ids(ivanov.get("/").text)
        with small.socket(petrov, ids=ids) as thief:
            assert not thief.accepted()
            assert thief.is_closed()
