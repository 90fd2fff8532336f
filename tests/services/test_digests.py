"""What the journal vouches for is the same for ever: the bytes under its digests are those of the
first release, however fast they are made.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, MetaData, Table

from portal.db.base import later
from portal.db.digest import digest, digests
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity

KINDS = Table(
    "kinds", MetaData(), Column("id", JSON), Column("one", JSON), Column("other", JSON),
    Column("came_later", JSON, info=later(None)),
)  # fmt: skip

words = st.text(max_size=12)
whole = st.integers(-(2**70), 2**70)
plain = st.none() | st.booleans() | whole | words | st.floats(allow_nan=False)
documents = st.dictionaries(
    words,
    st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=8,
    ),
)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - UTC below
    lambda moment: moment.replace(tzinfo=UTC)
)
days = st.dates(date(1970, 1, 1))
periods = days.map(Period.of)
sums = whole.map(Money) | whole.map(Quantity) | whole.map(Price)
values = st.none() | st.booleans() | whole | words | documents | sums | moments | days | periods
rows = st.fixed_dictionaries({"one": values, "other": values, "came_later": values})


def as_before(row: dict[str, Any]) -> str:
    """The definition, in the words of the first release."""
    told: list[Any] = [spoken(row["one"]), spoken(row["other"])]
    if row["came_later"] is not None:
        told.append(["came_later", spoken(row["came_later"])])
    text = json.dumps(told, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def spoken(value: Any) -> Any:
    return SPOKEN.get(type(value), lambda known: known)(value)


SPOKEN: dict[type, Callable[[Any], Any]] = {
    bool: int,
    Money: lambda value: value.kopecks,
    Quantity: lambda value: value.micro,
    Price: lambda value: value.micro,
    Period: str,
    datetime: lambda value: int(value.timestamp() * 1_000_000),
    date: date.isoformat,
    dict: lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True),
}


@given(st.lists(rows, min_size=1, max_size=3))
def test_the_bytes_under_digests_are_those_of_the_first_release(some: list[dict[str, Any]]) -> None:
    expected = [as_before(row) for row in some]
    columns = {name: [row[name] for row in some] for name in some[0]}

    assert [digest(KINDS, row) for row in some] == expected
    assert digests(KINDS, columns) == expected
