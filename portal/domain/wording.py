"""Russian grammar that sentences need."""


def counted(number: int, one: str, few: str, many: str) -> str:
    """The form that goes with `number`: 1 счет, 2 счета, 5 счетов."""
    tens, units = number // 10 % 10, number % 10
    if tens == 1 or units == 0 or units >= 5:  # noqa: PLR2004 - the grammar
        return many
    return one if units == 1 else few
