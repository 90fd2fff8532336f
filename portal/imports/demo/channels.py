"""Through which payment systems the house can be paid: as from a terminal on this computer; and
what it takes a resident's word for.
"""

from portal.domain.incoming import Dialect
from portal.imports.demo.supplies import COMPANY, Row

_NAMES = {Dialect.OSMP: "Терминал в подъезде", Dialect.SBER: "Сбербанк Онлайн"}


def pay_channels() -> list[Row]:
    """One of each protocol, for this computer alone."""
    return [
        {
            "key": f"demo-{dialect}",
            "operator": COMPANY,
            "dialect": dialect.value,
            "name": name,
            "account_pattern": r"DOM-\d{1,3}",
            "amount_min": "1,00",
            "amount_max": "100 000,00",
        }
        for dialect, name in _NAMES.items()
    ]


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
