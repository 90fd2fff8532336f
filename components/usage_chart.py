"""Twelve months as bars, each of which leads to its month; and the same as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from components.rendering import render
from portal.domain.money import ZERO
from portal.domain.period import MONTHS, Period
from portal.domain.statement import MonthTotal


@dataclass(frozen=True, slots=True)
class _Bar:
    """Where the bar stands, in percent of the chart's height."""

    month: MonthTotal
    address: str
    bottom: int
    height: int

    @property
    def short(self) -> str:
        return MONTHS[self.month.period.month - 1][:3]


def usage_chart(
    months: Sequence[MonthTotal], current: Period | None, address_of: Callable[[Period], str]
) -> Markup:
    """`current` is marked; `address_of` gives a month's page with the filters as they are, or
    nothing where the bar leads nowhere.  Months below zero hang under the line.  Nothing at all
    for fewer than two months.
    """
    if len(months) < 2:  # noqa: PLR2004 - nothing to compare
        return Markup()
    return render("usage_chart", bars=_bars(months, address_of), current=current)


def _bars(months: Sequence[MonthTotal], address_of: Callable[[Period], str]) -> list[_Bar]:
    totals = [month.total for month in months]
    top, floor = max(*totals, ZERO).kopecks, min(*totals, ZERO).kopecks
    span = top - floor or 1
    return [
        _Bar(
            month,
            address_of(month.period),
            bottom=(min(month.total.kopecks, 0) - floor) * 100 // span,
            height=abs(month.total.kopecks) * 100 // span,
        )
        for month in months
    ]
