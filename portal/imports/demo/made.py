"""The demonstration's house, made: loaded, then charged, invoiced and paid for month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from portal.db.session import Session
from portal.domain.identity import Officer
from portal.imports.book import Book, LoadReport, load_book
from portal.imports.demo.afterwards import give_back, give_word
from portal.imports.demo.books import demo_books, mistaken_book, payments_book
from portal.imports.demo.supplies import COMPANY, NETWORK
from portal.imports.demo.timeline import Timeline, midnight
from portal.services.office.billing.periods import close_period, operators
from portal.services.office.billing.report import Report
from portal.services.office.billing.run import Order, bill_chunk, chunks
from portal.services.office.invoicing.run import Issued, issue_chunk


@dataclass(frozen=True, slots=True)
class Made:
    """What was stored."""

    loads: tuple[LoadReport, ...]
    billed: Report = field(default_factory=Report)
    issued: Issued = field(default_factory=Issued)

    def __add__(self, other: "Made") -> "Made":
        return Made(
            self.loads + other.loads, self.billed + other.billed, self.issued + other.issued
        )

    @property
    def rows(self) -> int:
        loaded = sum(load.new for load in self.loads)
        return loaded + self.billed.posted + self.billed.penalties + self.issued.documents


@dataclass(frozen=True, slots=True)
class _Office:
    """Who runs the house's months, in the transaction that makes it."""

    session: Session
    officer: Officer
    now: datetime

    def loads(self, books: Iterable[Book]) -> tuple[LoadReport, ...]:
        return tuple(load_book(self.session, self.officer, book, self.now) for book in books)

    def bills(self, order: Order, at: datetime) -> Report:
        some = chunks(self.session, self.officer, order, None)
        return sum(
            (bill_chunk(self.session, self.officer, order, each, at) for each in some), Report()
        )

    def closes(self, order: Order, at: datetime) -> None:
        close_period(self.session, self.officer, order.operator_id, order.period, at)

    def issues(self, order: Order, at: datetime) -> Issued:
        some = chunks(self.session, self.officer, order, None)
        return sum(
            (issue_chunk(self.session, self.officer, order, each, at) for each in some), Issued()
        )


def make_demo(session: Session, officer: Officer, today: date, now: datetime) -> Made:
    """All of it or nothing, so that a start cut short leaves nothing half-made.  `today` is the
    house's.
    """
    time, office = Timeline(today), _Office(session, officer, now)
    made = Made(office.loads(demo_books(today)))
    ids = [each.operator_id for each in operators(session, officer, (COMPANY, NETWORK))]
    for period in time.periods:
        made += _month(office, [Order(each, period) for each in ids], time)
    made += Made(office.loads([mistaken_book(now)]))
    give_back(session, officer.name, now)
    give_word(session, now)
    return made


def _month(office: _Office, orders: Sequence[Order], time: Timeline) -> Made:
    """As an office does it: in the minute in which the month ends it is charged, closed and
    invoiced, then comes what the house pays.  This month is only charged.
    """
    period = orders[0].period
    end = midnight(period.shifted(1).first_day).astimezone(UTC)
    billed = sum((office.bills(order, min(end, office.now)) for order in orders), Report())
    if end > office.now:
        return Made((), billed)
    for order in orders:
        office.closes(order, end)
    issued = sum((office.issues(order, end) for order in orders), Issued())
    return Made(office.loads([payments_book(office.session, time, period)]), billed, issued)
