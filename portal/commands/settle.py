"""`settle`: what of a month's money belongs to whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import typer

from portal.backend import Backend
from portal.commands.months import asked, month_of
from portal.commands.preconditions import officer
from portal.commands.progress import working
from portal.domain.money import ZERO, Money
from portal.domain.period import Period, day_text, short_day_text
from portal.domain.settlement import Figures, Scheme
from portal.services.office.billing.periods import OperatorName
from portal.services.office.billing.run import Order
from portal.services.office.settling.remitting import supplier_called
from portal.services.office.settling.report import Party, settlement
from portal.services.office.settling.run import Shared, chunks, outlook, settle_chunk


@dataclass(frozen=True, slots=True)
class _Run:
    """The same for all operators; `supplier` None: all of them are shown."""

    backend: Backend
    period: Period
    supplier: str | None
    is_detailed: bool
    is_dry: bool


def settle(
    period: str, *, keys: Sequence[str], supplier: str | None, is_detailed: bool, is_dry: bool
) -> None:
    """Raises Misuse, Refused: the chunks before are settled already, running again goes on."""
    month = month_of(period)
    with asked(keys) as (backend, found):
        if supplier is not None:
            backend.read_now(supplier_called, officer(), supplier)
        run = _Run(backend, month, supplier, is_detailed, is_dry)
        for operator in found:
            for line in _settled(run, operator):
                typer.echo(line)
        if is_dry:
            typer.echo("Это проба: ничего не записано.")


def _settled(run: _Run, operator: OperatorName) -> Iterator[str]:
    order = Order(operator.operator_id, run.period, run.is_dry)
    now = run.backend.clock()
    for warning in run.backend.read_now(outlook, officer(), order, now):
        typer.echo(f"{operator.name}. {warning}", err=True)
    shared = _shared(run, order, operator.name)
    pending = shared if run.is_dry else None
    parties = run.backend.read_now(
        settlement, officer(), order, pending, is_detailed=run.is_detailed
    )
    yield f"{run.period.title}. {operator.name}. Учтено частей платежей: {shared.shares}."
    if run.supplier is None:
        yield from _balance(parties)
    for party in parties:
        if run.supplier in {None, party.key}:
            yield from _told(party, run)


def _shared(run: _Run, order: Order, name: str) -> Shared:
    backend = run.backend
    parts = backend.read_now(chunks, officer(), order)
    whole, done, shared = sum(map(len, parts)), 0, Shared()
    # A dry run writes nothing, so it needs no turn among the writers.
    call = backend.read_now if run.is_dry else backend.write_now
    for part in parts:
        with working(f"{name}: {done} договоров из {whole}"):
            shared += call(settle_chunk, officer(), order, part)
        done += len(part)
    return shared


def _balance(parties: Sequence[Party]) -> Iterator[str]:
    """What was collected, and whose it is."""
    whole = sum((party.figures for party in parties if not _is_direct(party)), Figures())
    suppliers = whole.collected - whole.own - whole.commission
    yield (
        f"  Собрано {whole.collected}: собственные услуги {whole.own}, "
        f"вознаграждение {whole.commission}, поставщикам {suppliers}."
    )


def _is_direct(party: Party) -> bool:
    return party.whose.scheme is Scheme.DIRECT


def _told(party: Party, run: _Run) -> Iterator[str]:
    scheme = party.whose.scheme
    yield party.name
    directly = ", жильцы платят поставщику сами" if _is_direct(party) else ""
    yield f"  {_figures(party.figures, scheme)}{directly}"
    if scheme is Scheme.AGENCY:
        yield from _to_transfer(party, run.period)
    if run.is_detailed:
        for number, behind in party.agreements:
            yield f"    договор {number}: {_figures(behind, scheme)}"


def _figures(figures: Figures, scheme: Scheme) -> str:
    said = [f"начислено {figures.charged}"]
    if scheme is not Scheme.DIRECT:
        said.append(f"собрано {figures.collected}")
    if scheme is Scheme.AGENCY:
        said.append(f"вознаграждение {figures.commission}")
    return ", ".join(said)


def _to_transfer(party: Party, period: Period) -> Iterator[str]:
    """The equation: what was there, came, and went on is what is there."""
    figures = party.figures
    if party.before:
        yield f"  было к перечислению {party.before}"
    yield f"  перечислено {figures.transferred}"
    for sent in party.sent:
        yield f"    {sent.document} от {short_day_text(sent.on)}: {sent.amount}"
    yield f"  {_rest(party.to_transfer)} на {day_text(period.last_day)}"


def _rest(money: Money) -> str:
    """Below zero the supplier has what was taken back since."""
    return f"к перечислению {money}" if money >= ZERO else f"поставщик должен вернуть {-money}"
