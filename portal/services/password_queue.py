"""Hashing passwords away from the event loop, as many at once as there are cores.

One check takes 24 ms of a core and 19 MiB.  Without a bound some eighty sign-ins a second would
stop the portal for everybody who is already in.
"""

import os

from portal.services.core_queue import CoreQueue

WAITING_MAX = 50
_FULL = "Сейчас входит слишком много людей. Повторите через минуту"


class PasswordQueue(CoreQueue):
    def __init__(self, cores: int | None = None, waiting_max: int = WAITING_MAX) -> None:
        cores = cores or len(os.sched_getaffinity(0))
        super().__init__("zkh-password", _FULL, cores, waiting_max)


PASSWORDS = PasswordQueue()
"""One for the process, as its cores are."""
