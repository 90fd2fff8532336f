"""Each flag of the operator's configuration, on and off: what it should change on every page, and
nothing else.  The table below is the whole of what flags do to pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from pages.screen import Screen
from portal.config import FLAGS
from tests.pages.conftest import Home
from tests.support.cabinet import addresses
from tests.support.comparing import (
    Added,
    Changed,
    Find,
    Gone,
    MayBeChanged,
    MayBeGone,
    Rule,
    assert_differ_only,
    css,
    holding,
    inside,
    saying,
)
from tests.support.markup import Element, parse
from tests.support.settled import SECOND_SERIAL

CLOSED = "Раздел недоступен"
OUTSIDE = "/login"
FRAMED = frozenset(
    "/ /zkh /zkh/{account}/{service} /charges /invoices /invoices/{invoice} /payments "
    "/payment /payment/{token} /payments/promise /messages /messages/{notice} /profile /password "
    "/more".split()
)
"""The routes of the cabinet proper, with its menu and its side block."""
FOOTED = FRAMED | {OUTSIDE}
ZKH = frozenset({"/zkh", "/zkh/{account}/{service}", "/pad"})
MESSAGES = frozenset({"/messages", "/messages/{notice}"})
PROMISE = frozenset({"/payments/promise"})
PROMISING = frozenset({"/payments"}) | PROMISE
PAYMENTS = frozenset({"/payment", "/payment/{token}"}) | PROMISING
PROFILE, PASSWORD = (frozenset({one}) for one in ("/profile", "/password"))
PROMISED = css("section", aria_labelledby="zh-promised")
PAYING = frozenset({"/invoices", "/invoices/{invoice}", "/payments", "/payment"})
REFILL = css("section", aria_labelledby="zh-refill")
COLUMNS = {"ZHKH_UTILITY_STAT_ENABLED": "true"}
NOTHING = "0,00\N{NO-BREAK SPACE}₽"
MASK = "+7 (999) 999-99-99"

Rules = Mapping[str, list[Rule]]


@dataclass(frozen=True)
class Case:
    """The flag first at `rich`, then at `poor`: the second closes some pages, and on the others
    makes the differences that the rules name.  `beside` are other settings, the same for both.
    """

    flag: str
    rich: str
    poor: str
    rules: Rules = field(default_factory=dict)
    closes: frozenset[str] = frozenset()
    beside: Mapping[str, str] = field(default_factory=dict)


def on(pages: frozenset[str], *rules: Rule) -> Rules:
    return {page: list(rules) for page in pages}


def both(*tables: Rules) -> Rules:
    joined: dict[str, list[Rule]] = {}
    for table in tables:
        for page, rules in table.items():
            joined.setdefault(page, []).extend(rules)
    return joined


def no_entry(address: str, closes: frozenset[str]) -> Rules:
    """The menu does not lead there."""
    return on(FRAMED - closes, Gone(holding("li.zh-nav-item", "a.zh-nav-link", href=address)))


def no_choice(address: str) -> Rules:
    """Neither does «Ещё»."""
    return on(frozenset({"/more"}), Gone(holding("li", "a.zh-choice", href=address)))


def dead_event(words: str, closes: frozenset[str]) -> Rules:
    """The event is told, and leads nowhere."""
    return on(
        FRAMED - closes,
        Gone(saying("a.zh-event-line", words)),
        Added(saying("div.zh-event-line", words)),
    )


def no_event(words: str) -> Rules:
    return on(FRAMED, Gone(saying("li.zh-event", words)))


TABLE_OF_SERVICES = css("table", aria_labelledby="zh-one-time")
HEADING_OF_TOTAL = inside(TABLE_OF_SERVICES, css("th", scope="row"))
CONTACTS = css("section", aria_labelledby="zh-contacts")
FIXED_CONTACT = Added(inside(CONTACTS, css("dl.zh-facts")))
WHO_CHANGES_IT = Added(saying("p.zh-muted", "Изменить их может управляющая компания"))
VALUE, DAY = "Показания прибора", "Дата снятия показаний"


def no_zkh() -> Rules:
    missing = Gone(css("section", aria_labelledby="zh-missing"))
    return both(no_entry("/zkh", ZKH), on(frozenset({"/"}), missing))


def headed(*words: str) -> Find:
    """The headings of columns that are one of these."""
    return lambda page: [each for each in page.all("th", scope="col") if each.text in words]


def free_of_charge(page: Element) -> list[Element]:
    """Lines of nothing, each with the row of its proof."""
    lines = zip(page.all("tr.zh-charge"), page.all("tr.zh-charge-proof"), strict=True)
    free = [line for line in lines if line[0].all("span.zh-amount")[-1].text == NOTHING]
    return [row for line in free for row in line]


def proofs(page: Element) -> list[Element]:
    """The cells with proofs of the table that has columns to show or to hide."""
    table = page.one("section", aria_labelledby="zh-one-time")
    return [cell for row in table.all("tr.zh-charge-proof") for cell in row.all("td")]


def charges(*rules: Rule) -> Rules:
    return on(frozenset({"/charges"}), *rules)


NO_LINK_TO_PROMISE = on(
    frozenset({"/"}),
    Gone(inside(css("section", aria_labelledby="zh-owed"), css("a", href="/payments/promise"))),
)

CASES = [
    Case("utilities_enabled", "true", "false", no_zkh(), ZKH),
    Case("menu_zkh", "true", "false", no_zkh(), ZKH),
    Case(
        "zkhSerialNumber", "device_serial", f"{SECOND_SERIAL}_ук",
        on(ZKH, Changed(
            lambda page: page.all("p.zh-device-serial")[:1],
            "Серийный номер: 1237531773", "Серийный номер: Паспорт 77"
        )),
    ),
    Case(
        "zkhCategoryPrefix", "/^zkh_/", "/^ZKH_(voda|gaz)/i",
        both(
            on(
                frozenset({"/zkh", "/pad"}),
                Gone(saying("li.zh-register", "Электроэнергия")),
                Changed(saying("small", "· итого"), "0 из 2 · итого", "0 из 1 · итого"),
                Changed(css("div.zh-submit"), "2", "1", "data-missing"),
            ),
            on(
                frozenset({"/"}),
                Gone(saying("li", "Электроэнергия")),
                Changed(css("p.zh-sum-words"), "Не передано: 2 из 2", "Не передано: 1 из 1"),
                Changed(css("section", aria_labelledby="zh-missing"), "2", "1", "data-missing"),
            ),
        ),
    ),
    Case(
        "utility_stat_enabled", "true", "false",
        charges(
            Gone(saying("th", VALUE)), Gone(saying("th", DAY)), Gone(css("td.zh-charge-fact")),
            Changed(HEADING_OF_TOTAL, "3", "1", "colspan"),
            Changed(proofs, "4", "2", "colspan"),
        ),
    ),
    Case(
        "utility_stat_external", "true", "false",
        charges(
            Gone(saying("th", VALUE)),
            Gone(holding("td.zh-charge-fact", "span.zh-cell-name")),
            Changed(HEADING_OF_TOTAL, "3", "2", "colspan"),
            Changed(proofs, "4", "3", "colspan"),
        ),
        beside=COLUMNS,
    ),
    Case(
        "utility_stat_external_name", VALUE, "На счётчике",
        charges(
            Changed(headed(VALUE, "На счётчике"), VALUE, "На счётчике"),
            Changed(css("span.zh-cell-name"), VALUE, "На счётчике"),
        ),
        beside=COLUMNS,
    ),
    Case(
        "utility_stat_date", "true", "false",
        charges(
            Gone(saying("th", DAY)), Gone(css("td.zh-charge-date")),
            Changed(HEADING_OF_TOTAL, "3", "2", "colspan"),
            Changed(proofs, "4", "3", "colspan"),
        ),
        beside=COLUMNS,
    ),
    Case(
        "utility_stat_date_name", DAY, "Когда снято",
        charges(Changed(headed(DAY, "Когда снято"), DAY, "Когда снято")),
        beside=COLUMNS,
    ),
    Case(
        "use_month_and_year_selects_on_charges_page", "true", "false",
        charges(
            Gone(css("nav.zh-month")),
            Changed(saying("p.zh-lead", "Всего"), "Всего за месяц", "Всего за период"),
            Gone(css("input", name="period")),
            Added(css("form", aria_label="Период")),
            Added(css("input", type="hidden", name="from")),
            Added(css("input", type="hidden", name="to")),
            Changed(
                css("a.zh-bar"),
                re.compile(r"/charges\?period=\d{4}-\d\d&agreement=\d+(&account=\d+)?"),
                re.compile(
                    r"/charges\?from=(\d{4}-\d\d-)01&to=\1\d\d&agreement=\d+(&account=\d+)?"
                ),
                "href",
            ),
        ),
    ),
    Case(
        "hideStaticticsEntriesWithNoAmount", "false", "true",
        charges(Gone(free_of_charge)),
    ),
    Case(
        "unpaidorders_visible", "true", "false", on(FRAMED, Gone(css("a.zh-me-unpaid"))),
    ),
    Case(
        "showArrearsMessage", "true", "false",
        on(
            frozenset({"/"}),
            Changed(
                inside(css("section", aria_labelledby="zh-owed"), css("span.zh-tag")),
                "zh-tag zh-tag-bad", "zh-tag zh-tag-warn", "class",
            ),
            Changed(
                inside(css("section", aria_labelledby="zh-owed"), saying("span", "неоплаченный")),
                "1 неоплаченный счет, срок прошел", "1 неоплаченный счет",
            ),
        ),
    ),
    Case("infoblock.tariff", "true", "false", no_event("Тариф изменен")),
    Case("infoblock.payment", "true", "false", no_event("Проведен платеж")),
    Case("infoblock.lock", "true", "false", no_event("Состояние «Выключен»")),
    Case("infoblock.message", "true", "false", no_event("Получено сообщение")),
    Case("infoblock.service", "true", "false", no_event("Списание по услуге")),
    Case(
        "menu_profile", "true", "false",
        both(
            no_entry("/profile", PROFILE),
            no_choice("/profile"),
            on(FRAMED - PROFILE, Gone(css("a.zh-avatar")), Added(css("span.zh-avatar"))),
        ),
        PROFILE,
    ),
    Case(
        "menu_payments", "true", "false",
        both(
            no_entry("/payments", PAYMENTS), no_choice("/payments"),
            dead_event("Проведен платеж", PAYMENTS),
            on(
                frozenset({"/invoices", "/invoices/{invoice}"}), MayBeGone(css("a.zh-pay-all")),
            ),
            NO_LINK_TO_PROMISE,
            on(
                frozenset({"/invoices/{invoice}"}),
                MayBeChanged(css("h2", id="zh-pay"), "Оплатить по QR-коду", "Как оплатить"),
            ),
            on(frozenset({"/"}), Changed(
                inside(css("section", aria_labelledby="zh-owed"), css("a.zh-button")),
                "/payment", re.compile(r"/invoices/\d+"), "href",
            )),
        ),
        PAYMENTS,
    ),
    Case(
        "menu_sharedposts", "true", "false",
        both(
            no_entry("/messages", MESSAGES), no_choice("/messages"),
            dead_event("Получено сообщение", MESSAGES),
            on(FRAMED - MESSAGES, Gone(inside(css("li.zh-nav-more"), css("span.zh-badge")))),
        ),
        MESSAGES,
    ),
    Case(
        "menu_password", "true", "false",
        on(PROFILE, Gone(css("section", aria_labelledby="zh-password"))), PASSWORD,
    ),
    Case(
        "editing_client_info.phone", "true", "false",
        on(PROFILE, Gone(holding("div.zh-field", "input", name="phone")), FIXED_CONTACT,
           WHO_CHANGES_IT),
    ),
    Case(
        "editing_client_info.email", "true", "false",
        on(PROFILE, Gone(holding("div.zh-field", "input", name="email")), FIXED_CONTACT,
           WHO_CHANGES_IT),
    ),
    Case(
        "editing_client_info.phoneMask", MASK, "",
        on(
            PROFILE,
            Gone(css("p.zh-hint", id="hint-phone")),
            Changed(
                css("input", name="phone"), "hint-phone err-phone", "err-phone", "aria-describedby"
            ),
        ),
    ),
    Case(
        "companyInfo", "ООО «Дом»<br>2026", "Другая <b>компания</b>",
        on(FOOTED, Changed(css("footer"), "ООО «Дом» 2026", "Другая компания")),
    ),
    Case(
        "balance_refill_text", "В кассе<br>на Лесной, 7", "Через <b>терминал</b>",
        on(
            PAYING,
            Changed(
                inside(REFILL, css("p.zh-notice-body")),
                "В кассе на Лесной, 7", "Через терминал",
            ),
        ),
    ),
    Case("balance_refill_text", "В кассе", "", on(PAYING, Gone(REFILL))),
    Case(
        "payment_promised", "true", "false",
        both(NO_LINK_TO_PROMISE, on(PROMISING - PROMISE, Gone(PROMISED))), PROMISE,
    ),
    Case(
        "promised_payment_text", "Обещайте<br>и платите", "Держите <b>слово</b>",
        on(
            PROMISING,
            Changed(
                inside(PROMISED, css("p.zh-notice-body")), "Обещайте и платите", "Держите слово"
            ),
        ),
    ),
    Case(
        "promised_payment_text", "Обещайте", "",
        both(
            on(PROMISE, Gone(PROMISED)),
            on(PROMISING - PROMISE, Gone(inside(PROMISED, css("p.zh-notice-body")))),
        ),
    ),
    Case("currency", "RUB", "RUR"),  # the only money there is
    Case(
        "menu_notices", "true", "false",
        on(PROFILE, Gone(css("section", aria_labelledby="zh-receipts"))),
    ),
    # Their pages do not exist yet: a flag without a page shows nothing.
    Case("menu_helpdesk", "true", "false"),
    # Passwords of service accounts, kept for the import.
    Case("vgroup_password_minlength", "3", "9"),
    Case("vgroup_password_maxlength", "128", "64"),
]  # fmt: skip

VARIABLES = {spec.name: spec.variable for spec in FLAGS}


def test_every_flag_has_its_line_in_the_table():
    assert {case.flag for case in CASES} == VARIABLES.keys()


@pytest.mark.parametrize("case", CASES, ids=[case.flag for case in CASES])
async def test_a_flag_changes_what_it_should_and_nothing_else(home: Home, case: Case):
    variable = VARIABLES[case.flag]
    rich, poor = ({**case.beside, variable: value} for value in (case.rich, case.poor))
    for pattern, listed in {**addresses(home.settled), OUTSIDE: (OUTSIDE,)}.items():
        for address in listed:
            before = await shown(home, rich, address)
            after = await shown(home, poor, address)
            assert before.status == 200
            if pattern in case.closes:
                assert (after.status, after.title) == (404, CLOSED)
                assert parse(after.html).one("h1").text == CLOSED
            else:
                assert (after.status, after.title) == (200, before.title)
                rules = case.rules.get(pattern, [])
                if rules or before.html != after.html:
                    assert_differ_only(parse(before.html), parse(after.html), rules)


_drawn: dict[tuple[str, str], Screen] = {}


async def shown(home: Home, environ: Mapping[str, str], address: str) -> Screen:
    """Drawn once for the same flags: most cases begin with the same ones."""
    cabinet = home.cabinet(**environ)
    drawn = (repr(cabinet.flags), address)
    if drawn not in _drawn:
        opens = cabinet.opens_to_nobody if address == OUTSIDE else cabinet.opens
        _drawn[drawn] = await opens(address)
    return _drawn[drawn]


async def test_the_module_is_open_only_where_both_its_flags_are(home: Home):
    for utilities, menu in (("false", "true"), ("true", "false"), ("false", "false")):
        cabinet = home.cabinet(ZHKH_UTILITIES_ENABLED=utilities, ZHKH_MENU_ZKH=menu)
        for address in ("/zkh", f"/zkh/{home.settled.account.id}/{home.settled.service_id}"):
            assert (await cabinet.opens(address)).status == 404


async def test_a_service_outside_the_prefix_has_no_form(home: Home):
    cabinet = home.cabinet(ZHKH_ZKH_CATEGORY_PREFIX="/^gkh_/")
    form = await cabinet.opens(f"/zkh/{home.settled.account.id}/{home.settled.service_id}")
    assert form.status == 404
    assert "Учетные записи не найдены" in (await cabinet.reads("/zkh")).text


async def test_a_debt_without_an_invoice_is_warned_of_only_where_the_operator_wants(home: Home):
    flat = home.settled.house.a_resident("Должник").an_agreement()
    flat.an_account().is_charged(home.settled.house.a_service(price="10"), "5")
    debt = "Долг по лицевому счету 50,00\N{NO-BREAK SPACE}₽"
    warned = await home.cabinet_of(flat.person).reads("/")
    assert debt in warned.text
    calm = await home.cabinet_of(flat.person, ZHKH_SHOW_ARREARS_MESSAGE="false").reads("/")
    assert "Долг" not in calm.text
    assert "Неоплаченных счетов нет" in calm.text
    assert "Всё оплачено" not in calm.text


async def test_an_initial_password_can_be_replaced_where_nobody_may_change_it(home: Home):
    cabinet = home.cabinet_of(
        home.settled.person, must_change_password=True, ZHKH_MENU_PASSWORD="false"
    )
    assert (await cabinet.reads("/password")).one("h1").text == "Новый пароль"


async def test_days_stay_chosen_beside_the_other_filters(home: Home):
    cabinet = home.cabinet(ZHKH_USE_MONTH_AND_YEAR_SELECTS_ON_CHARGES_PAGE="false")
    page = await cabinet.reads("/charges?from=2026-09-05&to=2026-10-21")
    filters, days = page.all("form.zh-filters")
    assert [field.attributes["value"] for field in filters.all("input")] == [
        "2026-09-05", "2026-10-21",
    ]  # fmt: skip
    assert days.one("input", name="agreement").attributes["value"] == str(home.settled.flat.id)
    assert not page.all("a.zh-bar-now")


async def test_days_in_the_wrong_order_stay_in_their_fields(home: Home):
    cabinet = home.cabinet(ZHKH_USE_MONTH_AND_YEAR_SELECTS_ON_CHARGES_PAGE="false")
    page = await cabinet.reads("/charges?from=2026-10-21&to=2026-09-05")
    values = {day: page.one("input", id=f"filter-{day}").attributes for day in ("from", "to")}
    assert values["from"]["value"] == "2026-10-21"
    assert values["to"]["value"] == "2026-09-05"
    assert values["from"]["aria-invalid"] == "true"
    assert page.one("p", id="err-from").text == "Начало периода позже его конца"
