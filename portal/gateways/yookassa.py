"""ЮKassa, version 3 of its API (yookassa.ru/developers/api): our own few calls of it, each bounded
in time and size.  Whatever is not understood is not known, and nothing is taken for granted.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from ssl import SSLContext
from typing import Any, Final
from urllib.parse import quote

import httpx

from portal.domain.money import Money
from portal.domain.paying import BankRefund, BankTold
from portal.gateways.acquiring import (
    Declined,
    Heard,
    NewPayment,
    NewRefund,
    Shop,
    Unknown,
    Unreachable,
)
from portal.gateways.yookassa_bodies import body_of, refund_body_of

BASE_URL: Final = "https://api.yookassa.ru/v3"
ANSWER_MAX: Final = 256 * 1024
ID_MAX, ADDRESS_MAX, WORDS_MAX = 100, 2000, 300
TIMEOUT: Final = httpx.Timeout(20.0, connect=5.0)
WHOLE_SECONDS: Final = 25.0
"""For a bank that answers, but a byte a second."""
_NOT_US: Final = frozenset({401, 403})
_LATER: Final = frozenset({408, 409, 425, 429})
"""«Too early», «at work», «too many»: said of a request that may do at another time."""
_DONE: Final = frozenset({200, 201})
_SUM = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)


class YooKassa:
    """See Acquirer.  `timeout` and `whole_seconds` are for tests of patience."""

    def __init__(
        self, timeout: httpx.Timeout = TIMEOUT, whole_seconds: float = WHOLE_SECONDS
    ) -> None:
        self._timeout, self._whole_seconds = timeout, whole_seconds

    async def create(self, shop: Shop, new: NewPayment) -> BankTold:
        said = await self._asked(shop, "/payments", new.token, body_of(new))
        return replace(told_of(said.body), kept_as=said.kept_as)

    async def find(self, shop: Shop, external_id: str) -> BankTold:
        said = await self._asked(shop, f"/payments/{quote(external_id, safe='')}")
        told = replace(told_of(said.body), kept_as=said.kept_as)
        if told.external_id != external_id:
            raise Unreachable(f"told of {told.external_id[:ID_MAX]}, asked of {external_id}")
        return told

    async def give_back(self, shop: Shop, new: NewRefund) -> BankRefund:
        said = await self._asked(shop, "/refunds", new.token, refund_body_of(new))
        return refund_of(said.body)

    async def find_refund(self, shop: Shop, external_id: str) -> BankRefund:
        said = await self._asked(shop, f"/refunds/{quote(external_id, safe='')}")
        told = refund_of(said.body)
        if told.external_id != external_id:
            raise Unreachable(f"told of {told.external_id[:ID_MAX]}, asked of {external_id}")
        return told

    async def _asked(
        self, shop: Shop, path: str, key: str = "", body: Mapping[str, Any] | None = None
    ) -> "_Said":
        """The answer, kept already, whatever it is.  Raises Unreachable, Declined."""
        said, fault = _Said(), None
        try:
            async with asyncio.timeout(self._whole_seconds):
                await self._hear(shop, path, (key, body), said)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, _Endless) as found:
            fault = found
        if said.status:
            question = f"{'GET' if body is None else 'POST'} {path} {key}".strip()
            heard = Heard(question, said.status, said.body, is_whole=fault is None)
            said.kept_as = await shop.keep(heard)
        if fault is not None:
            raise Unreachable(f"{type(fault).__name__}: {fault}") from fault
        _judge(said)
        return said

    async def _hear(
        self, shop: Shop, path: str, sent: tuple[str, Mapping[str, Any] | None], said: "_Said"
    ) -> None:
        """Fills `said`, whatever of it comes."""
        key, body = sent
        request: dict[str, Any] = {
            "url": (shop.base_url or BASE_URL).rstrip("/") + path,
            "auth": (shop.shop_id, shop.secret),
            "method": "GET" if body is None else "POST",
        }
        if body is not None:
            request |= {"json": body, "headers": {"Idempotence-Key": key}}
        async with (
            # Not through a proxy of the environment: it would read what is secret.
            httpx.AsyncClient(timeout=self._timeout, verify=self._trust, trust_env=False) as client,
            client.stream(**request) as answer,
        ):
            said.status = answer.status_code
            async for part in answer.aiter_bytes():
                said.body += part[: ANSWER_MAX + 1 - len(said.body)]
                if len(said.body) > ANSWER_MAX:
                    raise _Endless("an answer without end")

    @cached_property
    def _trust(self) -> SSLContext:
        """Reading the certificates takes longer than a call."""
        return httpx.create_ssl_context()


class _Endless(Exception):
    pass


@dataclass(slots=True)
class _Said:
    """`status` 0: nothing at all."""

    status: int = 0
    body: bytes = b""
    kept_as: int | None = None


def _judge(said: _Said) -> None:
    if said.status in _DONE:
        return
    words = f"{said.status} {said.body[:WORDS_MAX].decode(errors='replace')}"
    if said.status in _NOT_US:
        raise Unknown(words)
    if 400 <= said.status < 500 and said.status not in _LATER:  # noqa: PLR2004 - RFC 9110, 15.5
        raise Declined(words)
    raise Unreachable(words)


def told_of(raw: bytes) -> BankTold:
    """A payment as the bank writes it.  Raises Unreachable: it is no payment."""
    told, text = _object(raw)
    metadata, amount = _inner(told, "metadata"), _inner(told, "amount")
    return BankTold(
        external_id=_text(told, "id"),
        status=_text(told, "status")[:ID_MAX],
        is_paid=told.get("paid") is True,
        amount=_money(_text(amount, "value")),
        currency=_text(amount, "currency"),
        account=_text(metadata, "account"),
        token=_text(metadata, "payment_intent_id"),
        confirmation_url=_address(_text(_inner(told, "confirmation"), "confirmation_url")),
        paid_at=_moment(_text(told, "captured_at")),
        raw=text,
    )


def refund_of(raw: bytes) -> BankRefund:
    """A refund as the bank writes it.  Raises Unreachable: it is no refund."""
    told, _ = _object(raw)
    amount = _inner(told, "amount")
    return BankRefund(
        external_id=_text(told, "id"),
        payment_id=_text(told, "payment_id"),
        status=_text(told, "status")[:ID_MAX],
        amount=_money(_text(amount, "value")),
        currency=_text(amount, "currency"),
        refunded_at=_moment(_text(told, "created_at")),
    )


def _object(raw: bytes) -> tuple[Mapping[str, Any], str]:
    """Something with a number and a status, and its text.  Raises Unreachable."""
    try:
        text = raw.decode()
        # A sum that was written as a number stays exact.
        told = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as fault:
        raise Unreachable("an answer that is no JSON") from fault
    told = told if isinstance(told, dict) else {}
    number = _text(told, "id")
    if not 0 < len(number) <= ID_MAX or not number.isprintable() or not _text(told, "status"):
        raise Unreachable("an answer that is no payment")
    return told, text


def _inner(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = told.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    text = told.get(name)
    return text if isinstance(text, str) else ""


def _money(text: str) -> Money | None:
    return Money.parse(text) if _SUM.fullmatch(text) else None


def _address(text: str) -> str | None:
    """A page that a browser may be sent to; nothing that it would run."""
    is_page = text.startswith(("https://", "http://")) and text.isprintable() and " " not in text
    return text if is_page and len(text) <= ADDRESS_MAX else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
