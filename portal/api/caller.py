"""Whose device asks: every route for machines begins here."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from portal.backend import Backend
from portal.config import Flags
from portal.domain.identity import ResidentId
from portal.domain.own_device import Right
from portal.errors import NotFound
from portal.services.device_door import Entered, NotAllowed, NotLetIn, enter, knock
from portal.services.entry import Scope

_log = logging.getLogger(__name__)
_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="Ключ устройства",
    description="Создается в «Профиле», в разделе «Мои устройства»",
)
Sent = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that was let in, and with what it is answered."""

    backend: Backend
    flags: Flags
    device: Entered

    @property
    def resident(self) -> ResidentId:
        return self.device.resident

    @property
    def now(self) -> datetime:
        return self.backend.clock()

    @property
    def scope(self) -> Scope:
        """What the operator's flags make of the ЖКХ module."""
        return Scope(self.flags.zkh_category_prefix.matches, self.flags.zkh_serial_number)


async def reader(request: Request, sent: Sent) -> Caller:
    """Raises NotLetIn, TooManyAttempts, NotFound: the operator has closed the module, or
    «Профиль», where a key could be revoked.
    """
    state = request.app.state
    flags: Flags = state.settings.flags
    if not flags.is_zkh_open or not flags.menu_profile:
        raise NotFound("Раздел недоступен")
    if sent is None or not sent.credentials.strip():
        raise NotLetIn(is_empty=True)
    return Caller(state.backend, flags, await _entered(request, sent.credentials.strip()))


async def submitter(caller: Annotated[Caller, Depends(reader)]) -> Caller:
    """Raises NotAllowed, and what `reader` raises."""
    if caller.device.right is not Right.SUBMIT:
        raise NotAllowed
    return caller


async def _entered(request: Request, token: str) -> Entered:
    """The address is the device's own: the front has put it there."""
    backend: Backend = request.app.state.backend
    secret, now = request.app.state.settings.signing_secret(), backend.clock()
    address = request.client.host if request.client else ""
    await backend.read(knock, secret, token, address, now)
    device = await backend.write(enter, secret, token, address, now)
    if device is None:
        _log.warning("a wrong key from %s", address)
        raise NotLetIn
    return device
