"""Facts that come when their month was charged: closed months stay as they are, and each agreement
that is concerned gets a mark by which the next run finds the difference.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.late import LateFact
from portal.db.ledger import Charge
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.period import Period
from portal.services.office.billing.periods import Months

_agreement, _charge = table_of(Agreement), table_of(Charge)


@dataclass(frozen=True, slots=True)
class Span:
    """Months, the first and the last of them included."""

    first: Period
    last: Period

    def within(self, other: "Span") -> "Span | None":
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    def with_(self, other: "Span") -> "Span":
        """From the first of both to the last."""
        return Span(min(self.first, other.first), max(self.last, other.last))


class LateFacts:
    """`months` by the operator.  They are held, so that no run charges a month between the look at
    what was charged and the mark.
    """

    def __init__(self, session: Session, months: Mapping[int, Months], now: datetime) -> None:
        self._session, self._months, self._now = session, months, now
        self._charged: dict[int, Span | None] = {}
        self._marks: dict[int, Span] = {}
        self._what: dict[int, Counter[str]] = defaultdict(Counter)

    def note(
        self, operator_id: int, agreement_ids: Collection[int], months: Span, what: str
    ) -> None:
        """A fact that holds in these months of some of the operator's agreements; `what` is told
        with how often it was noted.  Nothing where no month of them was charged.
        """
        charged = self._charged_by(operator_id)
        late = months.within(charged) if charged else None
        if late is None:
            return
        for agreement_id in agreement_ids:
            known = self._marks.get(agreement_id)
            self._marks[agreement_id] = late.with_(known) if known else late
        if self._months[operator_id].is_closed(late.first):
            self._what[operator_id][what] += 1

    def keep(self) -> None:
        """Store the marks."""
        rows = [
            {"agreement_id": agreement_id, "first_period": late.first, "last_period": late.last,
             "noted_at": self._now}
            for agreement_id, late in sorted(self._marks.items())
        ]  # fmt: skip
        journal.add_all(self._session, LateFact, rows)

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each operator whose closed months are concerned."""
        return tuple(self._sentence(operator_id) for operator_id in sorted(self._what))

    def _charged_by(self, operator_id: int) -> Span | None:
        if operator_id not in self._charged:
            # Held first, or a run beside us could charge what we have just not seen.
            held = self._months[operator_id]
            first, last = self._session.execute(_charged(held.operator_id)).one()
            self._charged[operator_id] = None if first is None else Span(first, last)
        return self._charged[operator_id]

    def _sentence(self, operator_id: int) -> str:
        months, counts = self._months[operator_id], self._what[operator_id]
        listed = ", ".join(f"{what} ({number})" for what, number in sorted(counts.items()))
        into = f" за {months.first_open.title.lower()}" if months.first_open else ""
        return (
            f"{months.name}. За закрытые месяцы стало известно: {listed}. Начисление{into} "
            "учтет это само: разница войдет в него перерасчетом"
        )


def _charged(operator_id: int) -> Select[Any]:
    """The first and the last month; looked up by the agreement, for charges are many."""
    own = _charge.c.agreement_id == _agreement.c.id
    kind = _charge.c.period.type
    each = (
        select(
            select(func.min(_charge.c.period, type_=kind)).where(own).scalar_subquery()
            .label("first"),
            select(func.max(_charge.c.period, type_=kind)).where(own).scalar_subquery()
            .label("last"),
        )
        .where(_agreement.c.operator_id == operator_id)
        .subquery()
    )  # fmt: skip
    return select(func.min(each.c.first, type_=kind), func.max(each.c.last, type_=kind))
