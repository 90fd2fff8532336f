"""Channels of payment systems in an operator's file."""

import pytest

from portal.db.incoming import PayChannel
from portal.domain.money import Money
from portal.services.tokens import token_digest
from tests.imports.conftest import HOUSE, Town
from tests.support.tree import ROOT

PASSWORD = "9f3kQz7LmN2xTr8Vb4Wc"
CHANNEL = f"""
[[pay_channels]]
key = "qiwi"
operator = "uk"
dialect = "osmp"
name = "Терминал в подъезде"
account_pattern = '\\d{{10}}'
amount_min = "1,00"
amount_max = "100 000,00"
networks = "79.142.16.0/20,91.232.230.7"
login = "qiwi"
password = "{PASSWORD}"
certificate = "{"AB:" * 19}AB"
"""


def test_a_channel_is_stored_and_its_password_is_not(town: Town) -> None:
    town.loads(HOUSE + CHANNEL)
    row = town.row(PayChannel)
    assert row.networks == "79.142.16.0/20, 91.232.230.7/32"
    assert (row.amount_min, row.amount_max) == (Money(100), Money(100_000_00))
    assert row.secret_digest == token_digest(PASSWORD)
    assert row.certificate == "ab" * 20
    assert row.is_open
    assert not town.loads(HOUSE + CHANNEL).changed


def test_what_is_said_later_changes_it(town: Town) -> None:
    town.loads(HOUSE + CHANNEL)
    changed = CHANNEL.replace('login = "qiwi"', 'login = ""\nis_open = false')
    changed = changed.replace(f'password = "{PASSWORD}"\n', "").replace("\\d{10}", "")
    town.loads(HOUSE + changed)
    row = town.row(PayChannel)
    assert (row.login, row.secret_digest, row.account_pattern) == (None, None, None)
    assert not row.is_open


WRONG = {
    "no protocol": ('dialect = "osmp"', 'dialect = "swift"', "«swift» не годится"),
    "no number": ("'\\d{10}'", "'['", "«[» не регулярное выражение"),
    "no networks": ("91.232.230.7", "91.232.230.777", "не адреса"),
    "a host in place of a network": ("79.142.16.0/20", "79.142.16.1/20", "не адреса"),
    "a short password": (PASSWORD, PASSWORD[:19], "слишком простой"),
    "a simple password": (PASSWORD, "a" * 30, "слишком простой"),
    "no fingerprint": ("AB:AB", "AB:ZB", "нужен отпечаток сертификата"),
    "a login alone": (f'password = "{PASSWORD}"\n', "", "«login» и «password»"),
    "a password alone": ('login = "qiwi"\n', "", "«login» и «password»"),
    "bounds that cross": ('amount_min = "1,00"', 'amount_min = "100 000,01"', "больше, чем"),
    "a word of payments": ('key = "qiwi"', 'key = "terminal"', "назовите канал иначе"),
    "an address of several parts": ('key = "qiwi"', 'key = "a/b"', "«a/b» не годится"),
    "an undescribed operator": ('operator = "uk"\nd', 'operator = "ku"\nd', "не описан"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_named(sqlite_town: Town, fault: str) -> None:
    right, wrong, sentence = WRONG[fault]
    assert right in CHANNEL
    told = sqlite_town.refuses(HOUSE + CHANNEL.replace(right, wrong, 1))
    assert any("[[pay_channels]]" in each and sentence in each for each in told), told
    assert sqlite_town.rows(PayChannel) == []


FILES = """
[[pay_channels]]
key = "bank-files"
operator = "uk"
dialect = "file"
name = "Расчетный счет"
"""


def test_a_channel_for_files_has_nothing_of_a_terminals(town: Town) -> None:
    town.loads(HOUSE + FILES)
    assert town.row(PayChannel).dialect == "file"
    told = town.refuses(HOUSE + FILES + 'networks = "10.0.0.0/8"\namount_min = "1,00"\n')
    assert "каналу файлов ни к чему «amount_min», «networks»" in told[0]


def test_the_channel_of_the_readme_is_one(town: Town) -> None:
    files = (ROOT / "README.md").read_text().partition("### Выписки и реестры банков")[2]
    town.loads(HOUSE + files.partition("```toml\n")[2].partition("```")[0])
    assert (town.row(PayChannel).key, town.row(PayChannel).dialect) == ("bank-files", "file")


def test_the_card_channel_of_the_readme_is_one(town: Town) -> None:
    cards = (ROOT / "README.md").read_text().partition("### Карты и СБП")[2]
    town.loads(HOUSE + cards.partition("```toml\n")[2].partition("```")[0])
    assert (town.row(PayChannel).key, town.row(PayChannel).ways) == ("card-1", "card,sbp")


def test_operator_and_protocol_stay(town: Town) -> None:
    town.loads(HOUSE + CHANNEL)
    told = town.refuses(HOUSE + CHANNEL.replace('"osmp"', '"sber"'))
    assert "такое не меняют" in told[0]


CARDS = """
[[pay_channels]]
key = "card-1"
operator = "uk"
dialect = "yookassa"
name = "Карта или СБП"
ways = ["card", "sbp", "card"]
shop_id = "100500"
amount_min = "1,00"
has_receipts = true
vat_code = 1
tax_system = 2
"""


def test_a_channel_for_cards_has_a_shop_and_no_secret(town: Town) -> None:
    town.loads(HOUSE + CARDS)
    row = town.row(PayChannel)
    assert (row.dialect, row.ways, row.shop_id, row.base_url) == (
        "yookassa", "card,sbp", "100500", None,
    )  # fmt: skip
    assert (row.has_receipts, row.vat_code, row.tax_system) == (True, 1, 2)
    assert not town.loads(HOUSE + CARDS).changed
    town.loads(HOUSE + CARDS.replace('["card", "sbp", "card"]', '["sbp"]'))
    assert town.row(PayChannel).ways == "sbp"


def test_where_a_terminal_stands_is_stored(town: Town) -> None:
    town.loads(HOUSE + CHANNEL + 'place = "Подъезд 1"\n')
    assert (town.row(PayChannel).place, town.row(PayChannel).has_receipts) == ("Подъезд 1", False)


@pytest.mark.parametrize(
    "url", ["https://bank.example/v3", "https://bank.example:8443", "/demo-bank/v3"]
)
def test_another_bank_may_speak_the_same_protocol(sqlite_town: Town, url: str) -> None:
    sqlite_town.loads(HOUSE + CARDS + f'base_url = "{url}"\n')
    assert sqlite_town.row(PayChannel).base_url == url


WRONG_CARDS = {
    "no such way": ('"sbp"', '"cash"', "«cash» не годится"),
    "no list of ways": ('["card", "sbp", "card"]', '"card"', "нужен список"),
    "no ways": ('ways = ["card", "sbp", "card"]\n', "", "нужны «ways» и «shop_id»"),
    "no shop": ('shop_id = "100500"\n', "", "нужны «ways» и «shop_id»"),
    "receipts without a tax": ("vat_code = 1\n", "", "нужна ставка НДС"),
    "no such tax": ("vat_code = 1\n", "vat_code = 13\n", "бывает от 1 до 12"),
    "a terminal's field": ("vat_code", 'place = "Подъезд"\nvat_code', "ни к чему «place»"),
    "a key that is no variable": ('"card-1"', '"карта"', "нужны латинские буквы"),
    "a bank in the clear": ("vat_code", 'base_url = "http://bank.example"\nvat_code', "https://…"),
    "a bank at no port": ("vat_code", 'base_url = "https://b:99999"\nvat_code', "https://…"),
}


@pytest.mark.parametrize("fault", WRONG_CARDS)
def test_what_is_wrong_with_cards_is_named(sqlite_town: Town, fault: str) -> None:
    right, wrong, sentence = WRONG_CARDS[fault]
    told = sqlite_town.refuses(HOUSE + CARDS.replace(right, wrong, 1))
    assert any("[[pay_channels]]" in each and sentence in each for each in told), told


def test_a_terminal_has_nothing_of_cards(sqlite_town: Town) -> None:
    told = sqlite_town.refuses(HOUSE + CHANNEL + 'shop_id = "1"\n')
    assert "каналу терминалов ни к чему «shop_id»" in told[0]
