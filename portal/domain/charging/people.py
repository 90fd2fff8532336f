"""Services by norm, of which a temporary absence is taken off where no meter can be fitted."""

from collections.abc import Sequence

from portal.domain.charging.absence import absence
from portal.domain.charging.case import Case
from portal.domain.charging.facts import Quantities
from portal.domain.charging.line import Line
from portal.domain.charging.norm import by_norm, by_raised_norm, dwellers, naming_owners
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Since, Timeline, pieces, value_on

_ONE = Quantity(SCALE)


def norm(case: Case, days: Days) -> tuple[Line, ...]:
    """That no meter can be fitted is what the method says, unless the account says otherwise."""
    service, premises = case.service, case.premises
    people = dwellers(premises.persons, premises.owners)
    lines = naming_owners(by_norm(days, people, service.norm, service.prices), people)
    if not premises.absences:  # nearly always
        return lines
    return lines + absences(case, _impossible(case, days, unsaid=True))


def raised_norm(case: Case, days: Days) -> tuple[Line, ...]:
    """That a meter could be fitted is what the method says, unless the account says otherwise:
    on days on which it cannot nothing is raised, and absences count.
    """
    service, premises = case.service, case.premises
    people = dwellers(premises.persons, premises.owners)
    impossible = _impossible(case, days, unsaid=False)
    if impossible == (days,):
        lines = by_norm(days, people, service.norm, service.prices)
    else:
        coefficient = service.coefficient
        if impossible:
            coefficient = _raised_where_possible(coefficient, case.meter_possible)
        lines = by_raised_norm(days, people, service.norm, coefficient, service.prices)
    return naming_owners(lines, people) + absences(case, impossible)


def absences(case: Case, rows: Sequence[Days]) -> tuple[Line, ...]:
    """What absences on `rows` of days take off what these were charged by norm."""
    service, premises = case.service, case.premises
    return tuple(
        line
        for days in rows
        for line in absence(days, premises.absences, premises.persons, service.norm, service.prices)
    )


def _impossible(case: Case, days: Days, *, unsaid: bool) -> tuple[Days, ...]:
    """On which of `days` no meter can be fitted; `unsaid` holds where nobody has said."""
    possible = case.meter_possible
    if not possible:  # nearly always
        return (days,) if unsaid else ()
    found = []
    for piece in pieces(days, (possible,)):
        said = value_on(possible, piece.first)
        if unsaid if said is None else not said:
            found.append(piece)
    return tuple(found)


def _raised_where_possible(coefficient: Quantities, possible: Timeline[bool]) -> Quantities:
    """One on days on which no meter can be fitted, even if no coefficient is known for them."""
    changes = sorted({since.valid_from for since in (*coefficient, *possible)})
    return tuple(
        Since(day, _ONE if value_on(possible, day) is False else value_on(coefficient, day))
        for day in changes
    )
