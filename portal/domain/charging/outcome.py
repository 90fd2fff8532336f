"""What a month of one service of an account became."""

from portal.domain.charging.line import Line, NotChargeable
from portal.domain.charging.methods import Method
from portal.domain.made import made_often
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days


@made_often(frozen=True, slots=True)
class ServiceMonth:
    """Lines, or the one fact that lacks; neither where the month has nothing to charge."""

    account_id: int
    service_id: int
    external_id: str
    method: Method
    days: Days
    """From the first to the last on which it is served."""
    lines: tuple[Line, ...] = ()
    volume: Quantity | None = None
    """What other services and the remainder of the house take: without what a coefficient adds,
    after absences; None: unknown.
    """
    lack: NotChargeable | None = None
    reason: str = ""
    """Why no readings were taken, and what would change that, as `Chosen` says it."""
    advice: str = ""
