"""Putting a book into the database: everything, or nothing and all its faults."""

from datetime import datetime

from portal.db import journal
from portal.db.notices import Event
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.imports.book.chains import keep_readings, posting_moments
from portal.imports.book.channels import keep_channels
from portal.imports.book.charges import keep_charges
from portal.imports.book.consumption import consumptions
from portal.imports.book.desk import Desk
from portal.imports.book.directory import keep_directory
from portal.imports.book.faults import BookFaults
from portal.imports.book.invoices import keep_invoices
from portal.imports.book.known import Known, gather_directory
from portal.imports.book.known_month import gather_month
from portal.imports.book.late_facts import note_late_facts
from portal.imports.book.meters import keep_meters
from portal.imports.book.month import keep_month
from portal.imports.book.notices import keep_notices
from portal.imports.book.payments import keep_payments
from portal.imports.book.promise_terms import keep_promise_terms
from portal.imports.book.reading import Book
from portal.imports.book.refusals import keep_refusals
from portal.imports.book.report import LoadReport, report_of
from portal.imports.book.rollovers import rollover_warnings


def load_book(session: Session, officer: Officer, book: Book, now: datetime) -> LoadReport:
    """Add what is new, change descriptions that differ, leave the rest.

    Raises BookFaults with all that is wrong, those of `book.faults` included; the caller's
    transaction must then be rolled back, for the rows that were right are in it.
    """
    desk = Desk(session, book, now, _known(session, book), list(book.faults))
    keep_directory(desk)
    keep_channels(desk)
    keep_promise_terms(desk)
    keep_month(desk)
    registers = keep_meters(desk)
    keep_refusals(desk)
    keep_readings(desk, registers, posting_moments(book.rows["charges"]))
    used = consumptions(desk)
    keep_charges(desk, used)
    keep_invoices(desk)
    keep_payments(desk)
    keep_notices(desk)
    if desk.faults:
        raise BookFaults(desk.faults)
    _keep_events(desk)
    warnings = (*rollover_warnings(desk, used), *note_late_facts(desk))
    report = report_of(book.name, desk.tallies, warnings)
    if report.new or report.changed:
        journal.note(session, file=book.name, officer=officer.name, changed=desk.changes)
    return report


def _known(session: Session, book: Book) -> Known:
    known = Known(session)
    gather_directory(known, book)
    gather_month(known, book)
    return known


def _keep_events(desk: Desk) -> None:
    """In the order in which they happened, so that ids tell it too."""
    events = sorted(desk.events, key=lambda event: event["happened_at"])
    journal.add_all(desk.session, Event, events)
