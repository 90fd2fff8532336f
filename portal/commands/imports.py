"""`import`: what other systems counted, from their files."""

from collections.abc import Iterator
from pathlib import Path

import typer

from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.domain.wording import counted
from portal.imports.usage.importing import Sum, UsageReport, import_usage
from portal.imports.usage.table import read_usage


def usage(file: Path, *, is_applied: bool) -> None:
    """Raises BookFaults."""
    address = effective_settings().database_url
    demand(address)
    table = read_usage(file)
    with backend_of(address) as backend, working("Читаю"):
        # A trial writes nothing, so it needs no turn among the writers.
        call = backend.write_now if is_applied else backend.read_now
        report = call(import_usage, officer(), table, backend.clock(), is_applied=is_applied)
    for line in _told(table.name, report, is_applied=is_applied):
        typer.echo(line)


def _told(name: str, report: UsageReport, *, is_applied: bool) -> Iterator[str]:
    yield f"Файл {name}. Новых записей: {report.new}, уже загружено: {report.unchanged}."
    yield from (f"  {_line(each)}" for each in report.sums)
    if report.warnings:
        yield f"Предупреждений: {len(report.warnings)}"
        yield from (f"  {number}. {line}" for number, line in enumerate(report.warnings, 1))
    if report.new and not is_applied:
        yield "Это проба: ничего не записано. Чтобы записать, повторите с --apply."


def _line(each: Sum) -> str:
    records = counted(each.records, "запись", "записи", "записей")
    priced = f", сумма {each.amount}" if each.amount else ""
    return f"{each.service}, {each.period}: {each.records} {records}, объем {each.volume}{priced}"
