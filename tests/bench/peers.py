"""What stands beside us, each a server of its own: `python -m tests.bench.peers KIND PORT`.

hello    NiceGUI's smallest page with a button that the server answers
plain    the content of our «ЖКХ» as one server-rendered page without any script
usual    «ЖКХ» built the way NiceGUI's examples do (see `usual.py`)
"""

import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware

from portal.backend import Backend
from portal.domain.feed import EventKind
from portal.domain.identity import ResidentId
from portal.services.registers import devices
from portal.services.side_block import side_block
from tests.bench.usual import usual_page

DATABASE = "BENCH_DATABASE"
PAINTED = "BENCH_PAINTED"


def hello(app: FastAPI) -> None:
    def root() -> None:
        answer = ui.label("Hello")
        ui.button("Say", on_click=lambda: answer.set_text("answered"))

    ui.run_with(app, root=root)


def plain(app: FastAPI) -> None:
    html = Path(os.environ[PAINTED]).read_text()
    app.add_middleware(GZipMiddleware)

    @app.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(html)

    @app.post("/zkh/check")
    def check() -> HTMLResponse:
        return HTMLResponse(html.replace("<main", '<p class="answered">answered</p><main', 1))


def usual(app: FastAPI) -> None:
    backend = Backend(os.environ[DATABASE])
    who = ResidentId(int(os.environ["BENCH_RESIDENT"]))

    async def root() -> None:
        kinds = frozenset(EventKind)
        side = await backend.read(side_block, who, kinds)
        found = await backend.read(
            devices, who, lambda name: name.startswith("zkh_"), "device_serial", backend.clock()
        )
        usual_page(side, found, backend.clock().date())

    ui.run_with(app, root=root)


KINDS: dict[str, Any] = {"hello": hello, "plain": plain, "usual": usual}

if __name__ == "__main__":
    application = FastAPI()
    KINDS[sys.argv[1]](application)
    uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
