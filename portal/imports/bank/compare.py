"""Two lists of the same operations, ours and a channel's: what agrees and what does not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.domain.money import Money

AGREES, DIFFERS = 0, 1
"""How a check ends, as a shell understands it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`key` is the channel's own number; `account`, where both sides know it, must agree too."""

    key: str
    amount: Money
    account: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    ours: Operation
    theirs: Operation

    @property
    def is_same_sum(self) -> bool:
        return self.ours.amount == self.theirs.amount

    @property
    def is_same_account(self) -> bool:
        sides = {self.ours.account, self.theirs.account} - {""}
        return len(sides) <= 1

    @property
    def agrees(self) -> bool:
        return self.is_same_sum and self.is_same_account


@dataclass(frozen=True, slots=True)
class Total:
    count: int
    amount: Money

    @classmethod
    def of(cls, operations: Iterable[Operation]) -> "Total":
        amounts = [operation.amount for operation in operations]
        return cls(len(amounts), Money.total(amounts))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every operation of both sides is in exactly one of the four; `differing` have one key but
    another sum or account.
    """

    matched: tuple[Pair, ...]
    differing: tuple[Pair, ...]
    only_ours: tuple[Operation, ...]
    only_theirs: tuple[Operation, ...]

    @property
    def exit_code(self) -> int:
        parts = (self.differing, self.only_ours, self.only_theirs)
        return DIFFERS if any(parts) else AGREES

    @property
    def ours(self) -> Total:
        """All of our side."""
        return Total.of([*_side(self.matched, self.differing, is_ours=True), *self.only_ours])

    @property
    def theirs(self) -> Total:
        return Total.of([*_side(self.matched, self.differing, is_ours=False), *self.only_theirs])

    @property
    def difference(self) -> Money:
        """How much more they say than we do."""
        return self.theirs.amount - self.ours.amount


def compare(ours: Iterable[Operation], theirs: Iterable[Operation]) -> Comparison:
    """By key, in the order of our side and then of theirs; of operations with one key on the same
    side the first meets the first, the second the second.
    """
    mine, their = dict(_numbered(ours)), dict(_numbered(theirs))
    pairs = [Pair(operation, their[key]) for key, operation in mine.items() if key in their]
    return Comparison(
        tuple(pair for pair in pairs if pair.agrees),
        tuple(pair for pair in pairs if not pair.agrees),
        tuple(operation for key, operation in mine.items() if key not in their),
        tuple(operation for key, operation in their.items() if key not in mine),
    )


def _numbered(operations: Iterable[Operation]) -> Iterator[tuple[tuple[str, int], Operation]]:
    seen: Counter[str] = Counter()
    for operation in operations:
        seen[operation.key] += 1
        yield (operation.key, seen[operation.key]), operation


def _side(*groups: tuple[Pair, ...], is_ours: bool) -> list[Operation]:
    return [pair.ours if is_ours else pair.theirs for group in groups for pair in group]
