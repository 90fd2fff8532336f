"""«Расход средств»: the charges of a period, by tariff and by service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from components.charge_proof import charge_proof
from components.empty_state import empty_state
from components.rendering import render
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
    if not (statement.periodic or statement.one_time or statement.penalties):
        return empty_state("Списаний за этот период нет", icon="bars")
    return render(
        "charge_tables",
        statement=statement,
        columns=columns,
        no_columns=NO_COLUMNS,
        title_of=_titles(statement),
        charge_proof=charge_proof,
        sum_width=_sum_width,
    )


def _titles(statement: Statement) -> Callable[[ChargeLine], str]:
    """A monthly charge is called after its tariff, unless the tariff has several services."""
    services: dict[str, set[str]] = {}
    for line in statement.periodic:
        services.setdefault(line.tariff, set()).add(line.service)

    def title(line: ChargeLine) -> str:
        is_alone = line.is_periodic and len(services.get(line.tariff, ())) == 1
        return line.tariff if is_alone and line.tariff else line.service

    return title


def _sum_width(lines: Sequence[ChargeLine], total: Money) -> int:
    """How many digits wide the column of sums is; the total is half as large again."""
    return max(*(len(str(line.amount)) + 1 for line in lines), len(str(total)) * 3 // 2 + 1)
