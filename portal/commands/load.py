"""`load`: a house from a file."""

from pathlib import Path

import typer

from portal.commands.database import backend_of, prepare
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.imports.book import (
    BookFaults,
    LoadReport,
    format_text,
    load_book,
    read_book,
    sample_text,
)
from portal.settings.effective import masked


def load(file: Path) -> None:
    """Raises BookFaults."""
    address = effective_settings().database_url
    book = read_book(file)
    is_made = prepare(address)
    try:
        with backend_of(address) as backend, working("Загружаю"):
            report = backend.write_now(load_book, officer(), book, backend.clock())
    except BookFaults:
        if is_made:
            typer.echo(_left_empty(address), err=True)
        raise
    if is_made:
        typer.echo(f"Создана пустая база данных: {masked(address)}")
    typer.echo(f"{_summary(report)}\n\n{report.text()}")
    if report.warnings:
        typer.echo(_warnings(report))


def tell_format() -> None:
    typer.echo(format_text(), nl=False)


def tell_sample() -> None:
    typer.echo(sample_text(), nl=False)


def _left_empty(address: str) -> str:
    return (
        f"Базы данных не было, создана пустая: {masked(address)}. "
        "Исправьте файл и загрузите его снова."
    )


def _warnings(report: LoadReport) -> str:
    listed = [f"  {number}. {sentence}" for number, sentence in enumerate(report.warnings, 1)]
    return "\n".join((f"\nПредупреждений: {len(listed)}", *listed))


def _summary(report: LoadReport) -> str:
    if not report.new and not report.changed:
        return f"Файл {report.book} уже загружен, изменений нет."
    return f"Файл {report.book} загружен. Новых строк: {report.new}, изменено: {report.changed}."
