"""`serve`: answer people until told to stop."""

import signal
import socket
import sys

import typer

from portal.commands.database import prepare
from portal.commands.preconditions import effective_settings
from portal.commands.running import DONE, INTERRUPTED
from portal.config import Settings
from portal.errors import Refused, Unavailable
from portal.settings.effective import masked


def serve() -> None:
    settings = effective_settings()
    refuse_a_taken_port(settings)
    if prepare(settings.database_url):
        typer.echo(f"Создана пустая база данных: {masked(settings.database_url)}")
    typer.echo(f"Портал: {address(settings)}")
    answer(settings, is_demo=False)


def answer(settings: Settings, *, is_demo: bool) -> None:
    """Serve until a signal: SIGTERM is how a service is stopped (0), SIGINT is Ctrl-C (130).

    The server takes both while it runs, closes in good order, and raises them anew.
    """
    from portal.app import serve as serve_app  # noqa: PLC0415 - NiceGUI takes a second

    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(DONE))
    signal.signal(signal.SIGINT, lambda _number, _frame: sys.exit(INTERRUPTED))
    serve_app(settings, is_demo=is_demo)


def refuse_a_taken_port(settings: Settings) -> None:
    """Before minutes go into a database.  Raises Refused or Unavailable."""
    where = f"{settings.host}, порт {settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in found:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
    except socket.gaierror as fault:
        raise Unavailable(f"Адрес «{settings.host}» не найден. Проверьте ZHKH_HOST") from fault
    except PermissionError as fault:
        raise Refused(f"Нет права открыть {where}. Задайте ZHKH_PORT от 1024") from fault
    except OSError as fault:
        raise Refused(
            f"Нельзя открыть {where}: занято другой программой или это адрес другого компьютера. "
            "Задайте другой порт (ZHKH_PORT) или адрес (ZHKH_HOST)"
        ) from fault


def address(settings: Settings) -> str:
    """Where a person on this machine, or at the public address, finds the portal."""
    if settings.public_url is not None:
        return settings.public_url
    return settings.own_address
