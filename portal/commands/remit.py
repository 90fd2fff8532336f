"""`remit`: note that money went on to a supplier."""

from datetime import date

import typer

from portal.commands.months import asked
from portal.commands.preconditions import officer
from portal.commands.russian import Misuse
from portal.domain.money import Money
from portal.domain.period import day_text
from portal.services.office.settling.remitting import Paper, remit, supplier_called


def note_remittance(
    operator: str, supplier: str, *, amount: str, document: str, on: str | None
) -> None:
    """Raises Misuse, Refused."""
    paper = Paper(document, money_of(amount), None if on is None else day_of(on))
    with asked([operator]) as (backend, (payer,)):
        payee = backend.read_now(supplier_called, officer(), supplier)
        sides = payer.operator_id, payee.supplier_id
        done = backend.write_now(remit, officer(), sides, paper, backend.clock())
    verb = "записано" if done.is_new else "было записано раньше"
    typer.echo(
        f"{payee.name}: {paper.document}, {paper.amount}, {day_text(done.on)}, {verb}. "
        f"К перечислению осталось {done.left}."
    )


def money_of(text: str) -> Money:
    """Raises Misuse."""
    try:
        return Money.parse(text)
    except ValueError as fault:
        raise Misuse(f"Сумма «{text}» не понятна. Напишите рубли и копейки: 1234,56.") from fault


def day_of(text: str) -> date:
    """Raises Misuse."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Misuse(
            f"День «{text}» не понятен. Напишите год, месяц и день: 2026-11-05."
        ) from fault
