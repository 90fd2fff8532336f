"""The one engine of all methods that multiply dated facts: a month, cut where a fact changes."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Any, TypeAlias

from portal.domain.charging.line import Lack, Line, NotChargeable, Part, Priced, in_turn, rounded
from portal.domain.charging.method import Method, Term
from portal.domain.proof import exact_ratio
from portal.domain.quantity import SCALE, Quantity, cost
from portal.domain.timeline import Days, Timeline, pieces, value_on

Value: TypeAlias = int | Quantity
Facts: TypeAlias = Sequence[Timeline[Any]]
"""One timeline of `Value` for each factor of a method, in the order of its terms."""
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Span:
    """Days as a proof tells them, with the length of their month."""

    first: str
    last: str
    count: int
    of_month: int


@dataclass(slots=True)  # not frozen: one is made for every line, and none leaves this file
class _Piece:
    """Days in which nothing changes, and what holds in them, each fact in the steps of its
    factor; with the price and the days they become the inputs of the line's proof.
    """

    days: Days
    span: _Span
    values: dict[str, Any]
    priced: Priced


def charged(
    method: Method,
    days: Days,
    facts: Facts,
    prices: Timeline[Priced],
    part: Part = Part.BASE,
    *,
    cut: Sequence[Days] = (),
    known: Mapping[str, Any] = NOTHING_MORE,
) -> tuple[Line, ...]:
    """The lines of `days` (those of one month on which the account is served), one for each piece
    of it; `cut` says the pieces when other facts cut too, `known` is added to the proofs' inputs.

    Raises NotChargeable: a fact or the price is unknown on one of the days; ValueError: the days
    are of two months.
    """
    served = _span(days.first, days.last).count
    cut = cut or pieces(days, (*facts, prices))
    row = [_piece(method, each, days, facts, prices) for each in cut]
    ratios = [_ratio(method.terms, piece, served) for piece in row]
    if len(row) == 1:  # nearly always: no need of fractions
        above, below = ratios[0]
        return (_line(method, part, row[0], rounded(above * SCALE, below), served, known),)
    exact = [Fraction(*ratio) for ratio in ratios]
    return tuple(
        _line(method, part, piece, volume, served, {**known, **before})
        for piece, volume, before in zip(row, in_turn(exact), _before(exact), strict=True)
    )


@lru_cache(maxsize=4096)  # a run asks for the same month again and again
def _span(first: date, last: date) -> _Span:
    days = Days(first, last)
    if (first.year, first.month) != (last.year, last.month):
        raise ValueError(str(days))
    of_month = monthrange(first.year, first.month)[1]
    return _Span(first.isoformat(), last.isoformat(), days.count, of_month)


def _piece(
    method: Method, piece: Days, days: Days, facts: Facts, prices: Timeline[Priced]
) -> _Piece:
    values: dict[str, Any] = {}
    for factor, timeline in zip(method.factors, facts, strict=True):
        value: Value | None = value_on(timeline, piece.first)
        if value is None:
            raise _lacking(factor.lack, timeline, days)
        steps = value.micro if isinstance(value, Quantity) else value
        if factor.divides and steps <= 0:  # a house of no area: nobody has said what it has
            raise NotChargeable(factor.lack, piece)
        values[factor.name] = steps
    priced = value_on(prices, piece.first)
    if priced is None:
        raise _lacking(Lack.NO_PRICE, prices, days)
    return _Piece(piece, _span(piece.first, piece.last), values, priced)


def _lacking(lack: Lack, timeline: Timeline[Any], days: Days) -> NotChargeable:
    """With all days in a row on which the fact is unknown."""
    unknown = (p for p in pieces(days, (timeline,)) if value_on(timeline, p.first) is None)
    return NotChargeable(lack, next(unknown))


def _ratio(terms: tuple[Term, ...], piece: _Piece, served: int) -> tuple[int, int]:
    """The piece's volume as a ratio of whole numbers."""
    numerator, denominator = _of_term(terms[0], piece, served)
    for term in terms[1:]:
        above, below = _of_term(term, piece, served)
        numerator = numerator * below + above * denominator
        denominator *= below
    return numerator, denominator


def _of_term(term: Term, piece: _Piece, served: int) -> tuple[int, int]:
    above, below = piece.span.count, served if term.is_served else piece.span.of_month
    for factor in term.factors:
        value = piece.values[factor.name]
        if factor.divides:
            above, below = above * factor.scale, below * value
        else:
            above, below = above * value, below * factor.scale
    return above, below


def _before(exact: list[Fraction]) -> list[dict[str, list[int | str]]]:
    """The exact millionths of the pieces before each, as a ratio: rounded with them and without,
    a piece's own inputs give its volume.
    """
    sums = [whole * SCALE for whole in accumulate(exact)]
    return [{}, *({"before": exact_ratio(whole)} for whole in sums[:-1])]


def _line(
    method: Method,
    part: Part,
    piece: _Piece,
    volume: Quantity,
    served: int,
    more: Mapping[str, Any],
) -> Line:
    span, priced = piece.span, piece.priced
    is_whole = span.count == span.of_month
    inputs = piece.values
    inputs["price"] = priced.price.micro
    inputs["from"], inputs["to"] = span.first, span.last
    if not is_whole:
        inputs |= {"days": span.count, "days_served": served, "days_of_month": span.of_month}
    if more:
        inputs |= more
    proof = {
        "method": method.name,
        "inputs": inputs,
        "formula": method.whole if is_whole else method.piece,
        "rule": method.rule,
    }
    amount = cost(volume, priced.price)
    return Line(part, piece.days, volume, priced.price_id, priced.price, amount, proof)
