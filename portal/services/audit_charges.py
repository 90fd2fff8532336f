"""Every charge: its arithmetic, its month, its reading, its price."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.db.accounts import Meter
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Operator
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Band, Price, Service
from portal.db.unset import is_unset
from portal.domain.charging.fees import ROUBLE
from portal.domain.charging.line import Part
from portal.domain.charging.methods import Method
from portal.domain.charging.stated import priced_on, stated_amount
from portal.domain.meter import Dial
from portal.domain.penalty_stated import PENALTY
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.audit_finding import Finding, Rule, stream, stream_facts
from portal.services.register_state import BY_RESIDENT, OPENING

_charge, _original = table_of(Charge), table_of(Charge).alias("original")
_price, _band, _meter = table_of(Price), table_of(Band), table_of(Meter)
_service = table_of(Service)
_agreement, _operator = table_of(Agreement), table_of(Operator)
_reading, _previous = table_of(Reading), table_of(Reading).alias("previous")
# What a reversal shares with the charge that it reverses.
_SHARED = (
    "agreement_id", "account_id", "service_id", "reading_id", "price_id", "price", "part",
    "for_period", "band_id", "supplier_id", "scheme",
)  # fmt: skip


def charge_findings(session: Session) -> Iterator[Finding]:
    """References that lead nowhere are `reference_findings`' to tell."""
    for row in stream(session, _charges()):
        for sentence in (*_sum_faults(row), *_reading_faults(row)):
            yield Finding(Rule.CHARGE, _charge.name, row.id, sentence)
    for facts in stream_facts(session, _reversals()):
        for sentence in _reversal_faults(facts):
            yield Finding(Rule.CHARGE, _charge.name, facts["id"], sentence)
    for row in stream(session, _charged_twice()):
        sentence = f"по этим показаниям действуют списания числом {row.charges}"
        yield Finding(Rule.CHARGE, _reading.name, row.id, sentence)
    for row in stream(session, _charged_in_vain()):
        sentence = f"показания исправлены, а их списание {row.charge_id} не сторнировано"
        yield Finding(Rule.CHARGE, _reading.name, row.id, sentence)
    for row in stream(session, _uncharged()):
        yield Finding(Rule.CHARGE, _reading.name, row.id, "по этим показаниям ничего не списано")


def _charges() -> Select[Any]:
    return (
        select(
            _charge.c.id, _charge.c.account_id, _charge.c.service_id, _charge.c.reading_id,
            _charge.c.reverses_id, _charge.c.period, _charge.c.posted_at, _charge.c.volume,
            _charge.c.price, _charge.c.amount, _charge.c.part, _charge.c.proof,
            _operator.c.timezone, _service.c.method, _band.c.price.label("band_price"),
            _price.c.service_id.label("priced_service_id"), _price.c.valid_from,
            _price.c.price.label("listed_price"),
            _reading.c.account_id.label("read_account_id"),
            _reading.c.service_id.label("read_service_id"), _reading.c.value, _reading.c.source,
            _reading.c.taken_on,
            _previous.c.value.label("previous_value"),
            _meter.c.integer_digits, _meter.c.fraction_digits,
        )
        .outerjoin(_agreement, _agreement.c.id == _charge.c.agreement_id)
        .outerjoin(_operator, _operator.c.id == _agreement.c.operator_id)
        .outerjoin(_service, _service.c.id == _charge.c.service_id)
        .outerjoin(_price, _price.c.id == _charge.c.price_id)
        .outerjoin(_band, _band.c.id == _charge.c.band_id)
        .outerjoin(_reading, _reading.c.id == _charge.c.reading_id)
        .outerjoin(_previous, _previous.c.id == _reading.c.previous_id)
        .outerjoin(_meter, _meter.c.id == _reading.c.meter_id)
    )  # fmt: skip


def _sum_faults(row: Row[Any]) -> Iterator[str]:
    yield from _amount_faults(row)
    if row.timezone is not None:
        zone = ZoneInfo(row.timezone)
        period = Period.at(row.posted_at, zone)
        if row.period != period:
            yield f"проведено в {period}, а стоит в {row.period}"
        yield from _day_faults(row, row.posted_at.astimezone(zone).date())
    if row.listed_price is not None:
        listed = row.listed_price if row.band_price is None else row.band_price
        is_rated = row.method == Method.USAGE and row.price == ROUBLE
        if listed != row.price and not is_rated:
            yield f"цена {row.price}, а в тарифе {listed}"
        if row.priced_service_id != row.service_id:
            yield "цена другой услуги"


def _amount_faults(row: Row[Any]) -> Iterator[str]:
    """Of a reversal its pair tells, of a penalty its days (`audit_penalties`)."""
    if row.part == PENALTY or (row.reverses_id is not None and row.part != Part.BASE):
        return
    try:
        amount = stated_amount(Part(row.part), row.volume, row.price, row.proof)
    except ValueError:
        yield f"по объяснению сумму {row.amount} не пересчитать"
        return
    if row.amount != amount:
        yield f"{row.volume} × {row.price} = {amount}, а списано {row.amount}"


def _day_faults(row: Row[Any], posted_on: date) -> Iterator[str]:
    """Lines of a month are at the prices of its days, whenever it is posted; a reversal has the
    price of what it reverses.
    """
    if row.reverses_id is not None:
        return
    try:
        day = priced_on(row.proof) or posted_on
    except ValueError:
        yield "в объяснении нет дня, цена которого взята"
        return
    if row.valid_from is not None and row.valid_from > day:
        yield "цена тогда ещё не действовала"


def _reading_faults(row: Row[Any]) -> Iterator[str]:
    if row.value is None:
        return
    if (row.read_account_id, row.read_service_id) != (row.account_id, row.service_id):
        yield "показания другого счетчика"
    if row.reverses_id is not None:
        return
    if row.source == OPENING or row.previous_value is None:
        yield "показания первые, они ничего не списывают"
        return
    if row.timezone is not None:
        posted_on = row.posted_at.astimezone(ZoneInfo(row.timezone)).date()
        if posted_on < row.taken_on:
            yield f"проведено {posted_on.isoformat()}, раньше, чем сняты показания"
    used = _used(Dial(row.integer_digits, row.fraction_digits), row.previous_value, row.value)
    if used != row.volume:
        yield f"по показаниям расход {used}, а списан {row.volume}"


def _used(dial: Dial, previous: Quantity, current: Quantity) -> Quantity:
    """The difference, over the end of the dial where it went down."""
    rolled = dial.rolled_over(previous, current)
    return current - previous if rolled is None else rolled


def _reversals() -> Select[Any]:
    pairs = [(_charge.c[name], _original.c[name].label(f"original_{name}")) for name in _SHARED]
    return select(
        _charge.c.id, _charge.c.volume, _charge.c.amount,
        _original.c.volume.label("original_volume"), _original.c.amount.label("original_amount"),
        _original.c.reverses_id.label("original_reverses_id"),
        *(column for pair in pairs for column in pair),
    ).join(_original, _original.c.id == _charge.c.reverses_id)  # fmt: skip


def _reversal_faults(facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["original_reverses_id"] is not None:
        yield "сторно сторнирует другое сторно"
    for name in ("amount", "volume"):
        if facts[name] != -facts[f"original_{name}"]:
            yield f"сторно {facts[name]} не обратно списанию {facts[f'original_{name}']}"
    strange = [name for name in _SHARED if facts[name] != facts[f"original_{name}"]]
    if strange:
        yield f"сторно расходится со списанием: {', '.join(strange)}"


def _charged_twice() -> Select[Any]:
    """Readings with more than one charge that stands."""
    return (
        select(_charge.c.reading_id.label("id"), func.count().label("charges"))
        .where(_charge.c.reading_id.is_not(None), _stands())
        .group_by(_charge.c.reading_id)
        .having(func.count() > 1)
    )


def _charged_in_vain() -> Select[Any]:
    """Superseded readings with a charge that stands."""
    newer = _reading.alias("newer")
    return (
        select(_reading.c.id, _charge.c.id.label("charge_id"))
        .join(newer, newer.c.supersedes_id == _reading.c.id)
        .join(_charge, _charge.c.reading_id == _reading.c.id)
        .where(_stands())
    )


def _uncharged() -> Select[Any]:
    """Residents' readings that follow another and have no charge, not even one of nothing, of a
    service that is charged as they come.  Of the operator's own a file may bring some that were
    charged elsewhere.
    """
    charges = select(_charge.c.id).where(
        _charge.c.reading_id == _reading.c.id, is_unset(_charge.c.reverses_id)
    )
    return (
        select(_reading.c.id)
        .join(_service, _service.c.id == _reading.c.service_id)
        .where(
            _reading.c.source == BY_RESIDENT,
            _reading.c.previous_id.is_not(None),
            _service.c.method == Method.METERED,
            ~charges.exists(),
        )
    )


def _stands() -> ColumnElement[bool]:
    """Whether a charge is neither a reversal nor reversed."""
    reversal = _charge.alias("reversal")
    is_reversed = select(reversal.c.id).where(reversal.c.reverses_id == _charge.c.id).exists()
    return is_unset(_charge.c.reverses_id) & ~is_reversed
