"""The photos of meters: taken in before their readings, and shown to their resident alone."""

from asyncio import to_thread

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from pages.addresses import own_number
from pages.asking import Visitor, done, polite, polite_with_files
from pages.cabinet import is_zkh_open
from pages.screen import Closed
from pages.taking_photos import take_photo, the_file
from portal.errors import NotFound
from portal.services.photo_files import read
from portal.services.photos import photo_hash

router = APIRouter()


@router.post("/zkh/photo")
@polite_with_files(1)
async def take(_request: Request, visitor: Visitor, form: FormData) -> Response:
    """Keep the file `photo`; the answer's `hash` is what an entry refers to it by."""
    if not is_zkh_open(visitor.settings.flags):
        raise Closed
    return done(hash=await take_photo(visitor, the_file(form)))


@router.get("/photo/{photo}")  # noqa: FAST003 - `polite` hands on the request alone
@polite
async def show(request: Request, visitor: Visitor, _form: FormData) -> Response:
    """The picture.  Raises NotFound: another's, no longer kept, not there."""
    photo_id = own_number(request.path_params, "photo")
    sha256 = await visitor.backend.read(photo_hash, visitor.resident, photo_id)
    picture = await to_thread(read, visitor.settings.photos_dir, sha256)
    if picture is None:
        raise NotFound
    name = f"schetchik-{photo_id}.jpg"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(picture, headers=headers, media_type="image/jpeg")
