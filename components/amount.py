"""A sum, in large or small, never broken over two lines."""

from markupsafe import Markup

from components.rendering import render
from portal.domain.money import Money


def amount(money: Money) -> Markup:
    return Markup('<span class="zh-amount">{}</span>').format(str(money))


def amount_card(label: str, money: Money, below: Markup | None = None) -> Markup:
    """A card of one sum, such as «Всего за месяц»; `below` is what belongs to it."""
    return render("amount_card", label=label, money=money, below=below or Markup())
