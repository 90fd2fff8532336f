"""`stickers`: sheets of QR codes for the meters of a house."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.commands.russian import Misuse
from portal.config import Settings
from portal.documents.stickers import ON_A_SHEET, stickers_pdf
from portal.domain.wording import counted
from portal.errors import Refused
from portal.services.entry import Scope
from portal.services.office.stickers import Order, Sheet, issue_stickers, revoke_stickers


def stickers(house: str, *, flats: Sequence[str], out: Path | None, revoked: Sequence[str]) -> None:
    """Revoke first, then print.  Raises Misuse: neither is asked for; Refused."""
    if out is None and not revoked:
        raise Misuse("Не хватает: --out или --revoke.")
    settings = effective_settings()
    if out is not None:
        _refuse_no_folder(out)
    demand(settings.database_url)
    with backend_of(settings.database_url) as backend:
        if revoked:
            typer.echo(_revoked(backend, house, revoked))
        if out is not None:
            for line in _printed(backend, _order(settings, house, flats), out):
                typer.echo(line)


def _printed(backend: Backend, order: Order, out: Path) -> Iterator[str]:
    with working("Готовлю наклейки"):
        sheet = backend.write_now(issue_stickers, officer(), order, backend.clock())
        _write(out, stickers_pdf(sheet.labels, sheet.house, sheet.issued_at))
    yield from _summary(sheet, out)


def _order(settings: Settings, house: str, flats: Sequence[str]) -> Order:
    """Raises Refused: nobody but this machine would find the portal at its address."""
    if settings.public_url is None:
        raise Refused(
            "Задайте ZHKH_PUBLIC_URL, адрес портала для жильцов: без него наклейки привели бы "
            "на этот компьютер"
        )
    flags = settings.flags
    scope = Scope(flags.zkh_category_prefix.matches, flags.zkh_serial_number)
    return Order(house, tuple(flats), scope, settings.public_url, settings.signing_secret())


def _revoked(backend: Backend, house: str, named: Sequence[str]) -> str:
    done = backend.write_now(revoke_stickers, officer(), house, named, backend.clock())
    before = f", были отозваны раньше: {done.before}" if done.before else ""
    return f"{done.house}. Отозвано наклеек: {done.now}{before}."


def _refuse_no_folder(out: Path) -> None:
    if not out.resolve().parent.is_dir():
        raise Refused(f"Папки {out.resolve().parent} нет. Создайте ее или укажите другой файл")


def _write(out: Path, pdf: bytes) -> None:
    """All of the file or nothing.  Raises Refused."""
    try:
        descriptor, draft = tempfile.mkstemp(dir=out.resolve().parent, prefix=f".{out.name}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pdf)
            Path(draft).replace(out)
        finally:
            with suppress(FileNotFoundError):
                Path(draft).unlink()
    except OSError as fault:
        raise Refused(f"Файл {out} не записан. Укажите другой файл и повторите") from fault


def _summary(sheet: Sheet, out: Path) -> Iterator[str]:
    number = len(sheet.labels)
    sheets = -(-number // ON_A_SHEET)
    paper = f"{sheets} {counted(sheets, 'лист', 'листа', 'листов')}"
    yield f"{sheet.house}. Наклеек: {number}, из них новых {sheet.new}. Записано: {out}, {paper}."
    reasons = {
        "счетчик не описан": sheet.without_meter,
        "показания передает управляющая компания": sheet.not_by_resident,
        "прибор выключен или договор закрыт": sheet.closed,
    }
    if without := [f"{reason}: {count}" for reason, count in reasons.items() if count]:
        yield f"Без наклейки: {', '.join(without)}."
    yield "Печатайте в масштабе 100 % и проверьте телефоном одну наклейку, прежде чем клеить все."
