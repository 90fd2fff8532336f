"""A real PostgreSQL cluster of the tests' own: one a test process, in a temporary folder.

PostgreSQL refuses root, so root starts it as the Debian user `postgres`. It listens on a free port
of the loopback interface and on a socket in its folder, and trusts whoever comes there.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.processes import LOOPBACK, free_port, start, stop
from tests.support.speed import MEMORY
from tests.support.waiting import wait_until

USER = "postgres"
OPTIONS = {
    "fsync": "off",  # tests care about semantics, not about a power cut; bench has its own cluster
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "128MB",  # it may stand in memory
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "lc_messages": "C",
    "deadlock_timeout": "200ms",
}


class PostgresCluster:
    """A running server: makes and drops databases."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._numbers = itertools.count(1)
        # A checkpoint and a copy of each file: a fifth of the time, unless they go to a disk.
        self._strategy = sql.SQL("FILE_COPY" if folder.is_relative_to(MEMORY) else "WAL_LOG")
        self._admin = psycopg.connect(self._dsn("postgres"), autocommit=True)

    def url(self, database: str) -> str:
        """For SQLAlchemy, over TCP: a test may put a proxy between."""
        return f"postgresql+psycopg://{USER}@{LOOPBACK}:{self.port}/{database}"

    def create(self, template: str | None = None) -> str:
        """A new database's name: empty, or a copy of `template`, to which nobody is connected."""
        name = f"zhkh_{next(self._numbers)}"
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0"), self._strategy
        )
        self._admin.execute(query)
        return name

    def drop(self, database: str) -> None:
        """Also under the feet of whoever is still connected."""
        query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        self._admin.execute(query)

    def close(self) -> None:
        self._admin.close()

    def _dsn(self, database: str) -> str:
        return f"host={LOOPBACK} port={self.port} user={USER} dbname={database}"


@contextmanager
def postgres_cluster(options: dict[str, str] | None = None) -> Iterator[PostgresCluster]:
    """Start a cluster, yield it, stop it by its own pid and remove its folder.

    `options` replace those of the tests: the measurements run with fsync on.
    """
    folder = Path(tempfile.mkdtemp(prefix="zhkh-postgres-"))
    try:
        port = free_port()
        _initialise(folder)
        process = _start(folder, port, OPTIONS if options is None else options)
        try:
            cluster = _answering(folder, port, process)
            yield cluster
            cluster.close()
        finally:
            stop(process, signal.SIGINT)  # "fast": ends sessions, checkpoints, leaves
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        message = (
            "PostgreSQL is not installed: `make test` installs it (apt-get install postgresql)"
        )
        raise FileNotFoundError(message)
    return path


def _initialise(folder: Path) -> None:
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, USER, USER)
        as_user = ["setpriv", "--reuid", USER, "--regid", USER, "--init-groups", "--"]
    command = [_binary("initdb"), "--pgdata", str(folder / "data"), "--username", USER]
    command += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [*as_user, *command], cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _start(folder: Path, port: int, options: dict[str, str]) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": str(folder),
        **options,
    }
    command = [_binary("postgres"), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return start(command, folder / "log", user=USER, death_signal="INT")


def _answering(folder: Path, port: int, process: subprocess.Popen[bytes]) -> PostgresCluster:
    def connected() -> PostgresCluster | None:
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        try:
            return PostgresCluster(folder, port)
        except psycopg.OperationalError:
            return None

    cluster = wait_until(connected, "PostgreSQL answers", timeout=30)
    assert cluster is not None
    return cluster
