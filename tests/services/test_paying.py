"""A payment by card: begun once, credited when the bank says so, once, and told truthfully."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.backend import Backend
from portal.db.incoming import Conflict, Inbox, Incoming, PayChannel
from portal.db.ledger import Payment, Refund
from portal.db.notices import Event
from portal.db.parties import Agreement, Resident
from portal.db.paying import Intent
from portal.domain.money import ZERO, Money
from portal.domain.paying import BankRefund, PayState, Way
from portal.errors import Invalid, NotFound, Refused
from portal.services.audit import audit
from portal.services.changes import newest, sealed, whose
from portal.services.paying.beginning import RECENT_MAX, begin
from portal.services.paying.keeping import kept
from portal.services.paying.oddities import PAYMENT, odd_payments, resolve_odd
from portal.services.paying.outgoing import outgoing
from portal.services.paying.receipts import AWAITED, begun
from portal.services.paying.refunds import settle_refund
from portal.services.paying.settling import note_declined, note_unsent, settle
from portal.services.paying.telling import told
from tests.builders import BUILDER, NOW, Flat, a_house
from tests.support.acquiring import a_card_channel, a_key, an_order_of, bank_says, begins
from tests.support.browsing import stored
from tests.support.incoming import a_channel, rows

KEY = "k" * 16


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident("Петрова Мария Ивановна").an_agreement("ДОМ-12")
    a_card_channel(flat.house, amount_min=Money(100), amount_max=Money(700_000_00))
    return flat


def settles(flat: Flat, token: str, status: str = "succeeded", /, **more: Any) -> Any:
    says = bank_says(flat, token, status, **more)
    return flat.house.backend.write_now(settle, token, says, NOW)


def state(flat: Flat, token: str) -> PayState:
    return flat.house.backend.read_now(told, flat.person.id, token).state


# --- beginning ----------------------------------------------------------------------------------


def test_what_is_meant_to_be_paid_is_stored_and_told(backend, flat):
    invoice = flat.an_invoice(opening="4028,75")
    token = begins(flat, "4028,75", invoice.id)
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.state, shown.amount, shown.way) == (PayState.CHECKING, Money(402875), Way.CARD)
    assert (shown.agreement, shown.channel) == ("ДОМ-12", "Карта и СБП")
    assert (shown.invoices, shown.begun_at) == ((invoice.number,), NOW)
    assert (shown.number, shown.external_id, shown.confirmation_url) == (None, None, None)
    assert len(token) == 32
    assert backend.read_now(audit) == ()


def test_two_taps_are_one_payment_and_another_form_under_the_key_is_refused(backend, flat):
    order = an_order_of(flat)
    first = backend.write_now(begin, flat.person.id, order, KEY, NOW)
    assert backend.write_now(begin, flat.person.id, order, KEY, NOW) == first
    with pytest.raises(Refused, match="уже отправлена"):
        backend.write_now(begin, flat.person.id, replace(order, amount=Money(1000)), KEY, NOW)
    neighbour = flat.house.a_resident().an_agreement("ДОМ-13")
    theirs = backend.write_now(begin, neighbour.person.id, an_order_of(neighbour), KEY, NOW)
    assert theirs != first
    assert rows(backend, Intent) == 2


@pytest.mark.parametrize("key", ["", "short", "k" * 65, "k" * 15 + "'", "ключ" * 8])
def test_a_form_without_a_key_is_refused(backend, flat, key):
    with pytest.raises(Refused):
        backend.write_now(begin, flat.person.id, an_order_of(flat), key, NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": Money(99)}, "amount"),
        ({"amount": ZERO}, "amount"),
        ({"amount": Money(-500)}, "amount"),
        ({"amount": Money(700_000_01)}, "amount"),
        ({"channel": "cards-only", "way": Way.SBP}, "way"),
        ({"channel": "shut"}, "way"),
    ],
)
def test_what_cannot_be_paid_is_said_beside_its_field(backend, flat, change, field):
    a_card_channel(flat.house, "cards-only", ways="card")
    a_card_channel(flat.house, "shut", is_open=False)
    with pytest.raises(Invalid) as refused:
        begins(flat, **change)
    assert refused.value.field == field
    assert rows(backend, Intent) == 0


def test_anothers_agreement_invoice_or_channel_is_not_there(backend, flat):
    neighbour = flat.house.a_resident().an_agreement("ДОМ-13")
    theirs = neighbour.an_invoice(opening="5")
    own = flat.person.an_agreement("ДОМ-14").an_invoice(opening="5")
    a_card_channel(a_house(backend, "other"), "others")
    a_channel(flat.house, "hall")
    order = an_order_of(flat)
    for change in (
        {"agreement_id": neighbour.id}, {"agreement_id": 0}, {"agreement_id": 2**70},
        {"invoice_ids": (theirs.id,)}, {"invoice_ids": (own.id,)}, {"invoice_ids": (999,)},
        {"channel": "others"}, {"channel": "hall"}, {"channel": "none"},
    ):  # fmt: skip
        with pytest.raises(NotFound):
            backend.write_now(begin, flat.person.id, replace(order, **change), a_key(), NOW)
    token = begins(flat)
    with pytest.raises(NotFound):
        backend.read_now(told, neighbour.person.id, token)


def test_an_invoice_that_asks_for_nothing_is_named(flat):
    paid = flat.an_invoice(opening="5")
    flat.a_payment("5", pays=[(paid, "5")])
    owed = flat.an_invoice(opening="5")
    with pytest.raises(Invalid, match=paid.number) as refused:
        begins(flat, "10", owed.id, paid.id)
    assert refused.value.field == "invoice"
    with pytest.raises(Invalid, match="дважды"):
        begins(flat, "10", owed.id, owed.id)


def test_a_closed_agreement_is_not_paid_by_card(flat):
    closed = flat.person.an_agreement("ДОМ-0", closed_on=NOW.date())
    with pytest.raises(Refused, match="ДОМ-0 закрыт"):
        begins(closed)


def test_a_receipt_needs_an_address(flat):
    a_card_channel(flat.house, "fiscal", has_receipts=True, vat_code=1)
    nobody = flat.house.a_resident(email=None, phone=None).an_agreement("ДОМ-13")
    with pytest.raises(Refused, match="Профиле"):
        begins(nobody, channel="fiscal")
    assert begins(flat, channel="fiscal")


def test_the_receipt_goes_where_the_resident_had_it_go_when_he_began(backend, flat):
    """Asked for again under the same key it has to be the same; and another's address, which the
    profile may have by then, is told nothing.
    """
    a_card_channel(flat.house, "fiscal", has_receipts=True, vat_code=1)
    flat.house.changes(Resident, flat.person.id, email="old@example.ru", phone=None)
    token = begins(flat, channel="fiscal")
    flat.house.changes(Resident, flat.person.id, email="new@example.ru", phone="+79160001122")
    receipt = backend.read_now(outgoing, token).receipt
    assert (receipt.email, receipt.phone) == ("old@example.ru", "")


def test_nobody_begins_payments_without_end(backend, flat):
    for _ in range(RECENT_MAX):
        begins(flat)
    with pytest.raises(Refused, match="Слишком много"):
        begins(flat)
    later = NOW + timedelta(hours=1, seconds=1)
    assert backend.write_now(begin, flat.person.id, an_order_of(flat), a_key(), later)


# --- what the bank says -------------------------------------------------------------------------


def test_a_payment_that_has_succeeded_pays_and_is_told(backend, flat):
    older = flat.an_invoice(opening="1000", due_on=date(2026, 9, 15))
    chosen = flat.an_invoice(opening="4000", due_on=date(2026, 11, 15))
    token = begins(flat, "4028,75", chosen.id)
    waiting = settles(flat, token, "pending", confirmation_url="https://bank.example/1")
    assert (waiting.state, waiting.is_new) == (PayState.WAITING, True)
    shown = backend.read_now(told, flat.person.id, token)
    assert shown.confirmation_url == "https://bank.example/1"

    done = settles(flat, token)

    assert (done.state, done.is_new, done.resident) == (PayState.DONE, True, flat.person.id)
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.state, shown.external_id) == (PayState.DONE, f"bank-{token}")
    assert (shown.ended_at, shown.confirmation_url) == (NOW, None)
    (incoming,) = stored(backend)["incoming"]
    assert shown.number == incoming["id"]
    assert (shown.applied_to, shown.advance) == ((chosen.number, older.number), ZERO)
    assert (rows(backend, Payment), rows(backend, Event)) == (1, 1)
    assert backend.read_now(audit) == ()


def test_more_than_was_owed_is_an_advance(backend, flat):
    invoice = flat.an_invoice(opening="4000")
    token = begins(flat)
    settles(flat, token)
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.applied_to, shown.advance) == ((invoice.number,), Money.parse("28,75"))


def test_what_went_back_is_told_and_pays_nothing(backend, flat):
    invoice = flat.an_invoice(opening="4000")
    token = begins(flat, "4028,75", invoice.id)
    settles(flat, token)
    channel = stored(backend)["pay_channel"][0]["id"]
    part = BankRefund("back-1", f"bank-{token}", "succeeded", Money.parse("1000"), "RUB", NOW)
    for _ in range(2):
        done = backend.write_now(settle_refund, channel, part, NOW)
        assert done == flat.person.id
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.state, shown.refunded) == (PayState.DONE, Money.parse("1000"))
    assert (shown.applied_to, shown.advance) == ((invoice.number,), ZERO)
    rest = BankRefund("back-2", f"bank-{token}", "succeeded", Money.parse("3028,75"), "RUB", NOW)
    backend.write_now(settle_refund, channel, rest, NOW)
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.refunded, shown.applied_to, shown.advance) == (shown.amount, (), ZERO)
    assert backend.read_now(audit) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "pending"}, {"status": "canceled"}, {"currency": "USD"}, {"amount": None},
        {"amount": ZERO}, {"payment_id": "bank-of-others"},
    ],
)  # fmt: skip
def test_what_is_no_refund_of_ours_gives_nothing_back(backend, flat, change):
    token = begins(flat)
    settles(flat, token)
    channel = stored(backend)["pay_channel"][0]["id"]
    said = BankRefund("back-1", f"bank-{token}", "succeeded", Money.parse("10"), "RUB", NOW)
    assert backend.write_now(settle_refund, channel, replace(said, **change), NOW) is None
    assert rows(backend, Refund) == 0
    too_much = replace(said, amount=Money.parse("5000"))
    with pytest.raises(Refused):
        backend.write_now(settle_refund, channel, too_much, NOW)


@pytest.mark.parametrize("status", ["pending", "waiting_for_capture", "", "SUCCEEDED", "paid"])
def test_what_has_not_succeeded_credits_nothing(backend, flat, status):
    """Vector 51."""
    token = begins(flat)
    settles(flat, token, status, is_paid=True)
    assert (state(flat, token), rows(backend, Payment)) == (PayState.WAITING, 0)
    settles(flat, token)
    assert (state(flat, token), rows(backend, Payment)) == (PayState.DONE, 1)


STRANGE: list[dict[str, Any]] = [
    {"amount": Money.parse("4028,00")}, {"amount": None}, {"currency": "USD"}, {"is_paid": False},
    {"account": "ДОМ-13"}, {"account": ""}, {"token": "another"}, {"token": ""},
]  # fmt: skip


@pytest.mark.parametrize("change", STRANGE)
def test_what_is_not_as_it_was_meant_is_not_credited_and_is_kept_for_people(backend, flat, change):
    """Vector 52."""
    token = begins(flat)
    for _ in range(3):
        assert settles(flat, token, **change).is_strange
    assert state(flat, token) is PayState.CHECKING
    assert (rows(backend, Payment), rows(backend, Incoming), rows(backend, Inbox)) == (0, 0, 1)
    (event,) = stored(backend)["intent_event"]
    assert event["state"] == "strange"
    assert settles(flat, token).state is PayState.DONE
    assert backend.read_now(audit) == ()


def test_what_people_say_of_a_strange_payment_its_resident_is_told_until_it_is_credited(
    backend, flat
):
    token, other = begins(flat), begins(flat)
    for each in (token, other):
        settles(flat, each, currency="USD")
    before = backend.read_now(newest)
    (odd, _) = backend.read_now(odd_payments, BUILDER)
    words = "Деньги вернулись на карту"
    backend.write_now(resolve_odd, BUILDER, f"{PAYMENT}{odd.number}", words, NOW)

    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.state, shown.outcome, shown.ended_at) == (PayState.RESOLVED, words, NOW)
    listed = backend.read_now(begun, flat.person.id, NOW)
    assert [each.token for each in listed.awaited] == [other]
    assert [(each.token, each.outcome) for each in listed.cleared] == [(token, words)]
    assert backend.read_now(begun, flat.person.id, NOW + AWAITED).cleared == ()
    records = backend.read_now(sealed, before, ())
    assert backend.read_now(whose, records) == {flat.person.id}

    settles(flat, token, "pending")  # the bank thinks of it again: page and list say the same
    shown = backend.read_now(told, flat.person.id, token)
    listed = backend.read_now(begun, flat.person.id, NOW)
    assert [each.outcome for each in listed.cleared if each.token == token] == [shown.outcome]
    assert settles(flat, token).state is PayState.DONE
    assert state(flat, token) is PayState.DONE


def test_another_payment_of_the_bank_is_not_taken_for_this_one(backend, flat):
    token = begins(flat)
    settles(flat, token, "pending")
    assert settles(flat, token, external_id="bank-2").is_strange
    assert rows(backend, Payment) == 0


def test_what_was_canceled_is_told_and_a_bank_that_was_late_counts(backend, flat):
    token = begins(flat)
    settles(flat, token, "pending")
    settles(flat, token, "canceled")
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.state, shown.ended_at) == (PayState.CANCELED, NOW)
    settles(flat, token, "pending")
    assert state(flat, token) is PayState.CANCELED
    settles(flat, token)
    assert (state(flat, token), rows(backend, Payment)) == (PayState.DONE, 1)


def test_credited_stays_credited_whatever_is_said_afterwards(backend, flat):
    token = begins(flat)
    settles(flat, token)
    before = stored(backend, but=frozenset())
    for status in ("succeeded", "canceled", "pending", "nonsense"):
        again = settles(flat, token, status)
        assert (again.state, again.is_new) == (PayState.DONE, False)
    settles(flat, token, amount=Money(1))
    assert stored(backend, but=frozenset()) == before


def test_a_payment_that_the_bank_would_not_begin_is_refused(backend, flat):
    token = begins(flat)
    backend.write_now(note_declined, token, "invalid_credentials", NOW)
    assert state(flat, token) is PayState.REFUSED
    assert not backend.write_now(note_unsent, token, NOW).is_new


def test_what_was_never_answered_ends_and_money_that_comes_still_counts(backend, flat):
    token = begins(flat)
    assert backend.write_now(note_unsent, token, NOW).state is PayState.CANCELED
    assert settles(flat, token).state is PayState.DONE


def test_money_for_an_agreement_that_was_closed_meanwhile_is_held(backend, flat):
    token = begins(flat)
    flat.house.changes(Agreement, flat.id, closed_on=NOW.date())
    assert settles(flat, token).state is PayState.DONE
    shown = backend.read_now(told, flat.person.id, token)
    assert (shown.applied_to, shown.advance) == ((), ZERO)
    assert shown.number is not None
    assert (rows(backend, Payment), rows(backend, Incoming)) == (0, 1)
    assert backend.read_now(audit) == ()


def test_a_channel_that_was_closed_or_narrowed_meanwhile_still_takes_what_was_paid(backend, flat):
    token = begins(flat)
    channel = stored(backend)["pay_channel"][0]["id"]
    flat.house.changes(PayChannel, channel, is_open=False, amount_min=Money(10_000_00))
    assert settles(flat, token).state is PayState.DONE
    assert rows(backend, Payment) == 1


def test_a_number_that_is_taken_already_is_strange(backend, flat):
    token = begins(flat)
    flat.a_payment("4028,75", channel="card-1", external_id=f"bank-{token}")
    assert settles(flat, token).is_strange
    assert (rows(backend, Payment), rows(backend, Conflict)) == (1, 1)


def test_the_banks_moment_counts_if_it_can_be(backend, flat):
    said = [NOW - timedelta(hours=2), NOW - timedelta(days=400), NOW + timedelta(days=2), None]
    for moment in said:
        settles(flat, begins(flat), paid_at=moment)
    assert [row["paid_at"] for row in stored(backend)["payment"]] == [said[0], NOW, NOW, NOW]


def test_cards_people_and_secrets_are_not_kept():
    sent = (
        '{"id": "22d6d597-000f-5000-9000-145f6df21d6f", "card": {"number": "4111", "first6": "5"}, '
        '"metadata": {"pan": 1, "note": "карта 4111111111111111"}, "cards": [{"cvc": "123"}], '
        '"title": "Bank card *4444", "account": "79161234567", '
        '"receipt": {"customer": {"email": "a@b.ru"}, "phone": "79161234567"}, '
        '"description": "чек на a.b+c@mail.example.ru, +7 (916) 123-45-67"}'
    )
    assert kept(sent) == (
        '{"id": "22d6d597-000f-5000-9000-145f6df21d6f", "card": "***", '
        '"metadata": {"pan": "***", "note": "карта ***"}, "cards": [{"cvc": "***"}], '
        '"title": "***", "account": "79161234567", '
        '"receipt": {"customer": "***", "phone": "***"}, '
        '"description": "чек на ***, ***"}'
    )
    assert kept('{"number": "5555 4111111111111111"') == '{"number": "5555 ***"'
    assert kept("\ud800\0") == "\\ud800\\x00"
