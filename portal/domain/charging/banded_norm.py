"""The norm of a service whose price rises with what is used: the norm's volume in its bands."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from portal.domain.charging.absence import Absence, away
from portal.domain.charging.bands import Bands, Cut, spread
from portal.domain.charging.facts import Quantities
from portal.domain.charging.line import Lack, Line, NotChargeable, Part
from portal.domain.charging.metered import cut_inputs
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import RULES_354, Proof
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Quantity, cost
from portal.domain.timeline import Days, Timeline, constant, pieces, value_on

T = TypeVar("T")
NORM_IN_BANDS = Proven.NORM_BANDS.value
_RULE = f"{RULES_354}, приложение 2, формула 4"
_WORDS = "число проживающих"
_LESS = "(число проживающих − число временно отсутствующих)"
_PART = "часть от ({} × норматив × дни / дни месяца) в пределах диапазона × цена"
_RAISED = (
    "часть от ({0} × норматив × коэффициент × дни / дни месяца) в пределах диапазона × цена − "
    "часть от ({0} × норматив × дни / дни месяца) в пределах диапазона × цена"
)
_ONE = Quantity(SCALE)


def norm_in_bands(
    days: Days,
    persons: Timeline[int],
    norm: Quantities,
    tariff: Timeline[Bands],
    *,
    coefficient: Quantities | None = None,
    absences: Sequence[Absence] = (),
    registered: Timeline[int] = (),
) -> tuple[Line, ...]:
    """Persons × norm for `days` of one month, a line a price and a band; then what `coefficient`
    adds, in the bands that it reaches.  Who of `absences` was away, of those who are `registered`,
    is left out at once: which band a recalculation of its own would be of nobody could say.

    Raises NotChargeable: a fact or the price is unknown on one of the days.
    """
    facts = _Facts(persons, norm, coefficient, away(days, absences, registered or persons))
    base = spread(facts.volumes(days), tariff)
    lines = [_base(cut, facts.inputs(cut, days)) for cut in base]
    if coefficient is not None:
        total = spread(facts.volumes(days, is_raised=True), tariff)
        lines += _excess(base, total, facts, days)
    return tuple(lines)


class _Facts:
    """What multiplies, on each day."""

    def __init__(
        self,
        persons: Timeline[int],
        norm: Quantities,
        coefficient: Quantities | None,
        gone: Timeline[int],
    ) -> None:
        self._persons, self._norm, self._gone = persons, norm, gone
        self._coefficient = constant(_ONE) if coefficient is None else coefficient

    def volumes(self, days: Days, *, is_raised: bool = False) -> Iterator[tuple[Days, Fraction]]:
        """The exact volume of each piece of `days` in which nothing changes."""
        of_month = Days.of(Period.of(days.first)).count
        for piece in pieces(days, (self._persons, self._norm, self._coefficient, self._gone)):
            persons, gone, norm, coefficient = self._on(piece)
            steps = (persons - gone) * norm.micro * (coefficient.micro if is_raised else SCALE)
            yield piece, Fraction(steps * piece.count, SCALE * SCALE * of_month)

    def inputs(self, cut: Cut, days: Days) -> dict[str, Any]:
        persons, gone, norm, coefficient = self._on(cut.days)
        inputs: dict[str, Any] = {"persons": persons, "norm": norm.micro}
        if gone:
            inputs["persons_absent"] = gone
        if coefficient != _ONE:
            inputs["coefficient"] = coefficient.micro
        return inputs | cut_inputs(cut, days)

    def _on(self, piece: Days) -> tuple[int, int, Quantity, Quantity]:
        return (
            _known(self._persons, Lack.NO_PERSONS, piece),
            value_on(self._gone, piece.first) or 0,
            _known(self._norm, Lack.NO_NORM, piece),
            _known(self._coefficient, Lack.NO_COEFFICIENT, piece),
        )


def _known(timeline: Timeline[T], lack: Lack, piece: Days) -> T:
    value = value_on(timeline, piece.first)
    if value is None:
        raise NotChargeable(lack, piece)
    return value


def _base(cut: Cut, inputs: dict[str, Any]) -> Line:
    inputs.pop("coefficient", None)
    return _line(Part.BASE, cut, cut.volume, cut.amount, _proof(inputs, _PART))


def _excess(base: Sequence[Cut], total: Sequence[Cut], facts: _Facts, days: Days) -> list[Line]:
    """In each band the rounded total less the rounded base; none where nothing is raised."""
    below = {(cut.days, cut.above): cut for cut in base}
    lines = []
    for cut in total:
        without = below.get((cut.days, cut.above))
        volume = without.volume if without else Quantity(0)
        amount = cut.amount - cost(volume, cut.priced.price)
        if cut.volume == volume:
            continue
        inputs = facts.inputs(cut, days) | {"base_volume": volume.micro}
        proof = _proof(inputs, _RAISED)
        lines.append(_line(Part.EXCESS, cut, cut.volume - volume, amount, proof))
    return lines


def _proof(inputs: dict[str, Any], formula: str) -> Proof:
    words = _LESS if "persons_absent" in inputs else _WORDS
    return {
        "method": NORM_IN_BANDS,
        "inputs": inputs,
        "formula": formula.format(words),
        "rule": _RULE,
    }


def _line(part: Part, cut: Cut, volume: Quantity, amount: Money, proof: Proof) -> Line:
    priced = cut.priced
    return Line(part, cut.days, volume, priced.price_id, priced.price, amount, proof)
