"""The portal's own documents: their numbers, their figures, what one of them says of another."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, select

from portal.db.base import table_of
from portal.db.invoices import Invoice, InvoiceLine
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.charging.line import Part
from portal.domain.money import ZERO
from portal.domain.settlement import Scheme
from portal.services.audit_figures import figure_findings
from portal.services.audit_finding import Finding, Rule, stream

_invoice, _line, _charge = table_of(Invoice), table_of(InvoiceLine), table_of(Charge)
_original, _reversed = _invoice.alias("original"), _charge.alias("reversed")
_taken, _back = _line.alias("taken"), _line.alias("back")
_FIGURES = ("opening", "charged", "recalculated", "penalty", "paid")
_SAME = ("operator_id", "agreement_id", "supplier_id", "period")


def document_findings(session: Session) -> Iterator[Finding]:
    """Gaps in numbers, figures that the lines do not give, cancellations that are not the
    opposite, lines of another payee.
    """
    for row in session.execute(_counted()):
        if (row.first, row.last) != (1, row.count):
            sentence = (
                f"исполнитель {row.operator_id}, {row.year} год: документов {row.count}, "
                f"а номера с {row.first} по {row.last}"
            )
            yield Finding(Rule.DOCUMENT, _invoice.name, 0, sentence)
    yield from figure_findings(session)
    for rows, faults in (
        (_figured(), _figure_faults), (_cancelled(), _cancelling_faults),
        (_lines(), _payee_faults), (_pairs(), _pair_faults),
    ):  # fmt: skip
        for row in stream(session, rows):
            for sentence in faults(row):
                yield Finding(Rule.DOCUMENT, _invoice.name, row.id, sentence)


def _counted() -> Select[Any]:
    sequence = _invoice.c.sequence
    return (
        select(
            _invoice.c.operator_id, _invoice.c.year, func.count().label("count"),
            func.min(sequence).label("first"), func.max(sequence).label("last"),
        )
        .where(sequence.is_not(None))
        .group_by(_invoice.c.operator_id, _invoice.c.year)
        .order_by(_invoice.c.operator_id, _invoice.c.year)
    )  # fmt: skip


def _figured() -> Select[Any]:
    """Each document that has figures, with what its lines give."""
    is_penalty = _charge.c.part == "penalty"
    is_earlier = (_charge.c.part == Part.RECALCULATION) | (_reversed.c.period != _charge.c.period)
    sums = (
        select(
            _line.c.invoice_id,
            _sum_where(is_penalty).label("penalty"),
            _sum_where(is_earlier & ~is_penalty).label("recalculated"),
        )
        .join(_charge, _charge.c.id == _line.c.charge_id)
        .outerjoin(_reversed, _reversed.c.id == _charge.c.reverses_id)
        .group_by(_line.c.invoice_id)
        .subquery()
    )
    return (
        select(
            _invoice.c.id, _invoice.c.kind, _invoice.c.sequence, _invoice.c.year,
            _invoice.c.issued_on, _invoice.c.total, *(_invoice.c[name] for name in _FIGURES),
            sums.c.penalty.label("lines_penalty"), sums.c.recalculated.label("lines_recalculated"),
        )
        .outerjoin(sums, sums.c.invoice_id == _invoice.c.id)
        .where(_invoice.c.sequence.is_not(None) | _invoice.c.charged.is_not(None))
    )  # fmt: skip


def _sum_where(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, _line.c.amount), else_=literal(ZERO, MoneyType)))


def _figure_faults(row: Row[Any]) -> Iterator[str]:
    if row.year not in {None, row.issued_on.year}:
        yield f"выставлен {row.issued_on:%d.%m.%Y}, а номер {row.year} года"
    figures = (row.charged, row.recalculated, row.penalty)
    if None in figures:
        # A loaded document has none, nor has what cancels it.
        if row.kind == "month" or set(figures) != {None}:
            yield "в счете нет его сумм"
        return
    if row.kind == "month" and None in {row.opening, row.paid}:
        yield "в счете нет долга на начало или оплаты"
    if sum(figures, ZERO) != row.total:
        yield f"начисления, перерасчеты и пени дают {sum(figures, ZERO)}, а итог {row.total}"
    for name, figure, lines in (
        ("перерасчеты", row.recalculated, row.lines_recalculated or ZERO),
        ("пени", row.penalty, row.lines_penalty or ZERO),
    ):
        if figure != lines:
            yield f"{name} {figure}, а строки дают {lines}"


def _cancelled() -> Select[Any]:
    theirs = [_original.c[name].label(f"original_{name}") for name in (*_SAME, "total", "kind")]
    ours = [_invoice.c[name] for name in ("id", "total", *_SAME)]
    return select(*ours, *theirs).join(_original, _original.c.id == _invoice.c.cancels_id)


def _cancelling_faults(row: Row[Any]) -> Iterator[str]:
    if row.original_kind != "month":
        yield "отменяет документ, который сам отменяет другой"
    if row.total != -row.original_total:
        yield f"отменяет счет на {row.original_total}, а сам на {row.total}"
    if any(getattr(row, name) != getattr(row, f"original_{name}") for name in _SAME):
        yield "отменяет счет другого договора, месяца или получателя"


def _lines() -> Select[Any]:
    return (
        select(
            _invoice.c.id, _invoice.c.supplier_id, _invoice.c.kind, _line.c.turn,
            _line.c.position, _charge.c.scheme, _charge.c.supplier_id.label("charged_for"),
        )
        .join(_line, _line.c.invoice_id == _invoice.c.id)
        .join(_charge, _charge.c.id == _line.c.charge_id)
    )  # fmt: skip


def _payee_faults(row: Row[Any]) -> Iterator[str]:
    payee = row.charged_for if row.scheme == Scheme.DIRECT else None
    if row.supplier_id != payee:
        yield f"строка {row.position}: деньги не этого получателя"
    if (row.kind == "cancellation") != bool(row.turn % 2):
        yield f"строка {row.position}: очередь {row.turn} не для такого документа"


def _pairs() -> Select[Any]:
    """Each line of a document that was cancelled, and what stands in its place."""
    return (
        select(
            _invoice.c.id, _taken.c.position, _taken.c.amount, _taken.c.charge_id, _taken.c.turn,
            _back.c.amount.label("back"), _back.c.charge_id.label("back_charge_id"),
            _back.c.turn.label("back_turn"),
        )
        .join(_taken, _taken.c.invoice_id == _invoice.c.cancels_id)
        .outerjoin(
            _back,
            (_back.c.invoice_id == _invoice.c.id) & (_back.c.position == _taken.c.position),
        )
    )  # fmt: skip


def _pair_faults(row: Row[Any]) -> Iterator[str]:
    expected = (-row.amount, row.charge_id, row.turn + 1)
    if (row.back, row.back_charge_id, row.back_turn) != expected:
        yield f"строка {row.position} не обратна строке отмененного счета"
