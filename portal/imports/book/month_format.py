"""The tables that months are charged by; `format.ru.md` says the same to people."""

from portal.domain.charging.choices import Choice
from portal.imports.book import amounts, kinds
from portal.imports.book.fields import COUNTER, REQUISITES, Gender, Table, listed, may, must, to

_SERVICE = (to("tariffs", "tariff"), must("service", kinds.address_part))
_SINCE = must("valid_from", kinds.day)
_LAST_COMMON_DAY = 28
_MONTHS_OF_YEAR = 12
_REVISIONS_MAX = 1000

MONTH_TABLES = (
    Table("suppliers", "поставщик", Gender.HE, "Поставщики", ("key",), REQUISITES,
          named_by="name"),
    Table("service_terms", "порядок расчетов", Gender.HE, "Порядок расчетов",
          ("tariff", "service", "valid_from"), (
        *_SERVICE, _SINCE, must("scheme", kinds.word("own", "agency", "direct")),
        to("suppliers", "supplier", required=False),
        may("commission_percent", amounts.percent), may("commission_fixed", amounts.positive_money),
    )),
    Table("norms", "норматив", Gender.HE, "Нормативы",
          ("tariff", "service", "kind", "valid_from"), (
        *_SERVICE, _SINCE, must("kind", kinds.word("norm", "common_norm", "heat_per_unit")),
        must("value", amounts.counted),
    )),
    Table("coefficients", "коэффициент", Gender.HE, "Повышающие коэффициенты",
          ("tariff", "service", "valid_from"), (
        *_SERVICE, _SINCE, must("value", amounts.counted),
    )),
    Table("bands", "диапазоны", Gender.THEY, "Диапазоны потребления",
          ("tariff", "service", "valid_from"), (
        *_SERVICE, _SINCE,
        listed("steps", may("upto", amounts.counted), must("price", amounts.price),
               required=True),
    )),
    Table("houses", "дом", Gender.HE, "Дома", ("key",), (
        may("key", kinds.key), must("address", kinds.text), to("operators", "operator"),
    ), named_by="address"),
    Table("house_facts", "площадь дома", Gender.SHE, "Площади домов",
          ("house", "kind", "valid_from"), (
        to("houses", "house"), must("kind", kinds.word("total_area", "common_area")), _SINCE,
        must("value", amounts.counted),
    )),
    Table("house_choices", "решение по дому", Gender.IT, "Решения по домам",
          ("house", "service", "valid_from"), (
        to("houses", "house"), must("service", kinds.address_part), _SINCE,
        must("choice", kinds.word(*Choice)),
        may("season_months", kinds.whole(1, _MONTHS_OF_YEAR)),
    )),
    Table("house_volumes", "объем дома", Gender.HE, "Объемы домовых счетчиков",
          ("house", "service", "period"), (
        to("houses", "house"), must("service", kinds.address_part),
        must("period", kinds.period), must("volume", amounts.counted),
        may("revision", kinds.whole(0, _REVISIONS_MAX)),
    )),
    Table("premises_facts", "изменение помещения", Gender.IT, "Площади и жильцы с датами",
          ("premises", "kind", "valid_from"), (
        to("premises", "premises"),
        must("kind", kinds.word("area", "heated_area", "residents", "owners")), _SINCE,
        must("value", amounts.counted),
    )),
    Table("absences", "временное отсутствие", Gender.IT, "Временные отсутствия",
          ("premises", "left_on", "document"), (
        to("premises", "premises"), must("left_on", kinds.day), must("returned_on", kinds.day),
        must("persons", kinds.whole(1, 1000)), must("document", kinds.text),
    )),
    Table("account_tariffs", "смена тарифа", Gender.SHE, "История тарифов",
          ("account", "valid_from"), (
        to("accounts", "account"), to("tariffs", "tariff"), _SINCE,
    )),
    Table("account_facts", "факт учетной записи", Gender.HE, "Количества и возможность счетчика",
          ("account", "service", "kind", "valid_from"), (
        *COUNTER, must("kind", kinds.word("quantity", "meter_possible")), _SINCE,
        must("value", amounts.counted),
    )),
    Table("refusals", "акт о недопуске", Gender.HE, "Акты о недопуске",
          ("account", "service", "refused_on"), (
        *COUNTER, must("refused_on", kinds.day), must("document", kinds.text),
        may("admitted_on", kinds.day), may("admitted_value", amounts.counted),
    )),
    Table("usages", "потребление", Gender.IT, "Данные других систем",
          ("account", "service", "external_id"), (
        *COUNTER, must("external_id", kinds.key), must("period", kinds.period),
        must("volume", amounts.counted), may("amount", amounts.money),
    )),
    Table("works", "работа", Gender.SHE, "Разовые работы", ("account", "service", "key"), (
        *COUNTER, must("key", kinds.key), must("done_on", kinds.day),
        must("quantity", amounts.counted),
    )),
    Table("key_rates", "ключевая ставка", Gender.SHE, "Ключевые ставки", ("valid_from",), (
        _SINCE, must("percent", amounts.percent),
    )),
    Table("rate_caps", "предел ставки", Gender.HE, "Пределы ставки", ("valid_from",), (
        _SINCE, must("valid_to", kinds.day), must("percent", amounts.percent),
    )),
    Table("due_days", "срок оплаты", Gender.HE, "Сроки оплаты", ("valid_from",), (
        to("operators", "operator", required=False), _SINCE,
        must("day", kinds.whole(1, _LAST_COMMON_DAY)),
    )),
    Table("days_off", "день", Gender.HE, "Производственный календарь", ("day",), (
        must("day", kinds.day), may("is_working", kinds.flag),
    )),
)  # fmt: skip
