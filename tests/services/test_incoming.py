"""A payment that comes from outside: found, taken once, never lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.incoming import Conflict, Inbox, Incoming
from portal.db.ledger import LedgerAccount, Payment, Transfer
from portal.db.notices import Event
from portal.domain.incoming import Refusal
from portal.domain.money import ZERO, Money
from portal.services.audit import audit
from portal.services.incoming import accepting
from portal.services.incoming.accepting import Accepted, accepted
from portal.services.incoming.finding import Found, find
from portal.services.incoming.inbox import masked
from portal.services.payments import payments
from tests.builders import NOW, Flat, a_house
from tests.support.browsing import stored
from tests.support.incoming import PAID_AT, a_channel, an_order, pays, rows
from tests.support.statements import counted


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident("Петрова Мария Ивановна").an_agreement("ДОМ-12")


# --- check --------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["ДОМ-12", "дом-12", " дом-12\u200b "])
def test_a_number_is_found_as_at_the_sign_in(backend, flat, typed):
    flat.an_invoice(opening="100")
    found = backend.read_now(find, a_channel(flat.house), typed, NOW)
    assert isinstance(found, Found)
    assert (found.agreement_id, found.resident) == (flat.id, flat.person.id)
    assert found.payer == "Мария Ивановна П."


def test_what_is_owed_is_told(backend, flat):
    service = flat.house.a_service(price="50")
    meter = flat.an_account().a_meter(service).opens_at("0", date(2026, 8, 20))
    meter.reads("10", date(2026, 9, 20))
    flat.a_payment("120,50")
    found = backend.read_now(find, a_channel(flat.house), "ДОМ-12", NOW)
    assert (found.balance, found.to_pay) == (Money.parse("-379,50"), Money.parse("379,50"))
    flat.a_payment("400")
    found = backend.read_now(find, a_channel(flat.house, "hall-2"), "ДОМ-12", NOW)
    assert (found.balance, found.to_pay) == (Money.parse("20,50"), ZERO)


def test_a_number_that_cannot_be_paid_is_refused(backend, flat):
    """Vector 46."""
    closed = flat.person.an_agreement("0000000001", closed_on=NOW.date())
    later = flat.person.an_agreement("0000000002", closed_on=NOW.date() + timedelta(days=1))
    channel = a_channel(flat.house, account_pattern=r"\d{10}")
    asked = {
        "ABC": Refusal.BAD_ACCOUNT,
        "0000000009": Refusal.NOT_FOUND,
        closed.number: Refusal.CLOSED,
    }
    for account, refusal in asked.items():
        assert backend.read_now(find, channel, account, NOW) is refusal
    assert isinstance(backend.read_now(find, channel, later.number, NOW), Found)


def test_anothers_operators_agreement_is_not_found(backend, flat):
    other = a_house(backend, "other")
    assert backend.read_now(find, a_channel(other), flat.number, NOW) is Refusal.NOT_FOUND


def test_where_case_alone_tells_two_numbers_apart_it_counts(backend, flat):
    small = flat.person.an_agreement("дом-12")
    channel = a_channel(flat.house)
    assert backend.read_now(find, channel, "дом-12", NOW).agreement_id == small.id
    assert backend.read_now(find, channel, "ДОМ-12", NOW).agreement_id == flat.id
    assert backend.read_now(find, channel, "Дом-12", NOW) is Refusal.NOT_FOUND


def test_a_closed_channel_takes_nothing(backend, flat):
    channel = a_channel(flat.house, is_open=False)
    assert backend.read_now(find, channel, flat.number, NOW) is Refusal.FORBIDDEN
    assert pays(backend, channel, an_order(flat.number)) is Refusal.FORBIDDEN
    assert rows(backend, Payment) == 0


def test_a_check_writes_nothing_and_takes_two_statements(backend, flat):
    channel, before = a_channel(flat.house), stored(backend, but=frozenset())
    with counted(backend.engine) as statements:
        backend.read_now(find, channel, flat.number, NOW)
    assert len(statements) == 2
    assert stored(backend, but=frozenset()) == before


# --- pay ----------------------------------------------------------------------------------------


def test_a_payment_pays_the_oldest_invoice_and_is_told(backend, flat):
    channel = a_channel(flat.house)
    newer = flat.an_invoice(opening="20", due_on=date(2026, 11, 15))
    older = flat.an_invoice(opening="8", due_on=date(2026, 10, 15))

    taken = pays(backend, channel, an_order("дом-12"))

    assert isinstance(taken, Accepted)
    assert (taken.is_new, taken.resident) == (True, flat.person.id)
    (line,) = backend.read_now(payments, flat.person.id)
    assert (line.amount, line.paid_at, line.external_id) == (Money(1045), PAID_AT, "1234567")
    assert line.channel == "Терминал в подъезде"
    parts = {row["invoice_id"]: row["amount"] for row in stored(backend)["allocation"]}
    assert parts == {older.id: Money(800), newer.id: Money(245)}
    (event,) = stored(backend)["event"]
    assert (event["kind"], event["facts"]) == ("payment", {"amount": 1045})
    assert backend.read_now(audit) == ()


def test_a_repeat_gets_the_first_answer_and_changes_nothing(backend, flat):
    """Vector 44; also after thirty days, when the bounds are others and the channel is closed."""
    channel = a_channel(flat.house)
    first = pays(backend, channel, an_order(flat.number))
    narrowed = replace(channel, is_open=False, amount_min=Money(10_000_00))
    for at in (NOW, NOW + timedelta(days=30)):
        again = pays(backend, narrowed, an_order(f" {flat.number.lower()} "), str, at)
        assert (again.receipt, again.answer) == (first.receipt, first.answer)
        assert not again.is_new
    assert (rows(backend, Incoming), rows(backend, Payment), rows(backend, Transfer)) == (1, 1, 1)
    assert (rows(backend, Inbox), rows(backend, Event)) == (3, 1)
    assert backend.read_now(audit) == ()


def test_a_repeat_that_looked_too_early_looks_again(backend, flat, monkeypatch):
    channel = a_channel(flat.house)
    first = pays(backend, channel, an_order(flat.number))
    looks, known = iter([None]), accepting._known
    monkeypatch.setattr(accepting, "_known", lambda *asked: next(looks, known(*asked)))
    assert pays(backend, channel, an_order(flat.number)).receipt == first.receipt
    assert (rows(backend, Payment), rows(backend, Conflict)) == (1, 0)


@pytest.mark.parametrize("change", [{"amount": "11"}, {"account": "ДОМ-13"}])
def test_another_payment_under_a_known_number_is_refused_and_noted(backend, flat, change):
    """Vector 45."""
    flat.person.an_agreement("ДОМ-13")
    channel = a_channel(flat.house)
    pays(backend, channel, an_order(flat.number))
    other = an_order(**{"account": flat.number} | change)
    assert pays(backend, channel, other) is Refusal.CONFLICT
    (noted,) = stored(backend)["conflict"]
    assert (noted["account"], noted["amount"]) == (other.account, other.amount)
    assert (rows(backend, Payment), rows(backend, Conflict)) == (1, 1)
    assert backend.read_now(audit) == ()


def test_a_number_that_the_operator_has_entered_himself_is_refused_and_noted(backend, flat):
    channel = a_channel(flat.house)
    flat.a_payment("10,45", channel=channel.key, external_id="1234567")
    assert pays(backend, channel, an_order(flat.number)) is Refusal.CONFLICT
    assert (rows(backend, Payment), rows(backend, Conflict)) == (1, 1)


def test_numbers_of_two_channels_do_not_meet(backend, flat):
    for key in ("hall", "street"):
        assert pays(backend, a_channel(flat.house, key), an_order(flat.number)).is_new
    assert rows(backend, Payment) == 2


@pytest.mark.parametrize("closed_on", [None, date(2026, 11, 1)])
def test_money_of_an_unknown_or_closed_account_is_kept(backend, flat, closed_on):
    account = "ДОМ-99"
    if closed_on is not None:
        flat.person.an_agreement(account, closed_on=closed_on)
    channel = a_channel(flat.house, account_pattern="[А-Я]+-12")

    taken = pays(backend, channel, an_order(account))

    assert (taken.is_new, taken.resident) == (True, None)
    assert (rows(backend, Payment), rows(backend, Event)) == (0, 0)
    assert balances(backend) == {"channel": Money(-1045), "suspense": Money(1045)}
    assert pays(backend, channel, an_order(account)).answer == taken.answer
    assert backend.read_now(audit) == ()


BOUNDS: dict[str, Any] = {"amount_min": Money(100), "amount_max": Money(100_000_00)}


@pytest.mark.parametrize(
    ("amount", "bounds", "refusal"),
    [
        ("0", {}, Refusal.TOO_SMALL),
        ("-5", {}, Refusal.TOO_SMALL),
        ("0,5", BOUNDS, Refusal.TOO_SMALL),
        ("200000", BOUNDS, Refusal.TOO_LARGE),
        ("100000000000", {}, Refusal.TOO_LARGE),
    ],
)
def test_a_sum_out_of_bounds_is_refused(backend, flat, amount, bounds, refusal):
    """Vector 47."""
    channel = a_channel(flat.house, **bounds)
    assert pays(backend, channel, an_order(flat.number, amount)) is refusal
    assert (rows(backend, Incoming), rows(backend, Transfer)) == (0, 0)


def test_a_payment_of_the_day_after_tomorrow_is_refused(backend, flat):
    channel = a_channel(flat.house)
    late = an_order(flat.number, at=NOW + timedelta(days=1, seconds=1))
    assert pays(backend, channel, late) is Refusal.BAD_DATE
    fast_clock = an_order(flat.number, at=NOW + timedelta(hours=23))
    assert pays(backend, channel, fast_clock).is_new


def test_a_status_tells_what_was_accepted_and_writes_nothing(backend, flat):
    channel = a_channel(flat.house)
    assert backend.read_now(accepted, channel, "1234567") is Refusal.NO_PAYMENT
    taken = pays(backend, channel, an_order(flat.number))
    assert backend.read_now(accepted, channel, "1234567") == taken.receipt


def test_secrets_are_masked():
    sent = "command=pay&password=abc&sum=1&sign=x%20y&card_number=4111&account=DOM-12&pin="
    assert masked(sent) == (
        "command=pay&password=***&sum=1&sign=***&card_number=***&account=DOM-12&pin=***"
    )
    assert masked("a=b;user.Password-2=abc\n-token=x") == "a=b;user.Password-2=***\n-token=***"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["a.", "pass", "pass.", "a-=", "=", "."])
def test_masking_takes_no_time_whatever_is_sent(part):
    """It is done while nobody else can write."""
    sent = part * (64 * 1024 // len(part))
    assert len(masked(sent)) <= len(sent) * 2


def balances(backend: Backend) -> dict[str, Money]:
    """Credit minus debit, by the kind of ledger account."""
    transfer, side = table_of(Transfer), table_of(LedgerAccount)

    def read(session: Any) -> dict[str, Money]:
        kinds = {row.id: row.kind for row in session.execute(select(side))}
        sums: dict[str, Money] = {}
        for row in session.execute(select(transfer)):
            for side_id, amount in ((row.credit_id, row.amount), (row.debit_id, -row.amount)):
                sums[kinds[side_id]] = sums.get(kinds[side_id], ZERO) + amount
        return sums

    return backend.read_now(read)
