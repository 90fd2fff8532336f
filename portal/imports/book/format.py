"""The tables of the file and their fields; `format.ru.md` says the same to people."""

from portal.domain.charging.methods import Fallback
from portal.domain.deadline import TOLERANCE_DAYS_MAX
from portal.domain.device import STATES
from portal.domain.photo import PhotoPolicy
from portal.domain.promise import DAYS_MAX
from portal.imports.book import amounts, kinds
from portal.imports.book.channel_format import CHANNEL_TABLE
from portal.imports.book.fields import COUNTER, REQUISITES, Gender, Table, listed, may, must, to
from portal.imports.book.month_format import MONTH_TABLES

_PRICED = (
    must("name", kinds.text),
    may("unit", kinds.text),
    may("volume", amounts.quantity),
    may("price", amounts.price),
    must("amount", amounts.money),
)
FIRST_DAY, LAST_COMMON_DAY = 1, 28

TABLES = (
    Table("operators", "исполнитель", Gender.HE, "Исполнители", ("key",), (
        *REQUISITES, may("timezone", kinds.zone),
        may("readings_due_day", kinds.whole(FIRST_DAY, LAST_COMMON_DAY)),
        may("entry_tolerance_days", kinds.whole(0, TOLERANCE_DAYS_MAX)),
        may("charges_penalty", kinds.flag),
    ), named_by="name"),
    Table("agents", "агент", Gender.HE, "Агенты", ("key",), (
        may("key", kinds.key), must("name", kinds.text),
        must("kind", kinds.word("utilities", "internet", "telephony")),
    ), named_by="name"),
    Table("custom_fields", "дополнительное поле", Gender.IT, "Дополнительные поля", ("name",), (
        must("name", kinds.key), must("title", kinds.text),
    )),
    Table("tariffs", "тариф", Gender.HE, "Тарифы", ("key",), (
        may("key", kinds.key), must("name", kinds.text),
        may("kind", kinds.word("services", "internet", "telephony")),
    ), named_by="name"),
    Table("services", "услуга", Gender.SHE, "Услуги", ("tariff", "external_id"), (
        to("tariffs", "tariff"), must("external_id", kinds.address_part),
        must("name", kinds.text), must("unit", kinds.text),
        must("kind", kinds.word("one_time", "periodic")),
        may("method", kinds.method), may("resident_may_manage", kinds.flag),
        may("position", kinds.whole(0, 10_000)), may("photo", kinds.word(*PhotoPolicy)),
        may("fallback", kinds.word(*Fallback)), may("sources", kinds.address_parts),
    )),
    Table("prices", "цена", Gender.SHE, "Цены", ("tariff", "service", "valid_from"), (
        to("tariffs", "tariff"), must("service", kinds.address_part),
        must("valid_from", kinds.day), must("price", amounts.price),
    )),
    Table("residents", "абонент", Gender.HE, "Абоненты", ("login",), (
        must("login", kinds.key), must("name", kinds.text), may("phone", kinds.phone),
        may("email", kinds.email), may("password", kinds.initial_password),
        may("must_change_password", kinds.flag),
    )),
    Table("premises", "помещение", Gender.IT, "Помещения", ("key",), (
        may("key", kinds.key), must("address", kinds.text), may("area", amounts.counted),
        may("heated_area", amounts.counted), may("residents_registered", kinds.whole(0, 1000)),
        to("houses", "house", required=False),
    ), named_by="address"),
    Table("agreements", "договор", Gender.HE, "Договоры", ("number",), (
        must("number", kinds.key), to("residents", "resident"), to("operators", "operator"),
        to("premises", "premises", required=False), may("closed_on", kinds.day),
    )),
    Table("accounts", "учетная запись", Gender.SHE, "Учетные записи", ("key",), (
        must("key", kinds.key), to("agreements", "agreement"), to("agents", "agent"),
        to("tariffs", "tariff"), may("login", kinds.optional_text),
        may("state", kinds.one_of(*STATES)), may("tariff_since", kinds.moment),
        may("state_since", kinds.moment), may("position", kinds.whole(0, 10_000)),
        may("fields", kinds.texts),
    )),
    Table("meters", "счетчик", Gender.HE, "Счетчики", ("account", "service", "installed_on"), (
        *COUNTER, must("installed_on", kinds.day), may("serial", kinds.key),
        may("integer_digits", kinds.whole(1, 12)), may("fraction_digits", kinds.whole(0, 6)),
        may("verified_until", kinds.day), may("replaces", kinds.day),
        may("opening_value", amounts.counted), may("opening_on", kinds.day),
        may("removed_on", kinds.day), may("closing_value", amounts.counted),
        may("broken_since", kinds.day),
    )),
    Table("readings", "показания", Gender.THEY, "Показания", ("account", "service", "taken_on"), (
        *COUNTER, must("taken_on", kinds.day), must("value", amounts.counted),
        may("rollover", kinds.flag), may("accepted_at", kinds.moment),
    )),
    Table("charges", "списание", Gender.IT, "Списания", ("key",), (
        must("key", kinds.key), *COUNTER, must("posted_at", kinds.moment),
        may("period", kinds.period), may("reading", kinds.day), may("volume", amounts.quantity),
        must("amount", amounts.money), may("inputs", kinds.texts), may("rule", kinds.text),
        may("announce", kinds.flag),
    )),
    Table("invoices", "счет", Gender.HE, "Счета", ("number",), (
        must("number", kinds.key), to("agreements", "agreement"), must("period", kinds.period),
        must("issued_on", kinds.day), must("due_on", kinds.day), must("total", amounts.money),
        may("charges", kinds.keys), listed("lines", *_PRICED),
    )),
    Table("payments", "платеж", Gender.HE, "Платежи", ("channel", "external_id"), (
        to("agreements", "agreement"), must("channel", kinds.key),
        must("external_id", kinds.key), must("amount", amounts.positive_money),
        must("paid_at", kinds.moment), may("accepted_at", kinds.moment),
        may("note", kinds.text), listed(
            "invoices", must("number", kinds.key), must("amount", amounts.positive_money),
        ),
    )),
    CHANNEL_TABLE,
    Table(
        "promise_terms", "условия обещанных платежей", Gender.THEY, "Условия обещанных платежей",
        ("operator",), (
            to("operators", "operator"), must("amount_min", amounts.positive_money),
            must("amount_max", amounts.positive_money), must("days", kinds.whole(1, DAYS_MAX)),
            may("debt_max", amounts.positive_money),
        ),
    ),
    Table("notices", "сообщение", Gender.IT, "Сообщения", ("key",), (
        must("key", kinds.key), to("operators", "operator"),
        to("residents", "resident", required=False), must("title", kinds.text),
        must("body", kinds.long_text), must("published_at", kinds.moment),
    )),
    *MONTH_TABLES,
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
# Not tables of the file but fields of services, accounts and meters, reported by themselves.
SOURCES, FIELD_VALUES, OPENINGS = "service_sources", "field_values", "opening_values"
_PARTS = {
    "services": (SOURCES, "Источники объемов"),
    "accounts": (FIELD_VALUES, "Значения полей"),
    "meters": (OPENINGS, "Начальные показания"),
}
TITLES = dict(
    pair
    for table in TABLES
    for pair in ((table.name, table.title), _PARTS.get(table.name, (table.name, table.title)))
)
