"""What the sticker on a meter opens for whoever has signed in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.db.accounts import Meter, ServiceAccount
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.stickers import Sticker
from portal.db.tariffs import Service
from portal.domain.identity import ResidentId
from portal.domain.sticker import signed_number
from portal.errors import NotFound

_agreement, _account = table_of(Agreement), table_of(ServiceAccount)
_meter, _service, _sticker = table_of(Meter), table_of(Service), table_of(Sticker)


class StrangeSticker(NotFound):
    """Another's, unknown or forged: nobody can tell which."""

    def __init__(self) -> None:
        super().__init__(
            "По этой наклейке у вас нет счетчика. Проверьте, что это ваш счетчик и что вы вошли "
            "под своим логином, или откройте раздел «ЖКХ»."
        )


class RevokedSticker(NotFound):
    """The resident's own, but it was revoked."""

    def __init__(self) -> None:
        super().__init__(
            "Эта наклейка больше не действует. Передайте показания в разделе «ЖКХ», а новую "
            "наклейку попросите в управляющей компании."
        )


@dataclass(frozen=True, slots=True)
class StickerPlace:
    """The counter whose field a sticker opens.  Of a meter that was replaced it is the same
    service's present one: the sticker may hang on the pipe still.
    """

    account_id: int
    external_id: str


def sticker_place(
    session: Session, resident: ResidentId, secret: bytes, token: str
) -> StickerPlace:
    """Raises StrangeSticker, RevokedSticker."""
    number = signed_number(secret, token)
    if number is None:
        raise StrangeSticker
    row = session.execute(_PLACE, {"resident": resident, "number": number}).one_or_none()
    if row is None:
        raise StrangeSticker
    if row.revoked_at is not None:
        raise RevokedSticker
    return StickerPlace(row.account_id, row.external_id)


def _place() -> Select[Any]:
    return (
        select(_sticker.c.revoked_at, _meter.c.account_id, _service.c.external_id)
        .join(_meter, _meter.c.id == _sticker.c.meter_id)
        .join(_service, _service.c.id == _meter.c.service_id)
        .join(_account, _account.c.id == _meter.c.account_id)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .where(
            _agreement.c.resident_id == bindparam("resident"),
            _sticker.c.number == bindparam("number"),
        )
    )


_PLACE = _place()
