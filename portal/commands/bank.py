"""`import bank` and `reconcile`: payments from the files of banks and payment systems."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.lumps import listed, sums_told, total, unlisted_told
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.domain.incoming import moscow
from portal.errors import Refused
from portal.imports.bank.compare import Comparison, Operation, Total, compare
from portal.imports.bank.importing import BankReport, import_money, import_sums, portions
from portal.imports.bank.money import FileMoney, read_money
from portal.imports.bank.profile import ImportProfile
from portal.imports.bank.profile_reading import find_profile
from portal.services.incoming.file_channels import FileChannel, file_channel
from portal.services.incoming.filing import Placed
from portal.services.incoming.finding import is_same_number
from portal.services.incoming.lumps import unlisted
from portal.services.incoming.recorded import recorded

_LINES_MAX = 20


def bank(
    file: Path, *, channel: str | None, profile: str | None, is_applied: bool, is_whole: bool
) -> None:
    """Raises BookFaults, Refused."""
    settings = effective_settings()
    demand(settings.database_url)
    layout = None if profile is None else find_profile(profile)
    doorway = backend_of(settings.database_url, settings.letterhead)
    with doorway as backend, working("Читаю"):
        to = backend.read_now(file_channel, officer(), channel)
        money = told_by(file, layout, to)
        report = brought(backend, to, money, is_applied=is_applied)
    for line in _told(to, money, report, is_whole=is_whole):
        typer.echo(line)
    if report.is_anything_new and not is_applied:
        typer.echo("Это проба: ничего не записано. Чтобы записать, повторите с --apply.")


def told_by(file: Path, layout: ImportProfile | None, to: FileChannel) -> FileMoney:
    """Raises BookFaults; Refused: a bank numbers its documents otherwise than a terminal its
    payments, so that a statement may bring the same money again.
    """
    if layout is None and not to.is_for_files:
        raise Refused(f"Выписку канал «{to.channel.key}» не принимает: он не для файлов")
    return read_money(file, layout, to.account)


def brought(backend: Backend, to: FileChannel, money: FileMoney, *, is_applied: bool) -> BankReport:
    """The whole is tried first, also where it is to be stored.  Raises BookFaults, Refused."""
    who, now = officer(), backend.clock()
    tried = backend.read_now(import_money, who, to, money, now)
    if not is_applied:
        return tried
    done = BankReport.of(
        backend.write_now(import_money, who, to, part, now, tried=tried) for part in portions(money)
    )
    backend.write_now(import_sums, who, to, money, now)
    return replace(done, weighed=tried.weighed)


def reconcile(channel: str, file: Path, *, profile: str | None) -> int:
    """The exit code of a check.  Raises BookFaults, Refused."""
    address = effective_settings().database_url
    demand(address)
    layout = None if profile is None else find_profile(profile)
    with backend_of(address) as backend, working("Сверяю"):
        to = backend.read_now(file_channel, officer(), channel)
        money = told_by(file, layout, to)
        if money.days is None:
            raise Refused(f"В файле {money.name} нет ни одного платежа: сверять не с чем")
        numbers = {told.order.external_id for told in money.payments}
        ours = backend.read_now(recorded, officer(), to.channel, money.days, numbers)
        waiting = backend.read_now(unlisted, officer(), to.channel.operator_id)
    mine = [Operation(each.external_id, each.amount, each.account) for each in ours]
    comparison = compare(mine, _theirs(money, mine))
    for line in chain(_compared(to, money, comparison), unlisted_told(waiting)):
        typer.echo(line)
    return comparison.exit_code


def _theirs(money: FileMoney, ours: Iterable[Operation]) -> Iterator[Operation]:
    """Accounts are spelt as we have them, where only the spelling differs."""
    spelt = {each.key: each.account for each in ours}
    for told in money.payments:
        order = told.order
        mine = spelt.get(order.external_id, order.account)
        account = mine if is_same_number(mine, order.account) else order.account
        known = account if told.has_account else ""
        yield Operation(order.external_id, order.amount, known)


def _told(
    to: FileChannel, money: FileMoney, report: BankReport, *, is_whole: bool
) -> Iterator[str]:
    most = None if is_whole else _LINES_MAX
    known = Total.of(Operation("", each.order.amount) for each in report.known)
    yield f"Файл {money.name}, канал {to.channel.key} («{to.name}»), исполнитель {to.operator}."
    yield f"Платежей: {total(money.total)}. Уже приняты: {total(known)}."
    yield f"На договоры: {total(_sum(report.credited))}."
    yield from listed((_credited_line(each) for each in report.credited), most)
    yield f"В невыясненные: {total(_sum(report.held))}."
    yield from listed((_held_line(each) for each in report.held), most)
    yield from _twice(report)
    yield from sums_told(report.weighed, most)
    yield from _own(money)
    yield from _doubts(money, most)
    if not money.is_proved:
        yield "Итогов в файле нет: число и сумму сверьте сами."


def _twice(report: BankReport) -> Iterator[str]:
    found = _sum(each for each in report.held if each.twin)
    if found.count:
        yield (
            f"Похоже на деньги, принятые раньше: {total(found)}. Канал загружают или выпиской, или "
            "реестром. Те же деньги — спишите: refund; другие — отнесите на договор: assign."
        )


def _own(money: FileMoney) -> Iterator[str]:
    if money.own:
        own = Total.of(each.operation for each in money.own)
        yield f"Не платежи, а переводы между своими счетами: {total(own)}."


def _doubts(money: FileMoney, most: int | None) -> Iterator[str]:
    if money.doubts:
        yield f"Реквизиты в файле, которых не бывает: {len(money.doubts)}. Деньги это не держит."
        yield from (f"  {doubt}" for doubt in money.doubts[:most])


def _compared(to: FileChannel, money: FileMoney, comparison: Comparison) -> Iterator[str]:
    yield f"Файл {money.name}, канал {to.channel.key} («{to.name}»)."
    if money.days is not None:
        yield f"Дни: {money.days[0]:%d.%m.%Y} — {money.days[1]:%d.%m.%Y}."
    agreed = Total.of(pair.ours for pair in comparison.matched)
    yield f"Сошлось: {total(agreed)}."
    yield f"Только у нас: {total(Total.of(comparison.only_ours))}."
    yield from listed(_operations(comparison.only_ours), None)
    yield f"Только в файле: {total(Total.of(comparison.only_theirs))}."
    yield from listed(_operations(comparison.only_theirs), None)
    yield f"Расходятся: {len(comparison.differing)}."
    lines = (
        f"№ {pair.ours.key}: у нас {_side(pair.ours)}, в файле {_side(pair.theirs)}"
        for pair in comparison.differing
    )
    yield from listed(lines, None)
    yield f"Всего у нас {total(comparison.ours)}, в файле {total(comparison.theirs)}."


def _operations(some: Iterable[Operation]) -> Iterator[str]:
    return (f"№ {each.key}: {_side(each)}" for each in some)


def _side(operation: Operation) -> str:
    account = f", «{operation.account}»" if operation.account else ""
    return f"{operation.amount}{account}"


def _sum(placed: Iterable[Placed]) -> Total:
    return Total.of(Operation("", each.amount) for each in placed)


def _credited_line(placed: Placed) -> str:
    number = placed.holder.number if placed.holder else ""
    return f"{number}: {_payment(placed)}"


def _held_line(placed: Placed) -> str:
    why = placed.doubt.value if placed.doubt else ""
    why += f" под № {placed.twin}" if placed.twin else ""
    return f"{_payment(placed)}, «{placed.told.order.account}»: {why}; {placed.told.words}"


def _payment(placed: Placed) -> str:
    order = placed.told.order
    return f"{order.amount}, {moscow(order.paid_at):%d.%m.%Y}, № {order.external_id}"
