"""How a method is declared: which facts it multiplies, in which letters, by which rule."""

from dataclasses import dataclass
from typing import Self

from portal.domain.charging.line import Lack
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE


@dataclass(frozen=True, slots=True)
class Factor:
    """A fact that multiplies or divides: its name in the inputs of a proof, its letter and what
    that means, and what is said when it is unknown.  `scale`: how many of its steps are one.
    """

    name: str
    letter: str
    meaning: str
    lack: Lack
    scale: int = SCALE
    divides: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A product of facts.  A piece of the month takes its part of it by days: of all days of the
    month, or, when `is_served` (what the account itself used), of the days that were served.
    """

    factors: tuple[Factor, ...]
    is_served: bool = False

    def words(self, *, is_piece: bool) -> str:
        """«S × V ÷ Sд × d ÷ D»."""
        first, *others = self.factors
        more = [f" {'÷' if factor.divides else '×'} {factor.letter}" for factor in others]
        share = f" × d ÷ {'Dо' if self.is_served else 'D'}" if is_piece else ""
        return first.letter + "".join(more) + share

    def shares(self) -> str:
        return "Dо — дней обслуживания в месяце" if self.is_served else "D — дней в месяце"


@dataclass(frozen=True, slots=True)
class Method:
    """A sum of products × price: `whole` tells it of a whole month, `piece` of a part of one."""

    name: str
    terms: tuple[Term, ...]
    factors: tuple[Factor, ...]
    rule: str
    whole: str
    piece: str

    @classmethod
    def of(cls, name: Proven, rule: str, *terms: Term) -> Self:
        factors = tuple(factor for term in terms for factor in term.factors)
        return cls(
            name.value, terms, factors, rule, _formula(terms), _formula(terms, is_piece=True)
        )

    @classmethod
    def product(cls, name: Proven, rule: str, *factors: Factor) -> Self:
        """Of one product that a month has as a whole."""
        return cls.of(name, rule, Term(factors))

    @classmethod
    def served(cls, name: Proven, rule: str, *factors: Factor) -> Self:
        """Of one product that the days that were served have as a whole."""
        return cls.of(name, rule, Term(factors, is_served=True))


def formula_of(terms: tuple[Term, ...], words: str, *, is_piece: bool = False) -> str:
    """`words`, then what each letter means: «n × N × T, где n — число проживающих, …»."""
    letters = [f"{f.letter} — {f.meaning}" for term in terms for f in term.factors]
    days = ["d — дней", *(term.shares() for term in terms)] if is_piece else []
    return f"{words}, где {', '.join(dict.fromkeys((*letters, 'T — цена', *days)))}"


def _formula(terms: tuple[Term, ...], *, is_piece: bool = False) -> str:
    volume = " + ".join(term.words(is_piece=is_piece) for term in terms)
    volume = f"({volume})" if len(terms) > 1 else volume
    return formula_of(terms, f"{volume} × T", is_piece=is_piece)
