"""What a table of the file is described with."""

from dataclasses import dataclass
from enum import Enum
from functools import partial

from portal.imports.book import kinds
from portal.imports.book.kinds import Kind


class Gender(Enum):
    """How Russian words agree with a table's noun."""

    HE = ("описан", "него", "ссылается")
    SHE = ("описана", "нее", "ссылается")
    IT = ("описано", "него", "ссылается")
    THEY = ("описаны", "них", "ссылаются")

    @property
    def described(self) -> str:
        return self.value[0]

    @property
    def on_it(self) -> str:
        return f"на {self.value[1]}"

    @property
    def refers(self) -> str:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row; `target` is the table whose key it holds, `parts` are the fields of
    the inline tables it lists.
    """

    name: str
    kind: Kind
    required: bool = False
    target: str = ""
    parts: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `label` are the fields by which a fault names a row (the whole key of those
    that others refer to), and `named_by` is the field that serves as `key` where the file gives
    none.
    """

    name: str
    noun: str
    gender: Gender
    title: str
    label: tuple[str, ...]
    fields: tuple[Field, ...]
    named_by: str = ""

    @property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


must = partial(Field, required=True)
may = Field


def to(table: str, name: str, *, required: bool = True) -> Field:
    """A field that holds the key of a row of `table`."""
    return Field(name, kinds.key, required, target=table)


def listed(name: str, *parts: Field, required: bool = False) -> Field:
    """A list of inline tables."""
    return Field(name, kinds.tables, required, parts=parts)


COUNTER = (
    to("accounts", "account"),
    must("service", kinds.address_part),
    to("tariffs", "tariff", required=False),
)
"""One service of one account: of its tariff, or of the one that is named."""
REQUISITES = (
    may("key", kinds.key), must("name", kinds.text), must("inn", kinds.key),
    may("kpp", kinds.key), must("account", kinds.key), must("bank_name", kinds.text),
    must("bic", kinds.key), may("corr_account", kinds.key), may("address", kinds.optional_text),
    may("phone", kinds.optional_text), may("email", kinds.optional_text),
    may("site", kinds.optional_text),
)  # fmt: skip
