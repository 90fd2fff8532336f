"""«Оплата»: what is paid, how much of it, and by which way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from components.rendering import render
from components.status_tag import invoice_status
from portal.domain.pay_offer import PayOffer
from portal.domain.pay_sum import PaySum
from portal.domain.paying import Way


@dataclass(frozen=True, slots=True)
class WayWords:
    """A way as people know it; `short` is for a receipt."""

    name: str
    icon: str
    short: str


WAY_WORDS: Final = {
    Way.CARD: WayWords("Картой", "card", "Банковская карта"),
    Way.SBP: WayWords("СБП", "phone", "СБП"),
}


def pay_form(
    offer: PayOffer,
    key: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    action: str = "/payment/begin",
) -> Markup:
    """Fields `agreement`, `invoice` (several), `amount`, `way` (its key) and `agreed`: the kopecks
    that the button names.  Without a way that is open it is not sent anywhere.
    """
    first = offer.ways[0].key if offer.ways else ""
    return render(
        "pay_form",
        offer=offer,
        key=key,
        agreed=offer.total.amount.kopecks if offer.total else "",
        amount_typed=values.get("amount", ""),
        chosen_way=values.get("way") or first,
        errors=errors,
        action=action,
        total=pay_total(offer),
        button=pay_button(offer.total),
        words=WAY_WORDS,
        status=invoice_status,
    )


def pay_total(offer: PayOffer) -> Markup:
    """The sum, large, and where it goes where that is not plain."""
    return render("pay_total", total=offer.total, lead=_lead(offer))


def pay_button(total: PaySum | None) -> Markup:
    """The words of the button, with the sum on it once it is known."""
    return Markup(render("pay_button", total=total).strip())  # noqa: S704 - escaped already


def _lead(offer: PayOffer) -> str:
    if offer.total is None:
        return "Сколько заплатить?"
    if not offer.chosen:
        return "Заплатить вперед" if not offer.payable else "Заплатить без выбора счета"
    return "Заплатить часть" if offer.total.left else "К оплате"
