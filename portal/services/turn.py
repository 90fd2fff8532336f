"""Submissions for the same accounts, one after the other."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.db.accounts import ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.identity import ResidentId

_account, _agreement = table_of(ServiceAccount), table_of(Agreement)
_MINE = select(_agreement.c.id).where(_agreement.c.resident_id == bindparam("resident"))


def take_turn(session: Session, resident: ResidentId, accounts: Collection[int]) -> None:
    """Queue up behind another submission for the same accounts.  The unique keys of readings
    carry correctness; this only spares the loser a repeated transaction.  SQLite's write
    transactions queue by themselves.
    """
    if session.is_postgresql:
        parameters = {"resident": resident} | among("account", accounts)
        session.execute(_lock(places_for(accounts)), parameters)


@cache
def _lock(places: int) -> Select[Any]:
    return (
        select(_account.c.id)
        .where(_account.c.agreement_id.in_(_MINE), is_among(_account.c.id, "account", places))
        .order_by(_account.c.id)
        # Weaker than FOR UPDATE, which would wait for every `load` that refers to the account.
        .with_for_update(key_share=True)
    )
