"""‹ Май 2014 ›: the month that is shown, and its neighbours where there are any."""

from collections.abc import Callable

from markupsafe import Markup

from components.rendering import render
from portal.domain.period import Period


def month_switch(
    period: Period,
    earlier: Period | None,
    later: Period | None,
    address_of: Callable[[Period], str],
) -> Markup:
    """`earlier` and `later` are where the arrows lead, None where nothing is offered."""
    return render(
        "month_switch", period=period, earlier=earlier, later=later, address_of=address_of
    )
