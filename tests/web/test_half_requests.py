"""Requests that never become whole, and those that are larger or slower than any of ours."""

from collections.abc import Callable

from tests.support.server import status
from tests.support.small import SmallPortal
from tests.support.waiting import wait_until


def test_a_phone_that_loses_the_network_while_it_sends_is_one_line(
    small: SmallPortal, quiet: Callable[[], str]
):
    with small.raw() as raw:
        raw.sendall(small.head("POST /echo", "Content-Length: 1000") + b"half")
        assert status(f"{small.url}/healthz") == 200  # it has read the half by now

    wait_until(lambda: "POST /echo: the sender has gone" in quiet(), "it is noted")
    assert quiet().count("POST /echo") == 1
