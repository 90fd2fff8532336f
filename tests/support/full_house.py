"""A house with everything in it: every table has rows, every rule of the audit has work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal.backend import Backend
from portal.db.access import DeviceToken, KnownDevice, SignInAttempt, WebSession
from portal.db.accounts import Meter
from portal.db.parties import Resident
from portal.db.photos import Photo
from portal.db.readings import Reading, Submission
from portal.db.stickers import Sticker
from portal.domain.quantity import Quantity
from portal.services.incoming.resolving import resolve
from portal.services.notices import mark_read
from portal.services.paying.oddities import PAYMENT, odd_payments, resolve_odd
from portal.services.paying.settling import settle
from tests.builders import (
    BUILDER,
    NOW,
    ChargeRow,
    Counter,
    Flat,
    House,
    InvoiceRow,
    Person,
    ReadingRow,
    a_house,
)
from tests.support.acquiring import bank_says, begins, pays_by_card
from tests.support.bank_files import a_file_channel, gets_a_lump
from tests.support.incoming import a_channel, gets_paid_from_outside
from tests.support.letters import gets_letters
from tests.support.months import chooses, gets_what_months_need, learns_late, refuses_access
from tests.support.promising import has_promised, takes_promises
from tests.support.refunding import gives_back
from tests.support.remitted import gets_settled

SEPTEMBER = datetime(2026, 9, 20, 9, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 20, 9, tzinfo=UTC)


@dataclass(frozen=True)
class FullHouse:
    """What the tests take hold of."""

    house: House
    flat: Flat
    other_flat: Flat
    water: Counter
    first: ReadingRow
    wrong: ReadingRow
    right: ReadingRow
    zero: ChargeRow
    invoice: InvoiceRow
    payment_id: int


def a_full_house(backend: Backend) -> FullHouse:
    full = a_paid_house(backend)
    chooses(full.house)
    learns_late(full.house, full.flat)
    refuses_access(full.house, full.flat)
    gives_back(full.house, full.flat.person.an_agreement("DOM-14"))
    pays_by_card(full.flat)
    _asks_the_bank(full.flat)
    gets_letters(full.house, a_channel(full.house, "mailed"), full.flat.number)
    full.house.backend.write_now(resolve, BUILDER, 1, "терминал ошибся", NOW)
    _promises(full.flat)
    gets_a_lump(full.house, a_file_channel(full.house), "Сумма=99.00")
    return full


def _asks_the_bank(flat: Flat) -> None:
    """What came of a payment that it has told strangely."""
    backend, token = flat.house.backend, begins(flat)
    backend.write_now(settle, token, bank_says(flat, token, currency="USD"), NOW)
    (odd,) = backend.read_now(odd_payments, BUILDER)
    backend.write_now(resolve_odd, BUILDER, f"{PAYMENT}{odd.number}", "банк ошибся", NOW)


def _promises(flat: Flat) -> None:
    """One that was kept in October, and one that may still be."""
    takes_promises(flat.house)
    has_promised(flat, "200", days_ago=60)
    has_promised(flat, "50", days_ago=2)


def a_settled_house(backend: Backend) -> FullHouse:
    """With all that months need, settled with its suppliers."""
    lived_in = a_lived_in_house(backend)
    gets_what_months_need(lived_in.house, lived_in.flat)
    gets_settled(lived_in.house, lived_in.flat)
    return lived_in


def a_paid_house(backend: Backend) -> FullHouse:
    """One that months are charged in, that is settled, and that terminals pay to."""
    paid = a_settled_house(backend)
    gets_paid_from_outside(paid.house, paid.flat.number)
    return paid


def a_lived_in_house(backend: Backend) -> FullHouse:
    """Whose residents submit readings, pay and sign in; no month was charged yet."""
    house = a_house(backend)
    flat = house.a_resident("Иванов Иван Иванович").an_agreement("DOM-12")
    other_flat = flat.person.an_agreement("DOM-13")
    service = house.a_service("zkh_water", price="53,41").costs("60", date(2026, 10, 1))
    account = flat.an_account()
    water = account.a_meter(service).opens_at("240", date(2026, 8, 20))
    first = water.reads("248,5", SEPTEMBER.date())
    wrong = water.reads("2560", OCTOBER.date())
    right = water.corrects("256", at=OCTOBER)
    still = water.reads("256", date(2026, 11, 20)).charge
    upkeep = account.is_charged(house.a_periodic_service(), "54,3", at=OCTOBER)
    assert first.charge is not None
    assert right.charge is not None
    assert still is not None
    invoice = flat.an_invoice([first.charge, upkeep], period=right.charge.period, opening="12,50")
    debt = flat.an_invoice(opening="20")
    payment_id = flat.a_payment("500", at=OCTOBER, pays=[(invoice, "300"), (debt, "20")])
    other_flat.a_payment("10", channel="card")
    _rolls_over_and_is_replaced(house, other_flat)
    _comes_and_goes(house, flat)
    return FullHouse(
        house, flat, other_flat, water, first, wrong, right, still, invoice, payment_id
    )


def _rolls_over_and_is_replaced(house: House, flat: Flat) -> None:
    """A dial that passed its end, then a new meter in its place that begins at zero."""
    service = house.a_service("zkh_power", price="7,553", unit="кВт⋅ч")
    account = flat.an_account("Щиток", serial=None)
    old = account.a_meter(service, fraction=None).opens_at("99998", date(2026, 8, 20))
    old.reads("3", date(2026, 9, 20))
    new = account.a_meter(service, fraction=None, installed_on=date(2026, 10, 1))
    house.changes(Meter, new.meter_id or 0, replaces_id=old.meter_id)
    for number, meter in (("abcdefgh", old), ("ijklmnop", new)):
        house.adds(Sticker, number=number, meter_id=meter.meter_id, issued_at=NOW)
    new.newest = old.newest
    new.opens_at("0", date(2026, 10, 1))
    new.reads("120", date(2026, 10, 20))


def _a_photo(house: House, person: Person) -> int:
    return house.adds(
        Photo, resident_id=person.id, sha256="ab" * 32, size=1, width=1, height=1,
        source="resident", taken_in_at=NOW,
    )  # fmt: skip


def _comes_and_goes(house: House, flat: Flat) -> None:
    """What a resident leaves behind who signs in and reads his messages."""
    person = flat.person
    house.changes(Resident, person.id, phone="+79160000000")
    person.an_event("payment", amount=500_00)
    notice_id = house.a_notice()
    house.backend.write_now(mark_read, person.id, notice_id, NOW)
    device = {"token_digest": "d1", "resident_id": person.id, "created_at": NOW}
    house.adds(KnownDevice, **device)
    house.adds(
        WebSession, **device, remembered=True, user_agent="", address="127.0.0.1",
        last_seen_at=NOW, confirmed_at=NOW,
    )  # fmt: skip
    house.adds(
        DeviceToken, token_digest="d2", resident_id=person.id, name="Счетчик", scope="read",
        made_at=NOW,
    )  # fmt: skip
    house.adds(SignInAttempt, subject="s1", address="127.0.0.1", at=NOW, succeeded=True)
    submission_id = house.adds(
        Submission, resident_id=person.id, key="k" * 16, request_digest="r1", answer={"lines": []},
        accepted_at=NOW,
    )  # fmt: skip
    account = flat.an_account("Стояк 2")
    house.adds(
        Reading, account_id=account.id, service_id=house.a_service().id, taken_on=NOW.date(),
        value=Quantity.parse("7"), revision=0, source="resident", submission_id=submission_id,
        accepted_at=NOW, photo_id=_a_photo(house, person),
    )  # fmt: skip
