"""The description for people says what the code does."""

import re

from portal.domain.charging.methods import Method
from portal.imports.book import format_text
from portal.imports.book.fields import Field
from portal.imports.book.format import TABLES, TITLES

ROW = re.compile(r"^\| `(\w+)` \| (да|нет) \| (.+) \|$", re.MULTILINE)


def described() -> dict[str, str]:
    """The text of each table's section."""
    sections = re.split(r"^## \[\[(\w+)\]\] — .+$", format_text(), flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def fields_of(section: str) -> list[tuple[str, bool]]:
    return [(name, needed == "да") for name, needed, _ in ROW.findall(section)]


def expected(fields: tuple[Field, ...]) -> list[tuple[str, bool]]:
    return [(field.name, field.required) for field in fields]


def test_every_table_is_described_in_the_order_of_the_code() -> None:
    assert list(described()) == [table.name for table in TABLES]


def test_every_field_is_described_and_none_that_is_not_there() -> None:
    for table in TABLES:
        parts = [part for field in table.fields for part in expected(field.parts)]
        assert sorted(fields_of(described()[table.name])) == sorted(
            expected(table.fields) + parts
        ), table.name


def test_the_words_that_a_field_takes_are_described() -> None:
    text = format_text()
    for words in (
        "`utilities`", "`internet`", "`telephony`", "`services`", "`one_time`", "`periodic`",
    ):  # fmt: skip
        assert words in text
    for method in Method:
        assert f"| `{method}` | {method.words}" in text


def test_the_report_knows_a_title_for_each_table() -> None:
    assert {table.name for table in TABLES} < TITLES.keys()
