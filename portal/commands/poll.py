"""`poll`: ask the banks what became of the payments that residents have begun, and of refunds."""

import asyncio

import typer

from portal.api.pay.cashier import Cashier
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings
from portal.gateways.yookassa import YooKassa
from portal.services.paying.giving_back import unended_refunds
from portal.services.paying.outgoing import unended


def poll() -> None:
    settings = effective_settings()
    demand(settings.database_url)
    with backend_of(settings.database_url) as backend:
        cashier = Cashier(backend, settings, YooKassa())
        asked = asyncio.run(cashier.poll_all())
        left = len(backend.read_now(unended, backend.clock()))
        refunds = asyncio.run(cashier.poll_refunds())
        rest = len(backend.read_now(unended_refunds, backend.clock()))
    typer.echo(f"Начатых оплат: {asked}. {_ends(asked, left)}")
    if refunds:
        typer.echo(f"Начатых возвратов: {refunds}. {_ends(refunds, rest)}")


def _ends(asked: int, left: int) -> str:
    return f"Стал известен конец: {asked - left}, ждут банка: {left}."
