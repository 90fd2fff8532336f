"""The side block: who is signed in, what is unpaid, what happened."""

from markupsafe import Markup

from components.rendering import render
from portal.domain.person import SideBlock


def side_block(person: SideBlock, *, shows_unpaid: bool = True) -> Markup:
    """On a phone only the home page has it, on top and without the events, which stand among
    the cards there.
    """
    return render("side_block", person=person, shows_unpaid=shows_unpaid)
