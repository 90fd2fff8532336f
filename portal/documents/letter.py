"""Letters in words: a receipt for a payment, and the HTML that says the same as a letter's text."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from portal.domain.letter import Letter, Letterhead
from portal.domain.money import Money
from portal.domain.payment_order import payment_order

_ROW: Final = re.compile(r"[^:]{1,40}: .+")
_PAGE: Final = (
    '<!doctype html>\n<html lang="ru"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1b1b1f;'
    'overflow-wrap:anywhere">\n'
    '<div style="max-width:34rem;margin:0 auto">\n{}\n</div></body></html>\n'
)
_TITLE: Final = '<h1 style="font-size:22px;line-height:1.25;margin:0 0 16px">{}</h1>'
_TABLE: Final = '<table style="border-collapse:collapse;margin:0 0 16px">\n{}\n</table>'
_FACT: Final = (
    '<tr><td style="padding:4px 16px 4px 0;color:#5a5a66;vertical-align:top;overflow-wrap:normal">'
    '{}</td><td style="padding:4px 0;font-weight:600;vertical-align:top{}">{}</td></tr>'
)
_WHOLE: Final = ";white-space:nowrap"
"""Of a sum: on a narrow screen its rouble would stand alone."""
_TEXT: Final = '<p style="margin:0 0 16px">{}</p>'


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as its receipt tells it; `paid_at` is of the operator's clock, `advance` what no
    invoice asks for yet.
    """

    amount: Money
    agreement: str
    operator: str
    paid_at: datetime
    channel: str
    external_id: str
    applied_to: tuple[tuple[str, Money], ...]
    advance: Money


def receipt(paid: Paid, head: Letterhead) -> Letter:
    """Says that the money came; it is no receipt of a cash register, and says that too."""
    paragraphs = [f"Платеж принят: {paid.amount}", _facts(paid), *_uses(paid), *_ending(head)]
    return Letter(
        _line(f"Платеж {paid.amount} принят, договор {paid.agreement}"), "\n\n".join(paragraphs)
    )


def html_of(letter: Letter, head: Letterhead) -> str:
    """Without pictures and without anything to load; only the portal's own addresses are links."""
    title, *paragraphs = letter.text.split("\n\n")
    parts = [_TITLE.format(escape(title)), *(_paragraph(each, head) for each in paragraphs)]
    return _PAGE.format("\n".join(parts))


def _facts(paid: Paid) -> str:
    facts = {
        "Договор": paid.agreement,
        "Получатель": paid.operator,
        "Когда": f"{paid.paid_at:%d.%m.%Y %H:%M}",
        "Через": paid.channel,
        **_number(paid.external_id),
    }
    return "\n".join(f"{name}: {_line(value)}" for name, value in facts.items())


def _number(external_id: str) -> dict[str, str]:
    """Of a payment order without the accounts that we know it by."""
    order = payment_order(external_id)
    return {"Номер платежа": external_id} if order is None else {"Платежное поручение": str(order)}


def _uses(paid: Paid) -> list[str]:
    lines = [f"По счету {_line(number)}: {amount}" for number, amount in paid.applied_to]
    if paid.advance:
        lines.append(f"В счет следующих месяцев: {paid.advance}")
    return ["\n".join(lines)] if lines else []


def _ending(head: Letterhead) -> list[str]:
    payments = [f"Все платежи — {head.portal}/payments"] if head.portal else []
    where = f" ({head.portal}/profile)" if head.portal else ""
    no_reply = "Это сообщение об оплате, а не кассовый чек. Отвечать на него не нужно."
    switch = f"выключите в «Профиле»{where} «Квитанции об оплате на почту»."
    return [*payments, no_reply, f"Чтобы отписаться, войдите на портал и {switch}"]


def _line(text: str) -> str:
    """Whatever others have written, without what could begin a line of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _paragraph(paragraph: str, head: Letterhead) -> str:
    lines = paragraph.split("\n")
    if all(_ROW.fullmatch(line) for line in lines):
        rows = (line.partition(": ") for line in lines)
        facts = (
            _FACT.format(escape(name), _WHOLE if value.endswith("₽") else "", _linked(value, head))
            for name, _, value in rows
        )
        return _TABLE.format("\n".join(facts))
    return _TEXT.format("<br>\n".join(_linked(line, head) for line in lines))


def _linked(text: str, head: Letterhead) -> str:
    told = escape(text)
    if not head.portal:
        return told
    own = re.escape(escape(head.portal))
    return re.sub(rf"{own}/[a-z]+", r'<a href="\g<0>">\g<0></a>', told)
