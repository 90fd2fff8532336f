"""The bad network is bad in the ways it says, and only in those."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.processes import LOOPBACK
from tests.support.slow_proxy import Profile, SlowProxy


@pytest.fixture
def echo() -> Iterator[int]:
    """A port that sends back what it gets."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection:
                try:
                    while data := connection.recv(65536):
                        connection.sendall(data)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _connect(proxy: SlowProxy, timeout: float = 5) -> socket.socket:
    return socket.create_connection((LOOPBACK, proxy.port), timeout=timeout)


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        data = connection.recv(size - len(received))
        assert data, "closed early"
        received += data
    return received


def test_a_wire_carries_everything_both_ways(echo: int) -> None:
    words = bytes(range(256)) * 4096
    with SlowProxy(echo) as proxy, _connect(proxy) as connection:
        threading.Thread(target=connection.sendall, args=(words,)).start()
        assert _exactly(connection, len(words)) == words
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""


def test_a_round_trip_takes_its_time(echo: int) -> None:
    with SlowProxy(echo, Profile(round_trip=0.2)) as proxy, _connect(proxy) as connection:
        connection.sendall(b"x")
        assert connection.recv(1) == b"x"  # the handshake is over
        begin = time.monotonic()
        connection.sendall(b"x")
        assert connection.recv(1) == b"x"
        assert 0.2 <= time.monotonic() - begin < 1


def test_the_way_down_is_as_narrow_as_it_says(echo: int) -> None:
    size = 25_000
    with SlowProxy(echo, Profile(down=400_000)) as proxy, _connect(proxy) as connection:
        begin = time.monotonic()
        connection.sendall(b"x" * size)
        _exactly(connection, size)
        assert 0.45 <= time.monotonic() - begin < 2  # 200 kbit at 400 kbit/s


def test_two_connections_share_one_link(echo: int) -> None:
    size = 10_000
    profile = Profile(down=400_000)
    with SlowProxy(echo, profile) as proxy, _connect(proxy) as one, _connect(proxy) as two:
        begin = time.monotonic()
        one.sendall(b"x" * size)
        two.sendall(b"x" * size)
        _exactly(one, size)
        _exactly(two, size)
        assert 0.35 <= time.monotonic() - begin < 2


def test_a_stall_is_silent_and_loses_nothing(echo: int) -> None:
    with SlowProxy(echo) as proxy, _connect(proxy) as connection:
        connection.sendall(b"1")
        assert connection.recv(1) == b"1"
        proxy.stall()
        connection.sendall(b"2")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        proxy.resume()
        connection.settimeout(5)
        assert connection.recv(1) == b"2"


def test_answers_alone_are_lost(echo: int) -> None:
    with SlowProxy(echo) as proxy, _connect(proxy) as connection:
        proxy.stall("down")
        connection.sendall(b"1")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        proxy.stall("up")
        proxy.resume()
        connection.settimeout(5)
        assert connection.recv(1) == b"1"


def test_a_new_connection_during_a_stall_waits(echo: int) -> None:
    with SlowProxy(echo) as proxy:
        proxy.stall()
        with _connect(proxy, timeout=0.2) as connection:
            connection.sendall(b"1")
            with pytest.raises(TimeoutError):
                connection.recv(1)
            proxy.resume()
            connection.settimeout(5)
            assert connection.recv(1) == b"1"


def test_a_cut_resets_and_refuses_until_it_is_mended(echo: int) -> None:
    with SlowProxy(echo) as proxy:
        with _connect(proxy) as connection:
            connection.sendall(b"1")
            assert connection.recv(1) == b"1"
            assert proxy.connections() == 1
            proxy.cut()
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        with pytest.raises(ConnectionResetError), _connect(proxy) as refused:
            refused.recv(1)
        proxy.resume()
        with _connect(proxy) as connection:
            connection.sendall(b"2")
            assert connection.recv(1) == b"2"


def test_a_missing_server_is_a_reset(echo: int) -> None:
    with SlowProxy(1) as proxy, pytest.raises(ConnectionResetError), _connect(proxy) as connection:
        connection.recv(1)
