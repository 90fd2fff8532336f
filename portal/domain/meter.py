"""The dial of a meter and the consumption between two of its values."""

from portal.domain.made import made_often
from portal.domain.quantity import DECIMALS, SCALE, Quantity


@made_often(frozen=True, slots=True)
class Dial:
    """What the person sees on the meter: digits before and after the comma; None where the
    operator has not said.
    """

    integer_digits: int | None
    fraction_digits: int | None

    @property
    def is_known(self) -> bool:
        return self.integer_digits is not None

    @property
    def capacity(self) -> Quantity | None:
        """The value at which the counter starts again from zero."""
        if self.integer_digits is None:
            return None
        return Quantity(10**self.integer_digits * SCALE)

    @property
    def shape(self) -> str:
        """«00000,000»; empty when unknown."""
        if self.integer_digits is None:
            return ""
        tail = f",{'0' * self.fraction_digits}" if self.fraction_digits else ""
        return "0" * self.integer_digits + tail

    def fits(self, value: Quantity) -> bool:
        """Whether the dial can show `value`."""
        capacity = self.capacity
        if capacity is not None and value.micro >= capacity.micro:
            return False
        shown = DECIMALS if self.fraction_digits is None else self.fraction_digits
        return value.decimals <= shown

    def show(self, value: Quantity) -> str:
        """«00248,120» as on the meter; plain digits when the dial is unknown."""
        text = value.text(self.fraction_digits)
        whole, comma, fraction = text.partition(",")
        return whole.rjust(self.integer_digits or 0, "0") + comma + fraction

    def rolled_over(self, previous: Quantity, current: Quantity) -> Quantity | None:
        """The consumption if the counter passed its end once between the two values, such as
        5 for 99998 → 00003; None when its digits are unknown or nothing points to it, as when
        the previous value was never on such a dial.
        """
        capacity = self.capacity
        if capacity is None or not current < previous < capacity:
            return None
        return current + capacity - previous


UNKNOWN_DIAL = Dial(None, None)
