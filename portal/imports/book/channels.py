"""Channels of payment systems, and what of their fields does not go together."""

from collections.abc import Iterator, Mapping

from portal.db.incoming import PayChannel
from portal.domain.incoming import Unspoken
from portal.imports.book.desk import Desk
from portal.imports.book.directory import columns
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row
from portal.services.payments import CHANNELS
from portal.services.tokens import token_digest

_KEPT = Manner(
    "pay_channels",
    PayChannel,
    lambda _: {"networks": "", "is_open": True, "has_receipts": False},
    fixed=frozenset({"operator_id", "dialect"}),
)
_OF_TERMINALS = ("account_pattern", "login", "certificate", "place")
_OF_MESSAGES = ("amount_min", "amount_max", "networks")
_OF_CARDS = ("ways", "shop_id", "base_url", "has_receipts", "vat_code", "tax_system")
_STRANGE: Mapping[str, tuple[tuple[str, ...], str]] = {
    Unspoken.FILE: ((*_OF_TERMINALS, *_OF_MESSAGES, *_OF_CARDS), "каналу файлов"),
    Unspoken.YOOKASSA: (_OF_TERMINALS, "каналу карт"),
}
_STRANGE_TO_TERMINALS = (_OF_CARDS, "каналу терминалов")


def keep_channels(desk: Desk) -> None:
    keep(desk, _KEPT, list(_plans(desk)))


def _plans(desk: Desk) -> Iterator[Plan]:
    for row, key in desk.rows("pay_channels"):
        if desk.claims(row, "pay_channels", key):
            stored = desk.known["pay_channels"].by_key.get(key, {})
            own = columns(row, PayChannel) | _secret(row)
            own |= {f"{name}_id": entry["id"] for name, entry in desk.links(row).items()}
            for fault in _faults(row["key"], stored | own):
                desk.complain(row, fault)
            yield Plan(row, key, own)


def _secret(row: Row) -> Entry:
    """Without a login there is no password either."""
    if row.get("login") == "":
        return {"secret_digest": None}
    return {"secret_digest": token_digest(row["password"])} if "password" in row.values else {}


def _faults(key: str, channel: Entry) -> Iterator[str]:
    """Of the channel as it will be."""
    if key in CHANNELS:
        yield f"«{key}» значит «{CHANNELS[key]}» у загруженных платежей: назовите канал иначе"
    yield from _strange(channel)
    if channel.get("dialect") == Unspoken.YOOKASSA:
        yield from _card_faults(key, channel)
    if bool(channel.get("login")) != bool(channel.get("secret_digest")):
        yield "«login» и «password» бывают только вместе"
    low, high = channel.get("amount_min"), channel.get("amount_max")
    if low is not None and high is not None and low > high:
        yield f"«amount_min» {low} больше, чем «amount_max» {high}"


def _strange(channel: Entry) -> Iterator[str]:
    names, whose = _STRANGE.get(channel.get("dialect", ""), _STRANGE_TO_TERMINALS)
    strange = [name for name in names if channel.get(name)]
    if strange:
        yield f"{whose} ни к чему «{'», «'.join(strange)}»"


def _card_faults(key: str, channel: Entry) -> Iterator[str]:
    if not key.isascii():
        yield f"«{key}»: ключ становится именем переменной с секретом, нужны латинские буквы"
    if not channel.get("ways") or not channel.get("shop_id"):
        yield "каналу карт нужны «ways» и «shop_id»"
    if channel.get("has_receipts") and not channel.get("vat_code"):
        yield "для чеков нужна ставка НДС: «vat_code»"
