"""A control: the portal, whose guards against a repeated entry a test can take away.

Run as a program it serves as `zhkh-portal serve` does.  The product has no such switch: each guard
is replaced where it stands, and asks before each entry whether it is to be there.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from portal.services.entry import Entry
from tests.support.forked_server import ForkedServer

KEY = "key"
"""The number of a sending, the same for its repeat."""
REST = "rest"
"""What only happens to notice a repeat as well: the previous value and the sum that were before
the person, and that the very value stands there already."""


class UnguardedServer(ForkedServer):
    _module = __name__

    def goes_without(self, *guards: str) -> None:
        """From the next entry on."""
        _switch(self.data).write_text(" ".join(guards))


def _switch(data: Path) -> Path:
    return data / "guards-off"


def _is_off(guard: str) -> bool:
    return guard in _switch(Path(os.environ["ZHKH_DATA_DIR"])).read_text().split()


def _serve() -> None:
    from pages import zkh_actions
    from portal import app
    from portal.commands.serve import serve
    from portal.services.plan import Planned

    actions, known = vars(zkh_actions), Planned.is_known
    actions["submission_key"] = partial(_key, actions["submission_key"])
    actions["entry_from"] = partial(_entry, actions["entry_from"])
    is_known = property(lambda planned: not _is_off(REST) and known.fget(planned))  # type: ignore[attr-defined] # a property
    Planned.is_known = is_known  # type: ignore[assignment,method-assign] # likewise
    # Only a connection that has carried something before is one that a browser tries again.
    options_of = app.server_options
    vars(app)["server_options"] = lambda known: options_of(known) | {"timeout_keep_alive": 60}
    serve()


def _key(key_of: Callable[[Any], str], form: Any) -> str:
    return secrets.token_hex(16) if _is_off(KEY) else key_of(form)


def _entry(entry_of: Callable[[Any], Entry], form: Any) -> Entry:
    entry = entry_of(form)
    if not _is_off(REST):
        return entry
    values = tuple(replace(each, takes_newest=True) for each in entry.values)
    return replace(entry, values=values, agreed=None)


if __name__ == "__main__":
    _serve()
