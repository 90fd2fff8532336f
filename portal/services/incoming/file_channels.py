"""Which channel a file's payments come through: whoever brings the file names it, unless only one
can be meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, select

from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.parties import Operator
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.incoming import Unspoken
from portal.errors import Refused
from portal.services.incoming.channels import Channel, entered

_channel, _operator = table_of(PayChannel), table_of(Operator)


@dataclass(frozen=True, slots=True)
class FileChannel:
    """`account` is the operator's settlement account, to which the channel's money goes."""

    channel: Channel
    name: str
    operator: str
    account: str
    inn: str
    timezone: str
    is_for_files: bool


def file_channel(session: Session, _officer: Officer, key: str | None) -> FileChannel:
    """The channel `key`, of any protocol: a terminal's registry may hold what its messages did not
    bring us.  Without a key the only one for files.

    Raises Refused.
    """
    rows = session.execute(_CHANNELS).all()
    fitting = [row for row in rows if _fits(row, key)]
    if len(fitting) == 1:
        (row,) = fitting
        is_for_files = row.dialect == Unspoken.FILE
        return FileChannel(
            entered(row), row.name, row.operator_name, row.account, row.inn, row.timezone,
            is_for_files,
        )  # fmt: skip
    raise Refused(_why(key, rows, fitting))


def _fits(row: Row[Any], key: str | None) -> bool:
    return bool(row.dialect == Unspoken.FILE if key is None else row.key == key)


def _why(key: str | None, rows: Sequence[Row[Any]], fitting: Sequence[Row[Any]]) -> str:
    listed = ", ".join(row.key for row in fitting or rows) or "ни одного"
    if key is not None:
        return f"Канала приема платежей «{key}» нет. Есть: {listed}"
    if fitting:
        return f"Каналов для файлов несколько, назовите один: --channel. Есть: {listed}"
    return (
        'Канала для файлов нет: опишите его в файле дома (pay_channels, dialect = "file") или '
        f"назовите другой: --channel. Есть: {listed}"
    )


_CHANNELS: Final[Select[Any]] = (
    select(
        _channel, _operator.c.name.label("operator_name"), _operator.c.account, _operator.c.inn,
        _operator.c.timezone,
    )
    .join(_operator, _operator.c.id == _channel.c.operator_id)
    .order_by(_channel.c.id)
)  # fmt: skip
