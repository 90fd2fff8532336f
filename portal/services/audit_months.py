"""What the run of a month adds to charges: what they correct, whose money they are, their band."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.tariffs import Band
from portal.domain.charging.line import Part
from portal.domain.settlement import Scheme
from portal.services.audit_finding import Finding, Rule, stream

_charge, _corrected, _band = table_of(Charge), table_of(Charge).alias("corrected"), table_of(Band)


def month_findings(session: Session) -> Iterator[Finding]:
    for row in stream(session, _charges()):
        for sentence in (*_payee_faults(row), *_month_faults(row), *_corrected_faults(row)):
            yield Finding(Rule.MONTH, _charge.name, row.id, sentence)


def _charges() -> Select[Any]:
    """Only those in which something is said beyond what is usual."""
    return (
        select(
            _charge.c.id, _charge.c.agreement_id, _charge.c.account_id, _charge.c.service_id,
            _charge.c.period, _charge.c.part, _charge.c.for_period, _charge.c.corrects_id,
            _charge.c.scheme, _charge.c.supplier_id, _band.c.service_id.label("band_service_id"),
            _corrected.c.agreement_id.label("corrected_agreement_id"),
            _corrected.c.account_id.label("corrected_account_id"),
            _corrected.c.service_id.label("corrected_service_id"),
            _corrected.c.period.label("corrected_period"),
            _corrected.c.for_period.label("corrected_for_period"),
            _corrected.c.scheme.label("corrected_scheme"),
            _corrected.c.supplier_id.label("corrected_supplier_id"),
        )
        .outerjoin(_corrected, _corrected.c.id == _charge.c.corrects_id)
        .outerjoin(_band, _band.c.id == _charge.c.band_id)
        .where(
            (_charge.c.part != Part.BASE)
            | (_charge.c.scheme != Scheme.OWN)
            | _charge.c.supplier_id.is_not(None)
            | _charge.c.for_period.is_not(None)
            | _charge.c.corrects_id.is_not(None)
            | _charge.c.band_id.is_not(None)
        )
    )  # fmt: skip


def _payee_faults(row: Row[Any]) -> Iterator[str]:
    if (row.scheme == Scheme.OWN) != (row.supplier_id is None):
        yield f"схема «{Scheme(row.scheme).label}», а поставщик {row.supplier_id}"
    if row.part == Part.EXCESS and row.scheme != Scheme.OWN:
        yield "повышающий коэффициент начислен не исполнителю"
    if row.band_service_id not in {None, row.service_id}:
        yield "диапазон другой услуги"


def _month_faults(row: Row[Any]) -> Iterator[str]:
    if row.for_period is None:
        return
    if row.part not in {Part.RECALCULATION, "penalty"}:
        yield f"начислено в {row.period} за {row.for_period}, а это не перерасчет"
    elif row.for_period > row.period:
        yield f"перерасчет в {row.period} за {row.for_period}, который был позже"


def _corrected_faults(row: Row[Any]) -> Iterator[str]:
    if row.corrected_agreement_id is None:
        return
    ours = (
        row.agreement_id, row.account_id, row.service_id, row.for_period, row.scheme,
        row.supplier_id,
    )  # fmt: skip
    theirs = (
        row.corrected_agreement_id, row.corrected_account_id, row.corrected_service_id,
        row.corrected_for_period or row.corrected_period, row.corrected_scheme,
        row.corrected_supplier_id,
    )  # fmt: skip
    if ours != theirs:
        yield f"исправляет списание {row.corrects_id} другой услуги, месяца или получателя"
