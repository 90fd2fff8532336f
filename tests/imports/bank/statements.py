"""Statements in 1CClientBankExchange, as banks write them."""

from collections.abc import Iterable, Mapping

from portal.domain.money import Money

OURS = "40702810338360027201"
SECOND = "40702810138250123017"
RESIDENT = "40817810400000000042"
ENCODINGS = {"cp1251": "Windows", "cp866": "DOS", "utf-8": "Windows", "utf-8-sig": "UTF-8"}


def dotted(amount: Money) -> str:
    return amount.plain.replace(",", ".")


def document(**written: str) -> dict[str, str]:
    """A resident's payment that came to us; each key line may be given another value."""
    return {
        "Номер": "0042", "Дата": "24.11.2026", "Сумма": "1234.56",
        "ПлательщикСчет": RESIDENT, "Плательщик": "Иванов Иван Иванович",
        "ПлательщикИНН": "500100732259", "ПлательщикБанк1": "ПАО СБЕРБАНК",
        "ПлательщикБИК": "044525225", "ПолучательСчет": OURS, "ДатаПоступило": "25.11.2026",
        "Получатель": 'ООО "УК Дом-Сервис"', "ПолучательИНН": "7736520080",
        "ВидПлатежа": "Электронно", "Код": "0",
        "НазначениеПлатежа": "Оплата ЖКУ за 10.2026 л/с 0001234567",
    } | written  # fmt: skip


def section(received: str = "1234.56", **written: str) -> dict[str, str]:
    """An account's; it adds up with what was received, from nothing at the beginning."""
    return {
        "ДатаНачала": "25.11.2026", "ДатаКонца": "25.11.2026", "РасчСчет": OURS,
        "НачальныйОстаток": "0.00", "ВсегоПоступило": received, "ВсегоСписано": "0.00",
        "КонечныйОстаток": received,
    } | written  # fmt: skip


def statement(
    documents: Iterable[Mapping[str, str]] = (),
    sections: Iterable[Mapping[str, str]] | None = None,
    encoding: str = "Windows",
) -> str:
    """With one section that adds up unless other sections are given."""
    documents = list(documents)
    total = Money.total(Money.parse(each["Сумма"]) for each in documents)
    lines = [
        "1CClientBankExchange", "ВерсияФормата=1.03", f"Кодировка={encoding}",
        "Отправитель=Банк", "Получатель=", "ДатаСоздания=26.11.2026", "ВремяСоздания=09:00:00",
        "ДатаНачала=25.11.2026", "ДатаКонца=25.11.2026", f"РасчСчет={OURS}", f"РасчСчет={SECOND}",
    ]  # fmt: skip
    for each in [section(dotted(total))] if sections is None else sections:
        lines += ["СекцияРасчСчет", *_lines(each), "КонецРасчСчет"]
    for each in documents:
        lines += ["СекцияДокумент=Платежное поручение", *_lines(each), "КонецДокумента"]
    return "\r\n".join([*lines, "КонецФайла", ""])


def _lines(values: Mapping[str, str]) -> list[str]:
    return [f"{key}={value}" for key, value in values.items()]
