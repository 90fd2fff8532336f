"""Кассир: asks the bank for payments and what became of them, until the end of each is known.

Nothing that it does can be done twice with harm: a payment is asked for under one key, and what
the bank says is settled by the database's own keys.  So it may be killed at any moment, and others
of its kind may run beside it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from portal.api.pay.returns import Returns
from portal.api.pay.shops import NO_SECRET, shop
from portal.backend import Backend
from portal.config import Settings
from portal.domain.paying import REPEATABLE, REPEATABLE_MARGIN, WATCHED, BankTold, PayState, pause
from portal.errors import Unavailable
from portal.gateways.acquiring import Acquirer, Declined, NewPayment, Shop, Unknown, Unreachable
from portal.services.paying.giving_back import unended_refunds
from portal.services.paying.outgoing import Outgoing, Unended, meant, outgoing, unended
from portal.services.paying.refunds import is_taken, settle_refund, shop_of
from portal.services.paying.settling import Settled, note_declined, note_unsent, settle
from portal.web import live

ROUND_SECONDS: Final = 30.0
PEEK_SECONDS: Final = 1.0
SETTLED_BY_ITSELF: Final = timedelta(minutes=3)
"""So long the resident himself, and the bank's notification, may bring the end."""
ROUND_MAX: Final = 500
"""Looked at in one round: those that are left are due in the next."""
_AT_ONCE: Final = 8
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Cashier:
    backend: Backend
    settings: Settings
    bank: Acquirer
    returns: Returns = field(init=False)
    _looked: dict[str, datetime] = field(default_factory=dict)
    _peeked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.returns = Returns(self.backend, self.settings, self.bank)

    async def send(self, token: str) -> str | None:
        """Ask the bank for the payment; where the resident pays it.  None: the bank has not
        answered, or the payment has ended; what is known then, `told` says.

        Raises NotFound, Unavailable.
        """
        intent = await self.backend.read(outgoing, token)
        if not intent.is_unasked:
            return intent.confirmation_url
        if self.backend.clock() - intent.begun_at > REPEATABLE - REPEATABLE_MARGIN:
            await self._noted(note_unsent, token)
            return None
        told = await self._created(intent)
        if told is None:
            return None
        await self._noted(settle, token, told)
        return told.confirmation_url

    async def peek(self, token: str) -> None:
        """`look` for a page, however often its resident asks: the bank is asked once a second.

        Raises NotFound, Unavailable.
        """
        if token in self._peeked:
            return
        self._peeked.add(token)
        asyncio.get_running_loop().call_later(PEEK_SECONDS, self._peeked.discard, token)
        await self.look(token)

    async def look(self, token: str, external_id: str | None = None) -> None:
        """Ask the bank what became of the payment, and settle it.  `external_id` is somebody's
        word for it, where the bank itself has not told it.

        Raises NotFound, Unavailable.
        """
        intent = await self.backend.read(outgoing, token)
        if intent.state is PayState.DONE:
            return
        number = intent.external_id or external_id
        if number is None:
            await self.send(token)
            return
        told = await self._found(intent, number)
        if told is None:
            return
        if told.token != token and intent.external_id is None:
            _log.warning("intent %s: %s is another's", token, number)
            return
        await self._noted(settle, token, told)

    async def look_at_refund(self, channel_id: int, external_id: str) -> None:
        """Ask the bank of a refund of this channel, and note it, after the payment that it is of:
        that may be told of later than its refund.

        Raises Refused, and Unavailable: the bank does not tell, or has not given back yet.
        """
        key, shop_id, base = await self.backend.read(shop_of, channel_id)
        shop = self._shop(key, shop_id, base)
        if shop is None:
            raise Unavailable(NO_SECRET)
        try:
            told = await self.bank.find_refund(shop, external_id)
            if not await self.backend.read(is_taken, channel_id, told.payment_id):
                await self._taken(channel_id, await self.bank.find(shop, told.payment_id))
        except Unknown as fault:
            _log.error("channel %s: %s", key, fault)
            raise Unavailable(NO_SECRET) from fault
        except Declined as fault:
            _log.warning("refund %s: not of channel %s: %s", external_id, key, fault)
            return
        except Unreachable as fault:
            raise Unavailable("Банк не отвечает. Повторите позже") from fault
        if told.is_under_way:
            raise Unavailable("Банк ещё не вернул деньги. Повторите позже")
        now = self.backend.clock()
        resident = await self.backend.write(settle_refund, channel_id, told, now)
        if resident is not None:
            await live.refresh(resident)

    async def _taken(self, channel_id: int, told: BankTold) -> None:
        """Settle a payment that nobody has asked the bank about yet, if it is one of ours."""
        token = await self.backend.read(meant, channel_id, told.external_id, told.token)
        if token is not None:
            await self._noted(settle, token, told)

    async def watch(self) -> None:
        """For ever: a round now and then, whatever goes wrong in one."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.poll()
            except (Unavailable, SQLAlchemyError) as fault:
                _log.warning("payments were not looked at: %s", fault)

    async def poll(self) -> int:
        """Look at what is due; how many that were."""
        now = self.backend.clock()
        waiting = [
            each
            for query in (unended, unended_refunds)
            for each in await self.backend.read(query, now - SETTLED_BY_ITSELF, now - WATCHED)
        ]
        self._looked = {
            each.token: self._looked[each.token] for each in waiting if each.token in self._looked
        }
        due = [each for each in waiting if self._is_due(each, now)][:ROUND_MAX]
        self._looked |= {each.token: now for each in due}
        return await self._look_at(due)

    async def poll_all(self) -> int:
        """Look at every payment that has no end, of whatever age; how many that were."""
        return await self._look_at(await self.backend.read(unended, self.backend.clock()))

    async def poll_refunds(self) -> int:
        """`poll_all` of requests for refunds."""
        return await self._look_at(await self.backend.read(unended_refunds, self.backend.clock()))

    def _is_due(self, each: Unended, now: datetime) -> bool:
        last = self._looked.get(each.token)
        return last is None or now - last >= pause(last - each.begun_at)

    async def _look_at(self, due: "tuple[Unended, ...] | list[Unended]") -> int:
        places = asyncio.Semaphore(_AT_ONCE)

        async def look(each: Unended) -> None:
            async with places:
                try:
                    await (self.returns if each.is_refund else self).look(each.token)
                except (Unavailable, SQLAlchemyError) as fault:
                    _log.warning("%s was not looked at: %s", each.token, fault)

        await asyncio.gather(*(look(each) for each in due))
        return len(due)

    async def _created(self, intent: Outgoing) -> BankTold | None:
        shop = self._shop(intent.channel, intent.shop_id, intent.base_url)
        if shop is None:
            _log.error("channel %s: no secret", intent.channel)
            await self._noted(note_declined, intent.token, NO_SECRET)
            return None
        try:
            return await self.bank.create(shop, self._new(intent))
        except Unreachable as fault:
            _log.warning("intent %s: not known whether the bank has it: %s", intent.token, fault)
        except Declined as fault:
            _log.error("intent %s: declined: %s", intent.token, fault)
            await self._noted(note_declined, intent.token, str(fault))
        return None

    async def _found(self, intent: Outgoing, number: str) -> BankTold | None:
        shop = self._shop(intent.channel, intent.shop_id, intent.base_url)
        try:
            return None if shop is None else await self.bank.find(shop, number)
        except (Unreachable, Declined) as fault:
            _log.warning("intent %s: the bank does not tell of %s: %s", intent.token, number, fault)
            return None

    async def _noted(self, note: Callable[..., Settled], token: str, *facts: Any) -> None:  # noqa: ANN401 - of the note
        """Write it, and show it to the resident."""
        settled = await self.backend.write(note, token, *facts, self.backend.clock())
        if settled.is_strange:
            _log.error("intent %s: the bank says what was not meant: credited nothing", token)
        if settled.is_new:
            await live.refresh(settled.resident)

    def _shop(self, channel: str, shop_id: str, base: str | None) -> Shop | None:
        return shop(self.backend, self.settings, channel, shop_id, base)

    def _new(self, intent: Outgoing) -> NewPayment:
        return NewPayment(
            token=intent.token,
            account=intent.account,
            amount=intent.amount,
            way=intent.way,
            description=intent.description,
            return_url=f"{intent.origin or self.settings.usual_origin}/payment/{intent.token}",
            receipt=intent.receipt,
        )
