"""`check`: what this installation is, and everything that is wrong with it."""

import os
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import typer
from sqlalchemy import make_url

from portal.commands.database import OUTDATED, Schema, answering, backend_of, schema_of
from portal.commands.running import DONE, FAILED
from portal.config import FLAGS, ConfigurationFaults, Settings, effective_lines, load_settings
from portal.db.engine import make_engine, sqlite_version
from portal.errors import PortalError
from portal.gateways.mail import Unreachable
from portal.gateways.smtp import SmtpPost
from portal.installation import NAMES, refuse_a_shared_environment
from portal.services.paying.ways import card_channels
from portal.settings.deployment import secret_variable
from portal.settings.effective import masked
from portal.settings.secret import SECRET_FILE
from portal.settings.strangers import strange_variables

_WHERE = ("HOME", "ZHKH_DATA_DIR", "ZHKH_DATABASE_URL")
_OURS = "ZHKH_"
_SILENCE_SECONDS = 5.0


def check() -> int:
    """Looks only: makes no database and no secret."""
    faults: list[str] = []
    warnings: list[str] = []
    for line in _report(os.environ, faults, warnings):
        typer.echo(line)
    if warnings:
        typer.echo(f"\nПредупреждений: {len(warnings)}")
    for number, warning in enumerate(warnings, 1):
        typer.echo(f"  {number}. {warning}")
    typer.echo(f"\nОшибок: {len(faults)}")
    for number, fault in enumerate(faults, 1):
        typer.echo(f"  {number}. {fault}")
    return FAILED if faults else DONE


def _report(environ: Mapping[str, str], faults: list[str], warnings: list[str]) -> Iterator[str]:
    yield "Окружение"
    yield from _names(faults)
    yield "\nНастройки"
    settings = _settings(environ, faults)
    if settings is None:
        yield "  не приняты, см. ошибки"
    else:
        yield from (f"  {line}" for line in effective_lines(settings))
        warnings += _strangers(environ, settings)
        faults += _folder_faults(settings)
    yield "\nПочта"
    yield from _mail(settings, faults)
    yield "\nБаза данных"
    address = _address(environ)
    is_ready = yield from _database(address, faults)
    if is_ready and address is not None and settings is not None:
        yield from _cards(settings, address, faults)


def _names(faults: list[str]) -> Iterator[str]:
    try:
        refuse_a_shared_environment()
        yield f"  имена {', '.join(NAMES)} принадлежат порталу"
    except PortalError as fault:
        faults.append(fault.sentence)
        yield "  имена портала заняты, см. ошибки"


def _settings(environ: Mapping[str, str], faults: list[str]) -> Settings | None:
    try:
        return load_settings(environ)
    except ConfigurationFaults as refusal:
        faults += refusal.faults
        return None


def _strangers(environ: Mapping[str, str], settings: Settings) -> Iterator[str]:
    """A misspelt name does nothing and says nothing: name it, though it may be another's."""
    known = {spec.variable for spec in FLAGS} | settings.origins.keys()
    yield from strange_variables((name for name in environ if name.startswith(_OURS)), known)
    yield from settings.strangers


def _folder_faults(settings: Settings) -> list[str]:
    folder = settings.data_dir
    present = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(present, os.W_OK | os.X_OK):
        return [f"Нет права записи в папку {present}. Дайте его или задайте ZHKH_DATA_DIR."]
    try:
        if (folder / SECRET_FILE).exists():
            settings.signing_secret()
    except PortalError as fault:
        return [fault.sentence]
    return []


def _mail(settings: Settings | None, faults: list[str]) -> Iterator[str]:
    """Asks the mail server for entry, and leaves."""
    if settings is None or settings.smtp is None:
        yield "  не настроена, писем не будет" if settings else "  не проверена, см. ошибки"
        return
    try:
        with SmtpPost(settings.smtp, _SILENCE_SECONDS, _SILENCE_SECONDS).connected():
            yield f"  {settings.smtp}: отвечает"
    except Unreachable as fault:
        faults.append(f"Почтовый сервер {settings.smtp} не отвечает или не впускает: {fault}")
        yield f"  {settings.smtp}: не отвечает, см. ошибки"
    if settings.letterhead is None:
        yield "  квитанций не будет: выключены menu_notices или menu_profile"


def _address(environ: Mapping[str, str]) -> str | None:
    """The database's, also when other settings are refused; None when it is itself."""
    try:
        return load_settings({k: environ[k] for k in _WHERE if k in environ}).database_url
    except ConfigurationFaults:
        return None


def _database(address: str | None, faults: list[str]) -> Generator[str, None, bool]:
    """Whether it is there with the present schema."""
    if address is None:
        yield "  не проверена: адрес не принят, см. ошибки"
        return False
    yield f"  {masked(address)}"
    try:
        schema = schema_of(address)
        yield f"  {_server(address, schema)}"
    except PortalError as fault:
        faults.append(fault.sentence)
        yield "  не отвечает, см. ошибки"
        return False
    yield f"  схема: {schema.value}"
    if schema is Schema.OTHER:
        faults.append(OUTDATED)
    elif schema is not Schema.CURRENT:
        faults.append("Базы данных ещё нет. Выполните: zhkh-portal migrate")
    return schema is Schema.CURRENT


def _cards(settings: Settings, address: str, faults: list[str]) -> Iterator[str]:
    """Without its secret a channel would lead nobody to the bank."""
    with backend_of(address) as backend:
        channels = backend.read_now(card_channels)
    if channels:
        yield f"\nКарты и СБП\n  каналы: {', '.join(channels)}"
    faults += [
        f"Каналу {key} нечем войти в банк: нет переменной {secret_variable(key)}"
        for key in channels
        if settings.pay_secret(key) is None
    ]


def _server(address: str, schema: Schema) -> str:
    if address.startswith("sqlite"):
        size = "" if schema is Schema.ABSENT else f", файл {_size(address)}"
        return f"SQLite {sqlite_version()}{size}"
    with answering(address):
        engine = make_engine(address)
        try:
            with engine.connect() as connection:
                version = connection.exec_driver_sql("SHOW server_version").scalar()
        finally:
            engine.dispose()
    return f"PostgreSQL {version}"


def _size(address: str) -> str:
    kilobytes = Path(make_url(address).database or "").stat().st_size // 1024
    return f"{kilobytes:,} КБ".replace(",", " ")
