"""`bill`: charge a month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Final

import typer

from portal.backend import Backend
from portal.commands.months import asked, month_of
from portal.commands.preconditions import officer
from portal.commands.progress import working
from portal.commands.running import DONE, FAILED
from portal.domain.period import Period
from portal.services.office.billing.names import names_of
from portal.services.office.billing.periods import OperatorName
from portal.services.office.billing.report import Lacking, Report, alike
from portal.services.office.billing.run import Order, bill_chunk, chunks, outlook
from portal.services.office.houses import find_house

_SHOWN: Final = 3
"""How many findings that differ only in whose they are stand in a list."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The same for all operators; `premises` None: of all houses."""

    backend: Backend
    period: Period
    premises: frozenset[int] | None
    is_dry: bool
    is_whole: bool
    """Whether every finding is listed, however many are alike."""


def bill(
    period: str, *, keys: Sequence[str], house: str | None, is_dry: bool, is_whole: bool
) -> int:
    """Raises Misuse, Refused: the chunks before are charged already, running again goes on."""
    month = month_of(period)
    with asked(keys) as (backend, found):
        run = _Run(backend, month, _premises(backend, house), is_dry, is_whole)
        for operator in found:
            for warning in _outlook(run, operator):
                typer.echo(warning, err=True)
        report = sum((_charged(run, operator) for operator in found), Report())
        for line in _told(run, report):
            typer.echo(line)
    return FAILED if report.lacks else DONE


def _premises(backend: Backend, house: str | None) -> frozenset[int] | None:
    if house is None:
        return None
    return frozenset(backend.read_now(find_house, officer(), house).places)


def _order(run: _Run, operator: OperatorName) -> Order:
    return Order(operator.operator_id, run.period, run.is_dry)


def _outlook(run: _Run, operator: OperatorName) -> list[str]:
    order, now = _order(run, operator), run.backend.clock()
    return [
        f"{operator.name}. {sentence}"
        for sentence in run.backend.read_now(outlook, officer(), order, now)
    ]


def _charged(run: _Run, operator: OperatorName) -> Report:
    backend, order = run.backend, _order(run, operator)
    parts = backend.read_now(chunks, officer(), order, run.premises)
    whole, report = sum(map(len, parts)), Report()
    # A dry run writes nothing, so it needs no turn among the writers.
    call = backend.read_now if run.is_dry else backend.write_now
    for part in parts:
        with working(f"{operator.name}: {report.agreements} договоров из {whole}"):
            charge = partial(call, bill_chunk, officer(), order, part, backend.clock())
            report += charge()
    return report


def _told(run: _Run, report: Report) -> Iterator[str]:
    yield (
        f"{run.period.title}. Договоров: {report.agreements}. Новых строк: {report.posted}, "
        f"сторнировано: {report.reversed}, перерасчетов: {report.recalculated}."
    )
    for name, amount in run.backend.read_now(names_of, report.sums):
        yield f"  {name}: {amount}"
    if report.penalties:
        yield f"  Пени, строк {report.penalties}: {report.penalty}"
    yield f"Итого: {report.total}"
    if report.lacks:
        yield f"Не начислено: {len(report.lacks)}"
        yield from _listed(report.lacks, len(report.lacks) if run.is_whole else _SHOWN)
    if run.is_dry:
        yield "Это проба: ничего не записано."


def _listed(lacks: Sequence[Lacking], shown: int) -> Iterator[str]:
    """Numbered; after the first `shown` of a kind only how many more there are."""
    numbers, is_cut = count(1), False
    for kind in alike(lacks):
        # One more takes no more room than to say so.
        some = kind if len(kind) <= shown + 1 else kind[:shown]
        yield from (f"  {next(numbers)}. {lack}" for lack in some)
        if len(some) < len(kind):
            is_cut = True
            yield f"     … и ещё таких же: {len(kind) - len(some)}"
    if is_cut:
        yield "Все перечислит эта же команда с параметром --all."
