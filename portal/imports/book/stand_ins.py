"""Entries in place of what the file does not describe, or not whole.

They let the checks of everything that refers to it go on; what depends on their unknown content is
not judged.  Nothing of them is ever stored: they exist only in loads that are refused.
"""

from portal.imports.book.known import Entry, Key, Known

STAND_IN = "is_stand_in"
# What other steps read of an entry, by table.
_CONTENT: dict[str, Entry] = {
    "operators": {
        "key": "", "name": "", "inn": "", "kpp": None, "account": "", "bank_name": "", "bic": "",
        "corr_account": None, "timezone": "Europe/Moscow",
    },
    "tariffs": {"key": "", "name": ""},
    "services": {"external_id": "", "name": "", "unit": "", "kind": "one_time", "method": ""},
    "residents": {"login": "", "name": ""},
    "premises": {"key": "", "address": ""},
    "agreements": {"number": "", "premises_id": None},
    "accounts": {"key": "", "login": "", "state": 0, "tariff_since": None, "state_since": None},
    "meters": {"integer_digits": None, "fraction_digits": None, "replaces_id": None},
    "charges": {
        "agreement_id": None, "service_id": None, "amount": None, "volume": None, "price": None,
    },
    "invoices": {"agreement_id": None, "total": None},
}  # fmt: skip
_OWNERS = {
    "agreements": {"operator_id": "operators", "resident_id": "residents"},
    "accounts": {"agreement_id": "agreements", "tariff_id": "tariffs"},
    "houses": {"operator_id": "operators"},
}


def put_stand_in(known: Known, table: str, key: Key, new_id: int) -> Entry:
    """An entry with `new_id`, found by it alone: each reference to the missing is complained of."""
    entry = {"id": new_id, STAND_IN: True, **_CONTENT.get(table, {})}
    for column, owner in _OWNERS.get(table, {}).items():
        entry[column] = put_stand_in(known, owner, ("",), new_id)["id"]
    if table == "tariffs":
        entry["key"] = key[0]
    known[table].by_id[new_id] = entry
    return entry


def is_stand_in(entry: Entry) -> bool:
    return STAND_IN in entry
