"""«Главная»: what I owe, which readings are missing, what happened."""

from datetime import date

from markupsafe import Markup

from components.home_cards import (
    Promised,
    events_card,
    home_cards,
    install_cards,
    owed_card,
    readings_card,
)
from pages.addresses import PROMISE
from pages.cabinet import (
    cabinet,
    event_kinds,
    events,
    is_promise_open,
    is_zkh_open,
    local_day,
    pay_address,
    scope,
)
from pages.screen import Asked, Screen
from portal.domain.device import Device, asked_for, missing
from portal.services.home import Home
from portal.services.home_page import home_page as load_home

TITLE = "Главная"


async def home_page(asked: Asked) -> Screen:
    """`/`."""
    chosen = scope(asked.flags) if is_zkh_open(asked.flags) else None
    home, devices = await asked.backend.read(
        load_home,
        asked.resident,
        event_kinds(asked.flags),
        chosen,
        asked.now,
    )
    today = local_day(asked.now, home.side.timezone)
    body = home_cards(
        _owed(asked, home, today),
        _readings(devices, today, home.side.readings_due_day),
        install_cards(),
        events_card(events(asked.flags, home.side), home.side.timezone),
    )
    return cabinet(asked, home.side, TITLE, body, is_home=True)


def _owed(asked: Asked, home: Home, today: date) -> Markup:
    warns = asked.flags.show_arrears_message
    offers = home.offers if is_promise_open(asked.flags) else ()
    return owed_card(
        home.unpaid,
        today,
        debt=home.owed,
        unbilled=home.unbilled,
        advance=home.advance,
        warns=warns,
        pay_at=pay_address(asked.flags),
        promised=Promised(
            [offer.agreement for offer in offers if offer.is_active],
            PROMISE if any(not offer.refusal for offer in offers) else "",
        ),
    )


def _readings(devices: tuple[Device, ...], today: date, deadline_day: int) -> Markup:
    names = [register.name for register in missing(devices)]
    return readings_card(names, len(asked_for(devices)), today, deadline_day=deadline_day)
