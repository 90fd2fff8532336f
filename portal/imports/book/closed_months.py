"""Months that their operators have closed: nothing is posted there any more."""

from portal.imports.book.desk import Desk
from portal.imports.book.reading import Row as FileRow
from portal.services.ledger import NewCharge
from portal.services.office.billing.periods import Months, months_of


class ClosedMonths(dict[int, Months]):
    """By the operator; nobody changes them until the load ends."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def __missing__(self, operator_id: int) -> Months:
        self[operator_id] = months_of(self._desk.session, operator_id)
        return self[operator_id]


def refuse_closed(desk: Desk, row: FileRow, charge: NewCharge, months: ClosedMonths) -> None:
    """Complains where a new charge would be posted to a closed month."""
    if charge.operator_id < 0:  # the file's own operator, of a load that is doomed
        return
    own = months[charge.operator_id]
    if own.is_closed(charge.period) and own.first_open is not None:
        desk.complain(
            row,
            f"{charge.period.title} закрыт, проводить в нем больше нечего. Проведите с "
            f"{own.first_open} или позже, либо снова откройте месяц: zhkh-portal reopen",
        )
