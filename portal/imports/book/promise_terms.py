"""What operators take residents' word for, and what of it does not go together."""

from collections.abc import Iterator

from portal.db.promises import PromiseTerms
from portal.imports.book.desk import Desk
from portal.imports.book.directory import columns
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry

_KEPT = Manner("promise_terms", PromiseTerms)


def keep_promise_terms(desk: Desk) -> None:
    keep(desk, _KEPT, list(_plans(desk)))


def _plans(desk: Desk) -> Iterator[Plan]:
    for row, _ in desk.rows("promise_terms"):
        operator_id = desk.links(row)["operator"]["id"]
        key = (operator_id,)
        if desk.claims(row, "promise_terms", key):
            stored = desk.known["promise_terms"].by_key.get(key, {})
            own = columns(row, PromiseTerms) | {"operator_id": operator_id}
            for fault in _faults(stored | own):
                desk.complain(row, fault)
            yield Plan(row, key, own)


def _faults(terms: Entry) -> Iterator[str]:
    """Of the terms as they will be."""
    low, high = terms.get("amount_min"), terms.get("amount_max")
    if low is not None and high is not None and low > high:
        yield f"«amount_min» {low} больше, чем «amount_max» {high}"
    limit = terms.get("debt_max")
    if limit is not None and low is not None and limit < low:
        yield f"«debt_max» {limit} меньше, чем «amount_min» {low}: обещать было бы нечего"
