"""What the journal says of a row: a few bytes over all that it vouches for."""

import hashlib
import json
from _json import make_encoder
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from json.encoder import encode_basestring
from types import NoneType
from typing import Any, Final

from sqlalchemy import Column, Table

from portal.db.bulk import Columns, each
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity

_json = json.JSONEncoder(ensure_ascii=False)
_encode = _json.encode
# The one that `json.dumps(value, ensure_ascii=False, sort_keys=True)` makes anew for each of its
# calls, which takes longer than encoding a proof.
_chunks = make_encoder(None, _json.default, encode_basestring, None, ": ", ", ", True, False, True)


def digest(table: Table, row: Mapping[str, Any]) -> str:
    """Eight bytes over the vouched-for columns of a row, whatever database it lies in."""
    told = [_text(row[name]) for name in _vouched(table)]
    told += [_pair(name, row[name]) for name, absent in _later(table) if row[name] != absent]
    return _hashed(told)


def digests(table: Table, columns: Columns) -> list[str]:
    """The same of many rows, in their order."""
    told = [_texts(columns[name]) for name in _vouched(table)]
    rows = list(map(list, zip(*told, strict=True)))
    for name, absent in _later(table):
        for row, value in zip(rows, columns[name], strict=True):
            if value != absent:
                row.append(_pair(name, value))
    return list(map(_hashed, rows))


def _hashed(told: Iterable[str]) -> str:
    text = f"[{', '.join(told)}]"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _pair(name: str, value: object) -> str:
    return f"[{encode_basestring(name)}, {_text(value)}]"


def _text(value: object) -> str:
    return _TEXTS.get(type(value), _encode)(value)


def _texts(values: Iterable[Any]) -> Iterable[str]:
    values = list(values)
    kinds = set(map(type, values))
    return each(_TEXTS.get(kinds.pop(), _encode) if len(kinds) == 1 else _text, values)


# By exact type, not by `match`: a submission asks this some forty times.
_TEXTS: Final[Mapping[type, Callable[[Any], str]]] = {
    NoneType: lambda _: "null",
    str: encode_basestring,
    int: str,
    bool: lambda value: str(int(value)),
    Money: lambda value: str(value.kopecks),
    Quantity: lambda value: str(value.micro),
    Price: lambda value: str(value.micro),
    Period: lambda value: f'"{value}"',
    datetime: lambda value: str(int(value.timestamp() * 1_000_000)),
    date: lambda value: f'"{value.isoformat()}"',
    dict: lambda value: encode_basestring("".join(_chunks(value, 0))),
}
"""JSON of a value as it would be in a document of them all."""


@cache
def _vouched(table: Table) -> tuple[str, ...]:
    columns: list[Column[Any]] = list(table.columns)
    return tuple(
        column.name
        for column in columns
        if column.name != "id"
        and not column.info.get("unjournaled")
        and "absent" not in column.info
    )


@cache
def _later(table: Table) -> tuple[tuple[str, Any], ...]:
    """The columns of later migrations, each with the value that it does not speak of."""
    columns: list[Column[Any]] = list(table.columns)
    return tuple(
        (column.name, column.info["absent"]) for column in columns if "absent" in column.info
    )
