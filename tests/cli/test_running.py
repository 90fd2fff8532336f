"""What goes wrong is said calmly, and the shell is told by the exit code."""

import errno
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from portal.commands import check
from portal.commands.database import answering
from portal.commands.running import run
from portal.errors import Refused, Unavailable
from tests.cli.conftest import Cli
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE
from tests.support.tree import ROOT
from tests.support.waiting import wait_until

NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")


def _breaks(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    def broken() -> int:
        raise fault

    monkeypatch.setattr(check, "check", broken)


def test_the_version(cli: Cli) -> None:
    told = cli("--version")
    assert told.code == 0
    assert re.fullmatch(r"zhkh-portal \d+\.\d+\.\d+\n", told.out)


def test_a_refusal_is_its_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks(monkeypatch, Refused("Период закрыт"))
    told = cli("check")
    assert (told.code, told.out, told.err) == (1, "", "Период закрыт\n")


def test_an_unexpected_error_gets_a_number_and_its_traceback_a_place(
    cli: Cli, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _breaks(monkeypatch, ZeroDivisionError("the reason"))
    told = cli("check")
    log = data_dir / "errors.log"
    found = NUMBER.search(told.err)
    assert told.code == 1
    assert found
    assert str(log) in told.err
    assert "the reason" not in told.err
    assert "Traceback" not in told.err
    kept = log.read_text()
    assert found[0] in kept
    assert "ZeroDivisionError: the reason" in kept
    assert log.stat().st_mode & 0o077 == 0


def test_debug_shows_the_traceback_wherever_it_stands(
    cli: Cli, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _breaks(monkeypatch, ZeroDivisionError("the reason"))
    for words in (("--debug", "check"), ("check", "--debug")):
        told = cli(*words)
        assert told.code == 1
        assert "ZeroDivisionError: the reason" in told.err
    assert not data_dir.exists()


def test_an_unexpected_error_where_nothing_can_be_kept(
    cli: Cli, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.write_text("a file stands where the folder should")
    _breaks(monkeypatch, ZeroDivisionError("the reason"))
    told = cli("check")
    assert told.code == 1
    assert "Записать подробности не удалось" in told.err


def test_ctrl_c_is_quiet(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks(monkeypatch, KeyboardInterrupt())
    told = cli("check")
    assert (told.code, told.out, told.err) == (130, "", "")


def test_nobody_reads_to_the_end(data_dir: Path) -> None:
    script = f"{EXECUTABLE} --help; echo $? >&2"
    done = subprocess.run(
        ["bash", "-c", f"({script}) | true"],
        env=clean_environment(ZHKH_DATA_DIR=str(data_dir)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "1\n"


def test_help_waits_for_no_library() -> None:
    program = (
        "import sys; from portal.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'nicegui', 'fastapi', 'sqlalchemy', 'alembic'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    for words in (["--help"], ["load", "--help"], ["--version"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_a_signal_ends_a_command_at_work(data_dir: Path, sign: signal.Signals, code: int) -> None:
    """It waits for a password that nobody types."""
    environment = clean_environment(ZHKH_DATA_DIR=str(data_dir))
    subprocess.run([EXECUTABLE, "migrate"], env=environment, capture_output=True, check=True)
    waiting = subprocess.Popen(
        [EXECUTABLE, "user", "password", "DOM-12"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wchan = Path(f"/proc/{waiting.pid}/wchan")
    wait_until(lambda: "pipe" in wchan.read_text(), "it reads its stdin")
    waiting.send_signal(sign)
    said = waiting.communicate(timeout=20)
    assert waiting.returncode == code
    assert said == (b"", b"")


def test_a_reader_who_has_seen_enough_is_no_fault_of_the_database() -> None:
    """`settle … | head -3`: the pipe is broken while the database is open."""
    with pytest.raises(BrokenPipeError), answering("sqlite:////tmp/a.sqlite3"):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
    with pytest.raises(Unavailable), answering("sqlite:////tmp/a.sqlite3"):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_a_function_without_an_answer_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    tiny = typer.Typer()

    @tiny.command()
    def nothing() -> None:
        typer.echo("сделано")

    assert run(get_command(tiny), []) == 0
    assert capsys.readouterr().out == "сделано\n"
