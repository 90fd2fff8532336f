"""The side block: who is signed in, what is unpaid, what happened."""

from datetime import date

from markupsafe import Markup

from components.rendering import render
from portal.domain.person import SideBlock
from portal.domain.promise import Standing


def side_block(person: SideBlock, today: date, *, shows_unpaid: bool = True) -> Markup:
    """On a phone only the home page has it, on top and without the events, which stand among
    the cards there.
    """
    promise = person.promise
    return render(
        "side_block",
        person=person,
        shows_unpaid=shows_unpaid,
        promise=promise,
        is_overdue=promise is not None and promise.standing(today) is Standing.OVERDUE,
    )
