"""Files that never change under their address: compressed once, kept in memory, sent so."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, replace
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response

import portal

FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
# At the start: a fortieth of the best one's time for a tenth more bytes; `polish` betters it.
_QUICK = 5
_BEST = 11
_SMALLEST = 400
_PACKED = (
    "text/",
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
    "image/x-icon",
)
_OURS = Path(portal.__file__).parent
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    media_type: str
    etag: str
    keeping: str
    packed: tuple[tuple[str, bytes], ...]
    """(encoding, body), the smallest first."""


class Assets:
    """The files by their paths.  `add_hashed` puts the content into the path."""

    def __init__(self) -> None:
        self._by_path: dict[str, Asset] = {}

    def __len__(self) -> int:
        return len(self._by_path)

    def add(self, path: str, body: bytes, *, keeping: str = FOREVER) -> None:
        media_type = _media_type(path)
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        self._by_path[path] = Asset(
            body, media_type, etag, keeping, _pack(body, media_type, _QUICK)
        )

    def add_hashed(self, name: str, body: bytes) -> str:
        """The path under which it was added."""
        path = f"/a/{hashlib.sha256(body).hexdigest()[:12]}/{name}"
        self.add(path, body)
        return path

    def find(self, path: str) -> Asset | None:
        return self._by_path.get(path)

    def polish(self) -> None:
        """Compress everything as well as can be: seconds of CPU, for a thread of its own."""
        for path, asset in tuple(self._by_path.items()):
            packed = _pack(asset.body, asset.media_type, _BEST)
            self._by_path[path] = replace(asset, packed=packed)


def answer(asset: Asset, headers: Headers) -> Response:
    """The file in the best encoding that the browser takes, or 304."""
    own = {"etag": asset.etag, "cache-control": asset.keeping, "vary": "accept-encoding"}
    if _knows(headers.get("if-none-match", ""), asset.etag):
        return Response(status_code=304, headers=own)
    accepted = _accepted(headers.get("accept-encoding", ""))
    for encoding, body in asset.packed:
        if encoding in accepted:
            own["content-encoding"] = encoding
            return Response(body, headers=own, media_type=asset.media_type)
    return Response(asset.body, headers=own, media_type=asset.media_type)


def static_folder() -> Path:
    """`static/` of the source tree, or its copy inside the installed package."""
    installed = _OURS / "_static"
    return installed if installed.is_dir() else _OURS.parent / "static"


def add_own_files(assets: Assets) -> None:
    """Everything in `static/` under `/static/…`, and what browsers look for at the root."""
    folder = static_folder()
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = file.relative_to(folder).as_posix()
        body = file.read_bytes()
        assets.add(f"/static/{name}", body, keeping=ALWAYS_ASK)
        if "/" not in name:
            assets.add(f"/{name}", body, keeping=ALWAYS_ASK)


def _media_type(path: str) -> str:
    suffix = Path(path).suffix
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _pack(body: bytes, media_type: str, quality: int) -> tuple[tuple[str, bytes], ...]:
    if len(body) < _SMALLEST or not media_type.startswith(_PACKED):
        return ()
    packed = (
        ("br", brotli.compress(body, quality=quality)),
        ("gzip", gzip.compress(body, 9, mtime=0)),
    )
    return tuple(each for each in packed if len(each[1]) < len(body))


def _accepted(header: str) -> set[str]:
    accepted = set()
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip())
    return accepted


def _knows(if_none_match: str, etag: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
