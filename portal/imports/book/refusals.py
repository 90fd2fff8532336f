"""Acts that nobody was let in to check a meter; the day on which somebody was comes later."""

from collections.abc import Iterator
from datetime import date

from portal.domain.charging.methods import Fallback
from portal.domain.period import short_day_text
from portal.imports.book.desk import Desk
from portal.imports.book.directory import columns
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry
from portal.imports.book.known_month import SHELVED
from portal.imports.book.reading import Row
from portal.imports.book.registers import Register, metered_register_of

_SHELVED = SHELVED["refusals"]
_KEPT = Manner(
    _SHELVED.table,
    _SHELVED.model,
    fixed=frozenset({"document"}),
    settled={"admitted_on": "", "admitted_value": ""},
)


def keep_refusals(desk: Desk) -> None:
    """After the meters that they are about."""
    keep(desk, _KEPT, list(_plans(desk)))


def _plans(desk: Desk) -> Iterator[Plan]:
    for row, _ in desk.rows(_SHELVED.table):
        register = metered_register_of(desk, row)
        key = (*register.ids, row["refused_on"])
        if desk.claims(row, _SHELVED.table, key):
            for fault in _faults(desk, row, register) if row.is_whole else ():
                desk.complain(row, fault)
            own: Entry = {"account_id": key[0], "service_id": key[1]}
            yield Plan(row, key, columns(row, _SHELVED.model) | own)


def _faults(desk: Desk, row: Row, register: Register) -> Iterator[str]:
    refused, admitted = row["refused_on"], row.get("admitted_on")
    today = desk.today(register.zone)
    for day in (refused, admitted):
        if day is not None and day > today:
            yield f"дата {short_day_text(day)} ещё не наступила"
    if (admitted is None) is not ("admitted_value" not in row.values):
        yield "«admitted_on» и «admitted_value» пишут вместе: когда проверили и что увидели"
    if admitted is not None and admitted < refused:
        yield "допуск раньше недопуска"
    if register.service.get("fallback") == Fallback.NONE:
        yield "услуга начисляется только по показаниям: сначала дайте ей «fallback»"
    if not _has_meter(desk, row, register):
        yield "счетчик, к которому не пустили, не описан"
    if before := _open_before(desk, row, register):
        yield f"недопуск от {short_day_text(before)} ещё не окончен: укажите у него «admitted_on»"


def _has_meter(desk: Desk, row: Row, register: Register) -> bool:
    return any(
        tuple(ids) == register.ids and installed_on <= row["refused_on"]
        for *ids, installed_on in desk.known["meters"].by_key
    )


def _open_before(desk: Desk, row: Row, register: Register) -> date | None:
    """The day of an act before it after which nobody was let in by then."""
    acts: list[tuple[date, date | None]] = [
        (refused_on, entry["admitted_on"])
        for (*ids, refused_on), entry in desk.known["refusals"].by_key.items()
        if tuple(ids) == register.ids
    ]
    acts += [
        (each["refused_on"], each.get("admitted_on"))
        for each, _ in desk.rows("refusals")
        if (each["account"], each["service"]) == (row["account"], row["service"])
    ]
    told = dict(sorted(acts, key=lambda act: (act[0], act[1] is not None)))
    return next(
        (
            refused
            for refused, admitted in told.items()
            if refused < row["refused_on"] and (admitted is None or admitted > row["refused_on"])
        ),
        None,
    )
