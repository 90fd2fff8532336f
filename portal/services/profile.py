"""Профиль: the resident's own data and contacts."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Row, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.profile import (
    AgreementCard,
    ContactFault,
    ContactRules,
    Profile,
    parse_email,
    parse_phone,
)
from portal.errors import Invalid, NotFound, Refused

_resident, _agreement = table_of(Resident), table_of(Agreement)
_operator, _premises = table_of(Operator), table_of(Premises)
_CONTACTS: list[Column[Any]] = [
    _resident.c.name, _resident.c.login, _resident.c.phone, _resident.c.email,
    _resident.c.wants_receipts,
]  # fmt: skip
_CARD: list[Column[Any]] = [
    _agreement.c.number, _agreement.c.closed_on, _premises.c.address,
    _operator.c.name, _operator.c.phone, _operator.c.email, _operator.c.site,
]  # fmt: skip


def profile(session: Session, resident: ResidentId) -> Profile:
    """Raises NotFound."""
    row = _contacts(session, resident)
    cards = session.execute(
        select(*_CARD)
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
        .where(_agreement.c.resident_id == resident)
        .order_by(_agreement.c.closed_on.is_not(None), _agreement.c.id)
    )
    return Profile(
        name=row.name,
        login=row.login,
        phone=row.phone or "",
        email=row.email or "",
        agreements=tuple(_card(card) for card in cards),
        wants_receipts=row.wants_receipts,
    )


def change_contacts(
    session: Session,
    resident: ResidentId,
    phone: str | None,
    email: str | None,
    rules: ContactRules,
) -> bool:
    """Store both contacts, an empty one as none; None stays as it is.  Answers whether anything
    changed.

    Raises Invalid: what was typed is no phone or e-mail, both told; Refused: the operator does
    not let it be changed.
    """
    before = _contacts(session, resident)
    faults: dict[str, str] = {}
    after = {
        "phone": _changed(
            faults, "phone", phone, before.phone, lambda text: parse_phone(text, rules.phone_mask)
        ),
        "email": _changed(faults, "email", email, before.email, parse_email),
    }
    if faults:
        raise Invalid(*next(iter(faults.items())), faults)
    changes = {name: new for name, new in after.items() if new != getattr(before, name)}
    _refuse_fixed(changes, rules)
    if not changes:
        return False
    journal.change(session, Resident, resident, **changes)
    journal.note(
        session, before={name: getattr(before, name) for name in changes}, after=dict(changes)
    )
    return True


def choose_receipts(session: Session, resident: ResidentId, *, wanted: bool) -> None:
    """Whether квитанции об оплате go to the e-mail; the same again changes nothing.  Raises
    NotFound.
    """
    if _contacts(session, resident).wants_receipts != wanted:
        journal.change(session, Resident, resident, wants_receipts=wanted)
        journal.note(
            session, before={"wants_receipts": not wanted}, after={"wants_receipts": wanted}
        )


def _contacts(session: Session, resident: ResidentId) -> Row[Any]:
    row = session.execute(select(*_CONTACTS).where(_resident.c.id == resident)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _changed(
    faults: dict[str, str],
    field: str,
    typed: str | None,
    known: str | None,
    parse: Callable[[str], str],
) -> str | None:
    """The contact to store; one that was sent back as it stands is not judged anew.  What is none
    goes to the `faults`.
    """
    if typed is None or typed.strip() == (known or ""):
        return known
    try:
        return parse(typed) or None
    except ContactFault as fault:
        faults[field] = str(fault)
        return known


def _refuse_fixed(changes: dict[str, str | None], rules: ContactRules) -> None:
    if "phone" in changes and not rules.phone:
        raise Refused("Телефон меняет управляющая компания: обратитесь к ней")
    if "email" in changes and not rules.email:
        raise Refused("E-mail меняет управляющая компания: обратитесь к ней")


def _card(row: Row[Any]) -> AgreementCard:
    return AgreementCard(
        number=row.number,
        address=row.address or "",
        operator=row.name,
        operator_phone=row.phone or "",
        operator_email=row.email or "",
        operator_site=row.site or "",
        closed_on=row.closed_on,
    )
