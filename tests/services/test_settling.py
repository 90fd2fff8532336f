"""What of a month's money belongs to whom, and what goes on to the suppliers."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.backend import Backend
from portal.db.invoices import Invoice
from portal.db.ledger import Transfer
from portal.db.settlements import Remittance, Share
from portal.db.suppliers import ServiceTerms, Supplier
from portal.domain.money import NBSP, ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.settlement import Figures
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.incoming.finding import find
from portal.services.invoices import invoices
from portal.services.ledger_settled import NewRemittance, post_remittance
from portal.services.office.billing.run import Order
from portal.services.office.invoicing.allocating import allocate
from portal.services.office.settling.remitting import Paper, remit, supplier_called
from portal.services.office.settling.run import outlook
from tests.builders import InvoiceRow
from tests.support.billed import (
    BEGINNING,
    LATE_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    OFFICER,
    BilledHouse,
    a_billed_house,
)
from tests.support.incoming import a_channel
from tests.support.invoiced import NOW, cancels, issues, rows
from tests.support.settling import pays, remits, report, settles, whole
from tests.support.statements import counted

WATER, OWN, NET = "АО «Водоканал»", "Собственные услуги", "ПАО «Связь»"
SOON = datetime(2026, 11, 5, 9, tzinfo=UTC)


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """October is asked for: of each flat 1965,12 for upkeep, which is the operator's own, and
    506,86 for water, of which he keeps 3 %; the Internet is paid to the company itself.
    """
    town = a_billed_house(backend, only=("upkeep", "zkh_cold", "internet"))
    supplier = town.house.adds(
        Supplier, key="net", name=NET, inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    town.house.adds(
        ServiceTerms, service_id=town.services["internet"].id, valid_from=BEGINNING,
        scheme="direct", supplier_id=supplier,
    )  # fmt: skip
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issues(town)
    return town


def shares(town: BilledHouse) -> list[tuple[Any, ...]]:
    names = ("allocation_id", "invoice_line_id", "amount", "commission", "period")
    return [tuple(row) for row in rows(town, Share, *names)]


def proved(town: BilledHouse) -> list[str]:
    return [str(finding) for finding in town.backend.read_now(audit)]


def test_a_terminal_asks_for_the_operators_debt_and_not_for_what_is_paid_elsewhere(town):
    """Whoever pays what a terminal shows would pay the Internet to the wrong company."""
    flat, channel = town.flats[0], a_channel(town.house)

    def asked() -> tuple[Money, Money]:
        found = town.backend.read_now(find, channel, flat.number, SOON)
        return found.to_pay, found.balance

    owed = Money.parse("2471,98")
    assert asked() == (owed, -owed)
    every = town.backend.read_now(invoices, flat.person.id)
    (theirs,) = (each for each in every if each.payee)
    row = InvoiceRow(theirs.invoice_id, theirs.number, theirs.total)
    flat.a_payment("500", pays=[(row, "500")])
    assert asked() == (owed, -owed)


def test_a_paid_invoice_is_the_suppliers_less_the_commission_and_the_operators(town):
    pays(town.flats[0], "2471,98", SOON)
    assert settles(town, NOVEMBER).shares == 2
    told = report(town, NOVEMBER)
    water = Money.parse("506,86")
    assert told[WATER].figures == Figures(
        collected=water, commission=Money.parse("15,21"), held=Money.parse("491,65")
    )
    assert told[WATER].to_transfer == Money.parse("491,65")
    own = Money.parse("1965,12")
    assert told[OWN].figures == Figures(collected=own, own=own)
    assert proved(town) == []


def test_the_month_of_the_charges_has_no_money_yet(town):
    pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    told = report(town, OCTOBER)
    assert list(told) == [WATER, NET, OWN]
    assert told[WATER].figures == Figures(charged=Money.parse("1013,72"))
    assert told[NET].figures == Figures(charged=Money.parse("1100,00"))
    assert told[OWN].figures == Figures(charged=Money.parse("3930,24"))


def test_settling_twice_is_settling_once(town):
    pays(town.flats[0], "1000", SOON)
    settles(town, NOVEMBER)
    before = shares(town)
    assert settles(town, NOVEMBER).shares == 0
    assert shares(town) == before
    pays(town.flats[0], "1471,98", LATE_NOVEMBER)
    assert settles(town, NOVEMBER).shares == 2
    assert report(town, NOVEMBER)[WATER].figures.commission == Money.parse("15,21")
    assert proved(town) == []


def test_a_dry_run_tells_what_would_be(town):
    pays(town.flats[0], "1234,56", SOON)
    pending = settles(town, NOVEMBER, is_dry=True)
    assert shares(town) == []
    dry = [report(town, NOVEMBER, pending, is_detailed=each) for each in (False, True)]
    settles(town, NOVEMBER)
    assert dry == [report(town, NOVEMBER, is_detailed=each) for each in (False, True)]


def test_the_agreements_behind_the_figures_add_up(town):
    for flat, amount in zip(town.flats, ("1000", "2471,98"), strict=True):
        pays(flat, amount, SOON)
    settles(town, NOVEMBER)
    for period in (OCTOBER, NOVEMBER):
        for party in report(town, period, is_detailed=True).values():
            assert [number for number, _ in party.agreements] == ["DOM-1", "DOM-2"]
            assert sum((each for _, each in party.agreements), Figures()) == party.figures


def test_a_later_payment_is_of_its_own_month(town):
    pays(town.flats[0], "1000", SOON)
    pays(town.flats[1], "1000", datetime(2026, 11, 30, 22, tzinfo=UTC))  # in Moscow it is December
    settles(town, NOVEMBER)
    assert whole(report(town, NOVEMBER)).collected == Money.parse("1000")
    settles(town, Period(2026, 12))
    told = report(town, Period(2026, 12))[WATER]
    assert told.before == report(town, NOVEMBER)[WATER].to_transfer
    assert told.to_transfer == told.before + told.figures.held
    assert whole(report(town, Period(2026, 12))).collected == Money.parse("1000")


def test_what_was_not_shared_before_its_month_closed_goes_into_the_open_one(town):
    pays(town.flats[0], "1000", SOON)
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    town.closes(NOVEMBER, december)
    order = Order(town.house.operator_id, NOVEMBER)
    assert town.backend.read_now(outlook, OFFICER, order, december) == [
        "Ноябрь 2026 закрыт: что в нем не учтено вовремя, войдет в декабрь 2026"
    ]
    assert settles(town, NOVEMBER).late == 2
    assert {row[-1] for row in shares(town)} == {Period(2026, 12)}
    assert whole(report(town, NOVEMBER)).collected == ZERO
    assert proved(town) == []


def test_a_month_that_has_not_begun_is_refused(town):
    order = Order(town.house.operator_id, Period(2026, 12))
    with pytest.raises(Refused, match="ещё не начался"):
        town.backend.read_now(outlook, OFFICER, order, LATE_NOVEMBER)


def test_what_an_invoice_took_back_pays_another_and_moves_no_commission_twice(town):
    """The cancelled invoice was paid in part; asked for anew, it is paid with that."""
    pays(town.flats[0], "1000", SOON)
    settles(town, NOVEMBER)
    before = report(town, NOVEMBER)
    cancels(town, "2026-000001", LATE_NOVEMBER)
    settles(town, NOVEMBER)
    assert proved(town) == []
    issues(town, OCTOBER, LATE_NOVEMBER)
    settles(town, NOVEMBER)
    after = report(town, NOVEMBER)
    assert whole(after).collected == whole(before).collected
    assert after[WATER].figures == before[WATER].figures
    assert proved(town) == []


def test_a_fee_is_kept_once_of_what_is_asked_for_again(town):
    """A charge costs one fee, however many documents ask for it and take it back."""
    town.house.adds(
        ServiceTerms, service_id=town.services["zkh_cold"].id, valid_from=date(2026, 2, 1),
        scheme="agency", supplier_id=town.supplier_id, commission_fixed=Money.parse("30"),
    )  # fmt: skip
    pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    cancels(town, "2026-000001", LATE_NOVEMBER)
    issues(town, OCTOBER, LATE_NOVEMBER)
    settles(town, NOVEMBER)
    figures = report(town, NOVEMBER)[WATER].figures
    assert (figures.commission, figures.collected) == (Money.parse("30"), Money.parse("506,86"))
    assert proved(town) == []


def test_a_fee_is_kept_once_of_a_month_that_is_charged_in_two_lines(backend):
    """The price and the fee rise in mid-month: the month has two lines, and the fee that it had
    first is kept of them together, whether they are paid at once or one after the other.
    """
    town = a_billed_house(backend, only=("zkh_cold",))
    middle = date(2026, 10, 17)
    town.services["zkh_cold"].costs("60", middle)
    for since, fee in ((date(2026, 2, 1), "30"), (middle, "40")):
        town.house.adds(
            ServiceTerms, service_id=town.services["zkh_cold"].id, valid_from=since,
            scheme="agency", supplier_id=town.supplier_id, commission_fixed=Money.parse(fee),
        )  # fmt: skip
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issues(town)
    assert len(rows(town, Invoice)) == 2
    assert len(town.charges()) == 4
    pays(town.flats[0], "1000", SOON)
    for part in ("20", "20", "1000"):
        pays(town.flats[1], part, SOON)
        settles(town, NOVEMBER)
    assert report(town, NOVEMBER)[WATER].figures.commission == Money.parse("60")
    assert proved(town) == []


def test_the_terms_are_those_of_the_day_that_was_charged(town):
    town.house.adds(
        ServiceTerms, service_id=town.services["zkh_cold"].id, valid_from=date(2026, 11, 1),
        scheme="agency", supplier_id=town.supplier_id, commission_percent=Quantity.parse("50"),
    )  # fmt: skip
    pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    assert report(town, NOVEMBER)[WATER].figures.commission == Money.parse("15,21")


# --- remittances -----------------------------------------------------------------------------


@pytest.fixture
def collected(town: BilledHouse) -> BilledHouse:
    """491,65 are held for the supplier of water."""
    pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    return town


def test_what_is_held_goes_on_to_the_supplier(collected):
    done = remits(collected, "400", "п/п 45", LATE_NOVEMBER)
    assert (done.on, done.left, done.is_new) == (date(2026, 11, 28), Money.parse("91,65"), True)
    told = report(collected, NOVEMBER)[WATER]
    assert told.figures.transferred == Money.parse("400")
    assert told.figures.gap == ZERO
    assert told.to_transfer == Money.parse("91,65")
    assert [(sent.document, sent.amount) for sent in told.sent] == [("п/п 45", Money.parse("400"))]
    assert proved(collected) == []


def test_the_same_document_again_changes_nothing_and_with_another_sum_is_refused(collected):
    remits(collected, "400", "п/п 45", LATE_NOVEMBER)
    again = remits(collected, "400", "  п/п 45", datetime(2026, 11, 29, 9, tzinfo=UTC))
    assert (again.on, again.left, again.is_new) == (
        date(2026, 11, 28), Money.parse("91,65"), False,
    )  # fmt: skip
    with pytest.raises(Refused, match="Другая сумма под тем же документом не принята"):
        remits(collected, "401", "п/п 45", LATE_NOVEMBER)
    assert len(rows(collected, Remittance)) == 1


def test_no_more_goes_on_than_is_held_and_no_more_comes_back_than_went(collected):
    with pytest.raises(Refused, match=r"К перечислению 491,65"):
        remits(collected, "491,66", "п/п 45", LATE_NOVEMBER)
    with pytest.raises(Refused, match="не должен возвращать"):
        remits(collected, "-0,01", "п/п 46", LATE_NOVEMBER)
    with pytest.raises(Refused, match="нечего"):
        remits(collected, "0", "п/п 47", LATE_NOVEMBER)
    with pytest.raises(Refused, match="документ"):
        remits(collected, "1", " ", LATE_NOVEMBER)
    assert rows(collected, Remittance) == []


def test_a_supplier_returns_what_was_taken_back_after_it_went_on(collected):
    """What the cancelled invoice had brought pays another one that asks for less water."""
    remits(collected, "491,65", "п/п 45", LATE_NOVEMBER)
    cancels(collected, "2026-000001", LATE_NOVEMBER)
    upkeep = collected.accounts[0].is_charged(collected.services["upkeep"], "100", at=LATE_NOVEMBER)
    collected.flats[0].an_invoice([upkeep])
    collected.house.writes(
        lambda session: allocate(session, [collected.flats[0].id], LATE_NOVEMBER)
    )
    settles(collected, NOVEMBER)
    owed = report(collected, NOVEMBER)[WATER].to_transfer
    assert owed < ZERO
    with pytest.raises(Refused, match="должен вернуть"):
        remits(collected, "1", "п/п 46", LATE_NOVEMBER)
    assert remits(collected, owed.plain, "возврат 1", LATE_NOVEMBER).left == ZERO
    assert proved(collected) == []


def test_days_on_which_nothing_can_go_on(collected):
    sides = collected.house.operator_id, collected.supplier_id
    for day, said in (
        (date(2026, 10, 31), "Октябрь 2026 закрыт. Укажите день не раньше 1 ноября 2026"),
        (date(2026, 11, 29), "29 ноября 2026 ещё не наступило"),
    ):
        paper = Paper("п/п 45", Money.parse("1"), day)
        with pytest.raises(Refused, match=said):
            collected.backend.write_now(remit, OFFICER, sides, paper, LATE_NOVEMBER)


def test_a_supplier_that_there_is_not(town):
    with pytest.raises(Refused, match=r"Поставщика «нет» нет. Есть: «net», «vodokanal-uk»"):
        town.backend.read_now(supplier_called, OFFICER, "нет")


# --- what the audit sees ---------------------------------------------------------------------


def of_commission(town: BilledHouse) -> int:
    return next(row.id for row in rows(town, Transfer, "id", "share_id") if row.share_id)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"commission": Money(1)}, "не следует из условий с поставщиком"),
        ({"amount": Money(506_85)}, "по строкам счета 506,86"),
        ({"period": OCTOBER}, "учтено в 2026-10, а оплачено в 2026-11"),
    ],
)
def test_a_share_that_does_not_follow_is_noticed(collected, values, said):
    share = next(row.id for row in rows(collected, Share) if row.commission)
    collected.house.changes(Share, share, **values)
    assert any(said in each for each in _plain(proved(collected)))


def test_a_commission_of_the_operators_own_is_noticed(collected):
    share = next(row.id for row in rows(collected, Share) if not row.commission)
    collected.house.changes(Share, share, commission=Money(1))
    found = _plain(proved(collected))
    assert any("деньги собраны не для поставщика" in each for each in found)
    assert any("вознаграждение 0,01 ₽ без проводки" in each for each in found)


def test_a_commission_that_went_elsewhere_is_noticed(collected):
    transfer = of_commission(collected)
    row = next(each for each in rows(collected, Transfer) if each.id == transfer)
    collected.house.changes(Transfer, transfer, debit_id=row.credit_id, credit_id=row.debit_id)
    found = _plain(proved(collected))
    assert any("не те счета" in each for each in found)
    assert any("сальдо" in each for each in found)


def test_a_remittance_of_another_sum_than_its_transfer_is_noticed(collected):
    remits(collected, "400", "п/п 45", LATE_NOVEMBER)
    (remittance,) = rows(collected, Remittance, "id")
    collected.house.changes(Remittance, remittance.id, amount=Money.parse("500"))
    found = _plain(proved(collected))
    assert any("400,00 ₽ «remittance»" in each for each in found)
    assert any("сальдо" in each for each in found)


def _plain(sentences: list[str]) -> list[str]:
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in sentences]


def test_the_number_of_statements_does_not_grow_with_the_flats(backend):
    sizes = []
    for flats in (17, 34):  # both more than a few: many rows go in otherwise
        town = a_billed_house(backend, flats, only=("upkeep", "zkh_cold"), key=f"uk-{flats}")
        town.bills(OCTOBER, NOW)
        town.closes(OCTOBER, NOW)
        issues(town)
        for flat in town.flats:
            pays(flat, "2000", SOON)
        with counted(backend.engine) as statements:
            settles(town, NOVEMBER)
            report(town, NOVEMBER, is_detailed=True)
        # SQLite's rows go in one by one, without a way over a network.
        sizes.append(len([each for each in statements if not each.startswith("INSERT")]))
    assert sizes[0] == sizes[1] <= 25


def test_a_remittance_of_more_than_was_there_at_the_time_is_found(town):
    """Though what came later covers it."""
    pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    too_much = NewRemittance(
        operator_id=town.house.operator_id, supplier_id=town.supplier_id, document="п/п 1",
        amount=Money.parse("500"), remitted_on=SOON.date(), accepted_at=SOON, officer="tests",
    )  # fmt: skip
    town.house.writes(lambda session: post_remittance(session, too_much))
    pays(town.flats[1], "2471,98", SOON)
    settles(town, NOVEMBER)
    remits(town, "483,30", "п/п 2", SOON)
    assert [sentence.replace(NBSP, " ") for sentence in proved(town)] == [
        "remittance 1: перечислено 500,00 ₽, а к перечислению тогда было 491,65 ₽"
    ]


def test_an_invoice_of_which_more_was_paid_than_it_asks_for_is_named(town):
    (invoice_id, number), *_ = rows(town, Invoice, "id", "number")
    town.flats[0].a_payment("9999", at=SOON, pays=[(InvoiceRow(invoice_id, number, ZERO), "9999")])
    with pytest.raises(Refused, match=f"Счет № {number} оплачен больше, чем в нем стоит"):
        settles(town, NOVEMBER)
