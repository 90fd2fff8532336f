"""`export debts`: what a bank is given to ask residents for."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.backend import Backend
from portal.db.invoices import Invoice
from portal.db.suppliers import Supplier
from portal.domain.money import Money
from portal.domain.period import Period
from portal.imports.bank.profile import Holds
from portal.imports.bank.profile_reading import find_profile
from portal.imports.bank.registry import Registry, read_registry
from tests.builders import Flat, a_house
from tests.cli.conftest import Cli, stands_at
from tests.support.incoming import a_channel

NAME = "1234567894_40702810338360027201_007_1226.txt"
PROFILE = r"""
name = "Реестр долгов"
holds = "debts"
encoding = "cp1251"
delimiter = ";"
decimal_sep = ","
footer = '=(?P<count>\d+);(?P<total>[^;]+)'
[columns]
account = 1
payer = 2
address = 3
period = 4
amount = 5
"""


@pytest.fixture
def flat(backend: Backend, in_november: None, monkeypatch: pytest.MonkeyPatch) -> Flat:
    """By the operator's clock it is December already."""
    stands_at(monkeypatch, datetime(2026, 11, 30, 22, 0, tzinfo=UTC))
    house = a_house(backend, inn="1234567894", account="40702810338360027201")
    a_channel(house)
    flat = house.a_resident("Иванов; Иван\nӘхмәт").an_agreement("DOM-12", address="Лесная, 7; 12")
    for month, owed in ((9, "1000,50"), (10, "400")):
        flat.an_invoice(opening=owed, period=Period(2026, month))
    return flat


def read_back(folder: Path, file: Path) -> Registry:
    """As our own reader of registries takes it, with its totals."""
    profile = folder / "debts.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    return read_registry(file, find_profile(str(profile)), Holds.DEBTS)


def test_each_agreement_is_asked_for_what_its_invoices_still_ask(
    cli: Cli, backend: Backend, flat: Flat, tmp_path: Path
) -> None:
    paid = flat.person.an_agreement("DOM-13")
    invoice = paid.an_invoice(opening="300", period=Period(2026, 10))
    paid.a_payment("299,99", pays=[(invoice, "299,99")])
    done = flat.person.an_agreement("DOM-14")
    done.a_payment("70", pays=[(done.an_invoice(opening="70"), "70")])
    a_house(backend, "other").a_resident().an_agreement("X-1").an_invoice(opening="5")

    told = cli("export", "debts", "--channel", "hall", "--out", str(tmp_path), "--number", "7")

    file = tmp_path / NAME
    assert (told.code, told.out) == (0, f"{file}: договоров 2.\n")
    assert file.read_bytes().decode("cp1251").split("\r\n") == [
        "DOM-12;Иванов, Иван ?хм?т;Лесная, 7, 12;102026;1400,50",
        f"DOM-13;Иванов, Иван ?хм?т;{paid.address};102026;0,01",
        "=2;1400,51",
        "",
    ]
    registry = read_back(tmp_path, file)
    assert [(row.account, row.amount) for row in registry.rows] == [
        ("DOM-12", Money(1400_50)), ("DOM-13", Money(1)),
    ]  # fmt: skip
    before = file.read_bytes()
    assert cli("export", "debts", "--channel", "hall", "--out", str(file)).code == 0
    assert file.read_bytes() == before


def test_what_another_payee_asks_for_is_his_to_collect(
    cli: Cli, flat: Flat, tmp_path: Path
) -> None:
    fund = flat.house.adds(
        Supplier, key="fund", name="Фонд", inn="7707083893", account="40702810338360027201",
        bank_name="Банк", bic="044525225",
    )  # fmt: skip
    direct = flat.an_invoice(opening="700", due_on=date(2026, 12, 10))
    flat.house.changes(Invoice, direct.id, supplier_id=fund)
    out = tmp_path / "долги.txt"
    assert cli("export", "debts", "--channel", "hall", "--out", str(out)).code == 0
    assert out.read_text("cp1251").splitlines()[-1] == "=1;1400,50"


def test_a_registry_of_nobody_says_so(cli: Cli, flat: Flat, tmp_path: Path) -> None:
    a_channel(a_house(flat.house.backend, "other"), "theirs")
    out = tmp_path / "долги.txt"
    assert cli("export", "debts", "--channel", "theirs", "--out", str(out)).code == 0
    assert out.read_bytes() == b"=0;0,00\r\n"


def test_what_cannot_be_written_leaves_the_former_file(
    cli: Cli, flat: Flat, tmp_path: Path
) -> None:
    assert cli("export", "debts", "--channel", "bank", "--out", str(tmp_path)).code == 1
    told = cli("export", "debts", "--channel", "hall", "--out", str(tmp_path / "нет" / "долги"))
    assert told.code == 1
    assert "Не удалось записать" in told.err
    assert list(tmp_path.glob(".*.part")) == []
