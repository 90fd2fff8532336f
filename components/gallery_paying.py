"""Examples of paying: the choice, and each state that a payment can be in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup

from components.gallery_money import DIRECT, ENDLESS, LATE, PARTLY, POSTED, REQUISITES, UNPAID
from components.gallery_values import HOSTILE, LONG, TODAY, UNBROKEN, ZONE
from components.pay_form import pay_form
from components.pay_other import pay_other
from components.pay_status import pay_cleared, pay_status, pay_waiting
from components.stack import stack
from portal.domain.bill import InvoiceSummary
from portal.domain.money import ZERO, Money
from portal.domain.pay_offer import PayOffer, PayPoint, PayWay
from portal.domain.pay_sum import PaySum
from portal.domain.paying import PayState, PayTold, Way
from portal.domain.statement import Choice

KEY = "0" * 32
THREE = tuple(
    replace(each, invoice_id=number) for number, each in enumerate((LATE, PARTLY, UNPAID), 1)
)
WAYS = (PayWay("demo-card", Way.CARD), PayWay("demo-card", Way.SBP))
POINTS = (
    PayPoint("Терминал в подъезде", "Лесная, 7, подъезд 1, у лифта"),
    PayPoint("Сбербанк Онлайн"),
)
TOLD = PayTold(
    token="Zk3b1uQx",  # noqa: S106 - a payment of that name
    agreement="ДОМ-12", amount=Money(4028_75), way=Way.CARD,
    channel="Демо-банк", state=PayState.WAITING, begun_at=POSTED,
    confirmation_url="/demo-bank/checkout/1", invoices=("2026-10/12", "2026-09/12"),
)  # fmt: skip
PAID_TOLD = replace(
    TOLD, state=PayState.DONE, ended_at=POSTED + timedelta(minutes=2), number=1204,
    external_id="2d1c6f5e-000f-5000-8000-1b5ee4d0c1a1", confirmation_url=None,
    applied_to=("2026-10/12", "2026-09/12"), advance=Money(500_00),
)  # fmt: skip
RESOLVED_TOLD = replace(
    TOLD, state=PayState.RESOLVED, ended_at=POSTED + timedelta(days=1), confirmation_url=None,
    channel="Карта или СБП", outcome="Банк вернул деньги на карту 28 ноября, платить нужно заново",
)  # fmt: skip
ENDLESS_TOLD = replace(
    PAID_TOLD, agreement=UNBROKEN, amount=Money(10**13), channel=HOSTILE, external_id=UNBROKEN * 2,
    invoices=(UNBROKEN,), applied_to=(UNBROKEN, LONG, HOSTILE), refunded=Money(10**13),
    advance=Money(10**13),
)  # fmt: skip


def offer(
    payable: Sequence[InvoiceSummary] = THREE,
    *,
    pays: Money | None = None,
    ways: tuple[PayWay, ...] = WAYS,
    chosen: int | None = None,
) -> PayOffer:
    """Everything is chosen, or the first `chosen`; `pays` is the sum that was typed."""
    picked = payable[:chosen]
    unpaid = Money.total(each.remainder for each in payable)
    asked = Money.total(each.remainder for each in picked)
    amount = asked if pays is None else pays
    return PayOffer(
        agreements=(Choice(1, "ДОМ-12"),),
        agreement=Choice(1, "ДОМ-12"),
        is_closed=False,
        payable=tuple(payable),
        elsewhere=(),
        other_debts=(),
        chosen=frozenset(each.invoice_id for each in picked),
        total=PaySum(amount, asked, unpaid) if amount > ZERO else None,
        ways=ways,
        points=(),
        requisites=REQUISITES,
        purpose="Оплата ЖКУ, договор ДОМ-12, счета № 2026-10/12, 2026-09/12",
        qr_text="ST00012|Name=ООО «Уютный дом»|PersonalAcc=40702810000000000001|Sum=402875",
        today=TODAY,
    )


def _form(shown: PayOffer, amount_typed: str = "", **errors: str) -> Markup:
    return pay_form(shown, KEY, {"amount": amount_typed}, errors)


def _whole() -> Markup:
    shown = replace(
        offer(),
        points=POINTS,
        elsewhere=(replace(DIRECT, invoice_id=9),),
        other_debts=((Choice(2, "ГАР-7"), Money(310_15)),),
    )
    return stack(_form(shown), pay_other(shown))


EXTREME = replace(
    offer((replace(ENDLESS, payee=""),), pays=Money(5)),
    agreement=Choice(1, UNBROKEN), points=(PayPoint(UNBROKEN, HOSTILE),),
    elsewhere=(replace(ENDLESS, invoice_id=9, payee=UNBROKEN),),
    other_debts=((Choice(2, UNBROKEN), Money(10**13)),),
    requisites=replace(REQUISITES, name=HOSTILE, bank_name=UNBROKEN), purpose=UNBROKEN * 3,
)  # fmt: skip

EXAMPLES: dict[str, Callable[[], Markup]] = {
    "payment": _whole,
    "payment, one invoice, one way": lambda: _form(offer((UNPAID,), ways=WAYS[:1])),
    "payment, a part": lambda: _form(offer(pays=Money(2500_00), chosen=1), "2500"),
    "payment, more than chosen": lambda: _form(offer(pays=Money(20_000_00), chosen=2), "20 000"),
    "payment, ahead": lambda: _form(offer(())),
    "payment, ahead, a sum": lambda: _form(offer((), pays=Money(1000_00)), "1000"),
    "payment, a wrong sum": lambda: _form(
        replace(offer(), total=None), "тысяча", amount="Введите сумму цифрами, например 1 234,50"
    ),
    "payment, changed meanwhile": lambda: _form(
        offer(), **{"": "Сумма изменилась, теперь 14 612,36 ₽. Если все верно, нажмите ещё раз"}
    ),
    "payment, by requisites only": lambda: stack(_form(offer(ways=())), pay_other(offer(ways=()))),
    "payment, extreme": lambda: stack(_form(EXTREME, UNBROKEN), pay_other(EXTREME)),
    "paid, waiting": lambda: pay_status(TOLD, ZONE),
    "paid, checking": lambda: pay_status(
        replace(TOLD, state=PayState.CHECKING, confirmation_url=None), ZONE
    ),
    "paid, resolved": lambda: pay_status(RESOLVED_TOLD, ZONE),
    "paid, resolved lately": lambda: pay_cleared(
        (RESOLVED_TOLD, replace(RESOLVED_TOLD, agreement=UNBROKEN, outcome=HOSTILE * 9)), ZONE
    ),
    "paid, done": lambda: pay_status(PAID_TOLD, ZONE),
    "paid, done, refunded": lambda: pay_status(
        replace(PAID_TOLD, way=Way.SBP, advance=ZERO, refunded=Money(1000_00)), ZONE
    ),
    "paid, canceled": lambda: pay_status(replace(TOLD, state=PayState.CANCELED), ZONE),
    "paid, refused": lambda: pay_status(replace(TOLD, state=PayState.REFUSED), ZONE),
    "paid, extreme": lambda: pay_status(ENDLESS_TOLD, ZONE),
    "paid, awaited": lambda: pay_waiting(
        (TOLD, replace(ENDLESS_TOLD, state=PayState.CHECKING)), ZONE
    ),
}
