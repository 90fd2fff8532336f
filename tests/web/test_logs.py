"""The log tells what happened and keeps what nobody may read in it."""

import logging

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from websockets.exceptions import InvalidStatus

from portal.web.logs import Lines, one_line
from tests.support.small import SmallPortal, cookie_of
from tests.support.sockets import page_ids
from tests.support.waiting import wait_until

SECRET_QUERY = "period=2014-05&zq=4711-kept-out"


def test_no_query_and_no_key_of_a_page_is_written(small: SmallPortal):
    with small.resident(1) as ivanov:
        ids = page_ids(ivanov.get(f"/charges?{SECRET_QUERY}").text)
        ivanov.get(f"/nowhere?{SECRET_QUERY}")
        ivanov.get(f"/_nicegui/3.18.0/components/x.js?{SECRET_QUERY}")
        ivanov.post(f"/broken?{SECRET_QUERY}")
        with small.socket(ivanov, ids=ids) as socket:
            assert socket.accepted()
            socket.wish(f"/broken?{SECRET_QUERY}")
            socket.shown()
        with small.visitor() as stranger, pytest.raises(InvalidStatus):
            small.socket(stranger, ids=ids).__enter__()
        cookie = cookie_of(ivanov)
    wait_until(lambda: "unexpected fault at /broken" in small.output(), "the fault is written")
    written = small.output()
    assert "GET /charges 200" in written
    assert "WebSocket /socket.io/" in written or "WebSocket /_nicegui_ws" in written
    for kept_out in ("4711", ids.client_id, ids.tab_id, cookie.split("=")[1], "client_id="):
        assert kept_out not in written


def test_nobody_can_forge_a_line(small: SmallPortal):
    with small.resident(1) as ivanov, small.socket(ivanov) as socket:
        assert socket.accepted()
        forged = "\n2026-11-24T00:00:00Z INFO portal [-] resident 1 signed in\x1b[2J\u202e"
        socket.emit("log", {"client_id": socket.ids.client_id, "level": "error", "message": forged})
        ivanov.get("/%0A2026-11-24T00:00:00Z%20INFO%20portal")
        wait_until(lambda: "resident 1 signed in" in small.output(), "the page's words are written")
    lines = small.output().splitlines()
    assert not any(line.startswith("2026-11-24T00:00:00Z") for line in lines)
    assert not any(sign in small.output() for sign in ("\x1b", "\u202e"))


def test_a_fault_of_the_database_tells_nobody_s_data(engine: Engine):
    statement = text("insert into nowhere values (:secret)")
    with engine.connect() as connection, pytest.raises(DBAPIError) as fault:
        connection.execute(statement, {"secret": "+79991234567"})
    assert "+79991234567" not in str(fault.value)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ('"GET /a?b=1&c=2 HTTP/1.1" 200', '"GET /a HTTP/1.1" 200'),
        ("http://h/a/?b", "http://h/a/"),
        ("a\r\nb\tc\x00", "a\\x0d\\x0ab\\x09c\\x00"),
        ("Сколько? 5 < 7", "Сколько? 5 < 7"),
    ],
)
def test_a_message_becomes_one_line(said: str, written: str):
    assert one_line(said) == written


def test_the_lines_of_a_traceback_are_set_off():
    fault = ValueError("первая\nвторая")
    record = logging.LogRecord("x", 40, "p", 1, "m", (), (type(fault), fault, None))
    first, *rest = Lines().format(record).split("\n")
    assert first.endswith("ERROR x [-] m")
    assert rest
    assert all(line.startswith("  | ") for line in rest)
