"""`promises`: what residents have promised to pay, and whether they did."""

from collections import Counter

import typer

from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.domain.period import short_day_text
from portal.domain.promise import Standing
from portal.services.office.promised import Promised, promised

_WORDS = {
    Standing.ACTIVE: "ждем",
    Standing.KEPT: "исполнено",
    Standing.OVERDUE: "не исполнено в срок",
}


def promises(*, is_all: bool) -> None:
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend:
        now = backend.clock()

        def tell(session: Session) -> tuple[Counter[Standing], Money]:
            counts, awaited = Counter[Standing](), ZERO
            for each in promised(session, officer(), now, is_all=is_all):
                typer.echo(_line(each))
                counts[each.standing] += 1
                awaited += each.promise.remainder
            return counts, awaited

        counts, awaited = backend.read_now(tell)
    told = "".join(f", {words}: {counts[each]}" for each, words in _WORDS.items() if counts[each])
    typer.echo(f"Обещаний: {counts.total()}{told}. Осталось получить {awaited}.")


def _line(each: Promised) -> str:
    """Who, how much, by when, and what became of it."""
    promise = each.promise
    rest = "" if promise.remainder in {ZERO, promise.amount} else f", осталось {promise.remainder}"
    began, ends = short_day_text(promise.promised_on), short_day_text(promise.due_on)
    return (
        f"{began} {each.agreement}, {each.resident}: {promise.amount} "
        f"до {ends} — {_WORDS[each.standing]}{rest}"
    )
