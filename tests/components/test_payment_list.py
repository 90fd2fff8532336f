"""The history of payments in words."""

from components.gallery_money import payment
from components.gallery_values import ZONE
from components.payment_list import payment_list

KEY = "40702810000000000001/2026-11-24/2500,00/40817810000000000042/0042"


def test_a_payment_of_a_statement_shows_its_order_and_nobodys_account():
    told = payment_list((payment("Расчетный счет", KEY),), ZONE)
    assert "Платежное поручение №\N{NO-BREAK SPACE}0042 от\N{NO-BREAK SPACE}24.11.2026" in told
    assert "40817810000000000042" not in told
    assert "40702810000000000001" not in told


def test_every_other_payment_is_known_by_its_number():
    assert "Номер платежа <bdi>9871</bdi>" in payment_list((payment("Терминал", "9871"),), ZONE)
    told = payment_list((payment("Касса", ""),), ZONE)
    assert "Номер" not in told
    assert "поручение" not in told
