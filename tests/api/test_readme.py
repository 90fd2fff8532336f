"""The README's examples for devices, each as it stands there, against a real server."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import jinja2
import pytest
import yaml

from portal.backend import Backend
from portal.services.device_tokens import make_token
from tests.builders import a_house
from tests.conftest import sqlite_address
from tests.support.browsing import stored
from tests.support.gateway import Gateway, Said
from tests.support.processes import free_port
from tests.support.server import PortalServer
from tests.support.tree import ROOT

EXAMPLE, METER, KEY = "https://lk.example.ru", "12/zkh_voda", "zhkh_ВАШ_КЛЮЧ"
README = (ROOT / "README.md").read_text()
DEVICES = README.partition("### Устройства жильцов")[2].partition("\n### ")[0]
PAUSES = "(0, 5, 30, 300)"
BAD_GATEWAY = Said(502, "<h1>502 Bad Gateway</h1>", {"content-type": "text/html"})
CUT_OFF = Said(200, "{", {"content-type": "application/json", "content-length": "100"})
IN_A_HURRY = Said(
    429, '{"detail": "Рано"}', {"content-type": "application/problem+json", "retry-after": "2"}
)


@dataclass(frozen=True)
class Home:
    """A server with one resident, his water meter at 248,5 and his key."""

    server: PortalServer
    backend: Backend
    meter: str
    secret: str

    def own(self, example: str) -> str:
        """The example with what its reader is told to put in."""
        in_place = {EXAMPLE: self.server.url, METER: self.meter, KEY: self.secret}
        for old, new in in_place.items():
            example = example.replace(old, new)
        return example

    def values(self) -> list[str]:
        return [str(row["value"]) for row in stored(self.backend)["reading"]]


@pytest.fixture
def home(
    tmp_path: Path, _sqlite_template: Path, start_portal: Callable[..., PortalServer]
) -> Iterator[Home]:
    shutil.copy(_sqlite_template, tmp_path / "portal.db")
    address = sqlite_address(tmp_path / "portal.db")
    backend = Backend(address)
    house = a_house(backend, now=datetime.now(UTC))
    service = house.a_service("zkh_voda", "Холодная вода", price="53,41")
    person = house.a_resident()
    account = person.an_agreement().an_account()
    account.a_meter(service).opens_at("248,5", date(2026, 1, 1))
    now = backend.clock()
    secret = backend.write_now(make_token, person.id, "Датчик", "submit", now).secret
    server = start_portal(
        ZHKH_DATABASE_URL=address, ZHKH_MENU_ZKH="true", ZHKH_UTILITIES_ENABLED="true"
    )
    yield Home(server, backend, f"{account.id}/zkh_voda", secret)
    server.stop()
    backend.close()


def example(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", DEVICES, re.MULTILINE | re.DOTALL)
    return str(found)


def rendered(template: str, **known: Any) -> str:
    """As Home Assistant does it, whose templates are Jinja's with a few functions more."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - JSON
    environment.globals.update(now=lambda: datetime.now(UTC), states=lambda _entity: "256.620")
    environment.filters["slugify"] = lambda text: re.sub(r"[^a-z0-9]+", "_", text.lower())
    return environment.from_string(template).render(known)


def commanded(command: dict[str, Any]) -> httpx.Response:
    headers = {name: rendered(value) for name, value in command["headers"].items()}
    headers["content-type"] = command["content_type"]
    payload = rendered(command["payload"])
    return httpx.request(
        command["method"], command["url"], content=payload, headers=headers, timeout=60
    )


def test_home_assistant_reads_and_submits(home: Home) -> None:
    configuration = yaml.safe_load(home.own(example("yaml")))
    (source,) = configuration["rest"]
    (sensor,) = source["sensor"]
    command = configuration["rest_command"]["zhkh_voda"]

    before = httpx.get(source["resource"], headers=source["headers"], timeout=60).json()
    accepted, again = commanded(command), commanded(command)
    after = httpx.get(source["resource"], headers=source["headers"], timeout=60).json()

    shown = [rendered(sensor["value_template"], value_json=each) for each in (before, after)]
    assert shown == ["248.500", "256.620"]
    assert (accepted.status_code, accepted.text) == (200, again.text)
    assert home.values() == ["248,5", "256,62"]


def test_curl_reads_and_submits(home: Home) -> None:
    script = home.own(example("sh"))
    environment = {**os.environ, "ZHKH_KEY": home.secret}

    done = subprocess.run(
        ["bash", "-euc", script], env=environment, capture_output=True, text=True, check=True
    )

    meters, accepted = (json.loads(each) for each in done.stdout.replace("}{", "}\n{").splitlines())
    assert meters["meters"][0]["key"] == home.meter
    assert accepted["readings"][0]["current"] == "256.120"
    assert home.values() == ["248,5", "256,12"]


def sensor(home: Home, value: str, url: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ZHKH_KEY": home.secret, "ZHKH_URL": url or home.server.url}
    script = example("python")
    assert PAUSES in script
    script = script.replace(PAUSES, "(0, 0, 0, 0)")  # nobody waits for minutes in a test
    return subprocess.run(
        [sys.executable, "-c", script, home.meter, value],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sensor_submits_and_may_repeat(home: Home) -> None:
    first, again = sensor(home, "256.120"), sensor(home, "256.120")
    lower = sensor(home, "200")

    assert (first.returncode, first.stdout) == (0, again.stdout)
    assert first.stdout.strip().isdigit()
    assert (lower.returncode, lower.stdout) == (1, "")
    assert "Показания не приняты" in lower.stderr
    assert home.values() == ["248,5", "256,12"]


def test_a_sensor_without_a_network_says_so(home: Home) -> None:
    done = sensor(home, "256.120", f"http://127.0.0.1:{free_port()}")

    assert (done.returncode, done.stderr.strip()) == (1, "Нет связи")
    assert home.values() == ["248,5"]


@pytest.mark.parametrize("troubles", [(BAD_GATEWAY,), (Said(), CUT_OFF, Said(503))])
def test_a_sensor_repeats_under_the_same_number_until_it_is_heard(
    home: Home, troubles: tuple[Said, ...]
) -> None:
    with Gateway(home.server.url, *troubles) as gateway:
        done = sensor(home, "256.120", gateway.url)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().isdigit()
    assert len(gateway.numbers) == len(troubles) + 1
    assert len(set(gateway.numbers)) == 1
    assert home.values() == ["248,5", "256,12"]


def test_a_sensor_in_a_hurry_waits_as_long_as_it_is_told(home: Home) -> None:
    with Gateway(home.server.url, IN_A_HURRY) as gateway:
        done = sensor(home, "256.120", gateway.url)

    assert (done.returncode, done.stderr) == (0, "")
    first, second = gateway.moments
    assert second - first >= 2


@pytest.mark.parametrize(("status", "tries"), [(502, 4), (403, 1)])
def test_a_sensor_gives_up_with_a_word(home: Home, status: int, tries: int) -> None:
    with Gateway(home.server.url, *[replace(BAD_GATEWAY, status=status)] * 4) as gateway:
        done = sensor(home, "256.120", gateway.url)

    assert (done.returncode, done.stderr.strip()) == (1, f"Портал ответил {status}")
    assert len(gateway.numbers) == tries
