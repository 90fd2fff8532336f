"""What is wrong with the settings: collected, named, said at once."""

from collections.abc import Sequence

from portal.errors import PortalError


class ConfigurationFaults(PortalError):
    """The portal cannot start as it is configured; `faults` is everything that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {number}. {fault}" for number, fault in enumerate(self.faults, 1))
        super().__init__(f"Настройки не приняты, ошибок: {len(self.faults)}.\n{listed}")


class Impossible(Exception):
    """A value that its setting cannot have: caught inside, never shown as it stands.

    `advice` is what to write instead, an order that ends without a full stop; `reason` is what the
    value alone does not show.
    """

    def __init__(self, advice: str, reason: str = "") -> None:
        super().__init__(advice)
        self.advice = advice
        self.reason = reason


def refusal(subject: str, verdict: str, impossible: Impossible, elsewhere: str = "") -> str:
    """One fault: whose value, what is wrong with it, and what to do."""
    reason = f": {impossible.reason}" if impossible.reason else ""
    return f"{subject}: {verdict}{reason}. {impossible.advice}{elsewhere}."
