"""What is to be sent to a page waits without a clock.

NiceGUI's own loop looks once a second in every open tab whether there is something to send, and
ten times a second in every page that has not come alive: of a thousand tabs, and of the pages that
were read and left, that is a tenth of a core.  Here the same loop runs only while there is
something to send and a page to hear it.
"""

import asyncio

from nicegui import client
from nicegui.outbox import Outbox
from typing_extensions import override


class OutboxMoved(RuntimeError):
    """NiceGUI makes its outboxes elsewhere now."""


class PatientOutbox(Outbox):
    def __init__(self, owner: client.Client) -> None:
        self._is_over = False
        self._awake = asyncio.Event()
        super().__init__(owner)

    @override
    async def loop(self) -> None:
        while not self._is_over:
            self._awake.clear()
            if self._has_work():
                await super().loop()
                if _is_cancelled():  # it has kept that to itself
                    return
            else:
                await self._awake.wait()

    @override
    def try_rewind(self, target_message_id: int) -> None:
        """Every page that connects says which message it expects."""
        super().try_rewind(target_message_id)
        self._awake.set()

    @override
    def _set_enqueue_event(self) -> None:
        super()._set_enqueue_event()
        self._awake.set()

    def _has_work(self) -> bool:
        owner = self._client()
        is_heard = owner is not None and owner.has_socket_connection
        return is_heard and bool(self.updates or self.messages)

    # The shipped loop asks it before each round.
    @property
    def _should_stop(self) -> bool:
        return self._is_over or not self._has_work()

    @_should_stop.setter
    def _should_stop(self, is_over: bool) -> None:
        self._is_over = is_over


def wait_without_a_clock() -> None:
    """For the whole process.  Raises OutboxMoved."""
    if vars(client).get("Outbox") not in {Outbox, PatientOutbox}:
        raise OutboxMoved
    vars(client)["Outbox"] = PatientOutbox


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
