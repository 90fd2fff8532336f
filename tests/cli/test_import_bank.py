"""`import bank` and `reconcile`: a bank's files as the operator brings them in and sees it."""

from pathlib import Path

import pytest

from portal.backend import Backend
from portal.db.incoming import Inbox, Incoming
from portal.db.ledger import Payment
from portal.domain.money import Money
from portal.services.audit import audit
from tests.builders import Flat, a_house
from tests.cli.conftest import Cli, stands_at
from tests.imports.bank.registries import qiwi, sber
from tests.imports.bank.statements import OURS
from tests.support.bank_files import LATER, a_file_channel, a_statement, paid
from tests.support.browsing import stored
from tests.support.incoming import a_channel, an_order, pays, rows


@pytest.fixture
def flat(backend: Backend, in_november: None, monkeypatch: pytest.MonkeyPatch) -> Flat:
    """Its operator has a channel for files; the command's clock stands behind the files' days."""
    stands_at(monkeypatch, LATER)
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    a_file_channel(flat.house)
    return flat


def plain(text: str) -> list[str]:
    return text.replace("\N{NO-BREAK SPACE}", " ").splitlines()


PAYER = "40817810400000000042"
HEAD = "Файл kl_to_1c.txt, канал bank-files («Расчетный счет»), исполнитель {}."


def test_a_statement_is_tried_then_taken_and_taken_once(
    cli: Cli, backend: Backend, flat: Flat, tmp_path: Path
) -> None:
    file = a_statement(
        tmp_path,
        [
            paid("1", "Оплата ЖКУ за 10.2026 л/с dom-12", "1234.56"),
            paid("2", "Оплата ЖКУ, договор DOM-21", "10.00"),
            paid("3", "За квартиру, Иванов", "20.00"),
            paid("4", "Перечисление по реестру № 451", "5000.00"),
            paid("5", "Пополнение", "7.00", ПлательщикСчет=OURS),
        ],
    )
    tried = cli("import", "bank", str(file))
    assert (tried.code, tried.err) == (0, "")
    told = plain(tried.out)
    key = f"{OURS}/2026-11-24/{{}}/{PAYER}/{{}}"
    assert told[1:] == [
        "Платежей: 3 на 1 264,56 ₽. Уже приняты: 0.",
        "На договоры: 1 на 1 234,56 ₽.",
        f"  DOM-12: 1 234,56 ₽, 25.11.2026, № {key.format('1234,56', '1')}",
        "В невыясненные: 2 на 30,00 ₽.",
        (
            f"  10,00 ₽, 25.11.2026, № {key.format('10,00', '2')}, «DOM-21»: "
            "такого договора нет; Иванов Иван Иванович; Оплата ЖКУ, договор DOM-21"
        ),
        (
            f"  20,00 ₽, 25.11.2026, № {key.format('20,00', '3')}, «За квартиру, Иванов»: "
            "номер договора не назван; Иванов Иван Иванович; За квартиру, Иванов"
        ),
        "Суммы по реестрам: 1 на 5 000,00 ₽. Чьи это деньги, говорят сами реестры.",
        (
            "  5 000,00 ₽, 25.11.2026, № 4, Иванов Иван Иванович; Перечисление по реестру № 451: "
            "реестра ещё нет"
        ),
        "Не платежи, а переводы между своими счетами: 1 на 7,00 ₽.",
        "Это проба: ничего не записано. Чтобы записать, повторите с --apply.",
    ]
    assert rows(backend, Inbox) == 0

    done = cli("import", "bank", str(file), "--apply")
    assert plain(done.out) == told[:-1]
    assert flat.person.balance == Money.parse("1234,56")
    assert backend.read_now(audit) == ()
    before = stored(backend)
    again = cli("import", "bank", str(file), "--apply")
    assert plain(again.out)[1] == "Платежей: 3 на 1 264,56 ₽. Уже приняты: 3 на 1 264,56 ₽."
    assert stored(backend) == before
    held = plain(cli("suspense").out)
    assert held[0].endswith("договора «DOM-21» нет, похожи: DOM-12")
    assert held[1] == "  Иванов Иван Иванович; Оплата ЖКУ, договор DOM-21"
    assert held[4:6] == [
        "Невыясненных поступлений: 2, на сумму 30,00 ₽.",
        "Суммы по реестрам, которых ещё нет: 1 на 5 000,00 ₽. Загрузите реестры.",
    ]


def test_a_number_with_another_sum_or_account_refuses_the_file(
    cli: Cli, backend: Backend, flat: Flat, tmp_path: Path
) -> None:
    file = tmp_path / "registry.csv"
    options = ("import", "bank", str(file), "--profile", "sber", "--apply")
    file.write_text(sber([("1", "DOM-12", Money(100_50)), ("2", "DOM-12", Money(5_00))]), "cp1251")
    assert cli(*options).code == 0
    before = stored(backend)
    file.write_text(
        sber(
            [
                ("1", "DOM-12", Money(100_51)),
                ("2", "DOM-13", Money(5_00)),
                ("3", "DOM-12", Money(9_00)),
            ]
        ),
        "cp1251",
    )
    told = cli(*options)
    assert told.code == 1
    assert plain(told.err) == [
        "Файл не загружен, ничего не изменено. Ошибок: 2",
        (
            "registry.csv, строка 1: под номером 1 уже принят другой платеж: 100,50 ₽, «DOM-12», "
            "а здесь 100,51 ₽, «DOM-12»"
        ),
        (
            "registry.csv, строка 2: под номером 2 уже принят другой платеж: 5,00 ₽, «DOM-12», "
            "а здесь 5,00 ₽, «DOM-13»"
        ),
    ]
    assert stored(backend) == before


@pytest.mark.usefixtures("flat")
def test_totals_that_do_not_agree_refuse_the_file(
    cli: Cli, backend: Backend, tmp_path: Path
) -> None:
    file = tmp_path / "registry.csv"
    file.write_text(sber([("1", "DOM-12", Money(100_50))]).replace("=1;", "=2;"), "cp1251")
    told = cli("import", "bank", str(file), "--profile", "sber", "--apply")
    assert told.code == 1
    assert "по итогам записей 2, а в файле 1" in told.err
    assert rows(backend, Incoming) == 0


def test_a_terminals_registry_brings_only_what_its_messages_did_not(
    cli: Cli, backend: Backend, flat: Flat, tmp_path: Path
) -> None:
    hall = a_channel(flat.house)
    pays(backend, hall, an_order("DOM-12", "10,45", number="1"))
    pays(backend, hall, an_order("DOM-12", "3", number="9"))
    file = tmp_path / "QIWI_1_202611241.csv"
    file.write_text(qiwi([("1", "dom-12", Money(10_45)), ("2", "DOM-12", Money(2_00))]), "utf-8")
    options = (str(file), "--profile", "qiwi")

    told = cli("reconcile", "hall", *options)
    assert told.code == 1
    assert plain(told.out) == [
        "Файл QIWI_1_202611241.csv, канал hall («Терминал в подъезде»).",
        "Дни: 24.11.2026 — 24.11.2026.",
        "Сошлось: 1 на 10,45 ₽.",
        "Только у нас: 1 на 3,00 ₽.",
        "  № 9: 3,00 ₽, «DOM-12»",
        "Только в файле: 1 на 2,00 ₽.",
        "  № 2: 2,00 ₽, «DOM-12»",
        "Расходятся: 0.",
        "Всего у нас 2 на 13,45 ₽, в файле 2 на 12,45 ₽.",
    ]
    told = cli("import", "bank", *options, "--channel", "hall", "--apply")
    assert plain(told.out)[1] == "Платежей: 2 на 12,45 ₽. Уже приняты: 1 на 10,45 ₽."
    assert rows(backend, Payment) == 3

    file.write_text(
        qiwi([("1", "dom-12", Money(10_45)), ("2", "DOM-12", Money(2_01)),
              ("9", "DOM-12", Money(3_00))]), "utf-8"
    )  # fmt: skip
    told = cli("reconcile", "hall", *options)
    assert told.code == 1
    assert "  № 2: у нас 2,00 ₽, «DOM-12», в файле 2,01 ₽, «DOM-12»" in plain(told.out)
    file.write_text(file.read_text("utf-8").replace("2.01", "2.00").replace("15.46", "15.45"))
    told = cli("reconcile", "hall", *options)
    assert (told.code, plain(told.out)[2]) == (0, "Сошлось: 3 на 15,45 ₽.")


def test_nothing_is_set_against_a_registry_without_a_payment(
    cli: Cli, flat: Flat, tmp_path: Path
) -> None:
    a_channel(flat.house)
    file = tmp_path / "QIWI_1_202611241.csv"
    file.write_text(qiwi([]), "utf-8")
    told = cli("reconcile", "hall", str(file), "--profile", "qiwi")
    assert told.code == 1
    assert "нет ни одного платежа: сверять не с чем" in told.err


def test_a_statement_agrees_with_what_was_taken_of_it(cli: Cli, flat: Flat, tmp_path: Path) -> None:
    file = a_statement(tmp_path, [paid("1", "л/с DOM-12"), paid("2", "За квартиру")])
    assert cli("reconcile", "bank-files", str(file)).code == 1
    assert cli("import", "bank", str(file), "--apply").code == 0
    told = cli("reconcile", "bank-files", str(file))
    assert (told.code, plain(told.out)[2]) == (0, "Сошлось: 2 на 200,00 ₽.")
    a_statement(tmp_path, [paid("1", "л/с DOM-12")])
    told = cli("reconcile", "bank-files", str(file))
    assert (told.code, plain(told.out)[3]) == (1, "Только у нас: 1 на 100,00 ₽.")


def test_which_channel_is_meant_must_be_certain(
    cli: Cli, backend: Backend, flat: Flat, tmp_path: Path
) -> None:
    file = a_statement(tmp_path, [paid("1", "л/с DOM-12")])
    assert (
        "Канала приема платежей «hal» нет"
        in cli("import", "bank", str(file), "--channel", "hal").err
    )
    a_file_channel(flat.house, "second", is_open=False)
    assert "несколько, назовите один: --channel" in cli("import", "bank", str(file)).err
    told = cli("import", "bank", str(file), "--channel", "second", "--apply")
    assert (told.code, "Канал «second» закрыт" in told.err) == (1, True)
    a_channel(flat.house)
    for words in (
        ("import", "bank", str(file), "--channel", "hall"),
        ("reconcile", "hall", str(file)),
    ):
        told = cli(*words)
        assert (told.code, "Выписку канал «hall» не принимает" in told.err) == (1, True)
    other = a_house(backend, "other")
    a_file_channel(other, "others")
    told = cli("import", "bank", str(file), "--channel", "others", "--apply")
    assert (told.code, rows(backend, Payment)) == (0, 0)


@pytest.mark.usefixtures("flat")
def test_a_file_of_another_kind_asks_for_its_profile(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "registry.csv"
    file.write_text(sber(), "cp1251")
    told = cli("import", "bank", str(file))
    assert (told.code, "--profile" in told.err) == (1, True)
    told = cli("import", "bank", str(file), "--profile", "sbre")
    assert (told.code, "может быть «sber»" in told.err) == (1, True)


def test_a_long_list_is_cut_unless_all_is_wanted(cli: Cli, flat: Flat, tmp_path: Path) -> None:
    assert flat.number == "DOM-12"
    file = a_statement(tmp_path, [paid(str(number), "л/с DOM-12") for number in range(23)])
    assert "  и ещё 3 платежа: все покажет --all" in plain(cli("import", "bank", str(file)).out)
    told = cli("import", "bank", str(file), "--all")
    assert sum(line.startswith("  DOM-12: 100,00 ₽") for line in plain(told.out)) == 23


def test_requisites_that_cannot_be_true_are_told_and_hold_nothing_up(
    cli: Cli, backend: Backend, flat: Flat, tmp_path: Path
) -> None:
    wrong = {"ПлательщикИНН": "500100732258", "ПлательщикБИК": "94452522"}
    another = {"ПлательщикСчет": "40817810500000000042", "ПлательщикИНН": "0"}
    file = a_statement(
        tmp_path,
        [
            paid("1", "л/с DOM-12", **wrong), paid("2", "л/с DOM-12", **wrong),
            paid("3", "л/с DOM-12", **another), paid("4", "л/с DOM-12", ПлательщикИНН="99091"),
        ],
    )  # fmt: skip
    told = plain(cli("import", "bank", str(file), "--apply").out)
    assert told[-4:] == [
        "Реквизиты в файле, которых не бывает: 3. Деньги это не держит.",
        (
            "  строка 21: плательщик, ИНН «500100732258»: не сходится контрольная цифра, "
            "проверьте, нет ли опечатки"
        ),
        (
            "  строка 21: плательщик, БИК «94452522»: нужно 9 цифр, первые две 04 "
            "(у казначейства 01 или 02)"
        ),
        (
            "  строка 55: плательщик, Счет «40817810500000000042»: не сходится контрольный ключ с "
            "БИК 044525225, проверьте оба номера"
        ),
    ]
    assert rows(backend, Payment) == 4
