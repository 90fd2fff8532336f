"""‹ Май 2014 ›: the month that is shown, and its neighbours where there are any."""

from markupsafe import Markup

from components.rendering import render
from portal.domain.period import Period


def month_switch(period: Period, earlier: str, later: str) -> Markup:
    """`earlier` and `later` are addresses, empty where nothing is offered."""
    return render(
        "month_switch",
        period=period,
        earlier=earlier,
        later=later,
        before=period.shifted(-1),
        after=period.shifted(1),
    )
