"""A meter that was not read for longer than a year, and then is."""

from datetime import UTC, date, datetime

from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.support.billed import BEGINNING, BilledHouse, a_billed_house, is_read

_SILENT = 14


def runs(billed: BilledHouse, month: Period) -> None:
    billed.bills(month, datetime(month.year, month.month, 28, 9, tzinfo=UTC))


def test_whatever_was_guessed_becomes_what_was_used(backend):
    """Fourteen months by the norm, all of them closed; in the fifteenth 250 − 100 m³ are read."""
    billed = a_billed_house(backend, flats=1, only=["zkh_cold"])
    months = [Period.of(BEGINNING).shifted(number) for number in range(_SILENT + 1)]
    for month in months[:-1]:
        runs(billed, month)
    last = months[-1]
    billed.closes(months[-2], datetime(last.year, last.month, 2, 9, tzinfo=UTC))
    is_read(billed.meters[0], "250", date(last.year, last.month, 20))
    runs(billed, last)
    corrected = [row[0] for row in billed.charges("for_period") if row[0] is not None]
    assert sorted(corrected) == months[:-1]
    whole = Quantity(sum(row[0].micro for row in billed.charges("volume")))
    assert whole == Quantity.parse("150")
    assert [str(finding) for finding in billed.backend.read_now(audit)] == []
