"""`user`: how residents get in, and how they are put out."""

import sys
from datetime import datetime
from getpass import getpass

import typer

from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.db.session import Session
from portal.domain.identity import Officer, ResidentId
from portal.errors import NotFound, Refused
from portal.services import sessions
from portal.services.password_change import set_password
from portal.services.sign_in import find_resident


def password(login: str, *, must_change: bool) -> None:
    address = effective_settings().database_url
    demand(address)
    plain = _asked_twice(login) if sys.stdin.isatty() else _one_line()
    with backend_of(address) as backend:
        backend.write_now(
            set_password, officer(), login, plain, backend.clock(), must_change=must_change
        )
    first = "при первом входе жилец его сменит" if must_change else "менять его не нужно"
    typer.echo(f"Пароль жильца «{login}» задан, {first}. Его сеансы завершены.")


def end_sessions(login: str) -> None:
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend:
        ended = backend.write_now(end_sessions_of, officer(), login, backend.clock())
    typer.echo(f"Завершено сеансов жильца «{login}»: {len(ended)}.")


def end_sessions_of(
    session: Session, _officer: Officer, login: str, now: datetime
) -> tuple[int, ...]:
    """The ids that ended.  Raises NotFound."""
    row = find_resident(session, login)
    if row is None:
        raise NotFound(f"Нет абонента с логином или номером договора «{login}»")
    return sessions.end_all_sessions(session, ResidentId(row.id), now)


def _asked_twice(login: str) -> str:
    try:
        first = getpass(f"Новый пароль жильца «{login}»: ")
        second = getpass("Ещё раз: ")
    except EOFError:
        raise Refused("Пароль не введен, ничего не изменено") from None
    if first != second:
        raise Refused("Пароли не совпали, ничего не изменено")
    return first


def _one_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise Refused("На стандартном вводе нет пароля, ничего не изменено")
    return line.rstrip("\r\n")
