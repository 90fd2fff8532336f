"""The real front, router and sockets around pages that fit on a screen of code.

`python -m tests.support.small_portal`: what is tested with it is everything between the network
and the pages, whatever the pages show.
"""

import asyncio
import os
from dataclasses import dataclass

import uvicorn
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import JSONResponse, RedirectResponse, Response

from pages.screen import Asked, Route, Screen
from portal.app import create_app, server_options
from portal.backend import Backend
from portal.config import load_settings
from portal.domain.identity import ResidentId
from portal.errors import NotFound
from portal.services.sessions import (
    Browser,
    end_all_sessions,
    end_session,
    start_session,
)
from portal.web import body, connection, live, logs, standing
from portal.web.addresses import own_address

SECRET = "Тайна-7319"
"""What a fault's text holds and nobody may be shown."""


@dataclass
class Board:
    """The one thing that pages show and actions change."""

    note: str = "Пусто"
    slow_reads: int = 0


board = Board()
actions = APIRouter()


def frame(title: str, body: str = "") -> Screen:
    html = Markup(
        '<div class="zh-app"><a href="#zh-main">К содержанию</a><nav><a href="/">Главная</a> '
        '<a href="/charges?period=2014-05">Расходы</a> <a href="/long">Длинная</a></nav>'
        '<main id="zh-main" tabindex="-1"><h1>{}</h1>{}</main></div>'
    ).format(title, body)
    return Screen(title, html)


async def home(asked: Asked) -> Screen:
    body = Markup(
        '<p id="who">{}</p><p id="note">{}</p><form method="post" action="/note">'
        '<input name="note"><details><summary>Ещё</summary><p>Подробности</p></details></form>'
    ).format(asked.resident, board.note)
    return frame("Главная", body)


async def charges(asked: Asked) -> Screen:
    period = asked.query.get("period", "2026-11")
    year, month = (int(part) for part in period.split("-"))
    body = Markup(
        '<p id=period>{}</p><p id=agreement>{}</p><a id=next href="/charges?period={}-{:02}">›</a>'
        '<form action="/charges"><input type=hidden name=period value="{}">'
        "<select name=agreement><option>A<option>B</select><button>Показать</button></form>"
    ).format(period, asked.query.get("agreement", ""), year, month % 12 + 1, period)
    return frame(f"Расходы за {period}", body)


async def service(asked: Asked) -> Screen:
    if asked.parameters["account"] != "17":
        raise NotFound
    return frame("Услуга", Markup("<p id=service>{}</p>").format(asked.parameters["service"]))


async def long(_asked: Asked) -> Screen:
    lines = Markup("").join(Markup("<p>Строка {}</p>").format(number) for number in range(200))
    return frame("Длинная", lines + Markup('<a id="far" href="/charges?period=2014-05">Дальше</a>'))


async def slow(_asked: Asked) -> Screen:
    """Reads first and is long in drawing what it has read."""
    note = board.note
    board.slow_reads += 1
    await asyncio.sleep(float(os.environ.get("SMALL_SLOW_SECONDS", "1")))
    return frame("Медленная", Markup('<p id="note">{}</p>').format(note))


async def broken(_asked: Asked) -> Screen:
    raise RuntimeError(SECRET)


async def sign_in(_asked: Asked) -> Screen:
    return frame(
        "Вход", Markup('<form method="post" action="/login"><input name="resident"></form>')
    )


async def new_password(_asked: Asked) -> Screen:
    return frame("Новый пароль")


ROUTES = (
    Route("/", home),
    Route("/charges", charges),
    Route("/zkh/{account}/{service}", service),
    Route("/long", long),
    Route("/slow", slow),
    Route("/broken", broken),
    Route("/closed", home, is_offered=lambda _flags: False),
    Route("/login", sign_in, is_public=True),
    Route("/password", new_password),
)


@actions.post("/login")
async def enter(request: Request) -> Response:
    state = request.app.state
    form = await request.form()
    resident = ResidentId(int(str(form["resident"])))
    now = state.backend.clock()
    session = await state.backend.write(
        start_session, resident, Browser("127.0.0.1"), now, remembered=False
    )
    answer = RedirectResponse(own_address(str(form.get("next", ""))), 303)
    state.cookie.give(answer, session.token, remembered=session.remembered)
    return answer


@actions.post("/logout")
async def leave(request: Request) -> Response:
    state, signed_in = request.app.state, request.scope["zhkh"]
    now = state.backend.clock()
    ended = await state.backend.write(end_session, signed_in.resident, signed_in.session_id, now)
    await live.end(ended)
    answer = RedirectResponse("/login", 303)
    state.cookie.take(answer)
    return answer


@actions.post("/everywhere")
async def leave_everywhere(request: Request) -> Response:
    backend: Backend = request.app.state.backend
    signed_in = request.scope["zhkh"]
    await live.end(await backend.write(end_all_sessions, signed_in.resident, backend.clock()))
    return RedirectResponse("/login", 303)


@actions.post("/note")
async def write_note(request: Request) -> Response:
    form = await request.form()
    board.note = str(form["note"])
    await live.refresh(request.scope["zhkh"].resident)
    return JSONResponse({"state": "done"})


@actions.post("/broken")
async def break_down(_request: Request) -> Response:
    raise RuntimeError(SECRET)


@actions.get("/slow-reads")
async def slow_reads() -> int:
    return board.slow_reads


@actions.post("/echo")
async def echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse({"bytes": len(body), "from": request.client and request.client.host})


def main() -> None:
    settings = load_settings(os.environ)
    standing.RECHECK_SECONDS = float(os.environ.get("SMALL_RECHECK_SECONDS", "10"))
    patience = os.environ.get("SMALL_PATIENCE_SECONDS", "30")
    body.PATIENCE_SECONDS = connection.HEAD_SECONDS = float(patience)
    connection.MOST_CONNECTIONS = int(os.environ.get("SMALL_MOST_CONNECTIONS", "4000"))
    logs.configure()
    backend = Backend(settings.database_url)
    app = create_app(settings, backend, routes=ROUTES, actions=[actions])
    uvicorn.run(app, **server_options(settings))


if __name__ == "__main__":
    main()
