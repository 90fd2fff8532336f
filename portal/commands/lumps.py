"""Sums for registries, in the words of `import bank`, `reconcile` and `suspense`."""

from collections.abc import Iterable, Iterator, Sequence

from portal.domain.lumps import Accord, Lump, Tie
from portal.domain.wording import counted
from portal.imports.bank.compare import Operation, Total
from portal.services.incoming.lumps import Weighed


def sums_told(weighed: Weighed, most: int | None) -> Iterator[str]:
    """Of one file: its sums, or the sum that came for its registry."""
    sums = [each.lump for each in weighed.ties] + list(weighed.alone)
    if sums:
        yield f"Суммы по реестрам: {total(_sum(sums))}. Чьи это деньги, говорят сами реестры."
        lines = (_tie_line(each) for each in weighed.ties)
        waiting = (f"{_lump(each)}: реестра ещё нет" for each in weighed.alone)
        yield from listed([*lines, *waiting], most)


def unlisted_told(sums: Sequence[Lump]) -> Iterator[str]:
    if sums:
        yield f"Суммы по реестрам, которых ещё нет: {total(_sum(sums))}. Загрузите реестры."
        yield from listed((_lump(each) for each in sums), None)


def total(some: Total) -> str:
    return f"{some.count} на {some.amount}" if some.count else "0"


def listed(lines: Iterable[str], most: int | None) -> Iterator[str]:
    every = list(lines)
    yield from (f"  {line}" for line in every[:most])
    rest = len(every[most:]) if most is not None else 0
    if rest:
        word = counted(rest, "платеж", "платежа", "платежей")
        yield f"  и ещё {rest} {word}: все покажет --all"


def _tie_line(tie: Tie) -> str:
    told = f"{_lump(tie.lump)}: реестр {tie.listed.name}, {tie.accord.value}"
    if tie.accord is Accord.WHOLE:
        return told
    return f"{told} (в реестре {tie.listed.amount}, разница {tie.difference})"


def _lump(lump: Lump) -> str:
    return f"{lump.amount}, {lump.day:%d.%m.%Y}, № {lump.number}, {lump.words}"


def _sum(sums: Iterable[Lump]) -> Total:
    return Total.of(Operation("", each.amount) for each in sums)
