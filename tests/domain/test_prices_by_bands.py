"""Prices by bands of consumption, in words."""

from portal.domain.money import NBSP
from portal.domain.telling.prices import bands_span, bands_words
from portal.domain.timeline import value_on
from tests.domain.charging.meters import OCTOBER, always


def bands(*steps: tuple[str | None, str]):
    found = value_on(always(*steps), OCTOBER.first_day)
    assert found is not None
    return found


def said(text: str) -> str:
    return text.replace(NBSP, " ")


def test_each_band_has_its_edge_and_its_price():
    three = bands(("150", "6,1"), ("600", "8,54"), (None, "12,2"))
    assert said(bands_words(three, "кВт·ч")) == (
        "до 150 кВт·ч в месяц — 6,10 ₽, до 600 — 8,54 ₽, больше — 12,20 ₽"
    )
    assert said(bands_words(bands(("150", "6,1"), (None, "8")), "")) == (
        "до 150 в месяц — 6,10 ₽, больше — 8,00 ₽"
    )


def test_in_short_from_the_lowest_to_the_highest_price():
    assert said(bands_span(bands(("150", "6,1"), (None, "12,2")))) == "6,10–12,20 ₽"
    assert said(bands_span(bands((None, "12,2")))) == "12,20 ₽"
