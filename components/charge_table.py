"""«Расход средств»: the charges of a period, by tariff and by service."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from components.empty_state import empty_state
from components.glossary import explanation
from components.rendering import name, render
from portal.domain.money import Money
from portal.domain.statement import ChargeLine, Statement


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the operator's `utility_stat` flags open, and how they are called."""

    external: bool = True
    external_name: str = "Показания прибора"
    date: bool = True
    date_name: str = "Дата снятия показаний"


NO_COLUMNS = Columns(external=False, date=False)


def charge_tables(statement: Statement, columns: Columns) -> Markup:
    """Both tables with their totals; each line opens to its formula.  A real table at a desk,
    cards on a phone, of the same markup.
    """
    if not statement.periodic and not statement.one_time:
        return empty_state("Списаний за этот период нет", icon="bars")
    return render(
        "charge_tables",
        statement=statement,
        columns=columns,
        no_columns=NO_COLUMNS,
        explanation=explanation,
        title_of=_title_of,
        formula_of=_formula_of,
        sum_width=_sum_width,
    )


def _title_of(line: ChargeLine) -> str:
    return line.tariff if line.is_periodic and line.tariff else line.service


def _formula_of(line: ChargeLine) -> Markup:
    """The formula; the operator's word for the unit keeps its direction to itself."""
    before, _, after = line.formula.rpartition(f" {line.unit} × ")
    return Markup("{} {} × {}").format(before, name(line.unit), after)


def _sum_width(lines: Sequence[ChargeLine], total: Money) -> int:
    """How many digits wide the column of sums is; the total is half as large again."""
    return max(*(len(str(line.amount)) + 1 for line in lines), len(str(total)) * 3 // 2 + 1)
