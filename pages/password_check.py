"""Typing the current password again, before an action changes something delicate."""

from functools import partial

from fastapi import Request

from pages.asking import Visitor
from portal.errors import Invalid
from portal.services.password_change import (
    CURRENT_FIELD,
    ConfirmationNeeded,
    PasswordFacts,
    confirm_password,
    open_check,
    password_facts,
)
from portal.services.password_queue import PASSWORDS
from portal.web.browser import browser_of


async def require_password(request: Request, visitor: Visitor, typed: str) -> None:
    """Let through whoever types the password now.

    Raises Invalid(`current_password`), TooManyAttempts.
    """
    if not typed:
        raise Invalid(CURRENT_FIELD, ConfirmationNeeded().sentence)
    facts = await visitor.backend.read(password_facts, visitor.resident)
    check_id = await begin_check(request, visitor)
    await PASSWORDS.run(partial(facts.confirm, typed))
    await _confirmed(visitor, facts, check_id)


async def begin_check(request: Request, visitor: Visitor) -> int:
    """Count a try of the current password.  Raises TooManyAttempts, Unavailable."""
    PASSWORDS.refuse_if_full()
    return await visitor.backend.write(
        open_check,
        visitor.resident,
        visitor.signed_in,
        visitor.settings.signing_secret(),
        browser_of(request),
        visitor.backend.clock(),
    )


async def _confirmed(visitor: Visitor, facts: PasswordFacts, check_id: int) -> None:
    await visitor.backend.write(
        confirm_password,
        visitor.resident,
        visitor.signed_in,
        facts,
        visitor.backend.clock(),
        check_id=check_id,
    )
