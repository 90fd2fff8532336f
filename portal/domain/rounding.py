"""The one way in which the domain rounds a quotient."""


def nearest(numerator: int, denominator: int) -> int:
    """`numerator` ÷ `denominator` (> 0) to the nearest whole number, half away from zero, so that
    the opposite of a sum rounds to exactly its opposite.
    """
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole
