"""The flags of the old cabinet's configuration, with the same names, meaning and defaults.

The dataclasses below are the one table of them: each line is the attribute, its type, the key as
the old file spells it, how it is read, and its default.
"""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

from portal.settings.pattern import CategoryPattern
from portal.settings.values import (
    FlagReader,
    category_pattern,
    currency,
    field_name,
    heading,
    password_length,
    prose,
    raw_text,
    switch,
)

_COMPANY = ""  # a company that nobody named is shown by nothing
_REFILL = "Оплатить можно по QR-коду или по реквизитам: они есть в каждом неоплаченном счете."
_PROMISED = (
    "Если заплатить в срок не выходит, пообещайте, сколько и к какому дню заплатите: "
    "до того дня портал не напомнит о долге."
)


def _flag(key: str, reader: FlagReader, default: object) -> Any:  # noqa: ANN401 - as `field` does
    return field(default=default, metadata={"key": key, "reader": reader})


def _group(key: str, made_of: type) -> Any:  # noqa: ANN401 - as `field` does
    return field(default_factory=made_of, metadata={"key": key, "made_of": made_of})


@dataclass(frozen=True, slots=True)
class Infoblock:
    """Which events the side block lists."""

    tariff: bool = _flag("tariff", switch, default=True)
    payment: bool = _flag("payment", switch, default=True)
    lock: bool = _flag("lock", switch, default=True)
    message: bool = _flag("message", switch, default=True)
    service: bool = _flag("service", switch, default=True)


@dataclass(frozen=True, slots=True)
class EditingClientInfo:
    """What of the contact data the resident may change."""

    phone: bool = _flag("phone", switch, default=True)
    email: bool = _flag("email", switch, default=True)
    phone_mask: str = _flag("phoneMask", raw_text, default="")


@dataclass(frozen=True, slots=True)
class Flags:
    """`utilities_enabled` off closes the whole module, whatever `menu_zkh` says."""

    utilities_enabled: bool = _flag("utilities_enabled", switch, default=False)
    menu_zkh: bool = _flag("menu_zkh", switch, default=False)
    zkh_serial_number: str = _flag("zkhSerialNumber", field_name, default="device_serial")
    zkh_category_prefix: CategoryPattern = _flag(  # noqa: RUF009 - frozen, so it may be shared
        "zkhCategoryPrefix", category_pattern, default=CategoryPattern("/^zkh_/")
    )
    utility_stat_enabled: bool = _flag("utility_stat_enabled", switch, default=False)
    utility_stat_external: bool = _flag("utility_stat_external", switch, default=True)
    utility_stat_external_name: str = _flag(
        "utility_stat_external_name", heading, default="Показания прибора"
    )
    utility_stat_date: bool = _flag("utility_stat_date", switch, default=True)
    utility_stat_date_name: str = _flag(
        "utility_stat_date_name", heading, default="Дата снятия показаний"
    )
    use_month_and_year_selects_on_charges_page: bool = _flag(
        "use_month_and_year_selects_on_charges_page", switch, default=True
    )
    hide_statictics_entries_with_no_amount: bool = _flag(
        "hideStaticticsEntriesWithNoAmount", switch, default=True
    )
    unpaidorders_visible: bool = _flag("unpaidorders_visible", switch, default=True)
    show_arrears_message: bool = _flag("showArrearsMessage", switch, default=True)
    infoblock: Infoblock = _group("infoblock", Infoblock)  # noqa: RUF009 - a field
    menu_profile: bool = _flag("menu_profile", switch, default=True)
    menu_payments: bool = _flag("menu_payments", switch, default=True)
    menu_notices: bool = _flag("menu_notices", switch, default=True)
    menu_sharedposts: bool = _flag("menu_sharedposts", switch, default=True)
    menu_helpdesk: bool = _flag("menu_helpdesk", switch, default=True)
    menu_password: bool = _flag("menu_password", switch, default=True)
    editing_client_info: EditingClientInfo = _group(  # noqa: RUF009 - a field
        "editing_client_info", EditingClientInfo
    )
    currency: str = _flag("currency", currency, default="RUB")
    payment_promised: bool = _flag("payment_promised", switch, default=True)
    company_info: str = _flag("companyInfo", prose, default=_COMPANY)
    balance_refill_text: str = _flag("balance_refill_text", prose, default=_REFILL)
    promised_payment_text: str = _flag("promised_payment_text", prose, default=_PROMISED)
    vgroup_password_minlength: int = _flag("vgroup_password_minlength", password_length, default=3)
    vgroup_password_maxlength: int = _flag(
        "vgroup_password_maxlength", password_length, default=128
    )

    @property
    def is_zkh_open(self) -> bool:
        """The option «Коммунальное обслуживание» closes the module above `menu_zkh`."""
        return self.utilities_enabled and self.menu_zkh


@dataclass(frozen=True, slots=True)
class FlagSpec:
    """One line of the table; `group` is the key of the nested array that holds it, or None."""

    key: str
    group: str | None
    attribute: str
    group_attribute: str | None
    reader: FlagReader
    default: object

    @property
    def name(self) -> str:
        """As a person is told: `menu_zkh`, `infoblock.tariff`."""
        return f"{self.group}.{self.key}" if self.group else self.key

    @property
    def variable(self) -> str:
        """The name in the environment: `ZHKH_` and the attribute in capitals, group first."""
        inner = (
            (self.group_attribute, self.attribute) if self.group_attribute else (self.attribute,)
        )
        return "_".join(("ZHKH", *inner)).upper()

    def of(self, flags: Flags) -> object:
        holder = getattr(flags, self.group_attribute) if self.group_attribute else flags
        return getattr(holder, self.attribute)


def flags_from(values: dict[FlagSpec, object]) -> Flags:
    """Flags with these values and the defaults of all the others."""
    plain: dict[str, Any] = {}
    nested: dict[str, dict[str, Any]] = {}
    for spec, value in values.items():
        holder = nested.setdefault(spec.group_attribute, {}) if spec.group_attribute else plain
        holder[spec.attribute] = value
    for each in fields(Flags):
        if each.name in nested:
            plain[each.name] = each.metadata["made_of"](**nested[each.name])
    return Flags(**plain)


def _specs(of: type, group: Field[Any] | None = None) -> Iterator[FlagSpec]:
    for each in fields(of):
        if each.default is MISSING:
            yield from _specs(each.metadata["made_of"], each)
        else:
            yield FlagSpec(
                key=each.metadata["key"],
                group=group.metadata["key"] if group else None,
                attribute=each.name,
                group_attribute=group.name if group else None,
                reader=each.metadata["reader"],
                default=each.default,
            )


FLAGS: tuple[FlagSpec, ...] = tuple(_specs(Flags))
# Read and checked, as in the old cabinet; their pages do not exist yet.
IDLE = frozenset({"menu_helpdesk"})
