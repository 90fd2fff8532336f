"""Facts that come when their month is closed: it stays as it is, a run finds the difference."""

from collections.abc import Iterator, Mapping

from portal.domain.period import Period
from portal.services.office.billing.periods import Months


class LateFacts:
    """Gathers what came late; `months` by the operator, those of which nothing is known have
    nothing that is closed.
    """

    def __init__(self, months: Mapping[int, Months]) -> None:
        self._months = months
        self._first: dict[int, Period] = {}
        self._what: dict[int, dict[str, int]] = {}

    def note(self, operator_id: int, period: Period, what: str) -> None:
        """`what` is told with how often it was noted."""
        months = self._months.get(operator_id)
        if months is None or not months.is_closed(period):
            return
        first = self._first.get(operator_id, period)
        self._first[operator_id] = min(first, period)
        counts = self._what.setdefault(operator_id, {})
        counts[what] = counts.get(what, 0) + 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each operator that has to run something."""
        return tuple(self._sentence(operator_id) for operator_id in sorted(self._first))

    def _sentence(self, operator_id: int) -> str:
        counts = self._what[operator_id]
        listed = ", ".join(f"{what} ({number})" for what, number in sorted(counts.items()))
        runs = " и ".join(self._runs(operator_id))
        return (
            f"{self._months[operator_id].name}. За закрытые месяцы стало известно: {listed}. "
            f"Нужен {runs}: разница войдет перерасчетом в первый открытый месяц"
        )

    def _runs(self, operator_id: int) -> Iterator[str]:
        """One command a month, the first and the last of many."""
        first, last = self._first[operator_id], self._months[operator_id].closed
        yield f"bill --period {first}"
        if last is not None and last > first:
            yield f"за каждый месяц по {last}"
