"""One service of one account in one month, with all that may decide it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portal.domain.charging.estimated import Rules
from portal.domain.charging.facts import AccountFacts, HouseFacts, PremisesFacts, ServiceFacts
from portal.domain.charging.line import Line, NotChargeable, Part
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.way import Chosen
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline


@dataclass(slots=True)  # not frozen: one is made for every service, and none is kept
class Case:
    """`runs` are the days on which it is served: unbroken rows, nearly always one."""

    service: ServiceFacts
    account: AccountFacts
    premises: PremisesFacts
    house: HouseFacts
    month: Period
    runs: tuple[Days, ...]
    rules: Rules
    due_day: int
    alike: tuple[tuple[ServiceFacts, tuple[Days, ...]], ...] = ()
    """The services of the account's other tariffs in the month that the same meter counts."""

    @property
    def days(self) -> Days:
        """From the first to the last; what was counted falls evenly on all of them."""
        runs = self.runs
        return runs[0] if len(runs) == 1 else Days(runs[0].first, runs[-1].last)

    @property
    def meter_possible(self) -> Timeline[bool]:
        return self.account.meter_possible.get(self.service.service_id, ())

    def in_runs(self, lines: Callable[["Case", Days], tuple[Line, ...]]) -> tuple[Line, ...]:
        if len(self.runs) == 1:
            return lines(self, self.runs[0])
        return tuple(line for run in self.runs for line in lines(self, run))

    def became(
        self,
        lines: tuple[Line, ...] = (),
        volume: Quantity | None = None,
        *,
        chosen: Chosen | None = None,
        lack: NotChargeable | None = None,
    ) -> ServiceMonth:
        service = self.service
        return ServiceMonth(
            self.account.account_id, service.service_id, service.external_id, service.method,
            self.days, lines, volume, lack,
            chosen.reason if chosen else "", chosen.advice if chosen else "",
        )  # fmt: skip


def used(lines: tuple[Line, ...]) -> Quantity:
    """Without what the raising coefficient adds."""
    if len(lines) == 1:
        return lines[0].volume
    return Quantity(sum(line.volume.micro for line in lines if line.part is not Part.EXCESS))


def explained(lines: Iterable[Line], chosen: Chosen) -> tuple[Line, ...]:
    """With the words that say why no readings were taken, and the paragraph that allows it."""
    words = {"reason": chosen.reason, "advice": chosen.advice}
    return tuple(replace(line, proof=_explained(line, chosen.rule, words)) for line in lines)


def _explained(line: Line, rule: str, words: dict[str, str]) -> dict[str, object]:
    return {**line.proof, "inputs": {**line.proof["inputs"], **words}, "rule": rule}
