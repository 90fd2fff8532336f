"""Pictures as files, outside of everything that is served: `ab/ab12…` by their SHA-256."""

import os
from collections.abc import Set as AbstractSet
from pathlib import Path
from tempfile import NamedTemporaryFile

from portal.services.photo_picture import Picture


def put(folder: Path, picture: Picture) -> None:
    """Whole and on the disk when this returns; a picture that is there already is put anew."""
    path = path_of(folder, picture.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(picture.data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)
    _settle(path.parent)


def read(folder: Path, sha256: str) -> bytes | None:
    """None: there is no such file, as after a copy of the database alone was restored."""
    try:
        return path_of(folder, sha256).read_bytes()
    except FileNotFoundError:
        return None


def sweep(folder: Path, kept: AbstractSet[str]) -> int:
    """Remove every file but the `kept` ones, half-written ones too; how many there were."""
    gone = [file for file in folder.glob("??/*") if file.name not in kept]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def path_of(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def _settle(folder: Path) -> None:
    """A new name is on the disk when its folder is."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
