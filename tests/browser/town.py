"""A portal behind a network that can fail, and the residents who submit readings through it."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Self

from playwright.sync_api import Page
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.parties import Operator
from portal.db.readings import Reading
from portal.db.session import Session
from portal.domain.identity import Officer, ResidentId
from portal.domain.quantity import Quantity
from portal.services.password_change import set_password
from portal.services.sessions import end_all_sessions
from tests.browser.steps import sign_in
from tests.builders import Counter, Flat, a_house
from tests.support.forked_server import ForkedServer
from tests.support.processes import free_port
from tests.support.server import PortalServer
from tests.support.slow_proxy import SlowProxy

PASSWORD = "kvartira-tests"
WATER = "Холодная вода: Текущие показания, м³"
POWER = "Электроэнергия: Текущие показания, кВт·ч"
MONTH = timedelta(days=32)
"""A little longer than any: the last reading is older than the last month's last day."""


@dataclass(frozen=True)
class Neighbour:
    """A resident with a cold water meter at 00478,092 and a power meter at 013111."""

    login: str
    id: ResidentId
    water: Counter
    power: Counter


class Town:
    """`with Town(folder, template) as town`: the server is up, the network is in between."""

    def __init__(
        self, folder: Path, template: Path, server: type[PortalServer] = ForkedServer
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        database = folder / "town.sqlite3"
        shutil.copy(template, database)
        self.backend = Backend(f"sqlite:///{database}")
        self.house = a_house(self.backend, now=datetime.now(UTC))
        self._water = self.house.a_service("zkh_cold", "Холодная вода", price="53,41")
        self._power = self.house.a_service(
            "zkh_power", "Электроэнергия", price="6,10", unit="кВт·ч"
        )
        self._numbers = count(1)
        self._database, self._folder, self._server = database, folder, server

    def __enter__(self) -> Self:
        port = free_port()
        self.network = SlowProxy(port).__enter__()
        self.server = self._server(
            self._folder / "data",
            port=port,
            ZHKH_DATABASE_URL=f"sqlite:///{self._database}",
            ZHKH_PUBLIC_URL=self.network.url,
            ZHKH_MENU_ZKH="true",
            ZHKH_UTILITIES_ENABLED="true",
        ).start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.server.running():
            self.server.stop()
        self.network.__exit__()
        self.backend.close()

    def a_neighbour(self) -> Neighbour:
        login = f"sosed-{next(self._numbers)}"
        person = self.house.a_resident("Соседова Анна Петровна", login=login)
        account = person.an_agreement().an_account("Квартира", serial="45246498")
        water = _with_history(account.a_meter(self._water), "462 467,5 472,9 478,092")
        meter = account.a_meter(self._power, integer=6, fraction=0)
        power = _with_history(meter, "12600 12770 12940 13111")
        self._opens_the_door(login)
        return Neighbour(login, person.id, water, power)

    def a_neighbour_of_twelve_meters(self) -> Neighbour:
        """Their names, and that of everything around them, have sixty letters."""
        login = f"sosed-{next(self._numbers)}"
        person = self.house.a_resident(_long("Достоевская Александра"), login=login)
        flat = person.an_agreement(address=_long("г. Верхнелесногорск, Набережная"))
        meters = [self._a_long_meter(flat, number) for number in range(12)]
        newest = [meter.newest for meter in meters if meter.newest]
        charges = [reading.charge for reading in newest if reading.charge]
        flat.an_invoice(charges, number=_long("СЧЕТ").replace(" ", "-"))
        self.house.a_notice(_long("Отключение"), to=person)
        self._opens_the_door(login)
        return Neighbour(login, person.id, meters[0], meters[1])

    def _a_long_meter(self, flat: Flat, number: int) -> Counter:
        tariff_id = self.house.a_tariff(_long(f"{number} Тариф"))
        name, device = _long(f"{number} Водоснабжение"), _long(f"{number} Индивидуальный")
        service = self.house.a_service(f"zkh_long_{number}", name, tariff_id=tariff_id)
        account = flat.an_account(device, serial="1237531773" * 3, tariff_id=tariff_id)
        meter = account.a_meter(service, integer=7, fraction=3)
        return _with_history(meter, "5,5 9,25")

    def _opens_the_door(self, login: str) -> None:
        now = self.backend.clock()
        self.backend.write_now(
            set_password, Officer("tests"), login, PASSWORD, now, must_change=False
        )

    def at_home(self, page: Page, neighbour: Neighbour) -> Page:
        """The neighbour's «ЖКХ» after signing in."""
        sign_in(page, neighbour.login, PASSWORD, at="/login?next=%2Fzkh")
        return page

    @property
    def today(self) -> date:
        """Where the house stands, which late in the evening is not where we are."""
        return datetime.now(self.house.zone).date()

    def tolerates(self, days: int | None) -> None:
        """How long a reading may wait on a phone and still count by its own day."""
        self.house.changes(Operator, self.house.operator_id, entry_tolerance_days=days)

    def ends_sessions_of(self, neighbour: Neighbour) -> None:
        """From another process: a colleague at the operator's desk."""
        self.backend.write_now(end_all_sessions, neighbour.id, self.backend.clock())

    def given(self, counter: Counter) -> list[str]:
        """What the database holds beyond the history, the oldest first, as the dial shows it."""
        return [counter.dial.show(value) for value, _ in self._submitted(counter)]

    def dates(self, counter: Counter) -> list[date]:
        """The dates of the same readings."""
        return [day for _, day in self._submitted(counter)]

    def _submitted(self, counter: Counter) -> list[tuple[Quantity, date]]:
        return self.backend.read_now(_submitted, counter)


def _submitted(session: Session, counter: Counter) -> list[tuple[Quantity, date]]:
    reading = table_of(Reading)
    rows = session.execute(
        select(reading.c.value, reading.c.taken_on)
        .where(
            reading.c.account_id == counter.account.id,
            reading.c.service_id == counter.service.id,
            reading.c.submission_id.is_not(None),
        )
        .order_by(reading.c.id)
    )
    return [(row.value, row.taken_on) for row in rows]


def _long(name: str) -> str:
    """Sixty letters, some of them in one long word."""
    return f"{name} водоразборноциркуляционныйповысительный".ljust(60, "н")[:60]


def _with_history(meter: Counter, values: str) -> Counter:
    """The last of the values was read a month ago."""
    today = meter.account.house.now.date()
    first, *later = values.split()
    meter.opens_at(first, today - MONTH * (len(later) + 1))
    for ago, value in zip(range(len(later), 0, -1), later, strict=True):
        meter.reads(value, today - MONTH * ago)
    return meter
