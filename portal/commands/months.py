"""`close` and `reopen`: an operator's months."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.commands.russian import Misuse
from portal.domain.period import Period
from portal.errors import Refused
from portal.services.office.billing.periods import (
    OperatorName,
    close_period,
    operators,
    reopen_period,
)


def close(period: str, *, keys: Sequence[str]) -> None:
    """Raises Misuse, Refused: then the months of the operators before are closed already."""
    month = month_of(period)
    with asked(keys) as (backend, found):
        for operator in found:
            is_new = backend.write_now(
                close_period, officer(), operator.operator_id, month, backend.clock()
            )
            done = "закрыт, и все месяцы до него" if is_new else "был закрыт раньше"
            typer.echo(f"{operator.name}. {month.title}: {done}.")


def reopen(period: str, *, keys: Sequence[str], reason: str) -> None:
    """Raises Misuse, Refused."""
    month = month_of(period)
    with asked(keys) as (backend, found):
        for operator in found:
            backend.write_now(
                reopen_period, officer(), operator.operator_id, month, reason, backend.clock()
            )
            typer.echo(f"{operator.name}. {month.title} снова открыт.")


def month_of(period: str) -> Period:
    """Raises Misuse."""
    try:
        return Period.parse(period)
    except ValueError as fault:
        raise Misuse(f"Месяц «{period}» не понятен. Напишите год и месяц: 2026-10.") from fault


@contextmanager
def asked(keys: Sequence[str]) -> Iterator[tuple[Backend, list[OperatorName]]]:
    """The operators with these keys, all of them without.  Raises Refused: there is none."""
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend:
        found = backend.read_now(operators, officer(), tuple(keys))
        if not found:
            raise Refused("Исполнителей ещё нет. Загрузите файл дома: zhkh-portal load дом.toml")
        yield backend, found
