"""The fields of an entry of readings, as the form sends them and the services read them."""

import re

from starlette.datastructures import FormData

from pages.addresses import PAD
from pages.asking import text
from portal.domain.money import Money
from portal.domain.photo import is_photo_hash, photo_field
from portal.domain.reading import Question
from portal.errors import NotFound
from portal.services.entry import DATE_FIELD, Entry, EntryValue

KEY_FIELD, AGREED_FIELD = "key", "agreed"
PAGE_FIELD = "page"
"""On which page the form stood, where that is not «ЖКХ»."""
VALUE, SEEN, CONFIRM = "value:", "seen:", "confirm:"
COUNTERS_MAX = 100
"""So many counters has nobody on one page; a device may send more at once."""
_FIELDS_OF_ONE = 3
_KOPECKS = re.compile(r"-?[0-9]{1,15}", re.ASCII)


def entry_from(form: FormData) -> Entry:
    """Raises NotFound: a field that no form of ours has sent."""
    keys = [name.removeprefix(VALUE) for name in form if name.startswith(VALUE)]
    values = tuple(_value(form, key) for key in keys)
    return Entry(text(form, DATE_FIELD), values, _agreed(text(form, AGREED_FIELD)))


def typed_fields(form: FormData) -> list[tuple[str, str]]:
    """The fields of an entry as they came, to be sent on unseen; whatever else there is is left
    out, and of a form that nobody of ours has sent the rest.
    """
    known, alone = (VALUE, SEEN, photo_field("")), {DATE_FIELD, PAGE_FIELD}
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and value and (name in alone or name.startswith(known))
    ][: _FIELDS_OF_ONE * COUNTERS_MAX + 2]


def is_of_pad(form: FormData) -> bool:
    """Whether the form stood on `/pad`."""
    return text(form, PAGE_FIELD) == PAD


def submission_key(form: FormData) -> str:
    return text(form, KEY_FIELD)


def typed_values(entry: Entry) -> dict[str, str]:
    """What was typed, by the counter's key, to be shown again, and the photos by their fields."""
    typed = {value.key: value.text for value in entry.values}
    return typed | {photo_field(value.key): value.photo for value in entry.values if value.photo}


def _agreed(kopecks: str) -> Money | None:
    if not kopecks:
        return None
    if _KOPECKS.fullmatch(kopecks) is None:
        raise NotFound
    return Money(int(kopecks))


def _value(form: FormData, key: str) -> EntryValue:
    seen = text(form, SEEN + key)
    confirmed = form.getlist(CONFIRM + key)
    try:
        return EntryValue(
            key=key,
            text=text(form, VALUE + key),
            seen_id=int(seen) if seen else None,
            confirmed=frozenset(Question(str(question)) for question in confirmed),
            photo=_photo(text(form, photo_field(key))),
        )
    except ValueError:
        raise NotFound from None


def _photo(sha256: str) -> str:
    """Raises ValueError: it is no picture's."""
    if sha256 and not is_photo_hash(sha256):
        raise ValueError(sha256)
    return sha256
