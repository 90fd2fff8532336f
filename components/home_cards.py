"""«Главная»: what is owed, what is still to be told, what happened; each a tap from its page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from markupsafe import Markup

from components.rendering import render
from portal.domain.bill import InvoiceSummary
from portal.domain.feed import FeedEvent
from portal.domain.money import ZERO, Money
from portal.domain.period import MONTHS, Period
from portal.domain.wording import counted

Way = Literal["prompt", "share"]


@dataclass(frozen=True, slots=True)
class Promised:
    """`agreements` are those of which a promise is waited for: the operator's invoices for them are
    not called late.  `address` is where one can promise.
    """

    agreements: Collection[str] = ()
    address: str = ""


NOTHING_PROMISED = Promised()


def owed_card(
    unpaid: Sequence[InvoiceSummary],
    today: date,
    *,
    debt: Money = ZERO,
    unbilled: Money = ZERO,
    advance: Money = ZERO,
    warns: bool = True,
    pay_at: str = "",
    promised: Promised = NOTHING_PROMISED,
) -> Markup:
    """`unpaid` in the order in which they fall due; `debt` is the ledger's, warned of when there
    is no invoice to pay.  `unbilled` and `advance` are by what the balance differs from the
    invoices.  `warns`: the old cabinet's showArrearsMessage.  `pay_at` is where one pays, empty
    where the portal takes no payments: then the invoices say how, as they do of what is owed
    to others alone.
    """
    terms = [each.due_on for each in unpaid if not each.is_owed_for_others]
    pays_others = bool(pay_at) and all(invoice.payee for invoice in unpaid)
    return render(
        "owed_card",
        unpaid=unpaid,
        to_pay=Money.total(invoice.remainder for invoice in unpaid),
        due_on=terms[0] if terms else None,
        is_one_term=len(set(terms)) == 1,
        is_late=warns and any(_is_late(invoice, today, promised.agreements) for invoice in unpaid),
        debt=debt,
        unbilled=unbilled,
        advance=advance,
        warns=warns,
        promise_address=promised.address,
        is_promised=any(invoice.agreement in promised.agreements for invoice in unpaid),
        pays_others=pays_others,
        address=(not pays_others and pay_at) or _invoices_of(unpaid),
        pays_debt_at=f"{pay_at}?amount={quote(debt.plain)}" if pay_at else "",
    )


def readings_card(missing: Sequence[str], total: int, today: date, *, deadline_day: int) -> Markup:
    """`missing` are the counters whose reading of this month is not there yet, of `total`.
    Nothing for somebody who has none.
    """
    if not total:
        return Markup()
    return render(
        "readings_card",
        missing=missing,
        total=total,
        month=MONTHS[Period.of(today).month - 1],
        left=_time_left(deadline_day - today.day),
        deadline_day=deadline_day,
    )


def events_card(events: Sequence[FeedEvent], timezone: str) -> Markup:
    """For phones: at a desk the side block shows the same."""
    return render("events_card", events=events, timezone=timezone)


def install_cards() -> Markup:
    """How the portal comes to the phone's screen, one card a way; install.js shows one of them
    where the browser knows that way, once.
    """
    return install_card("prompt") + install_card("share")


def install_card(way: Way, *, is_shown: bool = False) -> Markup:
    """`prompt`: the browser asks at a tap; `share`: Apple's, where the person does it by hand."""
    return render("install_card", way=way, is_shown=is_shown)


def home_cards(*cards: Markup) -> Markup:
    return Markup('<div class="zh-stack zh-home">{}</div>').format(Markup().join(cards))


def _invoices_of(unpaid: Sequence[InvoiceSummary]) -> str:
    return f"/invoices/{unpaid[0].invoice_id}" if len(unpaid) == 1 else "/invoices"


def _is_late(invoice: InvoiceSummary, today: date, promised: Collection[str]) -> bool:
    is_promised = invoice.agreement in promised and not invoice.payee
    is_dated = not (is_promised or invoice.is_owed_for_others)
    return is_dated and invoice.due_on < today


def _time_left(days: int) -> str:
    if days < 0:
        return "срок прошел, но передать можно"
    if days == 0:
        return "сегодня последний день"
    return f"{counted(days, 'остался', 'осталось', 'осталось')} {days} " + counted(
        days, "день", "дня", "дней"
    )
