"""What is done with a message, whatever its protocol: the answer's text, and whose page changed.

A payment, and what takes one back, is stored word for word, and committed, before anything is made
of it; a check and a question for the status store nothing.  What goes wrong with us is temporary:
nobody gives up his payment for it.
"""

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from portal.backend import Backend
from portal.domain.dialect import Asked, Dialect, Fields
from portal.domain.identity import ResidentId
from portal.domain.incoming import Command, Malformed, Receipt, Refusal, bounds_refusal
from portal.errors import Unavailable
from portal.services.incoming import inbox
from portal.services.incoming.accepting import accept, accepted
from portal.services.incoming.cancelling import cancel
from portal.services.incoming.channels import Channel
from portal.services.incoming.finding import find

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """`raw` is what was sent, `fields` what can be read of it: None, if it is nonsense."""

    address: str
    raw: str
    fields: Fields | None


@dataclass(frozen=True, slots=True)
class Told:
    """`resident` is whoever's money has changed just now."""

    text: str
    resident: ResidentId | None = None


async def answer(backend: Backend, dialect: Dialect, channel: Channel, message: Message) -> Told:
    """Whatever happens, an answer in the words of the protocol."""
    fields = message.fields or {}
    try:
        return await _answered(backend, dialect, channel, message)
    except Malformed as fault:
        _log.warning("channel %s: refused, %s", channel.key, fault.refusal.name)
        return Told(dialect.refused(fields, fault.refusal))
    except (Unavailable, SQLAlchemyError):
        _log.exception("channel %s: told to repeat", channel.key)
        return Told(dialect.refused(fields, Refusal.TEMPORARY))


async def _answered(backend: Backend, dialect: Dialect, channel: Channel, message: Message) -> Told:
    """Raises Malformed."""
    if message.fields is None:
        raise Malformed(Refusal.MALFORMED)
    match dialect.command_of(message.fields):
        case Command.CHECK as command:
            return await _checked(backend, dialect, channel, dialect.asked(command, message.fields))
        case Command.STATUS as command:
            asked = dialect.asked(command, message.fields)
            known = await backend.read(accepted, channel, asked.external_id)
            return Told(_of_receipt(dialect, message.fields, known))
        case Command.PAY:
            return await _paid(backend, dialect, channel, message)
        case Command.CANCEL:
            return await _cancelled(backend, dialect, channel, message)
        case _:
            raise Malformed(Refusal.NO_COMMAND)


async def _checked(backend: Backend, dialect: Dialect, channel: Channel, asked: Asked) -> Told:
    found = await backend.read(find, channel, asked.account, backend.clock())
    if isinstance(found, Refusal):
        raise Malformed(found)
    if asked.amount is not None:
        refusal = bounds_refusal(asked.amount, channel.amount_min, channel.amount_max)
        if refusal is not None:
            raise Malformed(refusal)
    return Told(dialect.found(asked, found))


async def _paid(backend: Backend, dialect: Dialect, channel: Channel, message: Message) -> Told:
    now, fields = backend.clock(), message.fields or {}
    inbox_id = await backend.write(inbox.keep, channel, message.address, message.raw, now)
    order = dialect.asked(Command.PAY, fields).order
    done = await backend.write(accept, channel, order, inbox_id, dialect.accepted, now)
    if isinstance(done, Refusal):
        if done is Refusal.CONFLICT:
            _log.error("channel %s: number %s came again, another", channel.key, order.external_id)
        raise Malformed(done)
    if not done.is_new:
        # What a file brought was never answered.
        first = done.answer or dialect.accepted(done.receipt)
        return Told(dialect.repeated(done.receipt, first))
    if done.resident is None:
        _log.warning("channel %s: %d is held in suspense", channel.key, done.receipt.number)
    return Told(done.answer, done.resident)


async def _cancelled(
    backend: Backend, dialect: Dialect, channel: Channel, message: Message
) -> Told:
    now, fields = backend.clock(), message.fields or {}
    await backend.write(inbox.keep, channel, message.address, message.raw, now)
    number = dialect.asked(Command.CANCEL, fields).external_id
    done = await backend.write(cancel, channel, number, now)
    if isinstance(done, Refusal):
        raise Malformed(done)
    if done.is_new:
        _log.warning("channel %s: %d is cancelled", channel.key, done.receipt.number)
    return Told(dialect.done(done.receipt), done.resident)


def _of_receipt(dialect: Dialect, fields: Fields, known: Receipt | Refusal) -> str:
    if isinstance(known, Refusal):
        return dialect.refused(fields, known)
    return dialect.done(known)
