"""A house with two residents, and the devices that come to its machines' door."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from portal.backend import Backend
from portal.services.device_tokens import make_token
from tests.builders import Counter, Person
from tests.support.browsing import Portal

ADDRESS = "192.0.2.7"


@dataclass
class Town:
    """`clock` moves only when a test moves it."""

    backend: Backend
    portal: Portal
    ivanov: Person
    petrov: Person
    water: Counter
    his_water: Counter
    clock: list[datetime] = field(repr=False)

    @property
    def key(self) -> str:
        """How machines name Иванов's counter."""
        return f"{self.water.account.id}/zkh_voda"

    @property
    def foreign_key(self) -> str:
        return f"{self.his_water.account.id}/zkh_voda"

    def makes_key(self, who: Person, right: str = "submit", name: str = "Датчик") -> str:
        now = self.backend.clock()
        return self.backend.write_now(make_token, who.id, name, right, now).secret

    def passes(self, time: timedelta) -> None:
        self.clock[0] += time

    def device(self, secret: str | None, address: str = ADDRESS) -> httpx.AsyncClient:
        """It sends what machines send: no origin, no cookie."""
        return self.portal.machine(secret, address)
