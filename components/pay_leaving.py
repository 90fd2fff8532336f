"""On the way to the bank, for a browser without script."""

from typing import Final

from markupsafe import Markup

from components.rendering import render

LEAVING_TITLE: Final = "Переходим в банк"


def pay_leaving(address: str, back: str) -> Markup:
    """`address` is the bank's page, `back` ours that tells what became of it."""
    return render("pay_leaving", address=address, back=back)
