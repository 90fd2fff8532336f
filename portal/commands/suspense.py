"""`suspense`, `assign` and `resolve`: money that nobody's agreement has yet, payments whose number
was taken, and what a bank has told strangely.
"""

import typer

from portal.commands.database import backend_of, demand
from portal.commands.lumps import unlisted_told
from portal.commands.preconditions import effective_settings, officer
from portal.domain.incoming import moscow
from portal.domain.money import Money
from portal.services.incoming.lumps import unlisted
from portal.services.incoming.resolving import Clash, clashes
from portal.services.incoming.resolving import resolve as note_outcome
from portal.services.incoming.suspense import Held, held
from portal.services.incoming.suspense import assign as give
from portal.services.paying.oddities import (
    PAYMENT,
    REFUND,
    Odd,
    odd_payments,
    odd_refunds,
    resolve_odd,
)

_COMPARE = "Сверьте с кабинетом банка и закройте — resolve."
_NOT_CREDITED = f"Не зачислены: банк сказал не то, о чем его просили. {_COMPARE}"
_MAYBE_RETURNED = f"Возвраты, о которых неизвестно, ушли ли деньги. {_COMPARE}"


def suspense() -> None:
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend:
        lost = backend.read_now(held, officer())
        refused = backend.read_now(clashes, officer())
        payments = backend.read_now(odd_payments, officer())
        refunds = backend.read_now(odd_refunds, officer())
        sums = backend.read_now(unlisted, officer(), None)
    for each in lost:
        typer.echo(_held_line(each))
        if each.words:
            typer.echo(f"  {each.words}")
    total = Money.total(each.amount for each in lost)
    typer.echo(f"Невыясненных поступлений: {len(lost)}, на сумму {total}.")
    if refused:
        typer.echo("Отклонены: под этим номером раньше пришел другой платеж. Разобрали — resolve.")
    for clash in refused:
        typer.echo(_clash_line(clash))
    _tell_odd(_NOT_CREDITED, PAYMENT, payments)
    _tell_odd(_MAYBE_RETURNED, REFUND, refunds)
    for line in unlisted_told(sums):
        typer.echo(line)


def _tell_odd(heading: str, start: str, found: tuple[Odd, ...]) -> None:
    if found:
        typer.echo(heading)
    for each in found:
        moment = f"{moscow(each.at):%d.%m.%Y %H:%M}"
        number = f"№ {each.external_id}" if each.external_id else "номер неизвестен"
        called = f"  {start}{each.number}: {moment}, {each.channel}"
        typer.echo(f"{called}, {number}: {each.amount}, «{each.name}»")
        typer.echo(f"    {each.words}")


def assign(number: int, agreement: str, *, note: str) -> None:
    """Raises Refused."""
    settings = effective_settings()
    demand(settings.database_url)
    with backend_of(settings.database_url, settings.letterhead) as backend:
        done = backend.write_now(give, officer(), number, agreement, note, backend.clock())
    verb = "отнесено на договор" if done.is_new else "уже было отнесено на договор"
    typer.echo(f"Поступление {number}, {done.amount}, {verb} {done.agreement}.")


def resolve(number: str, *, note: str) -> None:
    """Raises Refused."""
    address = effective_settings().database_url
    demand(address)
    is_clash = number.isascii() and number.isdecimal()
    with backend_of(address) as backend:
        who, now = officer(), backend.clock()
        if is_clash:
            is_new = backend.write_now(note_outcome, who, int(number), note, now)
        else:
            is_new = backend.write_now(resolve_odd, who, number, note, now)
    what = f"Отклоненный платеж {number}" if is_clash else number
    typer.echo(f"{what}: разобрано." if is_new else f"{what}: было разобрано раньше.")


def _held_line(each: Held) -> str:
    day = f"{moscow(each.paid_at):%d.%m.%Y %H:%M}"
    told = f"{each.number}: {each.amount}, {day}, {each.channel}, № {each.external_id}"
    if each.is_closed:
        return f"{told}; договор «{each.account}» закрыт"
    near = ", ".join(each.suggested)
    return f"{told}; договора «{each.account}» нет" + (f", похожи: {near}" if near else "")


def _clash_line(clash: Clash) -> str:
    moment = f"{moscow(clash.received_at):%d.%m.%Y %H:%M}"
    return (
        f"  {clash.number}: {moment}, {clash.channel}, № {clash.external_id}: "
        f"{clash.amount}, договор «{clash.account}»"
    )
