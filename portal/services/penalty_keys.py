"""Of which debt a penalty is: its charge's key tells it."""

from typing import Final

from portal.domain.period import Period

LayerKey = tuple[int, int, int, int]
"""The ids of an invoice, an account, a service and a supplier (0: the operator's own money)."""
_PENALTY: Final = "penalty"


def charge_key(period: Period, layer: LayerKey, revision: int) -> str:
    ids = "/".join(map(str, layer))
    return f"{_PENALTY}/{period}/{ids}/{revision}"


def layer_of(key: str) -> LayerKey:
    """Raises ValueError: it is no such key."""
    word, _, *ids = key.split("/")
    invoice, account, service, supplier, _ = map(int, ids)
    if word != _PENALTY:
        raise ValueError(key)
    return invoice, account, service, supplier
