"""`poll`: ask the banks what became of the payments that residents have begun."""

import asyncio

import typer

from portal.api.pay.cashier import Cashier
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings
from portal.gateways.yookassa import YooKassa
from portal.services.paying.outgoing import unended


def poll() -> None:
    settings = effective_settings()
    demand(settings.database_url)
    with backend_of(settings.database_url) as backend:
        cashier = Cashier(backend, settings, YooKassa())
        asked = asyncio.run(cashier.poll_all())
        left = len(backend.read_now(unended, backend.clock()))
    typer.echo(f"Начатых оплат: {asked}. Стал известен конец: {asked - left}, ждут банка: {left}.")
