"""What a resident is offered to pay, and by which ways."""

from datetime import UTC, date, datetime

import pytest

from portal.backend import Backend
from portal.db.incoming import PayChannel
from portal.db.parties import Agreement
from portal.db.suppliers import Supplier
from portal.domain.money import Money
from portal.domain.pay_offer import PayOffer, PayPoint
from portal.domain.payment_qr import parse_payment_qr
from portal.errors import Invalid, NotFound
from portal.services.paying.offers import Wanted, pay_offer, payable_sum
from portal.services.paying.receipts import begun, pay_receipt
from portal.services.paying.settling import note_declined, settle
from tests.builders import NOW, Flat, InvoiceRow, a_house
from tests.support.acquiring import a_card_channel, bank_says, begins
from tests.support.incoming import a_channel

ALL = Wanted()
POSTED = [datetime(2026, month, 25, 9, tzinfo=UTC) for month in (9, 10)]


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident("Иванов Иван Иванович").an_agreement("DOM-12")


@pytest.fixture
def bills(flat: Flat) -> list[InvoiceRow]:
    """Of September 400, of October 500."""
    service, account = flat.house.a_service(price="100"), flat.an_account()
    volumes = zip(("4", "5"), POSTED, strict=True)
    return [flat.an_invoice([account.is_charged(service, volume, at=at)]) for volume, at in volumes]


def offered(flat: Flat, wanted: Wanted = ALL) -> PayOffer:
    offer, errors = flat.house.backend.read_now(pay_offer, flat.person.id, wanted, NOW)
    assert errors == {}
    return offer


def wrong(flat: Flat, wanted: Wanted) -> dict[str, str]:
    offer, errors = flat.house.backend.read_now(pay_offer, flat.person.id, wanted, NOW)
    assert (offer.total, offer.qr_text) == (None, "")
    return errors


def test_everything_unpaid_is_chosen_already(flat: Flat, bills: list[InvoiceRow]) -> None:
    offer = offered(flat)
    assert [each.invoice_id for each in offer.payable] == [each.id for each in bills]
    assert offer.chosen == {each.id for each in bills}
    assert payable_sum(offer, {}) == Money(900_00)


def test_one_that_is_asked_for_is_chosen_alone(flat: Flat, bills: list[InvoiceRow]) -> None:
    offer = offered(flat, Wanted(invoice_ids=(bills[1].id,)))
    assert offer.total is not None
    assert (offer.total.amount, offer.total.unpaid) == (Money(500_00), Money(900_00))


def test_the_code_asks_for_exactly_what_is_chosen(flat: Flat, bills: list[InvoiceRow]) -> None:
    fields = parse_payment_qr(offered(flat, Wanted(amount_typed="250,50")).qr_text)
    numbers = f"{bills[0].number}, {bills[1].number}"
    assert fields["Sum"] == "25050"
    assert fields["Purpose"] == f"Оплата ЖКУ, договор DOM-12, счета № {numbers}"
    assert fields["PaymPeriod"] == "102026"
    assert (fields["PersAcc"], fields["LastName"]) == ("DOM-12", "Иванов")


def test_without_a_debt_one_pays_ahead_what_one_types(flat: Flat) -> None:
    offer = offered(flat)
    assert (offer.payable, offer.total, offer.qr_text) == ((), None, "")
    with pytest.raises(Invalid, match="Введите сумму"):
        payable_sum(offer, {})
    ahead = offered(flat, Wanted(amount_typed="1 000"))
    assert ahead.total is not None
    assert ahead.total.ahead == Money(1000_00)
    assert parse_payment_qr(ahead.qr_text)["PaymPeriod"] == "112026"


def test_what_a_supplier_is_paid_directly_is_paid_elsewhere(
    flat: Flat, bills: list[InvoiceRow]
) -> None:
    fund = flat.house.adds(
        Supplier, key="fund", name="Фонд капитального ремонта", inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    theirs = flat.an_invoice(opening="77", supplier_id=fund)
    offer = offered(flat)
    assert [each.invoice_id for each in offer.payable] == [each.id for each in bills]
    assert [each.invoice_id for each in offer.elsewhere] == [theirs.id]
    assert offered(flat, Wanted(invoice_ids=(theirs.id,))).chosen == frozenset()


def test_an_invoice_that_is_paid_by_now_is_not_chosen(flat: Flat, bills: list[InvoiceRow]) -> None:
    flat.a_payment("400", pays=[(bills[0], "400")])
    assert offered(flat, Wanted(invoice_ids=(bills[0].id, bills[1].id))).chosen == {bills[1].id}


def test_the_agreement_with_a_debt_comes_first(flat: Flat) -> None:
    garage = flat.person.an_agreement("GAR-1")
    account = garage.an_account()
    garage.an_invoice([account.is_charged(flat.house.a_service(price="7"), "1")])
    assert offered(flat).agreement.title == "GAR-1"
    assert offered(flat, Wanted(agreement_id=flat.id)).agreement.title == "DOM-12"


def test_anothers_is_not_found(flat: Flat, bills: list[InvoiceRow]) -> None:
    other = flat.house.a_resident("Сосед").an_agreement("DOM-13")
    garage = flat.person.an_agreement("GAR-1")
    for wanted in (
        Wanted(agreement_id=other.id),
        Wanted(agreement_id=10**20),
        Wanted(agreement_id=garage.id, invoice_ids=(bills[0].id,)),
        Wanted(invoice_ids=(bills[0].id, 987654)),
        Wanted(invoice_ids=tuple(range(1, 400))),
    ):
        with pytest.raises(NotFound):
            flat.house.backend.read_now(pay_offer, flat.person.id, wanted, NOW)
    with pytest.raises(NotFound):
        flat.house.backend.read_now(
            pay_offer, other.person.id, Wanted(invoice_ids=(bills[0].id,)), NOW
        )


def test_a_wrong_sum_is_said_beside_its_field(flat: Flat, bills: list[InvoiceRow]) -> None:
    a_card_channel(flat.house, amount_min=Money(1_00), amount_max=Money(600_00))
    assert bills
    assert "цифрами" in wrong(flat, Wanted(amount_typed="сто"))["amount"]
    assert "не меньше" in wrong(flat, Wanted(amount_typed="0,5"))["amount"]
    assert "не больше" in wrong(flat, Wanted())["amount"]


def test_no_code_asks_for_a_slip_of_a_finger(flat: Flat) -> None:
    """Where nothing is paid by card either."""
    assert "не больше" in wrong(flat, Wanted(amount_typed="999999999999999"))["amount"]
    assert offered(flat, Wanted(amount_typed="10 000 000")).qr_text


def test_open_channels_of_the_operator_are_offered(flat: Flat) -> None:
    a_card_channel(flat.house, "one", ways="sbp, card")
    a_card_channel(flat.house, "two")
    a_card_channel(flat.house, "closed", is_open=False, ways="card")
    a_channel(flat.house, place="Подъезд 1")
    a_channel(flat.house, "bank", "file", name="Выписки")
    a_card_channel(a_house(flat.house.backend, "чужая"), "theirs")
    offer = offered(flat)
    assert [each.key for each in offer.ways] == ["one/sbp", "one/card"]
    assert offer.points == (PayPoint("Терминал в подъезде", "Подъезд 1"),)


def test_a_closed_agreement_is_paid_by_requisites_alone(flat: Flat) -> None:
    a_card_channel(flat.house)
    a_channel(flat.house)
    flat.house.changes(Agreement, flat.id, closed_on=date(2026, 12, 1))
    assert offered(flat).ways
    flat.house.changes(Agreement, flat.id, closed_on=date(2026, 11, 1))
    offer = offered(flat, Wanted(amount_typed="5"))
    assert (offer.is_closed, offer.ways, offer.points) == (True, (), ())
    assert offer.qr_text


def test_payments_that_were_begun_are_awaited_then_have_a_receipt(
    flat: Flat, bills: list[InvoiceRow]
) -> None:
    a_card_channel(flat.house)
    backend, resident = flat.house.backend, flat.person.id
    first, second = begins(flat, "4028,75", bills[0].id), begins(flat, "10")
    found = backend.read_now(begun, resident, NOW)
    assert [each.token for each in found.awaited] == [second, first]
    assert found.receipts == {}

    backend.write_now(settle, first, bank_says(flat, first), NOW)
    backend.write_now(note_declined, second, "нет", NOW)

    found = backend.read_now(begun, resident, NOW)
    assert found.awaited == ()
    assert list(found.receipts.values()) == [first]
    neighbour = flat.house.a_resident("Сосед")
    assert backend.read_now(begun, neighbour.id, NOW).receipts == {}


def test_what_was_not_paid_can_be_chosen_again(flat: Flat, bills: list[InvoiceRow]) -> None:
    a_card_channel(flat.house)
    backend = flat.house.backend
    token = begins(flat, "900", bills[0].id, bills[1].id)
    backend.write_now(note_declined, token, "нет", NOW)
    flat.a_payment("400", pays=[(bills[0], "400")])
    _, again = backend.read_now(pay_receipt, flat.person.id, token)
    assert (again.agreement_id, again.invoice_ids) == (flat.id, (bills[1].id,))


def test_a_channel_that_was_closed_has_no_button(flat: Flat) -> None:
    channel = a_card_channel(flat.house)
    flat.house.changes(PayChannel, channel.channel_id, is_open=False)
    assert offered(flat).ways == ()
