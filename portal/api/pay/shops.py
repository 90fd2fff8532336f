"""With what a channel's bank is asked, and where its answers go."""

from typing import Final

from portal.backend import Backend
from portal.config import Settings
from portal.gateways.acquiring import Heard, Keep, Shop
from portal.services.paying.answers import keep_answer, known_answer

NO_SECRET: Final = "у канала нет секрета: задайте переменную"  # noqa: S105 - a sentence


def shop(
    backend: Backend, settings: Settings, channel: str, shop_id: str, base: str | None
) -> Shop | None:
    """None: nobody has set the channel's secret.  A `base` that begins with a slash is below the
    portal itself.
    """
    secret = settings.pay_secret(channel)
    if base is not None and base.startswith("/"):
        base = settings.own_address + base
    return None if secret is None else Shop(shop_id, secret, base, _keeper(backend, channel))


def _keeper(backend: Backend, channel: str) -> Keep:
    """Writes only what is new: a payment that waits is asked about every second."""

    async def keep(heard: Heard) -> int:
        known = await backend.read(known_answer, channel, heard)
        if known is not None:
            return known
        return await backend.write(keep_answer, channel, heard, backend.clock())

    return keep
