"""The demonstration's house, made: loaded, charged month by month, billed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.period import Period
from portal.imports.book import LoadReport, load_book
from portal.imports.demo.books import demo_books, papers_book
from portal.imports.demo.supplies import COMPANY, NETWORK
from portal.imports.demo.timeline import Timeline, midnight
from portal.services.office.billing.periods import close_period, operators
from portal.services.office.billing.report import Report
from portal.services.office.billing.run import Order, bill_chunk, chunks


@dataclass(frozen=True, slots=True)
class Made:
    """What was stored."""

    loads: tuple[LoadReport, ...]
    billed: Report

    @property
    def rows(self) -> int:
        return sum(load.new for load in self.loads) + self.billed.posted


@dataclass(frozen=True, slots=True)
class _Office:
    """Who charges the house's months, in the transaction that makes it."""

    session: Session
    officer: Officer
    now: datetime

    def bills(self, order: Order, at: datetime) -> Report:
        some = chunks(self.session, self.officer, order, None)
        done = (bill_chunk(self.session, self.officer, order, each, at) for each in some)
        return sum(done, Report())

    def closes(self, order: Order, at: datetime) -> None:
        close_period(self.session, self.officer, order.operator_id, order.period, at)


def make_demo(session: Session, officer: Officer, today: date, now: datetime) -> Made:
    """All of it or nothing, so that a start cut short leaves nothing half-made.  `today` is the
    house's.
    """
    time, office = Timeline(today), _Office(session, officer, now)
    loads = [load_book(session, officer, book, now) for book in demo_books(today)]
    billed = sum(_months_charged(office, time), Report())
    loads.append(load_book(session, officer, papers_book(session, today), now))
    return Made(tuple(loads), billed)


def _months_charged(office: _Office, time: Timeline) -> Iterator[Report]:
    """Each month at the minute at which it was charged: the network's when it begins, the
    company's when it ends.  What is over is closed.
    """
    for operator in operators(office.session, office.officer, (COMPANY, NETWORK)):
        for period in time.periods:
            order, end = Order(operator.operator_id, period), _begin(period.shifted(1))
            begin = _begin(period) if operator.key == NETWORK else end
            yield office.bills(order, min(begin, office.now))
            if end <= office.now:
                office.closes(order, end)


def _begin(period: Period) -> datetime:
    return midnight(period.first_day).astimezone(UTC)
