"""A card of one sum."""

from markupsafe import Markup

from components.rendering import render
from portal.domain.money import Money


def amount_card(label: str, money: Money, below: Markup | None = None) -> Markup:
    """A card of one sum, such as «Всего за месяц»; `below` is what belongs to it."""
    return render("amount_card", label=label, money=money, below=below or Markup())
