"""One sum of a bank for many payments, and the registry that says whose they are."""

from pathlib import Path

import pytest

from portal.backend import Backend
from portal.db.incoming import Inbox, Incoming
from portal.db.ledger import Payment
from portal.db.lumps import Lump, Registry
from portal.domain.money import Money
from portal.services.audit import audit
from tests.builders import Flat, a_house
from tests.cli.conftest import Cli, stands_at
from tests.cli.test_import_bank import plain
from tests.imports.bank.registries import lanbilling, sber
from tests.support.bank_files import LATER, a_file_channel, a_statement, paid
from tests.support.browsing import stored
from tests.support.incoming import rows

PAID = [("1", "DOM-12", Money(100_50)), ("2", "DOM-12", Money(5_00))]
"""A registry of 105,50, of which the fee is 1,00."""
WORDS = "Иванов Иван Иванович; Перечисление по реестру № 451"


@pytest.fixture
def flat(backend: Backend, in_november: None, monkeypatch: pytest.MonkeyPatch) -> Flat:
    """Its operator has a channel for statements and one for registries."""
    stands_at(monkeypatch, LATER)
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    a_file_channel(flat.house)
    a_file_channel(flat.house, "sber-files")
    return flat


class Files:
    def __init__(self, cli: Cli, folder: Path) -> None:
        self.cli, self.folder = cli, folder

    def statement(self, amount: str = "104.50", *more: str) -> list[str]:
        lump = paid("77", "Перечисление по реестру № 451", amount)
        file = str(a_statement(self.folder, [lump]))
        told = self.cli("import", "bank", file, "--channel", "bank-files", *more)
        assert told.code == 0, told.err
        return plain(told.out)

    def registry(self, *more: str, name: str = "451.csv") -> list[str]:
        file = self.folder / name
        file.write_text(sber(PAID), "cp1251")
        words = ("import", "bank", str(file), "--profile", "sber", "--channel", "sber-files")
        told = self.cli(*words, *more)
        assert told.code == 0, told.err
        return plain(told.out)


@pytest.fixture
def files(cli: Cli, flat: Flat, tmp_path: Path) -> Files:
    assert flat.number == "DOM-12"
    return Files(cli, tmp_path)


def test_a_lump_is_kept_once_and_credited_to_nobody(files: Files, backend: Backend) -> None:
    before = stored(backend)
    tried = files.statement()
    line = f"  104,50 ₽, 25.11.2026, № 77, {WORDS}: реестра ещё нет"
    assert tried[-3:] == [
        "Суммы по реестрам: 1 на 104,50 ₽. Чьи это деньги, говорят сами реестры.",
        line,
        "Это проба: ничего не записано. Чтобы записать, повторите с --apply.",
    ]
    assert stored(backend) == before
    assert files.statement("104.50", "--apply")[-1] == line
    kept = stored(backend)
    (lump,) = kept["lump"]
    assert (lump["amount"], lump["number"], lump["registry_number"]) == (Money(104_50), "77", "451")
    assert (rows(backend, Inbox), rows(backend, Incoming), rows(backend, Payment)) == (1, 0, 0)
    (message,) = kept["inbox"]
    assert "НазначениеПлатежа=Перечисление по реестру № 451" in message["message"]
    assert files.statement("104.50", "--apply")[-1] == line
    assert stored(backend) == kept
    assert backend.read_now(audit) == ()
    assert plain(files.cli("suspense").out) == [
        "Невыясненных поступлений: 0, на сумму 0,00 ₽.",
        "Суммы по реестрам, которых ещё нет: 1 на 104,50 ₽. Загрузите реестры.",
        f"  104,50 ₽, 25.11.2026, № 77, {WORDS}",
    ]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("104.50", "сошлось с удержанной комиссией (в реестре 105,50 ₽, разница 1,00 ₽)"),
        ("105.50", "сошлось"),
        ("100.00", "НЕ СОШЛОСЬ с реестром (в реестре 105,50 ₽, разница 5,50 ₽)"),
        ("106.00", "НЕ СОШЛОСЬ с реестром (в реестре 105,50 ₽, разница -0,50 ₽)"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_whichever_comes_first_both_are_set_beside_each_other(
    files: Files, backend: Backend, amount: str, said: str, is_first: bool
) -> None:  # fmt: skip
    if is_first:
        files.statement(amount, "--apply")
        told = files.registry("--apply")
    else:
        files.registry("--apply")
        told = files.statement(amount, "--apply")
    shown = amount.replace(".", ",")
    line = f"  {shown} ₽, 25.11.2026, № 77, {WORDS}: реестр 451.csv, {said}"
    assert line.replace("-0,50", "\N{MINUS SIGN}0,50") in [
        each.replace("-0,50", "\N{MINUS SIGN}0,50") for each in told
    ]
    assert len(plain(files.cli("suspense").out)) == 1
    assert (rows(backend, Lump), rows(backend, Registry), rows(backend, Payment)) == (1, 1, 2)
    before = stored(backend)
    files.registry("--apply", name="451-еще-раз.csv")
    files.statement(amount, "--apply")
    assert stored(backend) == before
    assert backend.read_now(audit) == ()


def test_reconcile_tells_of_sums_whose_registry_has_not_come(files: Files, cli: Cli) -> None:
    files.statement("104.50", "--apply")
    file = str(files.folder / "kl_to_1c.txt")
    a_statement(files.folder, [paid("1", "л/с DOM-12")])
    told = plain(cli("reconcile", "bank-files", file).out)
    assert told[-2:] == [
        "Суммы по реестрам, которых ещё нет: 1 на 104,50 ₽. Загрузите реестры.",
        f"  104,50 ₽, 25.11.2026, № 77, {WORDS}",
    ]


# --- the same money twice -------------------------------------------------------------------------


def brings(files: Files, documents: list[dict[str, str]], channel: str = "bank-files") -> list[str]:
    file = a_statement(files.folder, documents)
    told = files.cli("import", "bank", str(file), "--channel", channel, "--apply")
    assert told.code == 0, told.err
    return plain(told.out)


def lists(
    files: Files, *some: tuple[str, str], channel: str = "bank-files", day: str = "2026-11-24"
) -> list[str]:
    file = files.folder / "list.csv"
    written = lanbilling([(number, "DOM-12", Money.parse(amount)) for number, amount in some])
    file.write_text(written.replace("2026-11-24", day), "cp1251")
    words = ("--profile", "lanbilling", "--channel", channel, "--apply")
    told = files.cli("import", "bank", str(file), *words)
    assert told.code == 0, told.err
    return plain(told.out)


def test_what_a_registry_repeats_of_a_statement_is_held(
    files: Files, flat: Flat, backend: Backend
) -> None:
    brings(files, [paid("1", "л/с DOM-12", "100.00"), paid("2", "л/с DOM-12", "7.00")])
    told = lists(files, ("501", "100"), ("502", "100"), ("503", "55"))
    (key,) = [
        row["external_id"] for row in stored(backend)["incoming"]
        if row["external_id"].endswith("/1")
    ]  # fmt: skip
    assert "На договоры: 2 на 155,00 ₽." in told
    assert "В невыясненные: 1 на 100,00 ₽." in told
    assert any(f"«DOM-12»: похоже, эти деньги уже приняты под № {key}" in each for each in told)
    assert any(each.startswith("Похоже на деньги, принятые раньше: 1 на") for each in told)
    assert flat.person.balance == Money.parse("262")
    held = plain(files.cli("suspense").out)
    assert held[1].strip().startswith(f"похоже, эти деньги уже приняты под № {key}")
    before = stored(backend)
    lists(files, ("501", "100"), ("502", "100"), ("503", "55"))
    assert stored(backend) == before
    assert backend.read_now(audit) == ()


def test_what_a_statement_repeats_of_a_registry_is_held_and_can_be_undone(
    files: Files, flat: Flat, backend: Backend
) -> None:
    lists(files, ("501", "100"))
    told = brings(files, [paid("1", "л/с DOM-12", "100.00")])
    assert "В невыясненные: 1 на 100,00 ₽." in told
    assert flat.person.balance == Money.parse("100")
    told = brings(files, [paid("2", "л/с DOM-12", "100.00")])
    assert "На договоры: 1 на 100,00 ₽." in told
    number = stored(backend)["incoming"][1]["external_id"]
    done = files.cli("refund", number, "--document", "дубль", "--note", "то же, что в реестре")
    assert done.code == 0, done.err
    assert flat.person.balance == Money.parse("200")
    assert plain(files.cli("suspense").out) == ["Невыясненных поступлений: 0, на сумму 0,00 ₽."]
    assert backend.read_now(audit) == ()


@pytest.mark.parametrize(
    ("amount", "day", "payments"),
    [
        ("100", "2026-11-24", 1), ("100.01", "2026-11-24", 2),
        ("100", "2026-11-18", 1), ("100", "2026-11-17", 2),
        ("100", "2026-11-26", 1), ("100", "2026-11-27", 2),
    ],
)  # fmt: skip
def test_another_sum_or_day_is_other_money(
    files: Files, backend: Backend, amount: str, day: str, payments: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The bank has written the money down on the 25th."""
    stands_at(monkeypatch, LATER.replace(month=12))
    lists(files, ("501", amount), day=day)
    brings(files, [paid("1", "л/с DOM-12", "100.00")])
    assert rows(backend, Payment) == payments


def test_in_another_channel_only_the_documents_number_tells(files: Files, backend: Backend) -> None:
    lists(files, ("501", "100"), ("0502", "100"), channel="sber-files")
    told = brings(files, [paid("9", "л/с DOM-12", "100.00"), paid("502", "л/с DOM-12", "100.00")])
    assert "На договоры: 1 на 100,00 ₽." in told
    assert any("уже приняты под № 0502" in each for each in told)
    assert rows(backend, Payment) == 3
