"""Payments of a bank's file: whose they are, and that each is taken once whatever happens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal.backend import Backend
from portal.commands import bank
from portal.db.incoming import Inbox, Incoming
from portal.db.ledger import Payment
from portal.domain.money import Money
from portal.domain.period import Period
from portal.imports.bank import importing
from portal.imports.bank.money import FileMoney
from portal.imports.book.faults import BookFaults
from portal.services.audit import audit
from portal.services.incoming.filing import Doubt
from portal.services.incoming.suspense import held
from portal.services.payments import payments
from tests.builders import BUILDER, NOW, Flat, a_house
from tests.faults.test_broken_off import PowerCut, content, cut_at
from tests.imports.bank.registries import sber
from tests.support.bank_files import a_file_channel, a_statement, imports, paid
from tests.support.browsing import stored
from tests.support.incoming import rows
from tests.support.refunding import unpaid


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    a_file_channel(flat.house)
    return flat


def test_a_purpose_that_names_one_agreement_is_credited_and_pays_its_invoice(
    backend, flat, tmp_path
):
    invoice = flat.an_invoice(opening="8")
    file = a_statement(tmp_path, [paid("1", "Договор dom-12, счет 17/2026 от 01.11.2026")])
    report = imports(backend, file)
    assert [each.holder and each.holder.number for each in report.credited] == ["DOM-12"]
    (line,) = backend.read_now(payments, flat.person.id)
    assert (line.amount, line.channel, line.applied_to) == (
        Money(100_00), "Расчетный счет", (invoice.number,)
    )  # fmt: skip
    (message,) = stored(backend)["inbox"]
    assert "НазначениеПлатежа=Договор dom-12" in message["message"]
    assert message["address"].startswith("kl_to_1c.txt sha256:")
    assert backend.read_now(audit) == ()


def test_the_invoice_that_a_purpose_names_is_paid_before_older_ones(backend, flat, tmp_path):
    """Of the payer's own: another's of that number is not his to pay."""
    old, named = (flat.an_invoice(opening="80", number=number) for number in ("1", "2"))
    flat.person.an_agreement("DOM-13").an_invoice(opening="80", number="3")
    file = a_statement(tmp_path, [paid("1", "договор DOM-12, счета № 2, № 3, № 4")])
    imports(backend, file)
    (line,) = backend.read_now(payments, flat.person.id)
    assert line.applied_to == (old.number, named.number)
    assert unpaid(backend) == {"1": "60,00", "3": "80,00"}
    assert [row["invoice_id"] for row in stored(backend)["stated"]] == [named.id]
    assert backend.read_now(audit) == ()


@pytest.mark.parametrize("profile", [None, "sber"])
def test_the_month_that_a_payer_names_is_paid_before_older_ones(backend, flat, tmp_path, profile):
    older, named = (
        flat.an_invoice(opening="80", number=str(month), period=Period(2026, month))
        for month in (9, 10)
    )
    flat.person.an_agreement("DOM-13").an_invoice(opening="80", period=Period(2026, 10))
    file = a_statement(tmp_path, [paid("1", "ЖКУ за октябрь 2026, договор DOM-12")])
    if profile:
        file.write_text(sber([("1", "DOM-12", Money(100_00))]), "cp1251")
    imports(backend, file, profile=profile)
    (line,) = backend.read_now(payments, flat.person.id)
    assert line.applied_to == (older.number, named.number)
    assert unpaid(backend)["9"] == "60,00"
    assert [row["invoice_id"] for row in stored(backend)["stated"]] == [named.id]
    assert backend.read_now(audit) == ()


def test_the_invoice_in_a_column_of_a_registry_is_paid_first(backend, flat, tmp_path):
    older, _ = (flat.an_invoice(opening="80", number=number) for number in ("1", "2"))
    file = tmp_path / "registry.txt"
    file.write_text("\nDOM-12;1;2026-11-24;100.00;2;;без НДС;17\n", "cp1251")
    imports(backend, file, profile="lanbilling")
    assert unpaid(backend) == {older.number: "60,00"}


def test_what_names_none_or_several_is_held_and_suggested(backend, flat, tmp_path):
    flat.person.an_agreement("DOM-77", closed_on=NOW.date() - timedelta(days=1))
    flat.person.an_agreement("DOM-13")
    a_house(backend, "other").a_resident().an_agreement("OTHER-1")
    file = a_statement(
        tmp_path,
        [
            paid("1", "л/с DOM-12, л/с DOM-13"),
            paid("2", "л/с DOM-77"),
            paid("3", "л/с OTHER-1"),
            paid("4", "За квартиру"),
            paid("5", "л/с 555, договор DOM-13"),
        ],
    )
    report = imports(backend, file)
    assert [each.doubt for each in report.held] == [
        Doubt.SEVERAL, Doubt.CLOSED, Doubt.UNKNOWN, Doubt.UNNAMED,
    ]  # fmt: skip
    assert [each.holder and each.holder.number for each in report.credited] == ["DOM-13"]
    several, closed, foreign, unnamed = backend.read_now(held, BUILDER)
    assert several.suggested == ("DOM-12", "DOM-13")
    assert (closed.is_closed, foreign.suggested, unnamed.account) == (True, (), "За квартиру")
    assert backend.read_now(audit) == ()


def test_equal_documents_of_one_day_are_each_a_payment(backend, flat, tmp_path):
    file = a_statement(tmp_path, [paid("1", "л/с DOM-12"), paid("1", "л/с DOM-12")])
    assert len(imports(backend, file).credited) == 2
    assert len(imports(backend, file).known) == 2
    assert flat.person.balance == Money(200_00)


def test_a_file_of_days_that_overlap_brings_only_the_rest(backend, flat, tmp_path):
    imports(backend, a_statement(tmp_path, [paid("1", "л/с DOM-12")]))
    file = a_statement(tmp_path, [paid("1", "л/с DOM-12"), paid("2", "л/с DOM-12")])
    report = imports(backend, file)
    assert (len(report.known), len(report.credited)) == (1, 1)
    assert flat.person.balance == Money(200_00)


def test_a_payment_that_the_operator_entered_himself_stops_the_file(backend, flat, tmp_path):
    file = a_statement(tmp_path, [paid("1", "л/с DOM-12")])
    (placed,) = imports(backend, file, is_applied=False).credited
    number = placed.told.order.external_id
    flat.a_payment("100", channel="bank-files", external_id=number)
    with pytest.raises(BookFaults) as refusal:
        imports(backend, file)
    assert "уже загружен из файла дома" in refusal.value.faults[0]
    assert rows(backend, Incoming) == 0


def test_a_day_that_is_not_yet_stops_the_file(backend, flat, tmp_path):
    assert flat.number == "DOM-12"
    late = paid("1", "л/с DOM-12", ДатаПоступило="28.11.2026")
    file = a_statement(tmp_path, [late])
    whole = file.read_text("cp1251").replace("ДатаКонца=25.11.2026", "ДатаКонца=28.11.2026")
    file.write_text(whole, "cp1251", newline="")
    with pytest.raises(BookFaults) as refusal:
        imports(backend, file)
    assert "ещё не наступил" in refusal.value.faults[0]


def test_wherever_it_breaks_off_nothing_is_stored_and_the_repeat_goes_through(
    backend, flat, tmp_path
):
    flat.an_invoice(opening="8")
    documents = [paid(str(number), "л/с DOM-12") for number in range(2)]
    file = a_statement(tmp_path, [*documents, paid("9", "За квартиру")])
    before, broken = content(backend), 0
    while True:
        with cut_at(backend.engine, broken), pytest.raises(PowerCut) as cut:
            imports(backend, file)
        assert content(backend) == before
        broken += 1
        if cut.value.args == ("at the end",):
            break
    assert broken > 10
    report = imports(backend, file)
    assert (len(report.credited), len(report.held), len(report.known)) == (2, 1, 0)
    assert flat.person.balance == Money(200_00)
    assert backend.read_now(audit) == ()


def broken_off(money: FileMoney) -> Iterator[FileMoney]:
    yield next(importing.portions(money))
    raise PowerCut


def test_an_import_that_stops_between_its_portions_is_completed_by_the_next(
    backend, flat, tmp_path, monkeypatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    file = a_statement(tmp_path, [paid(str(n), "л/с DOM-12") for n in range(5)])
    with monkeypatch.context() as patch:
        patch.setattr(bank, "portions", broken_off)
        with pytest.raises(PowerCut):
            imports(backend, file)
    assert rows(backend, Payment) == 2
    report = imports(backend, file)
    assert (len(report.known), len(report.credited)) == (2, 3)
    assert flat.person.balance == Money(500_00)
    assert backend.read_now(audit) == ()


def test_a_conflict_in_the_last_portion_refuses_the_first_as_well(
    backend, flat, tmp_path, monkeypatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    file = tmp_path / "registry.csv"
    file.write_text(sber([("9", "DOM-12", Money(5_00))]), "cp1251")
    imports(backend, file, profile="sber")
    both = [("8", "DOM-12", Money(1_00)), ("9", "DOM-12", Money(6_00))]
    file.write_text(sber(both), "cp1251")
    with pytest.raises(BookFaults):
        imports(backend, file, profile="sber")
    assert flat.person.balance == Money(5_00)


def test_two_who_bring_the_same_file_bring_it_once(backend, flat, tmp_path):
    file = a_statement(tmp_path, [paid(str(n), "л/с DOM-12") for n in range(20)])
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: imports(backend, file), range(4)))
    assert sorted(len(each.credited) for each in reports) == [0, 0, 0, 20]
    assert (rows(backend, Payment), rows(backend, Inbox)) == (20, 20)
    assert flat.person.balance == Money(2000_00)
    assert backend.read_now(audit) == ()
