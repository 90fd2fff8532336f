"""A bank's statement: what came to us is taken, and only of a statement that adds up."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import Money
from portal.imports.bank.content import BYTES_MAX
from portal.imports.bank.exchange import Nature, Statement, read_statement, statement_of
from portal.imports.bank.exchange_values import BankDocument
from portal.imports.bank.purpose import Candidate, Names
from portal.imports.book.faults import BookFaults
from tests.imports.bank.statements import (
    ENCODINGS,
    OURS,
    RESIDENT,
    SECOND,
    document,
    dotted,
    section,
    statement,
)


def read(text: str, encoding: str = "cp1251", ours: tuple[str, ...] = (OURS,)) -> Statement:
    return statement_of("kl_to_1c.txt", text.encode(encoding), ours)


def refused(text: str, encoding: str = "cp1251") -> tuple[str, ...]:
    with pytest.raises(BookFaults) as refusal:
        read(text, encoding)
    return refusal.value.faults


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_what_a_resident_paid_is_read_in_any_encoding(encoding: str, end: str) -> None:
    text = statement([document()], encoding=ENCODINGS[encoding]).replace("\r\n", end)
    [incoming] = read(text, encoding).incoming
    paid = incoming.document
    assert (paid.number, paid.amount, paid.day) == ("0042", Money(1234_56), date(2026, 11, 24))
    assert (incoming.account, incoming.credited_on) == (OURS, date(2026, 11, 25))
    assert (paid.kind, paid.payer.name) == ("Платежное поручение", "Иванов Иван Иванович")
    assert (paid.payer.inn, paid.payer.account) == ("500100732259", RESIDENT)
    assert paid.written["ВидПлатежа"] == "Электронно"
    assert incoming.nature is Nature.PAYMENT
    assert incoming.candidates == (Candidate(Names.ACCOUNT, "0001234567"),)
    assert incoming.external_id == f"{OURS}/2026-11-24/1234,56/{RESIDENT}/0042"


def test_a_header_recoded_on_its_way_is_read_by_its_letters() -> None:
    assert read(statement([document()], encoding="DOS"), "cp1251").incoming


def test_a_file_without_an_encoding_is_of_windows() -> None:
    text = statement([document()]).replace("Кодировка=Windows\r\n", "")
    assert len(read(text).incoming) == 1


def test_only_what_has_come_to_our_account_is_incoming() -> None:
    spent = document(ПлательщикСчет=OURS, ПолучательСчет=RESIDENT, ДатаСписано="25.11.2026",
                     ДатаПоступило="", Сумма="100.00", Номер="7")  # fmt: skip
    awaited = document(ДатаПоступило="", Номер="8")
    totals = section("1234.56", ВсегоСписано="100.00", КонечныйОстаток="1134.56")
    found = read(statement([document(), spent, awaited], [totals]))
    assert [each.document.number for each in found.incoming] == ["0042"]
    assert (found.others, found.total) == (2, Money(1234_56))


def test_our_account_may_be_named_as_the_settlement_account() -> None:
    paid = document(ПолучательСчет="30101810400000000225", ПолучательРасчСчет=OURS)
    assert read(statement([paid])).incoming[0].account == OURS


def test_a_purpose_in_six_lines_or_broken_is_one_text() -> None:
    whole = statement([document(НазначениеПлатежа="", НазначениеПлатежа1="Оплата",
                                НазначениеПлатежа2="", НазначениеПлатежа3="л/с 17")])  # fmt: skip
    assert read(whole).incoming[0].document.purpose == "Оплата л/с 17"
    broken = statement([document(НазначениеПлатежа="Оплата\r\nл/с 0017\r\nбез НДС = 0")])
    assert read(broken).incoming[0].document.purpose == "Оплата л/с 0017 без НДС = 0"


def test_a_lump_for_a_registry_and_money_of_our_own_are_told_apart() -> None:
    lump = document(НазначениеПлатежа="Перечисление по реестру № 451 от 24.11.2026", Номер="1")
    own = document(ПлательщикСчет=SECOND, Номер="2")
    found = read(statement([lump, own, document()]), ours=(OURS, SECOND)).incoming
    assert [each.nature for each in found] == [Nature.LUMP, Nature.OWN, Nature.PAYMENT]
    assert found[0].registry is not None
    assert found[0].registry.number == "451"


def test_two_documents_alike_are_two_payments_because_the_statement_counts_both() -> None:
    found = read(statement([document(), document()])).incoming
    assert [each.external_id[:2] for each in found] == [OURS[:2], "2:"]
    assert found == read(statement([document(), document()])).incoming
    assert "«ВсегоПоступило» 1 234,56" in told(
        refused(statement([document(), document()], [section()]))
    )


def test_accounts_that_are_not_ours_are_named_and_bring_nothing() -> None:
    theirs = section("50.00", РасчСчет=SECOND)
    paid = document(ПолучательСчет=SECOND, Сумма="50.00")
    found = read(statement([document(), paid], [section(), theirs]))
    assert (len(found.incoming), found.others, found.strangers) == (1, 1, (SECOND,))


def test_sections_of_following_days_continue_each_other() -> None:
    days = [
        section("1234.56", НачальныйОстаток="-10", КонечныйОстаток="1224.56"),
        section("1", ДатаНачала="26.11.2026", ДатаКонца="26.11.2026", НачальныйОстаток="1224.56",
                КонечныйОстаток="1225.56"),
    ]  # fmt: skip
    paid = [document(), document(ДатаПоступило="26.11.2026", Сумма="1.00")]
    assert len(read(statement(paid, days)).incoming) == 2
    days[1] |= {"НачальныйОстаток": "1224.57", "КонечныйОстаток": "1225.57"}
    assert refused(statement(paid, days)) == (
        "kl_to_1c.txt, строка 21: «НачальныйОстаток» 1 224,57 ₽, а накануне счет кончил день с "
        "1 224,56 ₽ (строка 12)".replace(" 224", "\N{NBSP}224").replace(" ₽", "\N{NBSP}₽"),
    )


def test_a_day_is_counted_in_one_section_only() -> None:
    week = section(ДатаНачала="20.11.2026")
    faults = told(refused(statement([document()], [week, section()])))
    assert "строка 21: дни этого раздела уже входят в раздел счета из строки 12" in faults


FAULTS = {
    "a total": ("ВсегоПоступило=1234.56", "ВсегоПоступило=1234.57", "строка 12", 2, "дают"),
    "documents": ("Сумма=1234.56", "Сумма=1234.55", "строка 12", 1, "1 документ с «ДатаПоступило"),
    "no receipt": ("ДатаПоступило=25.11.2026\r\n", "", "строка 12", 1, "0 документов"),
    "a day": ("Дата=24.11.2026", "Дата=31.11.2026", "строка 23", 1, "нужно ДД.ММ.ГГГГ"),
    "no day": ("Дата=24.11.2026\r\n", "", "строка 21", 1, "не хватает «Дата»"),
    "a sum": ("Сумма=1234.56", "Сумма=1234.567", "строка 24", 1, "не сумма"),
    "a sum of nothing": ("Сумма=1234.56", "Сумма=0", "строка 24", 1, "больше нуля"),
    "no number": ("Номер=0042", "Номер=", "строка 21", 1, "не хватает «Номер»"),
    "no balance": ("КонечныйОстаток=1234.56\r\n", "", "строка 12", 1, "«КонечныйОстаток»"),
    "another day": ("ДатаПоступило=25", "ДатаПоступило=26", "строка 12", 2, "сверить не с чем"),
    "cut off": ("КонецФайла\r\n", "", "txt: файл обрывается", 1, "КонецФайла"),
    "open": ("КонецДокумента\r\n", "", "строка 37", 1, "не закрыта"),
    "not opened": ("СекцияДокумент=Платежное поручение\r\n", "", "строка 31", 2, "без «Секция"),
    "twice": ("Номер=0042", "Номер=0042\r\nНомер=43", "строка 23", 1, "и иначе, чем в строке 22"),
    "two files": ("КонецФайла", "КонецФайла\r\n1CClientBankExchange", "строка 39", 1, "по одной"),
    "no pair": ("Отправитель=Банк", "Отправитель", "строка 4", 1, "нужно «Ключ=Значение»"),
    "a zero byte": ("Плательщик=И", "Плательщик=\0И", "строка 26", 1, "управляющий знак"),
    "no section": ("СекцияРасчСчет", "X=", "", 1, "без «СекцияРасчСчет»"),
    "not ours": (OURS, RESIDENT[:-1] + "9", "txt: ", 1, "нет счетов исполнителя"),
    "not 1C": ("1CClientBankExchange", "Выписка", "строка 1", 1, "это не выписка 1С"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_statement_with_a_fault_is_refused_with_its_place(what: str) -> None:
    good, bad, place, count, sentence = FAULTS[what]
    text = statement([document()])
    assert good in text
    faults = refused(text.replace(good, bad))
    assert len(faults) == count
    assert place in faults[0]
    assert sentence in told(faults).replace("\N{NBSP}", " ")


def test_all_faults_are_told_at_once_in_the_order_of_lines() -> None:
    text = statement([document(Дата="вчера"), document()])
    faults = refused(text.replace("Сумма=1234.56", "Сумма=много").replace("КонецФайла", ""))
    assert [fault.split(":")[0] for fault in faults] == [
        "kl_to_1c.txt", *(f"kl_to_1c.txt, строка {line}" for line in (23, 24, 41)),
    ]  # fmt: skip


def test_a_file_of_faults_is_not_read_to_its_end() -> None:
    faults = refused(statement([document()]).replace("\r\n", "\r\nx\r\n" * 300, 1))
    assert len(faults) == 201
    assert "дальше файл не читался" in faults[-1]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t="])
def test_a_formula_stays_a_text(sign: str) -> None:
    purpose = f'{sign}HYPERLINK("http://x")'.strip()
    paid = document(НазначениеПлатежа=purpose, Номер=f"{sign.strip()}1")
    [incoming] = read(statement([paid])).incoming
    assert (incoming.document.purpose, incoming.document.number[0]) == (purpose, sign.strip())


def test_huge_files_and_huge_fields_are_refused(tmp_path: Path) -> None:
    field = statement([document(Плательщик="Я" * 10_000_000)])
    assert "слишком длинно: 10000000" in told(refused(field))
    assert len(told(refused(field.replace("Плательщик=", "")))) < 500
    assert "больше 32 МБ" in told(refused("x" * (BYTES_MAX + 1)))
    assert "строк слишком много" in told(refused("1CClientBankExchange" + "\n" * 1_100_000 + "x"))
    path = tmp_path / "большой.txt"
    path.write_bytes(b"x" * (BYTES_MAX + 1))
    with pytest.raises(BookFaults, match="больше 32 МБ"):
        read_statement(path, [OURS])
    with pytest.raises(BookFaults, match="нет такого файла"):
        read_statement(tmp_path / "нет.txt", [OURS])


def test_a_byte_of_no_encoding_is_told_with_its_line() -> None:
    content = statement([document()]).encode("cp1251").replace(b"=0042", b"=0042\x98")
    with pytest.raises(BookFaults, match="строка 22: байт 98 не знак кодировки cp1251"):
        statement_of("kl_to_1c.txt", content, [OURS])


WORDS = (
    st.text(st.sampled_from("АБЯабяё0123456789 =+-@«»№/.,;'\""), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
PAID = st.builds(
    document,
    Номер=WORDS, Плательщик=WORDS, НазначениеПлатежа=WORDS,
    Сумма=st.integers(1, 10**9).map(lambda kopecks: dotted(Money(kopecks))),
    Дата=st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(lambda day: f"{day:%d.%m.%Y}"),
)  # fmt: skip


@given(st.lists(PAID, min_size=1, max_size=6), st.sampled_from(["cp1251", "utf-8", "utf-8-sig"]))
def test_what_a_bank_writes_is_what_is_read(paid: list[dict[str, str]], encoding: str) -> None:
    found = read(statement(paid), encoding).incoming
    assert [_written(each.document) for each in found] == [
        (each["Номер"], each["Дата"], each["Сумма"], each["Плательщик"], each["НазначениеПлатежа"])
        for each in paid
    ]
    assert len({each.external_id for each in found}) == len(paid)


def _written(document: BankDocument) -> tuple[str, ...]:
    return (
        document.number, f"{document.day:%d.%m.%Y}", dotted(document.amount), document.payer.name,
        document.purpose,
    )  # fmt: skip


def told(faults: tuple[str, ...]) -> str:
    return "\n".join(faults).replace("\N{NBSP}", " ")
