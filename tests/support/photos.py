"""Photos in tests, in few words."""

from pathlib import Path

from portal.backend import Backend
from portal.domain.identity import ResidentId
from portal.services.photo_picture import picture_of
from portal.services.photos import take_in
from tests.support.pictures import a_jpeg


def takes_photo(backend: Backend, who: ResidentId, folder: Path, sent: bytes | None = None) -> str:
    """Now, by the backend's clock.  Its SHA-256."""
    picture = picture_of(sent or a_jpeg())
    return backend.write_now(take_in, who, picture, folder, backend.clock())


def files_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())
