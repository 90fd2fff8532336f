"""What may be wrong inside a row of the tables that months are charged by."""

from collections.abc import Iterator

from portal.domain.charging.choices import Choice
from portal.domain.charging.methods import Method
from portal.domain.period import Period, short_day_text
from portal.domain.quantity import SCALE
from portal.imports.book.catalogue import refuse_unknown_code
from portal.imports.book.desk import Desk
from portal.imports.book.reading import Row
from portal.imports.book.registers import register_of


def terms_faults(_desk: Desk, row: Row) -> Iterator[str]:
    scheme, is_ours = row["scheme"], row["scheme"] == "own"
    if is_ours and "supplier" in row.values:
        yield "«own» — услуга самого исполнителя, поставщика у нее нет"
    if not is_ours and "supplier" not in row.values:
        yield f"у «{scheme}» нужен «supplier»"
    commissions = row.values.keys() & {"commission_percent", "commission_fixed"}
    if commissions and scheme != "agency":
        yield "комиссия бывает только у «agency»"
    if len(commissions) > 1:
        yield "комиссия либо в процентах, либо в рублях за месяц: нужно одно поле из двух"


def house_choice_faults(desk: Desk, row: Row) -> Iterator[str]:
    """A choice about a code that no service has is refused; one that its services do not ask for
    would be forgotten silently.
    """
    refuse_unknown_code(desk, row, row["service"])
    if row["valid_from"].day != 1:
        yield "решение действует с первого дня месяца"
    choice = Choice(row["choice"])
    methods = _methods(desk, row["service"])
    if methods and not methods & choice.methods:
        listed = ", ".join(sorted(choice.methods))
        yield f"«{choice}» бывает у услуг, которые начисляются так: {listed}"
    is_by_norm = Method.HEATING_NORM in methods
    if choice is Choice.ALL_YEAR and is_by_norm and "season_months" not in row.values:
        yield "у «all_year» по нормативу нужно «season_months», месяцев отопительного периода"
    if choice is not Choice.ALL_YEAR and "season_months" in row.values:
        yield "«season_months» бывает только у «all_year»"


def _methods(desk: Desk, code: str) -> set[Method]:
    """Of the services of any tariff that have the code."""
    entries = [
        *desk.known["codes"].by_id.values(),
        *(entry for (_, own), entry in desk.known["services"].by_key.items() if own == code),
    ]
    return {
        Method(entry["method"])
        for entry in entries
        if entry.get("external_id") == code and entry.get("method")
    }


def house_volume_faults(desk: Desk, row: Row) -> Iterator[str]:
    refuse_unknown_code(desk, row, row["service"])
    house = desk.known["houses"].by_key.get((row["house"],))
    if house is not None:
        zone = desk.zone(desk.known["operators"].by_id[house["operator_id"]])
        yield from _early_month(row, Period.at(desk.now, zone))


def premises_fact_faults(_desk: Desk, row: Row) -> Iterator[str]:
    is_number = row["kind"] in {"residents", "owners"}
    if is_number and row["value"].micro % SCALE:
        yield f"поле «value»: {row['value']} не число людей"
    if row["kind"] == "owners" and not row["value"].micro:
        yield "поле «value»: собственник есть хотя бы один"


def absence_faults(_desk: Desk, row: Row) -> Iterator[str]:
    if row["returned_on"] <= row["left_on"]:
        yield "возвращение не позже отъезда"


def account_fact_faults(_desk: Desk, row: Row) -> Iterator[str]:
    if row["kind"] == "meter_possible" and row["value"].micro not in {0, SCALE}:
        yield "поле «value»: у «meter_possible» бывает 1 (можно поставить) и 0 (нельзя)"


def usage_faults(desk: Desk, row: Row) -> Iterator[str]:
    yield from _early_month(row, Period.at(desk.now, register_of(desk, row).zone))


def work_faults(desk: Desk, row: Row) -> Iterator[str]:
    if row["done_on"] > desk.today(register_of(desk, row).zone):
        yield f"дата {short_day_text(row['done_on'])} ещё не наступила"


def cap_faults(desk: Desk, row: Row) -> Iterator[str]:
    if row["valid_to"] < row["valid_from"]:
        yield "предел кончается раньше, чем начинается"
        return
    others = [
        (cap["valid_from"], cap["valid_to"]) for cap in desk.known["rate_caps"].by_id.values()
    ]
    others += [
        (each["valid_from"], each["valid_to"])
        for each, _ in desk.rows("rate_caps")
        if each.is_whole and each.number < row.number
    ]
    for first, last in dict.fromkeys(others):
        if first != row["valid_from"] and first <= row["valid_to"] and row["valid_from"] <= last:
            yield f"пересекается с пределом от {short_day_text(first)}"


def _early_month(row: Row, present: Period) -> Iterator[str]:
    if row["period"] > present:
        yield f"месяц {row['period']} ещё не наступил"
