"""Fixtures of all tests: databases, servers, browsers. Each is made only when it is asked for.

Databases are copies of a template that is migrated once a test process. Browsers live for a
module: Playwright's event loop and pytest-asyncio's cannot live in one thread at the same time,
so a module has either browser tests or `async def` tests.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.forked_server import ForkedServer
from tests.support.postgres import PostgresCluster, postgres_cluster
from tests.support.server import PortalServer
from tests.support.speed import (
    collect_garbage_seldom,
    compile_once,
    keep_files_in_memory,
    miss_sniffio_at_once,
)

keep_files_in_memory()
miss_sniffio_at_once()

FULL = os.environ.get("ZHKH_TEST_FULL") == "1"

settings.register_profile(
    "portal",
    deadline=None,  # two shared cores: a slow example is no fault
    suppress_health_check=[HealthCheck.too_slow],  # likewise
    max_examples=1000 if FULL else 100,
    derandomize="CI" in os.environ and not FULL,  # the gate is the same gate for everybody
)
settings.load_profile("portal")

# Started in the background by a shell, we ignore Ctrl-C, and so would every child that gets one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    collect_garbage_seldom()


@pytest.fixture(scope="session")
def full() -> bool:
    """`make test-full`: larger counts."""
    return FULL


# --- databases --------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    engine: Any = import_module("portal.db.engine")
    engine.create_engine = compile_once(engine.create_engine)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """The cluster of this test process."""
    with postgres_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def _postgres_template(postgres: PostgresCluster) -> str:
    from portal.db.migrate import upgrade

    name = postgres.create()
    upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from portal.db.migrate import upgrade

    path = tmp_path_factory.mktemp("template") / "portal.db"
    upgrade(sqlite_address(path))
    _fold_the_log(path)
    return path


@pytest.fixture
def blank_postgres_url(postgres: PostgresCluster) -> Iterator[str]:
    """An empty PostgreSQL database without tables."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def postgres_url(postgres: PostgresCluster, _postgres_template: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    name = postgres.create(_postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return sqlite_address(tmp_path / "blank.db")


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """A migrated, empty SQLite file."""
    path = tmp_path / "portal.db"
    shutil.copy(_sqlite_template, path)
    return sqlite_address(path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url"}.get(request.param, "postgres_url"))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """A database without tables, once on SQLite and once on PostgreSQL."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    url: str = request.getfixturevalue(f"blank_{kind}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Any]:
    """The product's own engine on `database_url`, disposed of at the end."""
    from portal.db.engine import make_engine

    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def backend(database_url: str) -> Iterator[Any]:
    """The product's doorway on a migrated, empty database, with the clock at `NOW`."""
    from portal.backend import Backend
    from tests.builders import NOW

    backend = Backend(database_url, clock=lambda: NOW)
    yield backend
    backend.close()


def sqlite_address(path: Path) -> str:
    return f"sqlite+pysqlite:///{path}"


def _fold_the_log(path: Path) -> None:
    """Move what the write-ahead log holds into the file, so that the file alone is the database."""
    import pysqlite3

    connection = pysqlite3.connect(str(path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


# --- servers ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The house of `demo`, made once for all."""
    from tests.support.demonstration import Demonstration

    return Demonstration(tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(scope="module")
def start_portal(
    tmp_path_factory: pytest.TempPathFactory, demonstration: Any
) -> Iterator[Callable[..., PortalServer]]:
    """`start_portal(command="serve", ZHKH_DATABASE_URL="…")`: started, stopped with the module."""
    servers: list[PortalServer] = []

    def start_one(**settings: Any) -> PortalServer:
        data = tmp_path_factory.mktemp("server")
        if settings.get("command") == "demo":
            demonstration.copied_to(data)
        server = ForkedServer(data, **settings)
        servers.append(server)
        return server.start()

    yield start_one
    for server in servers:
        if server.running():
            server.stop()


@pytest.fixture(scope="module")
def demo(start_portal: Callable[..., PortalServer]) -> PortalServer:
    """`zhkh-portal demo` with a believable house of its own, one a module."""
    return start_portal(command="demo")


# --- browsers ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium for one module."""
    from tests.support.browser import chromium, lightest

    with chromium(lightest()) as running:
        yield running


@pytest.fixture
def console_errors() -> Iterator[Any]:
    """What the pages' consoles said; a test fails at its end on what it has not taken."""
    from tests.support.browser import ConsoleErrors

    errors = ConsoleErrors()
    yield errors
    assert not errors, "the browser's console: " + "\n".join(errors)


@pytest.fixture
def screens(browser: Any, console_errors: Any) -> Iterator[Any]:
    """`screens.phone(base_url=…)`, `screens.desktop(…)`: as many pages as a story needs."""
    from tests.support.browser import Screens

    opened = Screens(browser, console_errors)
    yield opened
    opened.close()


@pytest.fixture
def phone(screens: Any) -> Any:
    """A Playwright page, 390x844, touch, Russian, Moscow time."""
    return screens.phone()


@pytest.fixture
def desktop(screens: Any) -> Any:
    """A Playwright page, 1280x800, Russian, Moscow time."""
    return screens.desktop()
