"""The servers of a run: ours with the demonstration, and those beside it."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench import peers
from tests.support.processes import clean_environment, free_port, start, stop
from tests.support.server import PortalServer
from tests.support.slow_proxy import SLOW_4G, SlowProxy
from tests.support.waiting import wait_until

LOGIN, PASSWORD = "DOM-12", "kvartira-12"


@dataclass
class Peer:
    """A server, its process and its slow address."""

    name: str
    pid: int
    url: str
    slow_url: str


@dataclass
class Stands:
    ours: Peer
    hello: Peer
    plain: Peer
    usual: Peer
    cookies: dict[str, str]


@contextmanager
def stands() -> Iterator[Stands]:
    """Everything started, and stopped at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours, cookies = _ours(stack, folder)
        painted = folder / "painted.html"
        page = httpx.get(f"{ours.slow_url}/zkh", cookies=cookies, timeout=30)
        painted.write_text(_without_scripts(page.text))
        (database,) = folder.glob("portal/demo-*.sqlite3")
        settings = {
            peers.PAINTED: str(painted),
            peers.DATABASE: f"sqlite:///{database}",
            "BENCH_RESIDENT": _resident(database),
        }
        hello, plain, usual = (
            _peer(stack, folder, kind, settings) for kind in ("hello", "plain", "usual")
        )
        yield Stands(ours, hello, plain, usual, cookies)


def _ours(stack: ExitStack, folder: Path) -> tuple[Peer, dict[str, str]]:
    port = free_port()
    proxy = stack.enter_context(SlowProxy(port, SLOW_4G))
    server = PortalServer(folder / "portal", command="demo", port=port, ZHKH_PUBLIC_URL=proxy.url)
    stack.callback(lambda: server.running() and server.stop())
    server.start()
    cookies = sign_in(proxy.url)
    return Peer("ours", server.pid, server.url, proxy.url), cookies


def sign_in(url: str) -> dict[str, str]:
    """The cookies of the demonstration's second resident."""
    form = {"login": LOGIN, "password": PASSWORD}
    answer = httpx.post(f"{url}/login", data=form, headers={"Origin": url}, timeout=30)
    return dict(answer.cookies)


def _peer(stack: ExitStack, folder: Path, kind: str, settings: dict[str, str]) -> Peer:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.peers", kind, str(port)]
    environment = clean_environment(**settings, PYTHONPATH=str(Path(__file__).parents[2]))
    process = start(command, folder / f"{kind}.log", env=environment)
    stack.callback(lambda: stop(process))
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: _answers(url), f"{kind} answers", 30)
    proxy = stack.enter_context(SlowProxy(port, SLOW_4G))
    return Peer(kind, process.pid, url, proxy.url)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _without_scripts(html: str) -> str:
    return re.sub(r"<script\b.*?</script>|<link\b[^>]*>", "", html, flags=re.DOTALL)


def _resident(database: Path) -> str:
    import pysqlite3

    with pysqlite3.connect(str(database)) as connection:
        number = connection.execute(
            "SELECT resident_id FROM agreement WHERE number = ?", (LOGIN,)
        ).fetchone()[0]
    return str(number)


def resident_memory_kb(pid: int) -> int:
    """The process's resident memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    found: Any = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1])
