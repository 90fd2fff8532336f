"""The tables of the file and their fields; `format.ru.md` says the same to people."""

from dataclasses import dataclass
from enum import Enum
from functools import partial

from portal.domain.deadline import TOLERANCE_DAYS_MAX
from portal.domain.device import STATES
from portal.domain.photo import PhotoPolicy
from portal.imports.book import amounts, kinds
from portal.imports.book.kinds import Kind


class Gender(Enum):
    """How Russian words agree with a table's noun."""

    HE = ("описан", "него", "ссылается")
    SHE = ("описана", "нее", "ссылается")
    IT = ("описано", "него", "ссылается")
    THEY = ("описаны", "них", "ссылаются")

    @property
    def described(self) -> str:
        return self.value[0]

    @property
    def on_it(self) -> str:
        return f"на {self.value[1]}"

    @property
    def refers(self) -> str:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row; `target` is the table whose key it holds, `parts` are the fields of
    the inline tables it lists.
    """

    name: str
    kind: Kind
    required: bool = False
    target: str = ""
    parts: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `label` are the fields by which a fault names a row (the whole key of those
    that others refer to), and `named_by` is the field that serves as `key` where the file gives
    none.
    """

    name: str
    noun: str
    gender: Gender
    title: str
    label: tuple[str, ...]
    fields: tuple[Field, ...]
    named_by: str = ""

    @property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


_must = partial(Field, required=True)
_may = Field


def _to(table: str, name: str, *, required: bool = True) -> Field:
    return Field(name, kinds.key, required, target=table)


def _listed(name: str, *parts: Field) -> Field:
    """A list of inline tables."""
    return Field(name, kinds.tables, parts=parts)


_COUNTER = (
    _to("accounts", "account"),
    _must("service", kinds.address_part),
    _to("tariffs", "tariff", required=False),
)
_PRICED = (
    _must("name", kinds.text),
    _may("unit", kinds.text),
    _may("volume", amounts.quantity),
    _may("price", amounts.price),
    _must("amount", amounts.money),
)
METHODS = ("metered", "area", "norm", "volume", "fixed")
FIRST_DAY, LAST_COMMON_DAY = 1, 28

TABLES = (
    Table("operators", "исполнитель", Gender.HE, "Исполнители", ("key",), (
        _may("key", kinds.key), _must("name", kinds.text), _must("inn", kinds.key),
        _may("kpp", kinds.key), _must("account", kinds.key), _must("bank_name", kinds.text),
        _must("bic", kinds.key), _may("corr_account", kinds.key), _may("timezone", kinds.zone),
        _may("address", kinds.optional_text), _may("phone", kinds.optional_text),
        _may("email", kinds.optional_text), _may("site", kinds.optional_text),
        _may("readings_due_day", kinds.whole(FIRST_DAY, LAST_COMMON_DAY)),
        _may("entry_tolerance_days", kinds.whole(0, TOLERANCE_DAYS_MAX)),
    ), named_by="name"),
    Table("agents", "агент", Gender.HE, "Агенты", ("key",), (
        _may("key", kinds.key), _must("name", kinds.text),
        _must("kind", kinds.word("utilities", "internet", "telephony")),
    ), named_by="name"),
    Table("custom_fields", "дополнительное поле", Gender.IT, "Дополнительные поля", ("name",), (
        _must("name", kinds.key), _must("title", kinds.text),
    )),
    Table("tariffs", "тариф", Gender.HE, "Тарифы", ("key",), (
        _may("key", kinds.key), _must("name", kinds.text),
        _may("kind", kinds.word("services", "internet", "telephony")),
    ), named_by="name"),
    Table("services", "услуга", Gender.SHE, "Услуги", ("tariff", "external_id"), (
        _to("tariffs", "tariff"), _must("external_id", kinds.address_part),
        _must("name", kinds.text), _must("unit", kinds.text),
        _must("kind", kinds.word("one_time", "periodic")),
        _may("method", kinds.word(*METHODS)), _may("resident_may_manage", kinds.flag),
        _may("position", kinds.whole(0, 10_000)), _may("photo", kinds.word(*PhotoPolicy)),
    )),
    Table("prices", "цена", Gender.SHE, "Цены", ("tariff", "service", "valid_from"), (
        _to("tariffs", "tariff"), _must("service", kinds.address_part),
        _must("valid_from", kinds.day), _must("price", amounts.price),
    )),
    Table("residents", "абонент", Gender.HE, "Абоненты", ("login",), (
        _must("login", kinds.key), _must("name", kinds.text), _may("phone", kinds.phone),
        _may("email", kinds.email), _may("password", kinds.initial_password),
        _may("must_change_password", kinds.flag),
    )),
    Table("premises", "помещение", Gender.IT, "Помещения", ("key",), (
        _may("key", kinds.key), _must("address", kinds.text), _may("area", amounts.counted),
        _may("heated_area", amounts.counted), _may("residents_registered", kinds.whole(0, 1000)),
    ), named_by="address"),
    Table("agreements", "договор", Gender.HE, "Договоры", ("number",), (
        _must("number", kinds.key), _to("residents", "resident"), _to("operators", "operator"),
        _to("premises", "premises", required=False), _may("closed_on", kinds.day),
    )),
    Table("accounts", "учетная запись", Gender.SHE, "Учетные записи", ("key",), (
        _must("key", kinds.key), _to("agreements", "agreement"), _to("agents", "agent"),
        _to("tariffs", "tariff"), _may("login", kinds.optional_text),
        _may("state", kinds.one_of(*STATES)), _may("tariff_since", kinds.moment),
        _may("state_since", kinds.moment), _may("position", kinds.whole(0, 10_000)),
        _may("fields", kinds.texts),
    )),
    Table("meters", "счетчик", Gender.HE, "Счетчики", ("account", "service", "installed_on"), (
        *_COUNTER, _must("installed_on", kinds.day), _may("serial", kinds.key),
        _may("integer_digits", kinds.whole(1, 12)), _may("fraction_digits", kinds.whole(0, 6)),
        _may("verified_until", kinds.day), _may("replaces", kinds.day),
        _may("opening_value", amounts.counted), _may("opening_on", kinds.day),
    )),
    Table("readings", "показания", Gender.THEY, "Показания", ("account", "service", "taken_on"), (
        *_COUNTER, _must("taken_on", kinds.day), _must("value", amounts.counted),
        _may("rollover", kinds.flag), _may("accepted_at", kinds.moment),
    )),
    Table("charges", "списание", Gender.IT, "Списания", ("key",), (
        _must("key", kinds.key), *_COUNTER, _must("posted_at", kinds.moment),
        _may("period", kinds.period), _may("reading", kinds.day), _may("volume", amounts.quantity),
        _must("amount", amounts.money), _may("inputs", kinds.texts), _may("rule", kinds.text),
        _may("announce", kinds.flag),
    )),
    Table("invoices", "счет", Gender.HE, "Счета", ("number",), (
        _must("number", kinds.key), _to("agreements", "agreement"), _must("period", kinds.period),
        _must("issued_on", kinds.day), _must("due_on", kinds.day), _must("total", amounts.money),
        _may("charges", kinds.keys), _listed("lines", *_PRICED),
    )),
    Table("payments", "платеж", Gender.HE, "Платежи", ("channel", "external_id"), (
        _to("agreements", "agreement"), _must("channel", kinds.key),
        _must("external_id", kinds.key), _must("amount", amounts.positive_money),
        _must("paid_at", kinds.moment), _may("accepted_at", kinds.moment),
        _may("note", kinds.text), _listed(
            "invoices", _must("number", kinds.key), _must("amount", amounts.positive_money),
        ),
    )),
    Table("notices", "сообщение", Gender.IT, "Сообщения", ("key",), (
        _must("key", kinds.key), _to("operators", "operator"),
        _to("residents", "resident", required=False), _must("title", kinds.text),
        _must("body", kinds.long_text), _must("published_at", kinds.moment),
    )),
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
# Not tables of the file but fields of accounts and meters, reported by themselves.
FIELD_VALUES, OPENINGS = "field_values", "opening_values"
_PARTS = {"accounts": (FIELD_VALUES, "Значения полей"), "meters": (OPENINGS, "Начальные показания")}
TITLES = dict(
    pair
    for table in TABLES
    for pair in ((table.name, table.title), _PARTS.get(table.name, (table.name, table.title)))
)
