"""What the components say, and in which form."""

import re
from datetime import date, timedelta

import pytest
from markupsafe import Markup

from components.charge_table import NO_COLUMNS, Columns, charge_tables
from components.chrome import MenuEntry
from components.confirmation import confirmation
from components.filters import account_select, agreement_select, filters
from components.frame import page_frame
from components.gallery import EXAMPLES
from components.gallery_entry import CARRIED, COLD, DAY
from components.gallery_money import (
    A_MONTH,
    DIRECT,
    LATE,
    PAID,
    PARTLY,
    THE_MANUALS,
    UNPAID,
    invoice,
)
from components.gallery_values import TODAY, chrome, person
from components.glossary import GLOSSARY, explanation, term
from components.home_cards import owed_card, readings_card
from components.month_switch import month_switch
from components.more_list import more_list
from components.side_block import side_block
from components.status_tag import invoice_status
from components.usage_chart import usage_chart
from portal.domain.entry import EntrySummary
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.statement import Choice, MonthTotal
from portal.domain.wording import counted

NBSP = "\N{NO-BREAK SPACE}"


def words(markup: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", " ", markup))


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "дней"), (1, "день"), (2, "дня"), (4, "дня"), (5, "дней"), (11, "дней"), (12, "дней"),
     (14, "дней"), (21, "день"), (22, "дня"), (25, "дней"), (101, "день"), (111, "дней"),
     (112, "дней")],
)  # fmt: skip
def test_words_agree_with_their_number(number, form) -> None:
    assert counted(number, "день", "дня", "дней") == form


# --- «Главная» --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [(20, "осталось 5 дней"), (23, "осталось 2 дня"), (24, "остался 1 день"),
     (25, "сегодня последний день"), (26, "срок прошел, но передать можно")],
)  # fmt: skip
def test_the_deadline_is_counted_in_days(day, said) -> None:
    card = str(readings_card(["Газ"], 5, date(2026, 11, day), deadline_day=25))
    assert f"Передайте показания до 25-го · {said}" in card
    assert "Не передано: 1 из 5" in card


def test_nothing_is_asked_of_those_who_have_given_or_have_no_meters() -> None:
    assert "Все переданы" in readings_card([], 5, TODAY, deadline_day=25)
    assert readings_card([], 0, TODAY, deadline_day=25) == ""


def test_one_invoice_is_one_tap_away_and_several_are_a_list() -> None:
    assert 'href="/invoices/5">Оплатить' in owed_card((UNPAID,), TODAY)
    assert 'href="/invoices">Оплатить' in owed_card((PARTLY, UNPAID), TODAY)
    assert 'href="/payment">Оплатить' in owed_card((PARTLY, UNPAID), TODAY, pay_at="/payment")


def test_what_is_owed_to_others_is_paid_by_their_invoices() -> None:
    """The page that pays takes nothing for them: it would ask how much."""
    shown = owed_card((DIRECT,), TODAY, pay_at="/payment")
    assert 'href="/invoices/5">Как оплатить' in shown
    assert "/payment" not in shown
    assert 'href="/invoices">Как оплатить' in owed_card((DIRECT, DIRECT), TODAY, pay_at="/payment")
    assert 'href="/payment">Оплатить' in owed_card((DIRECT, UNPAID), TODAY, pay_at="/payment")


def test_a_debt_without_an_invoice_can_be_paid_too():
    owed = owed_card((), TODAY, debt=Money(1234_50), pay_at="/payment")
    assert 'href="/payment?amount=1234%2C50">Оплатить' in owed
    assert "Оплатить" not in owed_card((), TODAY, debt=Money(1234_50))
    assert "Оплатить" not in owed_card((), TODAY, debt=Money(1), pay_at="/payment", warns=False)


def test_what_is_owed_is_the_remainder() -> None:
    shown = owed_card((PARTLY, UNPAID), TODAY)
    assert str(Money(2600_00 + 4812_36)) in shown
    assert f"К оплате до 15{NBSP}декабря{NBSP}2026" in owed_card((UNPAID,), TODAY)


def test_a_sum_of_several_terms_names_the_first() -> None:
    terms = [each.due_on for each in (PARTLY, UNPAID)]
    assert terms[0] < terms[1]
    assert f"первый срок 10{NBSP}декабря{NBSP}2026" in owed_card((PARTLY, UNPAID), TODAY)


def test_a_debt_is_warned_of_unless_the_operator_says_no() -> None:
    assert "срок прошел" in owed_card((LATE,), TODAY)
    assert "срок прошел" not in owed_card((LATE,), TODAY, warns=False)


def test_what_is_to_be_paid_and_the_balance_are_reconciled() -> None:
    assert "В балансе" not in owed_card((LATE,), TODAY)
    unbilled = words(owed_card((LATE,), TODAY, unbilled=Money(8095_15)))
    assert f"В балансе учтено и то, что ещё не выставлено в счет: 8{NBSP}095,15{NBSP}₽" in unbilled
    advance = words(owed_card((LATE,), TODAY, advance=Money(2500_00)))
    assert f"В балансе учтен аванс: 2{NBSP}500,00{NBSP}₽" in advance


# --- счета ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (PAID, "Оплачен<"),
        (PARTLY, "Оплачен частично"),
        (UNPAID, "Не оплачен"),
        (LATE, "Просрочен"),
        (invoice("1", 100, due_on=TODAY), "Не оплачен"),
        (invoice("1", 100, due_on=TODAY - timedelta(days=1)), "Просрочен"),
        (invoice("1", 100, 100, due_on=TODAY - timedelta(days=1)), "Оплачен<"),
    ],
)
def test_an_invoice_has_one_state(summary, said) -> None:
    assert said in invoice_status(summary, TODAY)


def test_requisites_are_copied_as_they_are_and_the_sum_without_signs() -> None:
    shown = str(EXAMPLES["invoice"]())
    assert 'data-copy="40702810000000000001"' in shown
    assert 'data-copy="2600,00"' in shown


def test_a_paid_invoice_asks_for_nothing() -> None:
    shown = str(EXAMPLES["invoice, paid"]())
    assert "zh-qr" not in shown
    assert "Как оплатить" not in shown


# --- расход средств ---------------------------------------------------------------------------


def test_figure_9_with_its_columns_and_its_total() -> None:
    shown = words(charge_tables(THE_MANUALS, Columns()))
    for text in (f"2{NBSP}017,45{NBSP}₽", "12547", "Показания прибора", "Дата снятия показаний",
                 f"6{NBSP}726,97{NBSP}₽"):  # fmt: skip
        assert text in shown


@pytest.mark.parametrize(
    ("columns", "headings"),
    [
        (NO_COLUMNS, ["Услуга", "Списания"]),
        (Columns(date=False, external_name="Счетчик"), ["Услуга", "Счетчик", "Списания"]),
        (Columns(external=False, date_name="Когда"), ["Услуга", "Когда", "Списания"]),
    ],
)
def test_the_operators_flags_name_the_columns(columns, headings) -> None:
    shown = str(charge_tables(THE_MANUALS, columns))
    assert re.findall(r'scope="col">([^<]*)</th>', shown) == headings
    assert f'colspan="{len(headings) - 1}"' in shown


def test_the_periodic_table_has_no_readings() -> None:
    first = str(charge_tables(A_MONTH, Columns())).split("</table>")[0]
    assert re.findall(r'scope="col">([^<]*)</th>', first) == ["Тариф", "Списания"]


def test_a_line_opens_to_its_formula_and_a_reversal_says_what_it_is() -> None:
    shown = str(charge_tables(A_MONTH, Columns()))
    assert "256,12 − 248,12 = 8\N{NO-BREAK SPACE}" in shown
    assert shown.count("Исправление") == 1
    assert shown.count("Отменяет прежнее списание этой услуги") == 1


def test_a_month_that_is_not_offered_is_not_there() -> None:
    shown = str(month_switch(Period(2014, 5), Period(2014, 4), None, charges_of))
    assert "Май 2014" in shown
    assert 'aria-label="Предыдущий месяц: Апрель 2014"' in shown
    assert "Следующий месяц" not in shown


def test_an_arrow_is_called_after_the_month_to_which_it_leads() -> None:
    shown = str(month_switch(Period(2014, 1), None, Period(2014, 5), charges_of))
    assert 'href="/charges?period=2014-05" rel="next"' in shown
    assert 'aria-label="Следующий месяц: Май 2014"' in shown


def test_filters_keep_the_period_and_what_was_chosen() -> None:
    choices = (Choice(1, "DOG-1"), Choice(2, "DOG-2"))
    selects = (agreement_select(choices, 2), account_select((), None))
    shown = str(filters("/charges", selects, {"period": "2014-05"}))
    assert '<option value="2" selected>DOG-2</option>' in shown
    assert '<option value="" selected>Все учетные записи</option>' in shown
    assert '<input type="hidden" name="period" value="2014-05">' in shown


def charges_of(period: Period) -> str:
    return f"/charges?period={period}"


def bars(*totals: int) -> list[tuple[int, int]]:
    months = [MonthTotal(Period(2014, 1).shifted(i), Money(t)) for i, t in enumerate(totals)]
    shown = str(usage_chart(months, Period(2014, 1), charges_of))
    found = re.findall(r"bottom:(-?\d+)%;height:(\d+)%", shown)
    return [(int(bottom), int(height)) for bottom, height in found]


def test_bars_stand_on_one_line_and_debts_returned_hang_below_it() -> None:
    assert bars(100, 50, 0) == [(0, 100), (0, 50), (0, 0)]
    assert bars(300, -100) == [(25, 75), (0, 25)]
    assert bars(-100, -50) == [(0, 100), (50, 50)]
    assert bars(0, 0) == [(0, 0), (0, 0)]
    assert bars(100) == []


def test_the_chart_is_a_table_too_and_leads_to_its_months() -> None:
    shown = str(EXAMPLES["chart, below zero"]())
    assert f'aria-label="Апрель 2014: 700,00{NBSP}₽"' in shown
    assert f'Февраль 2014</th><td class="zh-number"><span class="zh-amount">−250,00{NBSP}₽' in shown


def test_a_bar_without_an_address_leads_nowhere() -> None:
    months = [MonthTotal(Period(2014, month), ZERO) for month in (4, 5)]
    shown = str(usage_chart(months, None, lambda period: "/may" if period.month > 4 else ""))
    assert shown.count("<a ") == 1
    assert 'aria-label="Май 2014: 0,00' in shown
    assert "Апрель 2014: 0,00" in words(shown)


# --- подтверждение ----------------------------------------------------------------------------


def test_the_confirmation_names_every_number_and_the_total() -> None:
    shown = words(confirmation(EntrySummary(TODAY, (COLD,)), "k", CARRIED, {}))
    for text in ("Подтвердите списание", "Предыдущие 00248,120", "Текущие 00256,120",
                 "Расход 8 м³", f"Стоимость за единицу 53,41{NBSP}₽",
                 f"Итого 427,28{NBSP}₽", f"Показания на 24{NBSP}ноября{NBSP}2026"):  # fmt: skip
        assert text in shown


def test_a_question_wants_its_own_tick_with_the_sum() -> None:
    shown = str(confirmation(EntrySummary(TODAY, (COLD, DAY)), "k", CARRIED, {}))
    assert 'name="confirm:13/zkh_day" value="large" required' in shown
    assert "confirm:11/zkh_cold" not in shown
    assert f"Да, всё верно: 479{NBSP}847,80{NBSP}₽" in words(shown)


def test_what_was_typed_goes_on_unseen() -> None:
    shown = str(confirmation(EntrySummary(TODAY, (COLD,)), "k", CARRIED, {}))
    for field, value in (*CARRIED, ("key", "k")):
        assert f'<input type="hidden" name="{field}" value="{value}">' in shown


# --- рамка, словарь -----------------------------------------------------------------------------


def frame(current: str) -> str:
    return str(page_frame(chrome(current), (), "Страница", Markup("<p>Тело</p>"), Markup()))


def test_the_menu_marks_where_one_is_on_a_phone_too() -> None:
    assert frame("/zkh").count('aria-current="page"') == 1
    # «Платежи» is behind «Ещё» on a phone: both are marked, and one of them is seen.
    assert frame("/payments").count('aria-current="page"') == 2


def test_what_the_flags_hide_is_not_in_the_menu() -> None:
    only = MenuEntry("Главная", "/", "home", "Главная", is_current=True)
    payments = MenuEntry("Платежи", "/payments", "wallet")
    shown = str(more_list((only, payments)))
    assert "Главная" not in shown
    assert "Платежи" in shown
    assert 'method="post" action="/logout"' in shown


def test_the_side_block_counts_unpaid_invoices_where_the_operator_wants() -> None:
    assert "Неоплаченные счета: 2" in side_block(person(), TODAY)
    assert "Неоплаченные счета" not in side_block(person(), TODAY, shows_unpaid=False)


@pytest.mark.parametrize(
    ("name", "title"),
    [("Пени за сентябрь", "Пеня"), ("ХВС на СОИ", "СОИ"), ("Водоотведение", "Водоотведение"),
     ("Повышающий коэффициент, ГВС", "Повышающий коэффициент"),
     ("Обращение с ТКО", "ТКО"), ("Перерасчёт за май", "Перерасчет")],
)  # fmt: skip
def test_a_word_of_the_bill_explains_itself(name, title) -> None:
    entry = explanation(name)
    assert entry is not None
    assert entry.title == title
    assert entry.meaning in term(name)


@pytest.mark.parametrize("name", ["Холодная вода", "Пенсионный фонд", "Сосисочная"])
def test_other_words_explain_nothing(name) -> None:
    assert explanation(name) is None
    assert "<details" not in term(name)


def test_the_glossary_speaks_in_whole_sentences() -> None:
    for entry in GLOSSARY:
        assert entry.meaning.endswith(".")
        assert len(entry.meaning) < 160
