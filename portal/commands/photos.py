"""`photos`: the pictures that are kept no longer."""

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.services.photo_pruning import remove_outlived, sweep_files


def prune() -> None:
    settings = effective_settings()
    demand(settings.database_url)
    with backend_of(settings.database_url) as backend, working("Удаляю снимки"):
        sent, unsent = _remove_all(backend, settings.photo_keep_days)
        files = backend.write_now(sweep_files, officer(), settings.photos_dir)
    typer.echo(
        f"Удалено снимков старше {settings.photo_keep_days} дней: {sent}, без показаний: {unsent}. "
        f"Файлов удалено: {files}."
    )


def _remove_all(backend: Backend, keep_days: int) -> tuple[int, int]:
    sent = unsent = 0
    while True:
        gone = backend.write_now(remove_outlived, officer(), keep_days, backend.clock())
        sent, unsent = sent + gone.sent, unsent + gone.unsent
        if gone.is_all:
            return sent, unsent
