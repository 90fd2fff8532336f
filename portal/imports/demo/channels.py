"""Through which payment systems the house can be paid: as from a terminal on this computer; and
what it takes a resident's word for.
"""

from portal.domain.dialects import dialects
from portal.domain.incoming import Unspoken
from portal.domain.paying import Way
from portal.imports.demo.supplies import COMPANY, Row

_NAMES = {"osmp": "Терминал в подъезде", "sber": "Сбербанк Онлайн"}


CARDS = "demo-card"
BANK = "/demo-bank"
_PLACES = {"osmp": "Подъезд 1, у почтовых ящиков"}


def pay_channels() -> list[Row]:
    """One of each protocol, for this computer alone."""
    return [*_terminals(), _cards()]


def _terminals() -> list[Row]:
    return [
        {
            "key": f"demo-{dialect}",
            "operator": COMPANY,
            "dialect": dialect,
            "name": _NAMES.get(dialect, spoken.title),
            "account_pattern": r"DOM-\d{1,3}",
            "amount_min": "1,00",
            "amount_max": "100 000,00",
        }
        | ({"place": _PLACES[dialect]} if dialect in _PLACES else {})
        for dialect, spoken in dialects().items()
    ]


def _cards() -> Row:
    """The bank is a sandbox, and part of the demonstration itself."""
    return {
        "key": CARDS,
        "operator": COMPANY,
        "dialect": Unspoken.YOOKASSA.value,
        "name": "Демо-банк",
        "amount_min": "1,00",
        "amount_max": "700 000,00",
        "ways": [Way.CARD.value, Way.SBP.value],
        "shop_id": "demo",
        "base_url": f"{BANK}/v3",
    }


def promise_terms() -> list[Row]:
    return [
        {
            "operator": COMPANY,
            "amount_min": "100,00",
            "amount_max": "10 000,00",
            "days": 14,
            "debt_max": "30 000,00",
        }
    ]
