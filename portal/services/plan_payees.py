"""Whose the money of planned readings is: by the terms of the day on which they were taken."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.db.session import Session
from portal.domain.payee import Payee, payee_on
from portal.domain.timeline import Timeline
from portal.services.plan import Planned
from portal.services.terms import terms_of


def payees_of(session: Session, planned: Sequence[Planned], taken_on: date) -> list[Payee]:
    """In the order given.  The terms of today came with the counters: only where they are younger
    than the readings the earlier ones are asked for.
    """
    younger = {
        plan.state.service_id
        for plan in planned
        if plan.state.terms is not None and plan.state.terms.valid_from > taken_on
    }
    earlier = terms_of(session, younger) if younger else {}
    return [_payee(plan, earlier, taken_on) for plan in planned]


def _payee(plan: Planned, earlier: Mapping[int, Timeline[Payee]], taken_on: date) -> Payee:
    """A correction keeps its original's, as it keeps the price."""
    if plan.corrects is not None and plan.corrects.charge is not None:
        return plan.corrects.charge.payee
    today = (plan.state.terms,) if plan.state.terms is not None else ()
    return payee_on(earlier.get(plan.state.service_id, today), taken_on)
