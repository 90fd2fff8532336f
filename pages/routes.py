"""Which page stands at which address, and who may see it."""

from fastapi import APIRouter

from pages import (
    device_actions,
    password_actions,
    payment_actions,
    photo_actions,
    profile_actions,
    promise_actions,
    sign_in_actions,
    sticker,
    zkh_actions,
)
from pages.addresses import PROMISE
from pages.cabinet import is_promise_open, is_zkh_open
from pages.charges import charges_page
from pages.home import home_page
from pages.invoices import invoice_page, invoices_list_page
from pages.login import login_page
from pages.messages import message_page, messages_page
from pages.more import more_page
from pages.pad import pad_page
from pages.password import password_page
from pages.payment import paid_page, payment_page
from pages.payments import payments_list_page
from pages.profile import profile_page
from pages.promise import promise_page
from pages.screen import Route
from pages.zkh import single_page, zkh_page
from portal.config import Flags


def _shows_payments(flags: Flags) -> bool:
    return flags.menu_payments


def _shows_messages(flags: Flags) -> bool:
    return flags.menu_sharedposts


def _shows_profile(flags: Flags) -> bool:
    return flags.menu_profile


ROUTES: tuple[Route, ...] = (
    Route("/login", login_page, is_public=True),
    Route("/password", password_page),
    Route("/", home_page),
    Route("/zkh", zkh_page, is_offered=is_zkh_open),
    Route("/zkh/{account}/{service}", single_page, is_offered=is_zkh_open),
    Route("/pad", pad_page, is_offered=is_zkh_open),
    Route("/charges", charges_page),
    Route("/invoices", invoices_list_page),
    Route("/invoices/{invoice}", invoice_page),
    Route("/payments", payments_list_page, is_offered=_shows_payments),
    Route("/payment", payment_page, is_offered=_shows_payments),
    Route("/payment/{token}", paid_page, is_offered=_shows_payments),
    Route(PROMISE, promise_page, is_offered=is_promise_open),
    Route("/messages", messages_page, is_offered=_shows_messages),
    Route("/messages/{notice}", message_page, is_offered=_shows_messages),
    Route("/profile", profile_page, is_offered=_shows_profile),
    Route("/more", more_page),
)

ACTIONS: tuple[APIRouter, ...] = (
    sign_in_actions.router,
    password_actions.router,
    profile_actions.router,
    device_actions.router,
    promise_actions.router,
    zkh_actions.router,
    photo_actions.router,
    payment_actions.router,
)

LINKS: tuple[APIRouter, ...] = (sticker.router,)
"""Addresses that show nothing and lead on."""
