"""Whom to pay where no code is scanned: each value with a button that copies it."""

from markupsafe import Markup

from components.rendering import render
from portal.domain.bill import Requisites
from portal.domain.money import Money


def requisite_list(payee: Requisites, purpose: str, amount: Money | None) -> Markup:
    """What is empty is left out.  A sum is copied as a bank's field takes it, «2017,45»."""
    named = [
        ("Получатель", payee.name),
        ("ИНН", payee.inn),
        ("КПП", payee.kpp),
        ("Расчетный счет", payee.account),
        ("Банк", payee.bank_name),
        ("БИК", payee.bic),
        ("Корр. счет", payee.corr_account),
        ("Назначение", purpose),
    ]
    told = [(label, value, value) for label, value in named if value]
    if amount is not None:
        told.append(("Сумма", str(amount), amount.plain))
    return render("requisite_list", requisites=told)
