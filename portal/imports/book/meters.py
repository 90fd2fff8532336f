"""Meters; the dial of one decides what its readings may look like."""

from collections.abc import Iterator

from portal.db.accounts import Meter
from portal.domain.meter import Dial
from portal.imports.book.desk import Desk
from portal.imports.book.directory import columns
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row
from portal.imports.book.registers import Register, metered_register_of, spoil

METERS = Manner(
    "meters",
    Meter,
    fixed=frozenset({"replaces_id"}),
    settled={"removed_on": "", "closing_value": ""},
)


def keep_meters(desk: Desk) -> dict[int, Register]:
    """Store the meters; answers the register of each that the file describes, by the place of
    its row among the file's meters.
    """
    plans, registers = [], {}
    for plan, register in _plans(desk):
        plans.append(plan)
        registers[plan.row.number] = register
    keep(desk, METERS, [plan for plan in plans if "replaces" not in plan.row.values])
    # A meter that replaces another needs the other's id, and may itself be replaced.
    for plan in sorted(plans, key=lambda plan: plan.row["installed_on"]):
        if plan.row.values.keys() >= {"replaces", "opening_value"}:
            _keep_replacing(desk, plan)
    return registers


def _plans(desk: Desk) -> Iterator[tuple[Plan, Register]]:
    for row, _ in desk.rows("meters"):
        register = metered_register_of(desk, row)
        key = (*register.ids, row["installed_on"])
        if not _is_sound(desk, row) or not row.is_whole:
            spoil(desk, row)
        if desk.claims(row, "meters", key):
            own: Entry = {"account_id": key[0], "service_id": key[1]}
            yield Plan(row, key, columns(row, Meter) | own), register


def _is_sound(desk: Desk, row: Row) -> bool:
    if "opening_on" in row.values and "opening_value" not in row.values:
        desk.complain(row, "есть «opening_on», но нет «opening_value»")
    elif row.get("opening_on", row["installed_on"]) < row["installed_on"]:
        desk.complain(row, "начальное значение снято раньше, чем установлен счетчик")
    elif "replaces" in row.values and "opening_value" not in row.values:
        desk.complain(
            row, "счетчик заменяет другой, но нет «opening_value»: с чего он начал считать"
        )
    elif row.get("replaces", row["installed_on"]) > row["installed_on"]:
        desk.complain(row, "счетчик заменяет тот, что установлен позже")
    else:
        return _ends_soundly(desk, row)
    return False


def _ends_soundly(desk: Desk, row: Row) -> bool:
    closing = row.get("closing_value")
    dial = Dial(row.get("integer_digits"), row.get("fraction_digits"))
    if closing is not None and "removed_on" not in row.values:
        desk.complain(row, "есть «closing_value», но нет «removed_on»")
    elif row.get("removed_on", row["installed_on"]) < row["installed_on"]:
        desk.complain(row, "счетчик снят раньше, чем установлен")
    elif closing is not None and not dial.fits(closing):
        desk.complain(
            row, f"значение {closing} не помещается на счетчике {dial.shape or 'без цифр'}"
        )
    else:
        return True
    return False


def _keep_replacing(desk: Desk, plan: Plan) -> None:
    old = desk.known["meters"].by_key.get((*plan.key[:2], plan.row["replaces"]))
    if old is None or old["installed_on"] == plan.row["installed_on"]:
        day = plan.row["replaces"].isoformat()
        desk.complain(plan.row, f"счетчик, установленный {day}, не описан, а этот его заменяет")
        spoil(desk, plan.row)
        old = desk.stand_in("meters", plan.key)
    keep(desk, METERS, [Plan(plan.row, plan.key, plan.columns | {"replaces_id": old["id"]})])
