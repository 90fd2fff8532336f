"""Wait for a condition, never for a while."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

STEP = 0.02


def wait_until(condition: Callable[[], T], what: str, timeout: float = 30.0) -> T:
    """The first truthy answer of `condition`; TimeoutError that says `what` did not happen."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            message = f"{what}: not within {timeout:g} s"
            raise TimeoutError(message)
        time.sleep(STEP)
