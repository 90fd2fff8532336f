"""The rates that penalties take, from their tables."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from portal.db.base import table_of
from portal.db.rates import KeyRate, RateCap
from portal.db.session import Session
from portal.domain.penalty_rules import CAPS, Rules
from portal.domain.percent import Percent
from portal.domain.timeline import Since

_rate, _cap = table_of(KeyRate), table_of(RateCap)


def read_rules(session: Session) -> Rules:
    """The law's own caps hold where the table of caps is empty."""
    rates = session.execute(select(_rate).order_by(_rate.c.valid_from))
    caps = list(session.execute(select(_cap).order_by(_cap.c.valid_from)))
    return Rules(
        key_rates=tuple(Since(row.valid_from, Percent(row.percent.micro)) for row in rates),
        caps=tuple(_caps(caps)) or CAPS,
    )


def _caps(rows: Sequence[Row[Any]]) -> Iterator[Since[Percent | None]]:
    """A cap ends with its last day, unless the next one begins then."""
    begins = {row.valid_from for row in rows}
    for row in rows:
        yield Since(row.valid_from, Percent(row.percent.micro))
        after = row.valid_to + timedelta(1)
        if after not in begins:
            yield Since(after, None)
