"""`send`: carry the letters that wait to the mail server."""

import time
from typing import Final

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings
from portal.commands.progress import working
from portal.errors import Refused, Unavailable
from portal.mailroom import Mailroom, Round, mailroom_of
from portal.services.mailing.relay import waiting

_OTHERS_SECONDS: Final = 5.0
_STEP_SECONDS: Final = 0.2


def send() -> None:
    """Raises Refused: letters are not set up; Unavailable: the mail server takes none."""
    settings = effective_settings()
    demand(settings.database_url)
    with backend_of(settings.database_url) as backend:
        mailroom = mailroom_of(settings, backend)
        if mailroom is None:
            raise Refused(
                "Письма не настроены. Задайте ZHKH_SMTP_URL и ZHKH_MAIL_FROM "
                "и не выключайте menu_notices и menu_profile"
            )
        with working("Отправляю письма"):
            done = _all(mailroom)
        typer.echo(_told(done, backend))
    if done.trouble:
        raise Unavailable(f"Почтовый сервер не берет письма: {done.trouble}")


def _all(mailroom: Mailroom) -> Round:
    """Rounds until nothing is due any more, or the server takes nothing."""
    whole, until = Round(), time.monotonic() + _OTHERS_SECONDS
    while True:
        done = mailroom.carry()
        whole.add(done)
        if done.is_busy and time.monotonic() < until:
            time.sleep(_STEP_SECONDS)
        elif not done.sent:
            return whole


def _told(done: Round, backend: Backend) -> str:
    left = backend.read_now(waiting)
    busy = " Остальные сейчас отправляет другой процесс портала." if done.is_busy else ""
    return (
        f"Отправлено писем: {done.sent}, не взято: {done.failed}, "
        f"больше не будет попыток: {done.given_up}. Ждут: {left}.{busy}"
    )
