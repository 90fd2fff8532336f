"""Submitting readings in tests, in few words."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count

from portal.backend import Backend
from portal.domain.identity import ResidentId
from portal.domain.reading import Question
from portal.services.entry import Entry, EntryValue, Scope
from portal.services.submission import Receipt, submit_readings
from tests.builders import SERIAL_FIELD

SCOPE = Scope(lambda external_id: external_id.startswith("zkh"), SERIAL_FIELD)
_keys = count(1)


def an_entry(
    values: Mapping[str, str],
    seen: Mapping[str, int | None] | None = None,
    on: str = "2026-11-24",
    confirmed: Mapping[str, Question] | None = None,
) -> Entry:
    """`values`, `seen` and `confirmed` by the counter's key."""
    known, agreed = seen or {}, confirmed or {}
    return Entry(
        on,
        tuple(
            EntryValue(key, text, known.get(key), frozenset([agreed[key]] if key in agreed else []))
            for key, text in values.items()
        ),
    )


def a_key() -> str:
    return f"test-key-{next(_keys):012}"


def submit(
    backend: Backend, who: ResidentId, entry: Entry, now: datetime, key: str = ""
) -> Receipt:
    return backend.write_now(submit_readings, who, key or a_key(), entry, SCOPE, now)
