"""What a file is refused for: all of it at once, nothing stored.

Each single fault is one edit of a good file, and must be told in one sentence: what merely follows
from it is not told.
"""

import pytest

from portal.db.accounts import ServiceAccount
from tests.imports.conftest import HOUSE, Town
from tests.imports.wrong_fields import WRONG_FIELDS
from tests.imports.wrong_rows import (
    INVOICE,
    OTHER_OPERATOR,
    PAYMENT,
    READING,
    SECOND_HOME,
    WRONG_ROWS,
)

ONE_FAULT = WRONG_FIELDS | WRONG_ROWS


@pytest.mark.parametrize("what", ONE_FAULT)
def test_one_fault_is_told_in_one_sentence(sqlite_town: Town, what: str) -> None:
    good, bad, sentence = ONE_FAULT[what]
    assert good in HOUSE
    text = HOUSE.replace(good, bad, 1) if good else HOUSE + "\n" + bad
    [fault] = sqlite_town.refuses(text)
    assert fault.startswith("дом.toml")
    assert sentence in fault


def test_five_faults_of_different_kinds_are_named_at_once_and_nothing_is_stored(
    town: Town,
) -> None:
    faults = town.refuses(
        HOUSE.replace("7736520080", "7736520081")
        .replace('tariff = "ХВС"\nlogin', 'tariff = "ГВС"\nlogin')
        .replace('price = "36,19"', "price = 36.19")
        .replace('title = "Номер', 'titel = "Номер')
        .replace('total = "2 498,81"', 'total = "2 498,18"')
    )
    told = (
        ("строка 52, [[prices]] «ХВС» / «house» / «2025-07-01»", 'в кавычках: "36,19"'),
        ("строка 17, [[custom_fields]] «device_serial»", "«titel», может быть «title»?"),
        ("строка 2, [[operators]] «uk»", "ИНН «7736520081»: не сходится контрольная цифра"),
        ("строка 74, [[accounts]] 17", "«ГВС» не описан, а на него ссылается учетная запись 17"),
        (
            "строка 123, [[invoices]] «2026-10»",
            "строк 2 498,81 ₽, а в файле «total» 2 498,18",
        ),
    )
    assert len(faults) == len(told)
    for place, thought in told:
        assert any(f.startswith(f"дом.toml, {place}: ") and thought in f for f in faults), place


def test_faults_far_below_a_missing_resident_are_still_told(sqlite_town: Town) -> None:
    faults = sqlite_town.refuses(
        HOUSE.replace('resident = "ivanov"', 'resident = "nobody"')
        .replace('"256,120"', '"247"')
        .replace('"1 965,12"', '"1 965,13"')
        .replace("2026-11-05T12:00:00", "2027-11-05T12:00:00")
        .replace('total = "2 498,81"', 'total = "2 498,82"')
    )
    assert len(faults) == 4
    assert [any(word in fault for fault in faults) for word in (
        "абонент «nobody» не описан", "значение 247 меньше", "= 1 965,12",
        "2027-11-05T12:00:00 ещё не наступило",
    )] == [True] * 4  # fmt: skip


STORED = {
    "a price": ('price = "36,19"', 'price = "36,20"', "поле «price»: уже загружено 36,19"),
    "a reading": ('"248"', '"247"', "на 20.09.2026 уже загружено 248, а в файле 247"),
    "an opening value": ('"240"', '"241"', "на 15.01.2026 уже загружено 240, а в файле 241"),
    "a charge": ("T19:00:00", "T19:01:00", "поле «posted_at»: уже загружено"),
    "an invoice's day": ("due_on = 2026-11-15", "due_on = 2026-11-16", "поле «due_on»"),
    "an invoice's line": ("Долг до 2026", "Долг до 2025", "строки счета не те"),
    "a payment": ('"500,00"', '"501,00"', "поле «amount»: уже загружено 500,00"),
    "an allocation": ('"300,00" }', '"301,00" }', "разнесено по счетам не так"),
    "an operator's zone": ('"uk"', '"uk"\ntimezone = "Asia/Omsk"', "поле «timezone»"),
    "a service's unit": ('unit = "м²"', 'unit = "м"', "поле «unit»: уже загружено м²"),
    "a notice's day": ("2026-11-20T10", "2026-11-20T11", "поле «published_at»"),
}


@pytest.mark.parametrize("what", STORED)
def test_what_is_never_changed_is_refused_when_it_differs(sqlite_town: Town, what: str) -> None:
    good, other, sentence = STORED[what]
    sqlite_town.loads()
    assert good in HOUSE
    faults = sqlite_town.refuses(HOUSE.replace(good, other, 1))
    assert sentence in faults[0]


def test_an_agreement_does_not_pass_to_another_resident(sqlite_town: Town) -> None:
    sqlite_town.loads()
    sqlite_town.loads(SECOND_HOME)
    [fault] = sqlite_town.refuses(HOUSE.replace('resident = "ivanov"', 'resident = "petrova"'))
    assert "поле «resident» уже загружено другим" in fault


def test_a_reading_is_not_put_into_the_past(sqlite_town: Town) -> None:
    sqlite_town.loads()
    [fault] = sqlite_town.refuses(HOUSE + READING + 'taken_on = 2026-10-01\nvalue = "250"\n')
    assert "раньше уже принятых от 20.10.2026" in fault


def test_a_stored_reading_is_not_charged_again_under_another_key(sqlite_town: Town) -> None:
    sqlite_town.loads()
    [fault] = sqlite_town.refuses(
        HOUSE.split("[[invoices]]", maxsplit=1)[0].replace('"17/2026-10"', '"17/again"')
    )
    assert "уже есть другое списание" in fault


def test_a_stored_charge_is_not_billed_again(sqlite_town: Town) -> None:
    sqlite_town.loads()
    [fault] = sqlite_town.refuses(INVOICE + 'charges = ["17/house"]\ntotal = "1 965,12"\n')
    assert "уже стоит в счете" in fault


def test_a_stored_invoice_is_not_paid_more_than_it_asks(sqlite_town: Town) -> None:
    sqlite_town.loads()
    [fault] = sqlite_town.refuses(
        PAYMENT
        + 'external_id = "2"\namount = "9 000"\npaid_at = 2026-11-06T12:00:00\n'
        + 'invoices = [{ number = "2026-10", amount = "2 198,82" }]\n'
    )
    assert "на счет «2026-10» разнесено" in fault


def test_a_refused_change_leaves_everything_as_it_was(town: Town) -> None:
    """The wrong row comes after a right change in the same file."""
    town.loads()
    town.refuses(HOUSE.replace("Стояк 1", "Стояк 2").replace('"500,00"', '"501,00"'))
    assert town.row(ServiceAccount).login == "Стояк 1"


@pytest.mark.parametrize("accepted", ["2026-09-20T00:00:00", "2026-09-19T21:00:00+00:00"])
def test_a_reading_may_be_accepted_from_the_first_moment_of_its_day(
    sqlite_town: Town, accepted: str
) -> None:
    """In the operator's zone: midnight in Moscow is still yesterday by Greenwich."""
    sqlite_town.loads(HOUSE.replace('value = "248"', f'value = "248"\naccepted_at = {accepted}'))


@pytest.mark.parametrize("posted", ["2026-10-20T00:00:00", "2026-10-19T21:00:00+00:00"])
def test_a_charge_may_be_posted_from_the_first_moment_of_the_readings_day(
    sqlite_town: Town, posted: str
) -> None:
    sqlite_town.loads(HOUSE.replace("posted_at = 2026-10-20T19:00:00", f"posted_at = {posted}"))


def test_a_login_that_differs_from_a_stored_one_only_in_case_is_refused(town: Town) -> None:
    town.loads()
    [fault] = town.refuses('[[residents]]\nlogin = "Ivanov"\nname = "Петров"\n')
    assert "логины «Ivanov» и «ivanov» различаются только большими и малыми буквами" in fault


def test_anothers_stored_invoice_is_called_the_other_operators(sqlite_town: Town) -> None:
    sqlite_town.loads()
    invoice = INVOICE.replace("DOM-2", "DOM-3").replace('"x"', '"y"')
    sqlite_town.loads(
        OTHER_OPERATOR + invoice + 'lines = [{ name = "Долг", amount = "1" }]\ntotal = "1"\n'
    )
    [fault] = sqlite_town.refuses(
        PAYMENT
        + 'external_id = "2"\namount = "1"\npaid_at = 2026-11-06T12:00:00\n'
        + 'invoices = [{ number = "y", amount = "1" }]\n'
    )
    assert "счет «y» выставил другой исполнитель, «ООО «Вода»»" in fault
