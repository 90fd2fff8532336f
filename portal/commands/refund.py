"""`refund`: note that a payment, or a part of it, went back to its payer."""

from datetime import datetime

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.commands.refund_by_bank import ask_bank, called
from portal.commands.remit import day_of, money_of
from portal.commands.russian import Misuse
from portal.domain.incoming import MOSCOW
from portal.domain.money import ZERO
from portal.services.incoming.refundable import refundable
from portal.services.incoming.refunding import Refunded, RefundOrder
from portal.services.incoming.refunding import refund as give_back
from portal.services.paying.asking_back import BackOrder, is_through_bank


def refund(
    number: str,
    *,
    amount: str | None,
    document: str,
    note: str,
    channel: str | None,
    on: str | None,
    is_only_noted: bool,
) -> None:
    """Raises Misuse, Refused, Unavailable."""
    settings = effective_settings()
    demand(settings.database_url)
    wanted = None if amount is None else money_of(amount)
    with backend_of(settings.database_url) as backend:
        money = backend.read_now(refundable, officer(), number, channel)
        if not is_only_noted and backend.read_now(is_through_bank, money.channel):
            if on is not None:
                raise Misuse("День возврата по карте или СБП скажет банк: уберите --on")
            ask_bank(backend, settings, BackOrder(money, wanted, document, note))
            return
        order = RefundOrder(
            document=document,
            amount=wanted,
            refunded_at=_moment(backend, on),
            payment_id=money.payment_id,
            incoming_id=money.incoming_id,
            officer=officer().name,
            note=note,
        )
        done: Refunded = backend.write_now(give_back, order, backend.clock())
    typer.echo(
        f"{called(money)}: возврат {done.amount} документом "
        f"{document} {'записан' if done.is_new else 'был записан раньше'}."
    )
    if done.taken > ZERO:
        typer.echo(f"На счетах снова не оплачено {done.taken}, если их не покрыли другие платежи.")


def _moment(backend: Backend, on: str | None) -> datetime:
    """The end of a day that is told: the money had come by then."""
    now = backend.clock()
    if on is None:
        return now
    end = datetime.combine(day_of(on), datetime.max.time().replace(microsecond=0), MOSCOW)
    return min(end, now)
