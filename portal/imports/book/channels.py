"""Channels of payment systems, and what of their fields does not go together."""

from collections.abc import Iterator

from portal.db.incoming import PayChannel
from portal.domain.incoming import Dialect
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
    lambda _: {"networks": "", "is_open": True},
    fixed=frozenset({"operator_id", "dialect"}),
)
_OF_MESSAGES = ("account_pattern", "amount_min", "amount_max", "networks", "login", "certificate")


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
    strange = [name for name in _OF_MESSAGES if channel.get(name)]
    if channel.get("dialect") == Dialect.FILE and strange:
        yield f"каналу файлов ни к чему «{'», «'.join(strange)}»: это для терминалов"
    if bool(channel.get("login")) != bool(channel.get("secret_digest")):
        yield "«login» и «password» бывают только вместе"
    low, high = channel.get("amount_min"), channel.get("amount_max")
    if low is not None and high is not None and low > high:
        yield f"«amount_min» {low} больше, чем «amount_max» {high}"
