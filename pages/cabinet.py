"""What the signed-in pages have in common: the frame, the menu, the side block."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from markupsafe import Markup

from components.chrome import Chrome, Crumb, MenuEntry
from components.frame import page_frame
from components.rendering import visible
from components.side_block import side_block
from pages.addresses import PAYMENT
from pages.screen import Asked, Screen
from portal.config import Flags
from portal.domain.demo import DEMO_LOGINS
from portal.domain.feed import EventKind, FeedEvent
from portal.domain.person import SideBlock
from portal.services.cabinet import ResidentQuery, beside
from portal.services.entry import Scope
from portal.services.side_block import side_block as load_side_block

P = ParamSpec("P")
R = TypeVar("R")

HOME = Crumb("Главная", "/")
ACCOUNT = Crumb("Счет")
_PARTS_OF = {PAYMENT: "/payments"}
"""Sections without an entry in the menu, by the section that they belong to."""


async def load(
    asked: Asked,
    query: ResidentQuery[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[SideBlock, R]:
    """The side block and what the page itself asks, in one transaction.  Raises what `query`
    raises.
    """
    both = beside(event_kinds(asked.flags), query, *args, **kwargs)
    return await asked.backend.read(both, asked.resident)


async def load_frame(asked: Asked) -> SideBlock:
    """The side block alone, for a page that asks nothing more."""
    return await asked.backend.read(load_side_block, asked.resident, event_kinds(asked.flags))


def cabinet(
    asked: Asked,
    person: SideBlock,
    title: str,
    body: Markup,
    crumbs: Sequence[Crumb] = (),
    *,
    is_home: bool = False,
) -> Screen:
    """A signed-in screen; `crumbs` are the steps between «Главная» and the page itself."""
    chrome = frame_values(asked, person, is_home=is_home)
    way = () if is_home else (HOME, *crumbs, Crumb(title))
    promise = person.promise if is_promise_open(asked.flags) else None
    shown = replace(person, events=events(asked.flags, person), promise=promise)
    side = side_block(
        shown,
        local_day(asked.now, person.timezone),
        shows_unpaid=asked.flags.unpaidorders_visible,
    )
    return Screen(visible(title), page_frame(chrome, way, title, body, side))


def frame_values(asked: Asked, person: SideBlock, *, is_home: bool = False) -> Chrome:
    """What a page's frame shows of the person and the operator."""
    return Chrome(
        person=person,
        menu=menu(asked.flags, asked.path, person.unread_notices),
        company=asked.flags.company_info,
        demo_logins=DEMO_LOGINS if asked.is_demo else (),
        keeps=asked.is_remembered,
        is_home=is_home,
    )


def menu(flags: Flags, path: str, unread: int) -> tuple[MenuEntry, ...]:
    """The entries that the operator's flags leave, the present one marked."""
    entries = (
        (True, MenuEntry("Главная", "/", "home", "Главная")),
        (is_zkh_open(flags), MenuEntry("ЖКХ", "/zkh", "drop", "ЖКХ")),
        (True, MenuEntry("Расход средств", "/charges", "bars", "Расходы")),
        (True, MenuEntry("Счета", "/invoices", "invoice", "Счета")),
        (flags.menu_payments, MenuEntry("Платежи", "/payments", "wallet")),
        (flags.menu_sharedposts, MenuEntry("Сообщения", "/messages", "letter", badge=unread)),
        (flags.menu_profile, MenuEntry("Профиль", "/profile", "person")),
    )
    return tuple(_marked(entry, path) for is_shown, entry in entries if is_shown)


def events(flags: Flags, person: SideBlock) -> tuple[FeedEvent, ...]:
    """The newest events; one leads only where the menu leads too."""
    sections = {entry.address for entry in menu(flags, "", 0)}
    return tuple(
        event if _section(event.address) in sections else replace(event, address="")
        for event in person.events
    )


def is_zkh_open(flags: Flags) -> bool:
    """Whether the operator has the ЖКХ module."""
    return flags.is_zkh_open


def pay_address(flags: Flags) -> str:
    """Where one pays, empty where the operator's menu has no «Платежи»."""
    return PAYMENT if flags.menu_payments else ""


def is_promise_open(flags: Flags) -> bool:
    """Whether the operator lets residents promise payments."""
    return flags.menu_payments and flags.payment_promised


def scope(flags: Flags) -> Scope:
    """What the operator's flags make of the ЖКХ module."""
    return Scope(flags.zkh_category_prefix.matches, flags.zkh_serial_number)


def local_day(now: datetime, timezone: str) -> date:
    return now.astimezone(ZoneInfo(timezone)).date()


def event_kinds(flags: Flags) -> frozenset[EventKind]:
    return frozenset(kind for kind in EventKind if getattr(flags.infoblock, kind.value))


def _section(address: str) -> str:
    """«/messages» of «/messages/7»."""
    return "/" + address.removeprefix("/").split("/")[0]


def _marked(entry: MenuEntry, path: str) -> MenuEntry:
    section = _PARTS_OF.get(_section(path), path)
    is_current = section == entry.address or section.startswith(f"{entry.address.rstrip('/')}/")
    if entry.address == "/":
        is_current = path == "/"
    return MenuEntry(
        entry.label, entry.address, entry.icon, entry.bar_label, entry.badge, is_current
    )
