"""Between whom a charge moves money: one definition for posting and for the audit."""

from portal.domain.settlement import Scheme

Side = tuple[str, str]
"""Kind and owner of a ledger account."""


def resident_side(agreement_id: int) -> Side:
    return "resident", str(agreement_id)


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


def in_order(resident: Side, payee: Side, *, is_owed: bool) -> tuple[Side, Side]:
    """Debit and credit; a sum in the resident's favour moves the other way."""
    return (resident, payee) if is_owed else (payee, resident)
