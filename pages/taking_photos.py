"""Taking in what a camera sent: judged and made small by the services, kept until it is used."""

from collections.abc import Mapping
from functools import partial

from starlette.datastructures import FormData, UploadFile

from pages.asking import Visitor
from portal.domain.photo import photo_field
from portal.errors import Invalid, Refused
from portal.services.photo_picture import FIELD, PICTURES, picture_of
from portal.services.photos import take_in

FILE = "file:"
"""Before a counter's key: the field in which a browser without script sends its photo."""
FILES_MAX = 10
"""In one form; a house has a handful of meters."""
NO_FILE = "Выберите снимок счетчика"


async def take_photo(visitor: Visitor, file: UploadFile) -> str:
    """The SHA-256 under which it is kept.  Raises Invalid(`photo`), Refused, Unavailable."""
    picture = await PICTURES.run(partial(picture_of, await file.read()))
    return await visitor.backend.write(
        take_in, visitor.resident, picture, visitor.settings.photos_dir, visitor.backend.clock()
    )


async def take_photos(visitor: Visitor, form: FormData) -> tuple[dict[str, str], dict[str, str]]:
    """Those of a form that was sent without script: the SHA-256 of each by its counter's key, and
    what is wrong with the others by their fields.  Raises Refused, Unavailable.
    """
    sent = dict(_files(form))
    if len(sent) > FILES_MAX:
        raise Refused(f"Слишком много снимков сразу: передайте не больше {FILES_MAX}")
    taken: dict[str, str] = {}
    errors: dict[str, str] = {}
    for key, file in sent.items():
        try:
            taken[key] = await take_photo(visitor, file)
        except Invalid as refusal:
            errors[photo_field(key)] = refusal.sentence
    return taken, errors


def the_file(form: FormData) -> UploadFile:
    """The only one of an upload.  Raises Invalid(`photo`)."""
    file = form.get(FIELD)
    if not isinstance(file, UploadFile):
        raise Invalid(FIELD, NO_FILE)
    return file


def _files(form: FormData) -> Mapping[str, UploadFile]:
    """By the counter's key; a field that was left empty sends a file without a name."""
    return {
        name.removeprefix(FILE): file
        for name, file in form.items()
        if name.startswith(FILE) and isinstance(file, UploadFile) and file.filename
    }
