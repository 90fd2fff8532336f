"""Sockets belong to the session of their page: every other way in is shut."""

import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.support.small import SmallPortal, cookie_of
from tests.support.sockets import Socket, page_ids
from tests.support.waiting import wait_until

FORGED = "zhkh=" + "A" * 43


def test_the_page_s_own_socket_shows_pages(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        socket.wish("/charges?period=2014-05")
        assert socket.shown().title == "Расходы за 2014-05"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", None, "http://127.0.0.1:1", "http://localhost.evil.example"],
)
def test_a_foreign_origin_is_refused_before_the_upgrade(small: SmallPortal, origin: str | None):
    with (
        small.resident(1) as ivanov,
        pytest.raises(InvalidStatus) as refusal,
        small.socket(ivanov, origin=origin),
    ):
        pass
    assert refusal.value.response.status_code == 403
    assert "frame-ancestors 'none'" in refusal.value.response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/charges", "/_nicegui_ws", "/socket.io/"])
def test_nothing_else_becomes_a_socket(small: SmallPortal, path: str):
    with (
        small.resident(1) as ivanov,
        pytest.raises(InvalidStatus) as refusal,
        small.socket(ivanov, path=path),
    ):
        pass
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("cookie", ["", FORGED, "zhkh=", "other=1"])
def test_the_stolen_ids_of_a_page_are_worth_nothing_without_its_cookie(
    small: SmallPortal, cookie: str
):
    with (
        small.resident(1) as ivanov,
        pytest.raises(InvalidStatus) as refusal,
        small.socket(ivanov, cookie=cookie),
    ):
        pass
    assert refusal.value.response.status_code == 403


def test_the_stolen_ids_of_a_page_are_worth_nothing_with_another_s_cookie(small: SmallPortal):
    with small.resident(1) as ivanov, small.resident(2) as petrov:
        ids = page_ids(ivanov.get("/").text)
        with small.socket(ivanov, ids=ids) as own, small.socket(petrov, ids=ids) as thief:
            assert own.accepted()
            assert not thief.accepted()


def test_one_session_s_socket_does_not_open_a_page_of_another_session_of_the_same_person(
    small: SmallPortal,
):
    with (
        small.resident(1) as phone,
        small.resident(1) as desk,
        small.socket(desk, ids=page_ids(phone.get("/").text)) as socket,
    ):
        assert not socket.accepted()


@pytest.mark.parametrize("name", ["event", "javascript_response", "ack", "log", "handshake"])
def test_a_socket_cannot_speak_for_another_s_page(small: SmallPortal, name: str):
    with small.resident(1) as ivanov, small.resident(2) as petrov:
        victim = page_ids(ivanov.get("/").text)
        with small.socket(ivanov, ids=victim) as own, small.socket(petrov) as forger:
            assert own.accepted()
            assert forger.accepted()
            forger.emit(name, forged(name, victim.client_id, victim.fragment, victim.listener))
            if name == "handshake":
                forger.emit("event", forged("event", victim.client_id, 4, victim.listener))
            assert forger.is_refused()
            own.wish("/long")
            assert own.shown().title == "Длинная"


def test_a_socket_is_closed_by_signing_out_and_cannot_come_back(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        before = cookie_of(ivanov)
        ids = socket.ids
        ivanov.post("/logout")
        assert [told for told in socket.told() if told[0] == "open"] == [
            ("open", {"path": "/login", "new_tab": False})
        ]
        assert socket.is_closed()
        with pytest.raises(InvalidStatus), Socket(small.url, ids, cookie=before):
            pass


def test_signing_out_everywhere_sends_every_tab_to_the_sign_in_page(small: SmallPortal):
    with (
        small.resident(1) as phone,
        small.resident(1) as desk,
        small.resident(2) as petrov,
        small.socket(phone) as one,
        small.socket(desk) as two,
        small.socket(petrov) as other,
    ):
        assert all(socket.accepted() for socket in (one, two, other))
        phone.post("/everywhere")
        for socket in (one, two):
            assert next(socket.told()) == ("open", {"path": "/login", "new_tab": False})
        other.wish("/long")
        assert other.shown().title == "Длинная"


def test_a_session_ended_by_another_process_is_noticed(start_small: Any):
    small = start_small(SMALL_RECHECK_SECONDS="0")
    with small.resident(1) as ivanov, small.socket(ivanov, "/long") as socket:
        assert socket.accepted()
        end_in_the_database(small)
        socket.wish("/charges")
        assert next(socket.told()) == ("open", {"path": "/login?next=/long", "new_tab": False})


def test_a_page_asked_for_by_its_socket_is_looked_up_as_the_person_s_own(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        socket.wish("/zkh/18/zkh_1")
        assert socket.shown().title == "Страница не найдена"


def test_a_page_that_fails_tells_the_number_that_the_log_has(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        socket.wish("/broken")
        html = socket.shown().html
        shown = html.split("номер ")[1][:9]
        wait_until(lambda: f"[{shown}]" in small.output(), "the log has the number")
        assert "Тайна" not in html


@pytest.mark.parametrize(
    "message",
    [
        "text",
        None,
        [],
        {},
        {"client_id": None},
        {"id": "not a number"},
        {"args": "not a list"},
        {"args": ["not json"]},
        {"args": [json.dumps({"number": "1", "address": 2})]},
        {"listener_id": 5},
        {"id": 0, "args": [json.dumps({})] * 500},
    ],
)
def test_malformed_messages_harm_nobody(small: SmallPortal, message: Any):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        if isinstance(message, dict) and message:
            socket.wish("/", **message)
        else:
            socket.emit("event", message)
        with small.resident(2) as petrov, small.socket(petrov) as other:
            assert other.accepted()
            other.wish("/long")
            assert other.shown().title == "Длинная"


def test_a_huge_message_ends_the_socket_that_sent_it(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        socket.wish("/" + "x" * 100_000)
        assert list(socket.told()) == []


def test_of_many_wishes_the_last_is_fulfilled(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        socket.wish("/slow", 1)
        for number in range(2, 30):
            socket.wish(f"/charges?period=2014-{number % 12 + 1:02}", number)
        assert [socket.shown().number, socket.shown().number] == [1, 29]


@pytest.mark.parametrize(
    "message", [{"args": "not a list"}, {"args": ["not json"]}, {"listener_id": 5}]
)
def test_malformed_messages_are_written_without_their_words(small: SmallPortal, message: Any):
    def warnings() -> int:
        return small.output().count("a malformed event: ")

    before = warnings()
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        socket.wish("/", **message)
        wait_until(lambda: warnings() > before, "the message is noted")
    assert "not json" not in small.output()


def test_a_silent_socket_keeps_no_memory_for_compression(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert "server_no_context_takeover" in socket.extensions()
        assert "client_no_context_takeover" in socket.extensions()
        assert socket.accepted()
        for number in (1, 2):
            socket.wish("/long", number)
            assert socket.shown().title == "Длинная"


def test_polling_is_refused_whoever_asks(small: SmallPortal):
    with small.resident(1) as ivanov:
        path = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
        for origin in (small.url, "https://evil.example"):
            answers = [
                ivanov.get(path, headers={"origin": origin}),
                ivanov.post(path, headers={"origin": origin}, content="40"),
            ]
            assert [answer.status_code for answer in answers] == [403, 403]
            assert "access-control-allow-origin" not in answers[0].headers


def test_the_page_is_told_to_use_nothing_but_websocket(small: SmallPortal):
    with small.resident(1) as ivanov:
        assert "transports: ['websocket']" in ivanov.get("/").text


def forged(name: str, client_id: str, element: int, listener: str) -> dict[str, Any]:
    address = json.dumps({"number": 1, "address": "/charges"})
    event = {"id": element, "listener_id": listener, "args": [address]}
    more: dict[str, dict[str, Any]] = {
        "event": event,
        "javascript_response": {"request_id": "1", "result": 1},
        "ack": {"next_message_id": 10**6},
        "log": {"level": "error", "message": "forged"},
        "handshake": {"tab_id": "1", "document_id": "1", "next_message_id": 0},
    }
    return {"client_id": client_id, **more[name]}


def end_in_the_database(small: SmallPortal) -> None:
    from datetime import UTC, datetime

    from portal.backend import Backend
    from portal.domain.identity import ResidentId
    from portal.services.sessions import end_all_sessions

    backend = Backend(f"sqlite+pysqlite:///{small.database}")
    backend.write_now(end_all_sessions, ResidentId(1), datetime.now(UTC))
    backend.close()
