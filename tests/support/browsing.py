"""The whole portal without a network: its real front, pages and actions over a real database."""

import re
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from sqlalchemy import select

from pages import photo_actions
from pages.routes import ACTIONS
from portal.api.pay.cashier import Cashier
from portal.app import create_app
from portal.backend import Backend
from portal.db.access import SignInAttempt, WebSession
from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.db.schema import TABLES
from portal.domain.identity import ResidentId
from portal.gateways.acquiring import Acquirer
from portal.gateways.yookassa import YooKassa
from portal.services.passwords import hash_password
from portal.services.sessions import Browser, start_session
from tests.builders import Person
from tests.support import nicegui
from tests.support.asking import Asking
from tests.support.cabinet import OPEN, settings_of
from tests.support.markup import Element, parse
from tests.support.promising import DUE
from tests.support.settled import Settled

JSON = {"accept": "application/json"}
PASSWORD = "синий трамвай поет"
PASSWORD_HASH = hash_password(PASSWORD)
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
ENTERING = frozenset(table_of(each).name for each in (SignInAttempt, WebSession, AuditRecord))
"""What trying passwords, being seen and doing anything at all write."""


def actions() -> frozenset[str]:
    """The addresses to which pages send forms of texts."""
    return frozenset(
        route.path  # type: ignore[attr-defined] # an APIRouter holds nothing else
        for router in ACTIONS
        if router is not photo_actions.router  # files: tests/pages/test_photos.py
        for route in router.routes
    )


class Portal:
    bank: Acquirer | None = None
    """Whom its cashier asks, where it is not the real one."""

    def __init__(self, backend: Backend, folder: Path, **environ: str) -> None:
        settings = settings_of(folder, OPEN | environ)
        self.backend = backend
        self.origin = settings.allowed_origins[-1]
        nicegui.unused()
        self._app = create_app(settings, backend, bank=self.bank)
        self.cashier = Cashier(backend, settings, self.bank or YooKassa())

    def browser(self, resident: ResidentId | None = None) -> httpx.AsyncClient:
        """Of the resident, signed in a moment ago; or of somebody who is not."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app, client=("192.0.2.7", 40_000)),
            base_url=self.origin,
            headers={"origin": self.origin, "user-agent": "Firefox"},
        )
        if resident is not None:
            new = self.backend.write_now(
                start_session, resident, Browser("192.0.2.7"), self.backend.clock(),
                remembered=True,
            )  # fmt: skip
            client.cookies.set("zhkh", new.token, domain="127.0.0.1", path="/")
        return client

    def machine(self, secret: str | None, address: str = "192.0.2.7") -> httpx.AsyncClient:
        """A device with its key, or without one: it says nothing of where it comes from."""
        key: Any = {} if secret is None else {"authorization": f"Bearer {secret}".encode()}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app, client=(address, 40_000)),
            base_url=self.origin,
            headers=key,
        )

    def asking(self, address: str) -> Asking:
        """As `machine` without a key, for those who ask thousands of times."""
        return Asking(self._app, urlsplit(self.origin).netloc, address)


def page_of(answer: httpx.Response) -> Element:
    """The body of a page that was not asked for as JSON, without what its head loads."""
    assert answer.headers["content-type"].startswith("text/html"), answer.headers
    found = _BODY.search(answer.text)
    assert found is not None
    return parse(found[1])


def forms(settled: Settled, seen: int) -> Mapping[str, dict[str, str]]:
    """What each action gets from its page when all is well; `seen` is the newest reading of the
    resident's first counter.  An action without a form here is one that these tests miss.
    """
    counter = f"{settled.account.id}/{settled.service_id}"
    reading = {
        "key": token_hex(16),
        "taken_on": "2026-11-24",
        f"value:{counter}": "124,5",
        f"seen:{counter}": str(seen),
        f"confirm:{counter}": "large",
    }
    password = {"new_password": "зеленый дом у реки", "repeat_password": "зеленый дом у реки"}
    choice = {
        "key": token_hex(16), "agreement": str(settled.flat.id),
        "invoice": str(settled.unpaid.id), "amount": "5", "agreed": "500",
        "way": f"{settled.shop}/card",
    }  # fmt: skip
    filled = {
        "/login": {
            "login": "абонент", "password": PASSWORD + "?", "remember": "yes", "next": "/zkh",
        },
        "/logout": {},
        "/logout/everywhere": {},
        "/profile/sessions/end": {"session_id": str(settled.session_elsewhere)},
        "/profile/devices": {
            "name": "Датчик воды", "right": "submit", "current_password": PASSWORD,
        },
        "/profile/devices/revoke": {"token_id": str(settled.token_id)},
        "/profile/contacts": {
            "phone": "+7 916 000-11-22", "email": "new@example.ru", "current_password": PASSWORD,
        },
        "/profile/text": {"size": "large"},
        "/payment/count": choice,
        "/payment/begin": choice,
        "/payment/look": {"token": settled.begun},
        "/profile/receipts": {"receipts": "off"},
        "/payments/promise": {
            "key": token_hex(16), "agreement": str(settled.flat.id), "amount": "15000",
            "due_on": DUE.isoformat(),
        },
        "/password": {"current_password": PASSWORD, **password},
        "/zkh/check": reading,
        "/zkh/change": reading,
        "/zkh/submit": reading,
        "/zkh/sum": reading,
    }  # fmt: skip
    assert actions() == filled.keys(), actions() ^ filled.keys()
    return filled


def newest_reading(backend: Backend, settled: Settled) -> int:
    """Of the resident's first counter."""
    service = next(
        row["id"] for row in stored(backend)["service"] if row["external_id"] == settled.service_id
    )
    return max(
        row["id"]
        for row in stored(backend)["reading"]
        if (row["account_id"], row["service_id"]) == (settled.account.id, service)
    )


def lives_with_password(person: Person) -> None:
    person.house.changes(Resident, person.id, password_hash=PASSWORD_HASH)


def encoded(form: Mapping[str, str | bytes]) -> dict[str, Any]:
    """As a browser sends it, whatever bytes its texts are."""
    return {
        "content": urlencode(form).encode(),
        "headers": {"content-type": "application/x-www-form-urlencoded"},
    }


Stored = dict[str, list[dict[str, Any]]]


def stored(backend: Backend, but: frozenset[str] = ENTERING) -> Stored:
    """Every row of every table."""

    def all_rows(session: Any) -> Stored:
        tables = [table_of(model) for model in TABLES]
        return {
            table.name: [
                dict(row) for row in session.execute(select(table).order_by(table.c.id)).mappings()
            ]
            for table in tables
            if table.name not in but
        }

    return backend.read_now(all_rows)
