"""Пени of a month: of all days of delay up to the end of the month before it, what they come to
beyond what was charged for them already.

So much is known by then that the sum follows from the books alone, and a payment of which one
hears later takes back what was too much.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, select

from portal.db.accounts import ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import UnknownRate
from portal.domain.penalty_stated import PENALTY, charged_proof
from portal.domain.quantity import Quantity
from portal.services.ledger import NewCharge
from portal.services.office.billing.debts import (
    Charged,
    Overdue,
    read_charged,
    read_overdue,
)
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posting import Posting
from portal.services.office.billing.rates import read_rules
from portal.services.office.billing.report import Lacking
from portal.services.penalty_keys import charge_key

_agreement, _account, _service = table_of(Agreement), table_of(ServiceAccount), table_of(Service)
_NOTHING: Final = Charged()
_NO_VOLUME: Final = Quantity(0)
_DAY: Final = timedelta(1)


def penalties(
    session: Session, months: Months, posting: Posting, agreement_ids: Collection[int]
) -> tuple[list[NewCharge], list[Lacking]]:
    """Nothing where the operator charges none, or where the month is closed: what changes then is
    found by the next one that is open.

    Raises Refused: more was allocated to a bill than it asks for.
    """
    if not months.charges_penalty or posting.is_recalculation:
        return [], []
    rules, through = read_rules(session), posting.period.first_day - _DAY
    charged = read_charged(session, posting.period, agreement_ids)
    invoices = {key[0] for key in charged}
    debts = read_overdue(session, agreement_ids, through, months.zone, invoices)
    new: list[NewCharge] = []
    unknown: list[tuple[Overdue, str]] = []
    for overdue in debts:
        try:
            reckoned = penalty(overdue.layer, through, rules)
        except UnknownRate as lack:
            unknown.append((overdue, str(lack)))
            continue
        was = charged.get(overdue.key, _NOTHING)
        if amount := reckoned.beyond(was.amount):
            proof = charged_proof(reckoned, overdue.bill, was.amount)
            new.append(_charge(posting, overdue, was, amount=amount, proof=proof))
    return new, _lacking(session, unknown)


def _charge(posting: Posting, overdue: Overdue, was: Charged, **more: Any) -> NewCharge:  # noqa: ANN401 - columns
    owed = overdue.charge
    return NewCharge(
        agreement_id=owed.agreement_id,
        operator_id=posting.operator_id,
        account_id=owed.account_id,
        service_id=owed.service_id,
        period=posting.into,
        posted_at=posting.at,
        volume=_NO_VOLUME,
        price_id=owed.price_id,
        price=owed.price,
        band_id=owed.band_id,
        key=charge_key(posting.into, overdue.key, was.revisions),
        part=PENALTY,
        for_period=overdue.layer.debt.period,
        supplier_id=owed.supplier_id,
        scheme=owed.scheme,
        **more,
    )


def _lacking(session: Session, unknown: Iterable[tuple[Overdue, str]]) -> list[Lacking]:
    """One for each service of an account and each sentence."""
    told = {
        (overdue.charge.account_id, overdue.charge.service_id, sentence): None
        for overdue, sentence in unknown
    }
    if not told:
        return []
    accounts, services = {key[0] for key in told}, {key[1] for key in told}
    logins = session.execute(_logins(places_for(accounts)), among("account", accounts))
    names = session.execute(_names(places_for(services)), among("service", services))
    by_account = {row.id: row for row in logins}
    by_service = {row.id: row.name for row in names}
    return [
        Lacking(
            by_account[account].number,
            by_account[account].login,
            f"пени, {by_service[service]}",
            sentence,
        )
        for account, service, sentence in told
    ]


@cache
def _logins(places: int) -> Select[Any]:
    return (
        select(_account.c.id, _account.c.login, _agreement.c.number)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .where(is_among(_account.c.id, "account", places))
    )


@cache
def _names(places: int) -> Select[Any]:
    return select(_service.c.id, _service.c.name).where(is_among(_service.c.id, "service", places))
