"""The log: one line a thing, UTC, no query strings, nothing that could pass for another line."""

import logging
import logging.config
import re
import time
from contextvars import ContextVar
from types import TracebackType
from typing import TypeAlias

from typing_extensions import override

_Fault: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
reference: ContextVar[str] = ContextVar("reference", default="-")
"""The number of the request being answered; the person sees the same when something fails."""

# Queries hold periods, account ids and, on the socket, the keys of a page: none of the log's.
_QUERY = re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]*")
# Controls, line and paragraph separators, and what turns the direction of writing.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def configure(level: int = logging.INFO) -> None:
    """Replace every handler of this process by ours, on the standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": Lines}},
            "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"level": level, "handlers": ["error"]},
            "loggers": {
                "uvicorn": {"handlers": [], "propagate": True},
                "uvicorn.error": {"handlers": [], "propagate": True},
                # The front writes its own line for each answer, after the proxy rules.
                "uvicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
                "nicegui": {"handlers": [], "propagate": True},
                "httpx": {"level": "WARNING"},  # whom the cashier asks is his to tell
            },
        }
    )


class Lines(logging.Formatter):
    """Lines that continue a record are indented: no text can begin a record of its own."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s [%(reference)s] %(message)s")
        self.datefmt = "%Y-%m-%dT%H:%M:%S"

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        record.reference = reference.get()
        record.message = one_line(record.message)
        return super().formatMessage(record)

    @override
    def formatException(self, ei: _Fault) -> str:
        return _indented(super().formatException(ei))

    @override
    def formatStack(self, stack_info: str) -> str:
        return _indented(stack_info)


def _indented(text: str) -> str:
    return "\n".join(f"  | {one_line(line)}" for line in text.split("\n"))


def one_line(text: str) -> str:
    """`text` without queries, its control characters spelt out."""
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", _QUERY.sub(r"\1", text))
