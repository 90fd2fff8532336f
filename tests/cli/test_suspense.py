"""`suspense`, `assign`: what the operator types and reads."""

from typing import Any

import pytest

from portal.backend import Backend
from portal.db.incoming import Resolution
from portal.db.paying import BankResolution
from portal.domain.giving_back import RefundStep
from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.paying.giving_back import note_refund, settle_back
from portal.services.paying.settling import settle
from tests.builders import NOW, Flat, a_house
from tests.cli.conftest import Cli
from tests.support.acquiring import (
    a_card_channel,
    asks_back,
    bank_returned,
    bank_says,
    begins,
)
from tests.support.browsing import stored
from tests.support.incoming import a_channel, an_order, pays, rows

COMPARE = "Сверьте с кабинетом банка и закройте — resolve."


@pytest.fixture
def held(backend: Backend, in_november: None) -> int:
    """One payment was taken for a number with a slip in it, another came twice, differently."""
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.person.an_agreement("DOM-77", closed_on=flat.house.now.date())
    channel = a_channel(flat.house)
    number: int = pays(backend, channel, an_order("DOM-21")).receipt.number
    pays(backend, channel, an_order("DOM-77", number="2"))
    pays(backend, channel, an_order("X", number="3"))
    pays(backend, channel, an_order("DOM-12", "11"))
    return number


def test_what_is_held_is_told_and_assigned(cli: Cli, backend: Backend, held: int) -> None:
    told = cli("suspense")
    assert told.code == 0
    assert told.out.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        (
            "1: 10,45 ₽, 24.11.2026 11:58, Терминал в подъезде, № 1234567; "
            "договора «DOM-21» нет, похожи: DOM-12"
        ),
        "2: 10,45 ₽, 24.11.2026 11:58, Терминал в подъезде, № 2; договор «DOM-77» закрыт",
        "3: 10,45 ₽, 24.11.2026 11:58, Терминал в подъезде, № 3; договора «X» нет",
        "Невыясненных поступлений: 3, на сумму 31,35 ₽.",
        "Отклонены: под этим номером раньше пришел другой платеж. Разобрали — resolve.",
        "  1: 24.11.2026 12:00, Терминал в подъезде, № 1234567: 11,00 ₽, договор «DOM-12»",
    ]
    for verb in ("отнесено", "уже было отнесено"):
        told = cli("assign", str(held), "dom-12", "--note", "Чек жильца")
        assert (told.code, told.err) == (0, "")
        assert told.out.replace("\N{NO-BREAK SPACE}", " ") == (
            f"Поступление 1, 10,45 ₽, {verb} на договор DOM-12.\n"
        )
    assert "Невыясненных поступлений: 2" in cli("suspense").out
    assert backend.read_now(audit) == ()


@pytest.fixture
def flat(backend: Backend, in_november: None) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    a_card_channel(flat.house)
    return flat


def tells_strangely(flat: Flat) -> tuple[str, str]:
    """Of two payments the bank says another sum of the first; of the second it gives back another
    sum than it was asked for, then does not answer, and then has not been asked yet.
    """
    backend = flat.house.backend
    token, paid = begins(flat), begins(flat)
    for each, amount in ((token, "4028,74"), (paid, "4028,75")):
        backend.write_now(settle, each, bank_says(flat, each, amount=Money.parse(amount)), NOW)
    requests = [asks_back(flat, f"bank-{paid}", "10", f"заявление {n}") for n in range(3)]
    backend.write_now(settle_back, requests[0], bank_returned(paid, "9"), NOW)
    backend.write_now(note_refund, requests[1], RefundStep.LOST, "банк не ответил за сутки", NOW)
    return token, paid


def test_what_a_bank_told_strangely_is_listed_until_it_is_credited(
    cli: Cli, backend: Backend, flat: Flat
) -> None:
    token, paid = tells_strangely(flat)
    told = cli("suspense").out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    where = "24.11.2026 12:00, Карта и СБП, № bank-"
    assert told[1:] == [
        f"Не зачислены: банк сказал не то, о чем его просили. {COMPARE}",
        f"  карта-1: {where}{token}: 4 028,75 ₽, «DOM-12»",
        f"    succeeded, paid True, 4 028,74 ₽ RUB, account DOM-12, intent {token}",
        f"Возвраты, о которых неизвестно, ушли ли деньги. {COMPARE}",
        f"  возврат-1: {where}{paid}: 10,00 ₽, «заявление 0»",
        f"    succeeded, 9,00 ₽ RUB, payment bank-{paid}",
        f"  возврат-2: {where}{paid}: 10,00 ₽, «заявление 1»",
        "    банк не ответил за сутки",
    ]
    backend.write_now(settle, token, bank_says(flat, token), NOW)
    assert "Не зачислены" not in cli("suspense").out


def test_what_cannot_be_assigned_is_refused(cli: Cli, held: int) -> None:
    assert cli("assign", str(held), "DOM-99", "--note", "Чек").code == 1
    assert cli("assign", "987", "DOM-12", "--note", "Чек").code == 1
    assert cli("assign", str(held), "DOM-12").code == 2
    assert cli("assign", "первое", "DOM-12", "--note", "Чек").code == 2


def test_what_was_looked_into_is_listed_no_more(cli: Cli, backend: Backend, held: int) -> None:
    for verb in ("разобрано", "было разобрано раньше"):
        told = cli("resolve", "1", "--note", " Терминал ошибся ")
        assert (told.code, told.out) == (0, f"Отклоненный платеж 1: {verb}.\n")
    assert "Отклонены" not in cli("suspense").out
    (row,) = stored(backend)["resolution"]
    assert (row["conflict_id"], row["note"]) == (1, "Терминал ошибся")
    assert backend.read_now(audit) == ()


def test_only_what_was_refused_is_closed_and_with_a_reason(
    cli: Cli, backend: Backend, held: int
) -> None:
    for number, note in (("2", "Ошибка"), ("0", "Ошибка"), ("1", " "), ("1", "ю" * 501)):
        assert cli("resolve", number, "--note", note).code == 1
    assert cli("resolve", "1").code == 2
    assert rows(backend, Resolution) == 0


def test_what_a_bank_told_strangely_and_people_looked_into_is_listed_no_more(
    cli: Cli, backend: Backend, flat: Flat
) -> None:
    """The money stays where it is, and whoever has looked signs for it."""
    tells_strangely(flat)
    before = {name: each for name, each in stored(backend).items() if name != "bank_resolution"}
    for number in ("карта-1", "возврат-1", "возврат-2"):
        assert f"{number}: " in cli("suspense").out
        for verb in ("разобрано", "было разобрано раньше"):
            told = cli("resolve", number, "--note", " Спросили банк ")
            assert (told.code, told.out, told.err) == (0, f"{number}: {verb}.\n", "")
        assert f"{number}: " not in cli("suspense").out
    assert "банк" not in cli("suspense").out.lower()

    after = stored(backend)
    resolved = [
        (row["intent_event_id"], row["refund_event_id"]) for row in after["bank_resolution"]
    ]
    assert resolved == [(1, None), (None, 1), (None, 2)]
    assert {row["note"] for row in after.pop("bank_resolution")} == {"Спросили банк"}
    assert after == before
    done = [row for row in journal(backend) if row["action"] == "resolve_odd"]
    assert [row["actor"].partition(":")[0] for row in done] == ["officer"] * 3
    assert all("bank_resolution" in row["claims"] for row in done)
    assert backend.read_now(audit) == ()


@pytest.mark.parametrize(
    ("number", "note"),
    [
        ("карта-2", "Спросили"),  # nothing strange about it: it is paid
        ("карта-99", "Спросили"),
        ("карта-", "Спросили"),
        ("возврат-99999999999999999999", "Спросили"),
        ("возврат-²", "Спросили"),
        ("refund-1", "Спросили"),
        ("возврат-1", " "),
        ("возврат-1", "ю" * 501),
    ],
)
def test_only_what_is_odd_is_closed_and_with_a_reason(
    cli: Cli, backend: Backend, flat: Flat, number: str, note: str
) -> None:
    tells_strangely(flat)
    told = cli("resolve", number, "--note", note)
    assert (told.code, told.out) == (1, "")
    assert rows(backend, BankResolution) == 0


def journal(backend: Backend) -> list[dict[str, Any]]:
    return stored(backend, frozenset())["audit_record"]
