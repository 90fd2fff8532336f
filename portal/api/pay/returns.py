"""Asks the bank to give money back, and what became of it, until the end of each request is known.

As with payments, nothing of it can be done twice with harm; see cashier.py.
"""

import logging
from dataclasses import dataclass
from typing import Final

from portal.api.pay.shops import NO_SECRET, shop
from portal.backend import Backend
from portal.config import Settings
from portal.domain.giving_back import OPEN, RefundStep
from portal.domain.paying import REPEATABLE, REPEATABLE_MARGIN, BankRefund
from portal.errors import Refused, Unavailable
from portal.gateways.acquiring import Acquirer, Declined, NewRefund, Shop, Unreachable
from portal.services.paying.giving_back import Returning, note_refund, returning, settle_back
from portal.web import live

_TWICE: Final = "на первый вопрос банк не ответил, на повторный ответил отказом"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Returns:
    backend: Backend
    settings: Settings
    bank: Acquirer

    async def look(self, token: str, *, is_first: bool = False) -> None:
        """Ask the bank, and settle what it says.  `is_first`: nobody has asked it before, so that a
        refusal means that nothing was done.

        Raises NotFound, Unavailable.
        """
        asked = await self.backend.read(returning, token)
        if asked.step not in OPEN:
            return
        if asked.external_id is None and self._is_forgotten(asked):
            await self._noted(token, RefundStep.LOST, "банк не ответил за сутки")
            return
        told = await self._told(asked, is_first=is_first)
        if told is not None:
            await self._settled(token, told)

    async def _told(self, asked: Returning, *, is_first: bool) -> BankRefund | None:
        """None: the bank has not answered, or what it said is noted."""
        own = shop(self.backend, self.settings, asked.channel, asked.shop_id, asked.base_url)
        if own is None:
            raise Unavailable(f"Канал {asked.channel}: {NO_SECRET}")
        try:
            if asked.external_id is not None:
                return await self.bank.find_refund(own, asked.external_id)
            return await self._given_back(own, asked, is_first=is_first)
        except (Unreachable, Declined) as fault:
            _log.warning("refund %s: the bank does not tell: %s", asked.token, fault)
            return None

    async def _given_back(
        self, own: Shop, asked: Returning, *, is_first: bool
    ) -> BankRefund | None:
        try:
            return await self.bank.give_back(own, _new(asked))
        except Declined as fault:
            _log.error("refund %s: declined: %s", asked.token, fault)
            if is_first:
                await self._noted(asked.token, RefundStep.DECLINED, str(fault))
            else:
                await self._noted(asked.token, RefundStep.STRANGE, f"{_TWICE}: {fault}")
            return None

    async def _settled(self, token: str, told: BankRefund) -> None:
        now = self.backend.clock()
        try:
            resident = await self.backend.write(settle_back, token, told, now)
        except Refused as fault:
            _log.error("refund %s: given back, and not in the books: %s", token, fault)
            await self._noted(token, RefundStep.STRANGE, f"{told.external_id}: {fault}")
            return
        if resident is not None:
            await live.refresh(resident)

    async def _noted(self, token: str, step: RefundStep, words: str) -> None:
        await self.backend.write(note_refund, token, step, words, self.backend.clock())

    def _is_forgotten(self, asked: Returning) -> bool:
        """Asked anew, the bank might give back twice."""
        return self.backend.clock() - asked.begun_at > REPEATABLE - REPEATABLE_MARGIN


def _new(asked: Returning) -> NewRefund:
    return NewRefund(
        token=asked.token,
        payment_number=asked.payment_number,
        amount=asked.amount,
        description=f"Возврат оплаты ЖКУ, договор {asked.account}",
        receipt=asked.receipt,
    )
