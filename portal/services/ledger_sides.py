"""Between whom a charge moves money: one definition for posting and for the audit."""

from functools import lru_cache

from portal.domain.settlement import Scheme

Side = tuple[str, str]
"""Kind and owner of a ledger account."""


def resident_side(agreement_id: int) -> Side:
    return "resident", str(agreement_id)


@lru_cache(maxsize=1024)  # a run asks for those of a few suppliers, for every line
def payee_side(scheme: Scheme | str, operator_id: int, supplier_id: int | None) -> Side:
    """Whose a charge's money is.  Of the agency scheme the operator owes it to the supplier, so
    each operator has an account of its own with him; directly the resident owes it.
    """
    match scheme:
        case Scheme.AGENCY:
            return "supplier", f"{operator_id}/{supplier_id}"
        case Scheme.DIRECT:
            return "supplier_direct", str(supplier_id)
        case _:
            return "income", str(operator_id)


def commission_sides(operator_id: int, supplier_id: int | None) -> tuple[Side, Side]:
    """Of what the operator owes the supplier he keeps his commission."""
    payee = payee_side(Scheme.AGENCY, operator_id, supplier_id)
    return payee, payee_side(Scheme.OWN, operator_id, None)


def remittance_sides(operator_id: int, supplier_id: int) -> tuple[Side, Side]:
    """What the operator owes the supplier goes on from the operator's account in the bank."""
    return payee_side(Scheme.AGENCY, operator_id, supplier_id), ("bank", str(operator_id))


def channel_side(key: str) -> Side:
    return "channel", key


def suspense_side(operator_id: int) -> Side:
    """What was taken from people for the operator, until it is known from whom."""
    return "suspense", str(operator_id)


def refund_sides(whose: Side, key: str) -> tuple[Side, Side]:
    """What is given back goes from whoever had it out through the channel."""
    return whose, channel_side(key)


def in_order(one: Side, other: Side, *, is_owed: bool) -> tuple[Side, Side]:
    """Debit and credit; a sum below zero moves the other way."""
    return (one, other) if is_owed else (other, one)
