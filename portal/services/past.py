"""What is known of counters before a new value: how much they usually use, what they may cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.db.session import Session
from portal.services.consumption import Volumes, recent_volumes
from portal.services.foresight import Foresight, foresights
from portal.services.register_state import Counter, RegisterState


@dataclass(frozen=True, slots=True)
class Past:
    """`foresight` is that of a counter that is charged with its month."""

    volumes: Volumes
    foresight: Foresight | None


def pasts(session: Session, states: Sequence[RegisterState]) -> dict[Counter, Past]:
    """One statement, and those of `foresights`."""
    counters = [state.counter for state in states]
    volumes, foreseen = recent_volumes(session, counters), foresights(session, states)
    return {counter: Past(volumes[counter], foreseen.get(counter)) for counter in counters}
