"""The process is killed while it sends: no letter is lost, and none goes more than once again."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from portal.services.audit import audit
from portal.services.mailing.relay import waiting
from tests.builders import a_house
from tests.support.incoming import a_channel
from tests.support.letters import letters, tries, waiting_letters
from tests.support.mail_server import ACCEPTED, MailServer, Temper, silence
from tests.support.processes import clean_environment, start, stop
from tests.support.server import EXECUTABLE, PortalServer
from tests.support.waiting import wait_until

LETTERS = 8


@pytest.fixture
def kills(full: bool) -> int:
    return 25 if full else 2


class Killer:
    """Its server takes a letter upon itself and kills whoever sent it, before he can hear of it;
    or as soon as it has heard the address.  Every other letter, so that he gets on.
    """

    def __init__(self, data: Path, database_url: str) -> None:
        self.server = MailServer(Temper(rcpt=self._rcpt, data=self._data, is_deaf=True))
        self.kills_at_rcpt = self.kills_at_data = False
        self._seen = 0
        self._data_dir = data
        self._database_url = database_url
        self._process: subprocess.Popen[bytes] | None = None

    def sends(self) -> int:
        """What `zhkh-portal send` exits with; negative: by a signal."""
        self._seen = 0
        environment = clean_environment(
            ZHKH_DATA_DIR=str(self._data_dir), ZHKH_DATABASE_URL=self._database_url,
            ZHKH_SMTP_URL=self.server.url, ZHKH_MAIL_FROM="lk@example.ru",
        )  # fmt: skip
        self._process = start([EXECUTABLE, "send"], self._data_dir / "send.log", env=environment)
        return self._process.wait(120)

    async def _rcpt(self, _address: str) -> str:
        self._seen += 1
        if self.kills_at_rcpt and self._seen > 1:
            self._kill()
        return "250 Ok"

    async def _data(self, _address: str) -> str:
        if self.kills_at_data and self._seen > 1:
            self._kill()
        return ACCEPTED

    def _kill(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            stop(self._process, signal.SIGKILL)


@pytest.fixture
def killer(tmp_path: Path, database_url: str) -> Iterator[Killer]:
    folder = tmp_path / "data"
    folder.mkdir()
    killer = Killer(folder, database_url)
    with killer.server:
        yield killer
        killer.end()


@pytest.mark.timeout(600)
def test_no_letter_is_lost_and_each_kill_repeats_one(
    backend: Backend, killer: Killer, kills: int
) -> None:
    """Between the server's taking a letter and our noting it nothing can be known: it goes again,
    under the same Message-ID.
    """
    numbers = waiting_letters(backend, LETTERS + 2 * kills)
    killer.kills_at_data = True
    assert [killer.sends() for _ in range(kills)] == [-signal.SIGKILL] * kills
    killer.kills_at_data, killer.kills_at_rcpt = False, True
    assert killer.sends() == -signal.SIGKILL
    killer.kills_at_rcpt = False
    assert killer.sends() == 0
    came = Counter(letter["Message-ID"] for letter in killer.server.letters)
    assert came.keys() == set(numbers)
    assert came.total() == len(numbers) + kills
    assert max(came.values()) == 2
    assert backend.read_now(waiting) == 0
    assert [state for _, state, _ in tries(backend)] == ["sent"] * len(numbers)
    assert backend.read_now(audit) == ()


@pytest.mark.timeout(300)
def test_a_portal_sends_by_itself_and_stops_though_the_mail_server_is_silent(
    sqlite_url: str, tmp_path: Path
) -> None:
    backend = Backend(sqlite_url)
    flat = a_house(backend).a_resident(email="ivanov@example.ru").an_agreement("DOM-12")
    a_channel(flat.house)
    with MailServer() as mail:
        server = PortalServer(
            tmp_path / "data", ZHKH_DATABASE_URL=sqlite_url, ZHKH_SMTP_URL=mail.url,
            ZHKH_MAIL_FROM="ООО «Дом» <lk@example.ru>",
        ).start()  # fmt: skip
        try:
            told = httpx.get(f"{server.url}/pay/osmp", params=PAYMENT, timeout=60)
            assert "<result>0</result>" in told.text
            wait_until(lambda: mail.letters, "the receipt is sent", 60)
            mail.temper.data = silence
            httpx.get(f"{server.url}/pay/osmp", params=PAYMENT | {"txn_id": "2"}, timeout=60)
            wait_until(lambda: len(mail.tried) == 2, "the second one is on its way", 60)
            assert server._process is not None
            assert stop(server._process, timeout=60) == 0
        finally:
            if server.running():
                server.kill()
    [letter] = mail.letters
    assert str(letter["Message-ID"]) == letters(backend)[0]["message_id"]
    assert backend.read_now(waiting) == 1
    backend.close()


PAYMENT = {
    "command": "pay", "txn_id": "1", "account": "DOM-12", "sum": "10.45",
    "txn_date": "20261124115830",
}  # fmt: skip
