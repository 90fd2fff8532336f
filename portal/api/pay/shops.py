"""With what a channel's bank is asked."""

from typing import Final

from portal.config import Settings
from portal.gateways.acquiring import Shop

NO_SECRET: Final = "у канала нет секрета: задайте переменную"  # noqa: S105 - a sentence


def shop(settings: Settings, channel: str, shop_id: str, base: str | None) -> Shop | None:
    """None: nobody has set the channel's secret.  A `base` that begins with a slash is below the
    portal itself.
    """
    secret = settings.pay_secret(channel)
    if base is not None and base.startswith("/"):
        base = settings.own_address + base
    return None if secret is None else Shop(shop_id, secret, base)
