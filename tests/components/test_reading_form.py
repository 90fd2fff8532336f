"""The entry of readings: what stands in it for the person, for the script, for the server."""

import re
from dataclasses import replace
from datetime import date

import pytest

from components.device_kind import device_kind
from components.gallery import EXAMPLES
from components.gallery_readings import COLD, FLAT, GAS, MANUAL, POWER
from components.gallery_values import TODAY, device, known, register
from components.reading_form import NO_DEVICES, devices_form
from portal.domain.device import Device
from portal.domain.meter import UNKNOWN_DIAL, Dial

YESTERDAY = date(2026, 11, 23)


def form(*devices: Device, **options) -> str:
    return str(devices_form(devices, TODAY, TODAY, {}, {}, "key-1", **options))


def words(markup: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", "", markup))


def test_the_manuals_resident_reads_what_figure_8_shows() -> None:
    shown = words(form(MANUAL))
    for text in (
        "Прибор: Абонент (ЖКХ)",
        "Серийный номер: 1237531773",
        "Тариф",
        "Стоимость",
        "Услуга ЖКХ № 1",
        "2,79\N{NO-BREAK SPACE}₽",
        "Было 21\N{NO-BREAK SPACE}октября\N{NO-BREAK SPACE}2026: 14235",
    ):
        assert text in shown


def test_the_row_tells_the_script_what_it_needs() -> None:
    shown = form(COLD)
    for pair in (
        'data-key="12/zkh_cold"',
        'data-previous="248120000"',
        'data-price="53410000"',
        'data-int-digits="5"',
        'data-frac-digits="3"',
        'data-unit="м³"',
    ):
        assert pair in shown


@pytest.mark.parametrize("is_given", [True, False], ids=["this month's", "the last month's"])
def test_what_was_given_a_moment_ago_can_be_mended(is_given: bool) -> None:
    """On the first of a month a value of yesterday is the last month's, and a misprint all the
    same.
    """
    mended = replace(known("10"), is_correctable=True)
    gas = register("Газ", "м³", "8,24", Dial(5, 3), mended, is_given=is_given)
    shown = form(device(12, "Счетчик газа", "", gas))
    assert "data-correct" in shown
    assert ("Уже передано в этом месяце" in shown) == is_given


def test_the_form_carries_what_the_person_saw() -> None:
    shown = form(COLD, GAS)
    assert '<input type="hidden" name="seen:12/zkh_cold" value="7">' in shown
    assert '<input type="hidden" name="seen:12/zkh_1" value="">' in shown
    assert '<input type="hidden" name="key" value="key-1">' in shown
    assert 'name="taken_on" value="2026-11-24" max="2026-11-24"' in shown


def test_without_devices_it_says_so_and_offers_nothing() -> None:
    shown = form()
    assert NO_DEVICES in shown
    assert "<form" not in shown


def test_the_first_reading_of_a_counter_charges_nothing_and_says_so() -> None:
    assert "Первое показание: сохраним, ничего не спишем" in words(form(GAS))
    # An opening value is no first reading: it charges the difference.
    assert "ничего не спишем" not in words(form(COLD))


def test_a_closed_device_says_why_and_takes_nothing() -> None:
    shown = str(EXAMPLES["readings, closed"]())
    assert "Прибор выключен: показания по нему не принимаются" in shown
    assert "Показания по этой услуге передает управляющая компания" in shown
    assert "Цена пока не установлена" in shown
    assert "value:" not in shown
    assert "Проверить и передать" not in shown
    assert "/zkh/" not in shown.replace('action="/zkh/check"', "")


def test_a_given_reading_is_acknowledged_and_may_be_corrected() -> None:
    given = register("Газ", "м³", "8,24", Dial(5, 3), known("10"), is_given=True)
    shown = form(device(12, "Счетчик газа", "", given))
    assert "Уже передано в этом месяце" in shown
    assert 'name="value:12/zkh_1"' in shown


def test_every_open_counter_is_counted_in_the_bar_below() -> None:
    assert "из 5 · итого" in words(form(*FLAT))


def test_an_odd_service_id_makes_a_sound_address() -> None:
    odd = register("Газ", "м³", "1", UNKNOWN_DIAL, None, external_id="a/b ?№")
    assert 'href="/zkh/12/a%2Fb%20%3F%E2%84%96"' in form(device(12, "x", "", odd))


def test_an_error_marks_its_own_field_and_the_date_opens() -> None:
    shown = str(EXAMPLES["readings, refused"]())
    assert shown.count('aria-invalid="true"') == 4
    assert '<details class="zh-date" open>' in shown
    assert 'value="25б"' in shown


def test_the_form_of_one_service_spells_everything_out() -> None:
    shown = words(form(MANUAL, is_single=True))
    for label in (
        "Дата снятия текущих показаний",
        "Текущие показания",
        "Стоимость за единицу",
        "Предыдущие показания",
    ):
        assert label in shown


@pytest.mark.parametrize(
    ("device", "icon"), [(COLD, "drop"), (GAS, "flame"), (POWER, "bolt"), (MANUAL, "gauge")]
)
def test_a_device_is_told_by_its_icon(device, icon) -> None:
    assert device_kind(device).icon == icon


def test_hot_and_cold_water_differ_in_colour() -> None:
    hot = register("ГВС", "м³", "1", UNKNOWN_DIAL, None)
    assert device_kind(device(1, "Счетчик", "", hot)).tint == "hot"
    assert device_kind(COLD).tint == "cold"
