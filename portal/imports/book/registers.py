"""One service of one account: what meters, readings and charges belong to."""

from dataclasses import dataclass
from datetime import tzinfo

from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.imports.book.desk import Desk
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row


@dataclass(frozen=True, slots=True)
class Register:
    account: Entry
    service: Entry
    zone: tzinfo

    @property
    def ids(self) -> tuple[int, int]:
        return self.account["id"], self.service["id"]


def register_of(desk: Desk, row: Row) -> Register:
    """The register that the row names: its service is of the account's tariff, or of the tariff
    that the row names.
    """
    account = desk.find(row, "accounts", (row["account"],))
    tariff = desk.known["tariffs"].by_id[account["tariff_id"]]
    if "tariff" in row.values:
        tariff = desk.find(row, "tariffs", (row["tariff"],))
    agreement = desk.known["agreements"].by_id[account["agreement_id"]]
    return Register(account, desk.service(row, tariff), desk.zone_of(agreement))


def service_of(desk: Desk, row: Row) -> Entry:
    """The service that the row names with its tariff."""
    return desk.service(row, desk.find(row, "tariffs", (row["tariff"],)))


def metered_register_of(desk: Desk, row: Row) -> Register:
    """The same, for a service that is charged by readings."""
    register = register_of(desk, row)
    if register.service["kind"] != "one_time":
        name = register.service["name"]
        desk.complain(row, f"услуга «{name}» периодическая: счетчиков и показаний у нее не бывает")
    return register


def spoil(desk: Desk, row: Row) -> None:
    """Consumption is not judged where a meter or a reading has a fault: each later charge would
    seem wrong too.
    """
    desk.spoilt.add((row.get("account"), row.get("service")))


def is_spoilt(desk: Desk, row: Row) -> bool:
    return (row["account"], row["service"]) in desk.spoilt


def dial_of(meter: Entry | None) -> Dial:
    return Dial(meter["integer_digits"], meter["fraction_digits"]) if meter else UNKNOWN_DIAL
