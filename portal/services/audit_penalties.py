"""Penalties: every day of delay is reckoned once, and nothing is charged for it twice."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.unset import is_unset
from portal.domain.money import Money
from portal.domain.penalty_stated import PENALTY, stated_before, stated_penalty
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.penalty_keys import LayerKey, layer_of

_charge = table_of(Charge)
_Before = dict[LayerKey, list[Row[Any]]]


def penalty_findings(session: Session) -> Iterator[Finding]:
    rows = stream(session, _penalties())
    for _, own in groupby(rows, key=lambda row: row.agreement_id):
        before: _Before = {}
        for row in own:
            for sentence in _faults(row, before):
                yield Finding(Rule.PENALTY, _charge.name, row.id, sentence)


def _penalties() -> Select[Any]:
    columns = ("id", "agreement_id", "account_id", "service_id", "supplier_id", "key", "period",
               "volume", "amount", "proof")  # fmt: skip
    return (
        select(*(_charge.c[name] for name in columns))
        .where(_charge.c.part == PENALTY, is_unset(_charge.c.reverses_id))
        .order_by(_charge.c.agreement_id, _charge.c.id)
    )


def _faults(row: Row[Any], before: _Before) -> Iterator[str]:
    try:
        amount, charged = stated_penalty(row.proof), stated_before(row.proof)
        layer = layer_of(row.key or "")
    except ValueError:
        yield f"по объяснению пени {row.amount} не пересчитать"
        return
    if layer[1:] != (row.account_id, row.service_id, row.supplier_id or 0):
        yield f"ключ «{row.key}» другой услуги"
    if row.amount != amount:
        yield f"по дням просрочки пени {amount}, а списано {row.amount}"
    earlier = [each for each in before.setdefault(layer, []) if each.period <= row.period]
    known = Money.total(each.amount for each in earlier)
    if charged != known:
        yield f"вычтено начисленное раньше {charged}, а начислено {known}"
    before[layer].append(row)
