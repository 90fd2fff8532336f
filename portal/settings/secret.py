"""The secret that signs sessions: made once, kept in the data directory, its owner's alone."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

from portal.errors import PortalError

SECRET_FILE = "secret"  # noqa: S105 - a file's name
_BYTES = 32


class SecretUnusable(PortalError):
    """The secret cannot be made, read, or trusted."""


def installation_secret(data_dir: Path) -> bytes:
    """This installation's secret; the first call makes it, all others read the same.

    Two processes that start together agree: the file appears whole, and only once.  Raises
    SecretUnusable when the folder cannot be written, or the file is damaged or open to others.
    """
    path = data_dir / SECRET_FILE
    try:
        if not path.exists():
            _make(path)
        return _kept(path)
    except OSError as error:
        raise SecretUnusable(
            f"Секрет портала не создается и не читается: {path}. "
            "Проверьте права на папку данных или задайте ZHKH_SECRET."
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first, and its secret counts
    finally:
        Path(draft).unlink()


def _kept(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SecretUnusable(
            f"Секрет портала открыт другим пользователям: {path}. Выполните: chmod 600 {path}"
        )
    kept = path.read_bytes()
    if len(kept) < _BYTES:
        raise SecretUnusable(
            f"Секрет портала поврежден: {path}. Удалите этот файл: портал сделает новый, "
            "и всем придется войти заново."
        )
    return kept
