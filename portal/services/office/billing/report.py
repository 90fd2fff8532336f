"""What a run did, and what it could not do: the sums of its chunks are the sums of the whole."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal.domain.charging.line import Part
from portal.domain.money import ZERO, Money
from portal.domain.penalty_stated import PENALTY
from portal.services.ledger import NewCharge

Figure = tuple[int, int | None]
"""The ids of a service and of the supplier whose money it is; None: the operator's."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A service's month that was not charged, and the sentence that says what to do."""

    agreement: str
    login: str
    service: str
    sentence: str

    def __str__(self) -> str:
        return f"Договор {self.agreement}, {self.login}, {self.service}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Report:
    """`sums` are of what this run posted: reversals and recalculations with their signs, and
    `penalty` apart from them.
    """

    agreements: int = 0
    posted: int = 0
    reversed: int = 0
    recalculated: int = 0
    penalties: int = 0
    penalty: Money = ZERO
    sums: Mapping[Figure, Money] = field(default_factory=dict)
    lacks: tuple[Lacking, ...] = ()

    @classmethod
    def of(
        cls, agreements: int, charges: Iterable[NewCharge], lacks: Iterable[Lacking]
    ) -> "Report":
        counts: Counter[str] = Counter()
        sums: dict[Figure, Money] = {}
        penalty = ZERO
        for charge in charges:
            kind = _kind(charge)
            counts[kind] += 1
            if kind == PENALTY:
                penalty += charge.amount
                continue
            figure = charge.service_id, charge.supplier_id
            sums[figure] = sums.get(figure, ZERO) + charge.amount
        return cls(
            agreements, counts["new"], counts["reversal"], counts["recalculation"],
            counts[PENALTY], penalty, sums, tuple(lacks),
        )  # fmt: skip

    def __add__(self, other: "Report") -> "Report":
        sums = dict(self.sums)
        for figure, amount in other.sums.items():
            sums[figure] = sums.get(figure, ZERO) + amount
        return Report(
            self.agreements + other.agreements,
            self.posted + other.posted,
            self.reversed + other.reversed,
            self.recalculated + other.recalculated,
            self.penalties + other.penalties,
            self.penalty + other.penalty,
            sums,
            self.lacks + other.lacks,
        )

    @property
    def total(self) -> Money:
        return Money.total(self.sums.values()) + self.penalty


def alike(lacks: Iterable[Lacking]) -> list[list[Lacking]]:
    """Those of one service with the same sentence together, in the order of the first of each."""
    found: dict[tuple[str, str], list[Lacking]] = {}
    for lack in lacks:
        found.setdefault((lack.service, lack.sentence), []).append(lack)
    return list(found.values())


def _kind(charge: NewCharge) -> str:
    if charge.part == PENALTY:
        return PENALTY
    if charge.reverses_id is not None:
        return "reversal"
    is_late = charge.part == Part.RECALCULATION and charge.for_period is not None
    return "recalculation" if is_late else "new"
