"""One service of one account: what meters, readings and charges belong to."""

from dataclasses import dataclass
from datetime import tzinfo

from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.imports.book.desk import Desk
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row

REGISTERS = "registers"


@dataclass(frozen=True, slots=True)
class Register:
    account: Entry
    service: Entry
    zone: tzinfo

    @property
    def ids(self) -> tuple[int, int]:
        return self.account["id"], self.service["id"]


def register_of(desk: Desk, row: Row) -> Register | None:
    """The register that the row names: its service is of the account's tariff, or of the tariff
    that the row names.  None where a part is missing, which is complained of.
    """
    account = desk.find(row, "accounts", (row["account"],))
    if account is None:
        return None
    if "tariff" in row.values:
        tariff = desk.find(row, "tariffs", (row["tariff"],))
    else:
        tariff = desk.known["tariffs"].by_id[account["tariff_id"]]
    service = tariff and desk.find(row, "services", (tariff["key"], row["service"]))
    if not service:
        return None
    agreement = desk.known["agreements"].by_id[account["agreement_id"]]
    return Register(account, service, desk.zone_of(agreement))


def metered_register_of(desk: Desk, row: Row) -> Register | None:
    """The same, for a service that is charged by readings."""
    register = register_of(desk, row)
    if register is None or register.service["kind"] == "one_time":
        return register
    name = register.service["name"]
    desk.complain(row, f"услуга «{name}» периодическая: счетчиков и показаний у нее не бывает")
    return None


def spoil(desk: Desk, row: Row) -> None:
    """Nothing more is said of a register whose meter or reading has a fault: its chain is
    incomplete, and each later reading and charge would seem wrong too.
    """
    desk.broken.add((REGISTERS, (row.get("account"), row.get("service"))))


def is_spoilt(desk: Desk, row: Row) -> bool:
    return (REGISTERS, (row["account"], row["service"])) in desk.broken


def dial_of(meter: Entry | None) -> Dial:
    return Dial(meter["integer_digits"], meter["fraction_digits"]) if meter else UNKNOWN_DIAL
