"""A sign of life on a terminal, and nothing on a pipe."""

import os
import pty
import sys

import pytest

from portal.commands.progress import working
from tests.support.waiting import wait_until


def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    seen = bytearray()

    def shows(words: str) -> bool:
        try:
            seen.extend(os.read(ours, 1000))
        except BlockingIOError:
            return False
        return words in seen.decode(errors="ignore")

    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with working("Создаю дом"):
            wait_until(lambda: shows("Создаю дом … 0 с"), "it shows that it works")
        wait_until(lambda: shows("\r\x1b[K") and seen.endswith(b"\r\x1b[K"), "no trace is left")
    os.close(ours)


def test_on_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    with working("Создаю дом"):
        pass
    assert capfd.readouterr() == ("", "")
