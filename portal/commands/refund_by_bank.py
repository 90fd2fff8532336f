"""`refund` of what was paid by card or through СБП: the bank that took it gives it back."""

import asyncio

import typer

from portal.api.pay.returns import Returns
from portal.api.pay.shops import NO_SECRET
from portal.backend import Backend
from portal.commands.preconditions import officer
from portal.config import Settings
from portal.domain.giving_back import RefundStep
from portal.errors import Refused, Unavailable
from portal.gateways.yookassa import YooKassa
from portal.services.incoming.refundable import Refundable
from portal.services.paying.asking_back import BackOrder, ask_back
from portal.services.paying.giving_back import Returning, returning

_AGAIN = "Повторите ту же команду или выполните zhkh-portal poll: второго возврата не будет"
_ENDS = {
    RefundStep.DECLINED: "банк отказал, денег не вернул: {}. Другая попытка — с другим --document",
    RefundStep.CANCELED: "банк отменил возврат, денег не вернул. Другая попытка — с другим "
    "--document",
    RefundStep.STRANGE: "банк ответил не то, о чем его просили: {}. Проверьте в кабинете банка, "
    "ушли ли деньги",
    RefundStep.LOST: "банк не ответил за сутки, ушли ли деньги — неизвестно. Проверьте в кабинете "
    "банка; другая попытка — с другим --document",
}


def ask_bank(backend: Backend, settings: Settings, order: BackOrder) -> None:
    """Raises Refused, and Unavailable: the bank has not answered, and may be asked again."""
    if settings.pay_secret(order.money.channel) is None:
        raise Refused(f"Канал {order.money.channel}: {NO_SECRET}")
    asked = backend.write_now(ask_back, officer(), order, backend.clock())
    bank = Returns(backend, settings, YooKassa())
    asyncio.run(bank.look(asked.token, is_first=asked.is_new))
    typer.echo(_told(order, backend.read_now(returning, asked.token)))


def called(money: Refundable) -> str:
    """The payment in the words of people."""
    whose = f"договор {money.agreement}" if money.agreement else "невыясненное поступление"
    return f"Платеж № {money.external_id}, {money.amount}, {whose}"


def _told(order: BackOrder, done: Returning) -> str:
    wanted = f"{called(order.money)}: возврат {done.amount} документом {order.document}"
    match done.step:
        case RefundStep.DONE:
            return f"{wanted}: банк вернул деньги (№ {done.external_id}), записано."
        case RefundStep.SENT:
            return f"{wanted}: банк принял (№ {done.external_id}), но ещё не вернул. {_AGAIN}."
        case None:
            raise Unavailable(f"{wanted}: банк не ответил, ушли ли деньги — неизвестно. {_AGAIN}.")
        case step:
            raise Refused(f"{wanted}: {_ENDS[step].format(done.words)}.")
