"""The pages as a signed-in resident opens them: the real router and database, no browser."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from pages.router import Elsewhere, Router
from pages.routes import ROUTES
from pages.screen import Screen
from portal.backend import Backend
from portal.config import Settings, load_settings
from portal.domain.identity import ResidentId
from portal.services.sessions import SignedIn
from tests.builders import NOW
from tests.support.markup import Element, parse
from tests.support.settled import Settled

OPEN = {
    "ZHKH_UTILITIES_ENABLED": "true",
    "ZHKH_MENU_ZKH": "true",
    "ZHKH_SMTP_URL": "smtp://127.0.0.1:1",
    "ZHKH_MAIL_FROM": "lk@example.ru",
}
"""The settings of an operator who has the ЖКХ module, and sends letters."""
NUMBER = "0000-0000"
_KEY = re.compile(r'(name="key" value=")[0-9a-f]{32}"')


def settings_of(folder: Path, environ: Mapping[str, str] = OPEN) -> Settings:
    return load_settings(
        {"ZHKH_DATA_DIR": str(folder), "ZHKH_SECRET": "s" * 32, "ZHKH_PORT": "8080", **environ}
    )


class Cabinet:
    """The cabinet of one resident, under one set of flags."""

    def __init__(
        self,
        backend: Backend,
        resident: ResidentId,
        settings: Settings,
        *,
        session_id: int = 0,
        is_demo: bool = False,
        must_change_password: bool = False,
    ) -> None:
        self.flags = settings.flags
        self._router = Router(ROUTES, backend=backend, settings=settings, is_demo=is_demo)
        self._signed_in = SignedIn(
            session_id=session_id,
            resident=resident,
            login="",
            must_change_password=must_change_password,
            remembered=True,
            confirmed_at=NOW,
            touch_due=False,
        )

    async def opens(self, address: str) -> Screen:
        """The screen there; the random key of its form is always the same."""
        return await self._screen(address, self._signed_in)

    async def opens_to_nobody(self, address: str) -> Screen:
        """The screen there for somebody who is not signed in."""
        return await self._screen(address, None)

    async def leads_nobody(self, address: str) -> str:
        """Where somebody who is not signed in is sent."""
        answer = await self._router.answer(address, None, NUMBER)
        assert isinstance(answer, Elsewhere), f"{address} opens: {answer.title}"
        return answer.address

    async def reads(self, address: str) -> Element:
        """The page there, parsed."""
        screen = await self.opens(address)
        assert screen.status == 200, f"{address}: {screen.status} {screen.title}"
        return parse(screen.html)

    async def _screen(self, address: str, signed_in: SignedIn | None) -> Screen:
        answer = await self._router.answer(address, signed_in, NUMBER)
        assert isinstance(answer, Screen), f"{address} leads to {answer}"
        return Screen(answer.title, steady(answer.html), answer.status)


def steady(html: Markup) -> Markup:
    return Markup(_KEY.sub(rf'\g<1>{"0" * 32}"', str(html)))  # noqa: S704 - our own markup


def addresses(settled: Settled) -> dict[str, tuple[str, ...]]:
    """The addresses at which each route's page shows what `settled` has.  A page without an
    address here is a page that these tests miss.
    """
    account, service = settled.account.id, quote(settled.service_id, safe="")
    chosen = f"agreement={settled.flat.id}&invoice={settled.unpaid.id}&amount=5"
    own = {
        "/": ("/",),
        "/zkh": ("/zkh",),
        "/zkh/{account}/{service}": (f"/zkh/{account}/{service}",),
        "/pad": ("/pad",),
        "/charges": ("/charges", f"/charges?period=2026-10&account={account}"),
        "/invoices": ("/invoices", f"/invoices?agreement={settled.flat.id}"),
        "/invoices/{invoice}": (f"/invoices/{settled.unpaid.id}", f"/invoices/{settled.paid.id}"),
        "/payments": ("/payments", f"/payments?agreement={settled.flat.id}&year=2026"),
        "/payment": ("/payment", f"/payment?{chosen}"),
        "/payment/{token}": (f"/payment/{settled.begun}",),
        "/payments/promise": (
            "/payments/promise",
            f"/payments/promise?agreement={settled.flat.id}&amount=150&step=confirm",
        ),
        "/messages": ("/messages",),
        "/messages/{notice}": (f"/messages/{settled.read_notice}",),
        "/profile": ("/profile", "/profile?saved=contacts"),
        "/password": ("/password",),
        "/more": ("/more",),
    }
    signed_in = {route.pattern for route in ROUTES if route.pattern != "/login"}
    assert signed_in == own.keys(), signed_in ^ own.keys()
    return own


def every_address(settled: Settled) -> list[str]:
    return [address for addresses_ in addresses(settled).values() for address in addresses_]
