"""What terminals and banks are told, and what becomes of their payments."""

import base64
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from portal.api.pay import desk
from portal.backend import Backend
from portal.db.incoming import Conflict, Inbox, Incoming
from portal.db.ledger import Payment
from portal.domain.dialects.osmp import RESULTS, Result
from portal.domain.dialects.sber import CODES, Code
from portal.domain.incoming import Refusal
from portal.domain.money import Money
from portal.errors import Unavailable
from portal.services.audit import audit
from portal.services.brake import FAILURES_PER_ADDRESS
from portal.services.tokens import token_digest
from tests.builders import NOW, a_house
from tests.imports.bank.registries import qiwi
from tests.support.bank_files import imports
from tests.support.browsing import Portal, stored
from tests.support.incoming import a_channel, rows
from tests.support.paying import OSMP, SBER, Hall, parts

PASSWORD = "long-and-random-0123456789"
LOCKED = {"networks": "192.0.2.0/24", "login": "qiwi", "secret_digest": token_digest(PASSWORD)}


@pytest.fixture
def hall(sqlite_url: str, tmp_path: Path) -> Iterator[Hall]:
    backend = Backend(sqlite_url, clock=lambda: NOW)
    house = a_house(backend)
    flat = house.a_resident("Петрова Мария Ивановна").an_agreement("0001234567")
    yield Hall(backend, Portal(backend, tmp_path), flat)
    backend.close()


@pytest.fixture
def opened(hall: Hall) -> Hall:
    """A channel of each dialect for this computer, without a password."""
    bounds = {"amount_min": Money(100), "amount_max": Money(100_000_00)}
    shape: dict[str, Any] = {"account_pattern": r"\d{10}"} | bounds
    a_channel(hall.flat.house, "hall", **shape)
    a_channel(hall.flat.house, "sberbank", "sber", name="Сбербанк Онлайн", **shape)
    return hall


# --- the tables ---------------------------------------------------------------------------------


def test_each_refusal_has_a_code_in_each_dialect():
    for table in (RESULTS, CODES):
        assert table.keys() == set(Refusal)
    assert {each.code for each in Result} == {
        0, 1, 4, 5, 7, 8, 10, 31, 32, 40, 79, 90, 241, 242, 243, 300,
    }  # fmt: skip
    assert [each.code for each in Result if not each.is_fatal] == [0, 1, 90]
    assert {each.value for each in Code} == {*range(13), 300}


# --- OSMP ---------------------------------------------------------------------------------------


async def test_a_terminal_checks_and_pays(opened: Hall):
    flat = opened.flat
    service = flat.house.a_service(price="50")
    flat.an_account().a_meter(service).opens_at("0", date(2026, 8, 20)).reads(
        "1", date(2026, 9, 20)
    )
    checked = await opened.sends(OSMP, opened.osmp("check", txn_date=None))
    assert parts(checked) == {
        "osmp_txn_id": "1234567", "result": "0", "comment": "OK",
        "Плательщик": "Мария Ивановна П.", "К оплате": "50.00",
    }  # fmt: skip
    paid = await opened.sends(OSMP, opened.osmp())
    assert paid.text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<response><osmp_txn_id>1234567</osmp_txn_id><prv_txn>1</prv_txn><sum>10.45</sum>"
        "<result>0</result><comment>OK</comment></response>\n"
    )
    assert flat.person.balance == Money.parse("-39,55")
    assert opened.backend.read_now(audit) == ()


async def test_a_repeat_gets_the_same_bytes_by_whatever_way_it_comes(opened: Hall):
    """Vector 44."""
    first = await opened.sends(OSMP, opened.osmp())
    again = await opened.sends(f"{OSMP}/hall", opened.osmp(txn_date="20261124120000"))
    async with opened.portal.machine(None, "127.0.0.1") as terminal:
        form = await terminal.post(OSMP, data=opened.osmp(sum="10.45"))
    assert first.content == again.content == form.content
    assert (rows(opened.backend, Payment), rows(opened.backend, Inbox)) == (1, 3)


async def test_what_came_first_by_its_registry_is_answered_as_taken(opened: Hall, tmp_path: Path):
    """While we were away the operator brought the registry; then the terminal repeats."""
    file = tmp_path / "QIWI_1_202611241.csv"
    file.write_text(qiwi([("1234567", opened.flat.number, Money(10_45))]))
    imports(opened.backend, file, profile="qiwi", channel="hall")
    answers = [await opened.sends(OSMP, opened.osmp()) for _ in range(2)]
    told = parts(answers[0])
    assert (told["result"], told["prv_txn"], told["sum"]) == ("0", "1", "10.45")
    assert answers[0].content == answers[1].content
    assert rows(opened.backend, Payment) == 1


async def test_a_sum_out_of_bounds_is_refused_for_good_and_lost_by_nobody(
    opened: Hall, tmp_path: Path
):
    """Vector 47: the code is fatal, so that the terminal gives the money back; what it has kept all
    the same stands in its registry.
    """
    told = await opened.told(OSMP, opened.osmp(sum="0.5"))
    code = next(each for each in Result if str(each.code) == told["result"])
    assert (code, code.is_fatal) == (Result.TOO_SMALL, True)
    (message,) = stored(opened.backend)["inbox"]
    assert "sum=0.5" in message["message"]
    assert rows(opened.backend, Incoming) == 0
    file = tmp_path / "QIWI_1_202611241.csv"
    file.write_text(qiwi([("1234567", opened.flat.number, Money(50))]))
    imports(opened.backend, file, profile="qiwi", channel="hall")
    assert opened.flat.person.balance == Money(50)
    assert opened.backend.read_now(audit) == ()


async def test_another_sum_or_account_under_the_number_is_300(
    opened: Hall, caplog: pytest.LogCaptureFixture
):
    """Vector 45."""
    await opened.sends(OSMP, opened.osmp())
    for change in ({"sum": "11.00"}, {"account": "0001234568"}):
        assert (await opened.told(OSMP, opened.osmp(**change)))["result"] == "300"
    assert (rows(opened.backend, Payment), rows(opened.backend, Conflict)) == (1, 2)
    assert "number 1234567 came again" in caplog.text


REFUSED_CHECKS = [
    ({"account": "ABC"}, "4", "4"),
    ({"account": "0000000009"}, "5", "3"),
    ({"account": "0000000001"}, "79", "5"),
    ({"account": ""}, "4", "4"),
    ({"account": None}, "4", "4"),
    ({"account": "x" * 201}, "4", "4"),
    ({"account": "' OR 1=1 --"}, "4", "4"),
    ({"sum": "0.5"}, "241", "10"),
    ({"sum": "200000.00"}, "242", "11"),
    ({"sum": "ten"}, "300", "9"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "result", "code"), REFUSED_CHECKS)
async def test_a_check_refuses_what_cannot_be_paid_and_writes_nothing(
    opened: Hall, change: dict[str, Any], result: str, code: str
):
    """Vector 46."""
    opened.flat.person.an_agreement("0000000001", closed_on=NOW.date())
    before = stored(opened.backend, but=frozenset())
    assert (await opened.told(OSMP, opened.osmp("check", **change)))["result"] == result
    changed = {_SBERS[name]: value for name, value in change.items()}
    assert (await opened.told(SBER, opened.sber("check", **changed)))["CODE"] == code
    for sum_ in ("0.00", "", None):
        assert (await opened.told(OSMP, opened.osmp("check", sum=sum_)))["result"] == "0"
    assert stored(opened.backend, but=frozenset()) == before


_SBERS = {"account": "ACCOUNT", "sum": "AMOUNT", "txn_id": "PAY_ID"}
REFUSED_PAYMENTS = [
    ({"sum": "0.00"}, "241", "10"),
    ({"sum": "-1"}, "241", "10"),
    ({"sum": "0.5"}, "241", "10"),
    ({"sum": "200000.00"}, "242", "11"),
    ({"sum": "10,45"}, "300", "9"),
    ({"sum": None}, "300", "9"),
    ({"sum": "1e3"}, "300", "9"),
    ({"txn_id": "12a"}, "300", "6"),
    ({"txn_id": "1" * 21}, "300", "6"),
    ({"txn_id": None}, "300", "6"),
    ({"account": ""}, "4", "4"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "result", "code"), REFUSED_PAYMENTS)
async def test_a_payment_that_is_malformed_is_refused_and_its_message_is_kept(
    opened: Hall, change: dict[str, Any], result: str, code: str
):
    """Vector 47."""
    assert (await opened.told(OSMP, opened.osmp(**change)))["result"] == result
    changed = {_SBERS[name]: value for name, value in change.items()}
    assert (await opened.told(SBER, opened.sber(**changed)))["CODE"] == code
    assert (rows(opened.backend, Incoming), rows(opened.backend, Inbox)) == (0, 2)


async def test_bad_dates_are_refused(opened: Hall):
    for osmp, sber in (
        ("20261324115830", "24.13.2026_11:58:30"), ("", ""), ("2026-11-24", "24.11.2026 11:58:30"),
        ("20271124115830", "24.11.2027_11:58:30"),
    ):  # fmt: skip
        assert (await opened.told(OSMP, opened.osmp(txn_date=osmp)))["result"] == "300"
        assert (await opened.told(SBER, opened.sber(PAY_DATE=sber)))["CODE"] == "12"


async def test_money_of_an_unknown_account_is_taken_and_held(opened: Hall):
    told = await opened.told(OSMP, opened.osmp(account="0009999999"))
    assert (told["result"], rows(opened.backend, Payment)) == ("0", 0)
    (held,) = stored(opened.backend)["incoming"]
    assert (held["account"], held["agreement_id"]) == ("0009999999", None)


async def test_the_extensions(opened: Hall):
    assert (await opened.told(OSMP, opened.osmp("status")))["result"] == "300"
    first = await opened.sends(OSMP, opened.osmp())
    before = stored(opened.backend, but=frozenset())
    status = await opened.sends(OSMP, {"command": "status", "txn_id": "1234567"})
    assert status.content == first.content
    for command in ("", "PAY", "getInfo", "pay "):
        assert (await opened.told(OSMP, opened.osmp(command)))["result"] == "300"
    assert stored(opened.backend, but=frozenset()) == before


async def test_what_is_told_back_is_no_markup(opened: Hall):
    sent = opened.osmp("check", txn_id="<!DOCTYPE x>&xxe;", account="<b>&amp;")
    answer = await opened.sends(OSMP, sent)
    assert "DOCTYPE" not in answer.text
    assert parts(answer)["osmp_txn_id"] == ""


async def test_a_field_that_is_told_twice_is_told_not_at_all(opened: Hall):
    async with opened.portal.machine(None, "127.0.0.1") as terminal:
        twice = await terminal.post(f"{OSMP}?sum=1.00", data=opened.osmp())
        not_utf8 = await terminal.get(f"{OSMP}?command=pay&account=%FF")
        many = await terminal.get(f"{OSMP}?" + "&".join(f"a{n}=1" for n in range(101)))
    for answer in (twice, not_utf8, many):
        assert parts(answer)["result"] == "300"
    assert rows(opened.backend, Incoming) == 0


# --- Сбербанк -----------------------------------------------------------------------------------


async def test_a_bank_checks_pays_and_repeats(opened: Hall):
    checked = await opened.told(SBER, opened.sber("check", PAY_ID=None, PAY_DATE=None))
    assert checked == {
        "CODE": "0", "MESSAGE": "OK", "FIO": "Мария Ивановна П.", "BALANCE": "0.00",
        "REC_SUM": "0.00",
    }  # fmt: skip
    first = await opened.told(SBER, opened.sber())
    got = {"EXT_ID": "1", "AMOUNT": "10.45", "REG_DATE": "24.11.2026_12:00:00"}
    assert first == {"CODE": "0", "MESSAGE": "OK"} | got
    again = [await opened.sends(SBER, opened.sber()) for _ in range(2)]
    assert again[0].content == again[1].content
    assert parts(again[0]) == {
        "CODE": "8", "MESSAGE": "Платеж с таким номером уже принят",
    } | got  # fmt: skip
    assert (await opened.told(SBER, opened.sber(AMOUNT="11.00")))["CODE"] == "6"
    assert rows(opened.backend, Payment) == 1
    assert opened.backend.read_now(audit) == ()


async def test_an_unknown_action_is_2(opened: Hall):
    assert (await opened.told(SBER, opened.sber("refund")))["CODE"] == "2"


# --- who is let in ------------------------------------------------------------------------------


async def test_who_comes_from_elsewhere_is_not_told_why(hall: Hall):
    a_channel(hall.flat.house)
    a_channel(hall.flat.house, "street", is_open=False, **LOCKED)
    for path in (OSMP, f"{OSMP}/hall", f"{OSMP}/nobodys", SBER, f"{SBER}/hall"):
        address = "198.51.100.7" if path != SBER else "127.0.0.1"
        answer = await hall.sends(path, hall.osmp(), address)
        assert (answer.status_code, answer.text) == (403, ""), path
    assert rows(hall.backend, Inbox) == 0


async def test_what_a_proxy_passes_on_that_nobody_trusts_is_not_this_computers(
    hall: Hall, caplog: pytest.LogCaptureFixture
):
    """Otherwise a forgotten setting would let anybody pay from anywhere."""
    a_channel(hall.flat.house)
    forwarded = {"x-forwarded-for": "198.51.100.7"}
    answer = await hall.sends(OSMP, hall.osmp(), headers=forwarded)
    assert (answer.status_code, rows(hall.backend, Inbox)) == (403, 0)
    assert "ZHKH_TRUSTED_PROXIES" in caplog.text
    assert parts(await hall.sends(OSMP, hall.osmp()))["result"] == "0"


async def test_a_password_opens_and_its_absence_asks_for_it(hall: Hall):
    a_channel(hall.flat.house, **LOCKED)
    near = "192.0.2.9"
    nothing = await hall.sends(OSMP, hall.osmp(), near)
    assert (nothing.status_code, nothing.headers["www-authenticate"]) == (401, 'Basic realm="pay"')
    paid = await hall.sends(OSMP, hall.osmp(), near, auth=("qiwi", PASSWORD))
    assert parts(paid)["result"] == "0"
    for login, password in (("qiwi", PASSWORD[:-1]), ("QIWI", PASSWORD), ("", "")):
        wrong = await hall.sends(OSMP, hall.osmp(), near, auth=(login, password))
        assert (wrong.status_code, wrong.text) == (403, "")
    for odd in ("Basic", "Basic \x7f", "Basic " + base64.b64encode(b"\xff").decode()):
        wrong = await hall.sends(OSMP, hall.osmp(), near, headers={"authorization": odd})
        assert wrong.status_code == 403


async def test_whoever_guesses_is_slowed_down_and_the_right_password_is_not(hall: Hall):
    a_channel(hall.flat.house, **LOCKED)
    for number in range(FAILURES_PER_ADDRESS):
        wrong = await hall.sends(OSMP, hall.osmp(), "192.0.2.9", auth=(f"user{number}", "x"))
        assert wrong.status_code == 403
    braked = await hall.sends(OSMP, hall.osmp(), "192.0.2.9", auth=("another", "x"))
    assert (braked.status_code, braked.headers["retry-after"]) == (429, "300")
    paid = await hall.sends(OSMP, hall.osmp(), "192.0.2.9", auth=("qiwi", PASSWORD))
    assert parts(paid)["result"] == "0"


@pytest.mark.parametrize(("proxy", "status"), [("192.0.2.1", 200), ("192.0.2.2", 403)])
async def test_a_certificate_counts_in_the_words_of_a_trusted_proxy(
    hall: Hall, tmp_path: Path, proxy: str, status: int
):
    a_channel(hall.flat.house, networks="0.0.0.0/0", certificate="ab12")
    hall.portal = Portal(hall.backend, tmp_path, ZHKH_TRUSTED_PROXIES="192.0.2.1")
    headers = {"x-client-certificate": "ab12", "x-forwarded-for": "203.0.113.5"}
    answer = await hall.sends(OSMP, hall.osmp(), proxy, headers=headers)
    assert answer.status_code == status
    other = await hall.sends(
        OSMP, hall.osmp(), proxy, headers=headers | {"x-client-certificate": "ab13"}
    )
    assert other.status_code == 403


async def test_where_two_channels_fit_the_address_names_one(hall: Hall):
    a_channel(hall.flat.house)
    a_channel(a_house(hall.backend, "other"), "theirs")
    assert (await hall.sends(OSMP, hall.osmp())).status_code == 403
    assert (await hall.told(f"{OSMP}/hall", hall.osmp()))["result"] == "0"
    assert rows(hall.backend, Payment) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-origin"},
    ],
)
async def test_no_page_pays_in_the_name_of_this_computer(opened: Hall, headers: dict[str, str]):
    answer = await opened.sends(OSMP, opened.osmp(), headers=headers)
    assert answer.status_code == 403
    async with opened.portal.machine(None, "127.0.0.1") as terminal:
        assert (await terminal.post(OSMP, data=opened.osmp(), headers=headers)).status_code == 403
    assert rows(opened.backend, Inbox) == 0


async def test_a_closed_channel_is_forbidden(hall: Hall):
    a_channel(hall.flat.house, is_open=False)
    assert (await hall.told(OSMP, hall.osmp("check")))["result"] == "7"
    assert (await hall.told(OSMP, hall.osmp()))["result"] == "7"


# --- when we fail -------------------------------------------------------------------------------


async def test_while_the_database_is_away_everything_is_temporary(
    opened: Hall, monkeypatch: pytest.MonkeyPatch
):
    def is_away(*_: Any) -> Any:
        raise OperationalError("", None, Exception("the server closed the connection"))

    await opened.sends(OSMP, opened.osmp())
    with monkeypatch.context() as outage:
        outage.setattr(opened.backend.engine, "connect", is_away)
        for command in ("check", "pay", "status"):
            assert (await opened.told(OSMP, opened.osmp(command)))["result"] == "1"
        for action in ("check", "payment"):
            assert (await opened.told(SBER, opened.sber(action)))["CODE"] == "1"
    assert (await opened.told(OSMP, opened.osmp()))["prv_txn"] == "1"


async def test_a_payment_that_fails_after_its_message_was_kept_goes_through_later(
    opened: Hall, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: Any) -> Any:
        raise Unavailable("База данных не отвечает")

    with monkeypatch.context() as outage:
        outage.setattr(desk, "accept", fails)
        assert (await opened.told(OSMP, opened.osmp()))["result"] == "1"
    assert (rows(opened.backend, Inbox), rows(opened.backend, Incoming)) == (1, 0)
    assert (await opened.told(OSMP, opened.osmp()))["result"] == "0"
    assert rows(opened.backend, Inbox) == 2
