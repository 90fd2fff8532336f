"""Prices by bands of a month's consumption, in words."""

from portal.domain.charging.bands import Bands
from portal.domain.money import NBSP
from portal.domain.quantity import Price, Quantity


def bands_words(bands: Bands, unit: str) -> str:
    """«до 100 кВт·ч в месяц — 5,00 ₽, до 150 — 6,00 ₽, больше — 7,50 ₽»."""
    steps = [(band.upto, band.priced.price) for band in bands.bands]
    measure = f"{NBSP}{unit} в месяц" if unit else " в месяц"
    return ", ".join(
        _step(upto, price, measure if not place else "")
        for place, (upto, price) in enumerate(steps)
    )


def bands_span(bands: Bands) -> str:
    """From the lowest price to the highest: «5,00–7,50 ₽»."""
    prices = [band.priced.price for band in bands.bands]
    least, most = min(prices), max(prices)
    return str(most) if least == most else f"{str(least).removesuffix(f'{NBSP}₽')}–{most}"


def _step(upto: Quantity | None, price: Price, measure: str) -> str:
    which = "больше" if upto is None else f"до {upto}{measure}"
    return f"{which}{NBSP}— {price}"
