"""The supports that other tests lean on hold by themselves."""

import os
import signal
import socket
import sys
from pathlib import Path

import psycopg
import pytest

from tests.support import axe
from tests.support.postgres import PostgresCluster, postgres_cluster
from tests.support.processes import LOOPBACK, free_port, start, stop
from tests.support.rulers import CUT, SIDEWAYS
from tests.support.waiting import wait_until


def _dsn(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_a_blank_postgres_database_takes_tables_and_is_dropped(
    postgres: PostgresCluster, blank_postgres_url: str
) -> None:
    with psycopg.connect(_dsn(blank_postgres_url)) as connection:
        connection.execute("CREATE TABLE t (x int)")
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_database_is_a_copy_of_its_template(postgres: PostgresCluster) -> None:
    template = postgres.create()
    with psycopg.connect(_dsn(postgres.url(template))) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS x")
    copy = postgres.create(template)
    with psycopg.connect(_dsn(postgres.url(copy))) as connection:
        assert connection.execute("SELECT x FROM t").fetchone() == (7,)
    postgres.drop(copy)
    postgres.drop(template)


def test_a_cluster_leaves_nothing_behind() -> None:
    with postgres_cluster() as cluster:
        pid = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    assert not cluster.folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tests.support.processes import start;"
        f"print(start(['sleep', '600'], Path({str(tmp_path / 'child')!r})).pid, flush=True);"
        "time.sleep(600)"
    )
    log = tmp_path / "parent"
    root = Path(__file__).parents[2]
    parent = start([sys.executable, "-c", program], log, cwd=root)
    child = int(wait_until(log.read_text, "the parent names its child"))
    wait_until(lambda: _program(child) == "sleep", "the child has asked to die with its parent")
    stop(parent, signal.SIGKILL)
    wait_until(lambda: not _alive(child), "the child is gone")


def test_a_free_port_is_kept_for_a_server_of_ours() -> None:
    port = free_port()
    with socket.socket() as anybody, pytest.raises(OSError, match="in use"):
        anybody.bind((LOOPBACK, port))
    socket.create_server((LOOPBACK, port)).close()


def test_what_does_not_listen_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True);"
    process = start([sys.executable, "-c", stubborn + "time.sleep(600)"], log)
    wait_until(log.read_text, "it ignores us")
    assert stop(process, timeout=0.2) == -signal.SIGKILL


def test_waiting_says_what_did_not_happen() -> None:
    with pytest.raises(TimeoutError, match="the moon falls"):
        wait_until(lambda: False, "the moon falls", timeout=0.05)


def test_a_phone_is_a_phone_in_moscow(phone) -> None:
    phone.set_content("<meta name=viewport content='width=device-width'><h1>Показания</h1>")
    assert phone.evaluate("[innerWidth, navigator.language, navigator.maxTouchPoints > 0]") == [
        390,
        "ru-RU",
        True,
    ]
    zone = phone.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert zone == "Europe/Moscow"


def test_a_phone_that_zooms_out_to_show_all_hides_nothing_from_the_rulers(phone) -> None:
    """Its window grows to the width of what sticks out: `innerWidth` is 800 there."""
    phone.set_content(
        "<!doctype html><meta name=viewport content='width=device-width'>"
        "<p style='position:absolute;left:700px;width:100px;margin:0'>Далеко</p>"
    )
    assert phone.evaluate(SIDEWAYS) == 800 - 390
    assert phone.evaluate(CUT) == ["Далеко"]


def test_console_errors_are_collected_and_can_be_taken(desktop, console_errors) -> None:
    desktop.set_content("<script>console.error('беда'); nothing.here</script>")
    wait_until(lambda: desktop.evaluate("1") and len(console_errors) == 2, "two complaints")
    first, second = console_errors.take()
    assert "беда" in first
    assert "nothing is not defined" in second


def test_axe_knows_the_rules_of_wcag_22(phone) -> None:
    phone.set_content("<html lang='ru'><title>т</title><main><h1>Счета</h1></main></html>")
    assert axe.violations(phone) == []
    small = "<button style='width:10px;height:10px;padding:0'>{}</button>"
    phone.set_content(
        f"<html lang='ru'><title>т</title><main>{small.format('а')}{small.format('б')}<img src=''>"
    )
    assert {found.rule for found in axe.violations(phone)} >= {"image-alt", "target-size"}


def _program(pid: int) -> str:
    """What runs there: what it is started by has done its work by then."""
    return Path(f"/proc/{pid}/comm").read_text().strip()


def _alive(pid: int) -> bool:
    """A zombie is dead: an init that buries nobody keeps its entry."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
