"""`invoices`: the documents of a closed month, and taking one back."""

from collections.abc import Iterator, Sequence
from functools import partial

import typer

from portal.backend import Backend
from portal.commands.months import asked, month_of
from portal.commands.preconditions import officer
from portal.commands.progress import working
from portal.commands.russian import Misuse
from portal.domain.period import Period
from portal.services.office.billing.periods import OperatorName
from portal.services.office.billing.run import Order, chunks
from portal.services.office.invoicing.cancelling import cancel_invoice
from portal.services.office.invoicing.run import Issued, ensure_closed, issue_chunk
from portal.services.office.invoicing.words import supplier_names


def issue(period: str | None, *, keys: Sequence[str], is_dry: bool) -> None:
    """Raises Misuse, Refused: nothing is issued if a month of one of the operators is open."""
    if period is None:
        raise Misuse("Напишите месяц: zhkh-portal invoices --period 2026-10.")
    month = month_of(period)
    with asked(keys) as (backend, found):
        for operator in found:
            backend.read_now(ensure_closed, officer(), operator.operator_id, month)
        issued = sum((_issued(backend, operator, month, is_dry) for operator in found), Issued())
        for line in _told(backend, month, issued):
            typer.echo(line)
    if is_dry:
        typer.echo("Это проба: ничего не записано.")


def cancel(number: str, *, key: str | None, reason: str) -> None:
    """Raises Refused."""
    keys = () if key is None else (key,)
    with asked(keys) as (backend, _):
        by = backend.write_now(cancel_invoice, officer(), number, keys, reason, backend.clock())
        typer.echo(f"Счет № {number} отменен документом № {by}.")


def _issued(backend: Backend, operator: OperatorName, period: Period, is_dry: bool) -> Issued:  # noqa: FBT001 - of one call
    order = Order(operator.operator_id, period, is_dry)
    parts = backend.read_now(chunks, officer(), order, None)
    whole, issued = sum(map(len, parts)), Issued()
    # A dry run writes nothing, so it needs no turn among the writers.
    call = backend.read_now if is_dry else backend.write_now
    for part in parts:
        with working(f"{operator.name}: {issued.agreements} договоров из {whole}"):
            issued += partial(call, issue_chunk, officer(), order, part, backend.clock())()
    return issued


def _told(backend: Backend, period: Period, issued: Issued) -> Iterator[str]:
    yield (
        f"{period.title}. Договоров: {issued.agreements}. Новых счетов: {issued.documents}, "
        f"на {issued.total}."
    )
    if issued.numbers:
        yield f"  номера: {' … '.join(dict.fromkeys(issued.numbers))}"
    for name, total in backend.read_now(supplier_names, issued.sums):
        yield f"  {name}: {total}"
    if issued.allocated:
        yield f"Оплачено из внесенного раньше: {issued.allocated}"
