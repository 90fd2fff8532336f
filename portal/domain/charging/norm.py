"""Utilities without a meter: persons × norm, raised where a meter could be fitted and is not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from portal.domain.charging.dwelling import PERSONS
from portal.domain.charging.line import Lack, Line, Part, Priced
from portal.domain.charging.method import Factor, Method, formula_of
from portal.domain.charging.product import charged
from portal.domain.proof import RULES_354, Proof
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Since, Timeline, pieces, value_on

NORM = Factor("norm", "N", "норматив на человека в месяц", Lack.NO_NORM)
_COEFFICIENT = Factor("coefficient", "K", "повышающий коэффициент", Lack.NO_COEFFICIENT)

_APPENDIX = f"{RULES_354}, приложение 2"
_BY_NORM = Method.product(Proven.NORM, f"{_APPENDIX}, формула 4", PERSONS, NORM)
_RAISED_RULE = f"{RULES_354}, пункт 42; приложение 2, формула 4(1)"
_RAISED_BASE = replace(_BY_NORM, rule=_RAISED_RULE)
_RAISED = Method.product(Proven.NORM_RAISED, _RAISED_RULE, PERSONS, NORM, _COEFFICIENT)
_EXCESS = replace(
    _RAISED,
    whole=formula_of(_RAISED.terms, "n × N × K × T − n × N × T"),
    piece=formula_of(_RAISED.terms, "n × N × K × d ÷ D × T − n × N × d ÷ D × T", is_piece=True),
)


class Owners(int):
    """So many are charged for because nobody lives there: no residents, were they as many."""

    def __eq__(self, other: object) -> bool:
        return type(other) is Owners and int(self) == int(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__


def dwellers(registered: Timeline[int], owners: Timeline[int]) -> Timeline[int]:
    """For how many a dwelling is charged by norm: all who live there, permanently or for a time;
    where nobody does, the number of its owners (Правила 354, п. 56(2)).  Unknown where nobody
    lives and nobody has said how many own it.
    """
    if all(since.value != 0 for since in registered):  # nearly always
        return registered
    days = sorted({since.valid_from for since in (*registered, *owners)})
    return tuple(Since(day, _counting(registered, owners, day)) for day in days)


def _counting(registered: Timeline[int], owners: Timeline[int], day: date) -> int | None:
    living = value_on(registered, day)
    if living != 0:
        return living
    owning = value_on(owners, day)
    return None if owning is None else Owners(owning)


def naming_owners(lines: Iterable[Line], people: Timeline[int]) -> tuple[Line, ...]:
    """With the number of owners in the proofs of those that count them."""
    return tuple(
        replace(line, proof=_of_owners(line.proof))
        if isinstance(value_on(people, line.days.first), Owners)
        else line
        for line in lines
    )


def _of_owners(proof: Proof) -> Proof:
    number = int(proof["inputs"]["persons"])
    return {
        **proof,
        "inputs": {**proof["inputs"], "persons": number, "owners": number},
        "formula": proof["formula"].replace(PERSONS.meaning, "число собственников"),
        "rule": f"{proof['rule']}; пункт 56(2)",
    }


def by_norm(
    days: Days, persons: Timeline[int], norm: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """Where no meter can be fitted: persons × norm (a person and month) × price."""
    return charged(_BY_NORM, days, (persons, norm), prices)


def by_raised_norm(
    days: Days,
    persons: Timeline[int],
    norm: Timeline[Quantity],
    coefficient: Timeline[Quantity],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """Where a meter could be fitted and is not: of each piece of the month the line without the
    coefficient, then what the coefficient adds (rounded total less rounded base), unless it is 1.
    """
    cut = pieces(days, (persons, norm, coefficient, prices))
    base = charged(_RAISED_BASE, days, (persons, norm), prices, cut=cut)
    total = charged(_EXCESS, days, (persons, norm, coefficient), prices, cut=cut)
    lines: list[Line] = []
    for without, raised in zip(base, total, strict=True):
        lines.append(without)
        if raised.proof["inputs"]["coefficient"] != SCALE:
            lines.append(_excess(without, raised))
    return tuple(lines)


def _excess(base: Line, total: Line) -> Line:
    volume, amount = total.volume - base.volume, total.amount - base.amount
    inputs = total.proof["inputs"] | {"base_volume": base.volume.micro}
    proof = total.proof | {"inputs": inputs}
    return Line(Part.EXCESS, total.days, volume, total.price_id, total.price, amount, proof)
