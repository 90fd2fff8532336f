"""The body of a submission: from JSON to an entry, or to every fault in it with its place."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from pydantic import ValidationError

from portal.api.shapes import EntrySent, Fault, ReadingSent
from portal.domain.photo import photo_field
from portal.domain.reading import Question
from portal.services.entry import DATE_FIELD, Entry, EntryValue
from portal.web.problem import Problem, problem

_JSON = re.compile(r"application/json\s*(;.*)?", re.IGNORECASE)
_UNKNOWN = "Неправильное значение"
_PHOTO_BY_HAND = (
    "К показанию этого счетчика нужен снимок, а устройства снимков не передают: "
    "передайте показание на портале, вручную, и приложите снимок"
)
_SENTENCES = {
    "missing": "Этого поля не хватает",
    "extra_forbidden": "Такого поля нет",
    "string_type": 'Нужна строка в кавычках: "256.120"',
    "string_unicode": "В строке есть знаки, которых не бывает",
    "int_type": "Нужно целое число",
    "int_parsing": "Нужно целое число",
    "list_type": "Нужен список",
    "model_type": "Нужен объект",
    "model_attributes_type": "Нужен объект",
    "too_long": "Слишком много показаний в одной отправке",
    "enum": "Такого вопроса нет",
    "json_invalid": "Это не JSON",
}


class Malformed(Exception):
    """`answer` tells what is wrong with the request itself."""

    def __init__(self, answer: Problem) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


async def sent_entry(request: Request) -> EntrySent:
    """Raises Malformed."""
    if _JSON.fullmatch(request.headers.get("content-type", "")) is None:
        raise Malformed(problem(415, "Нужен заголовок Content-Type: application/json"))
    try:
        sent = EntrySent.model_validate_json(await request.body())
    except ValidationError as fault:
        faults = [_fault(each["loc"], each["type"]) for each in fault.errors(include_input=False)]
        raise Malformed(_malformed(faults)) from None
    meters = [reading.meter for reading in sent.readings]
    twice = [n for n, meter in enumerate(meters) if meter in meters[:n]]
    if twice:
        raise Malformed(
            _malformed([at(f"readings/{n}/meter", "Счетчик уже назван выше") for n in twice])
        )
    return sent


def entry_of(sent: EntrySent) -> Entry:
    return Entry(
        taken_on=sent.taken_on or "",
        values=tuple(_value(reading) for reading in sent.readings),
        is_of_today=sent.taken_on is None,
    )


def places_of(sent: EntrySent, errors: dict[str, str]) -> list[dict[str, Any]]:
    """The services' errors by field, at the places where the fields stand in the request.  A
    photo has none: it is missing at its reading.
    """
    values = {reading.meter: f"readings/{n}/value" for n, reading in enumerate(sent.readings)}
    photos = {photo_field(meter): place for meter, place in values.items()}
    places = values | photos | {DATE_FIELD: DATE_FIELD}
    return [
        at(places.get(field, "readings"), _PHOTO_BY_HAND if field in photos else sentence)
        for field, sentence in errors.items()
    ]


def at(place: str, sentence: str, question: Question | None = None) -> dict[str, Any]:
    fault = Fault(pointer=f"#/{place}", detail=sentence, question=question)
    return fault.model_dump(mode="json", exclude_none=True)


def _value(reading: ReadingSent) -> EntryValue:
    return EntryValue(
        key=reading.meter,
        text=reading.value,
        seen_id=reading.seen,
        confirmed=frozenset(reading.confirm),
        takes_newest=reading.seen is None,
    )


def _malformed(faults: Sequence[dict[str, Any]]) -> Problem:
    sentence = "Запрос составлен неправильно. Как его составить, сказано в описании: /api/docs"
    return problem(400, sentence, faults)


def _fault(place: tuple[int | str, ...], kind: str) -> dict[str, Any]:
    """By RFC 6901: in a name of the sender's own, `~` and `/` are spelt out."""
    steps = [str(step).replace("~", "~0").replace("/", "~1")[:100] for step in place]
    return at("/".join(steps), _SENTENCES.get(kind, _UNKNOWN))
