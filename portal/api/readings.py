"""The residents' own devices: their meters, their readings, and a new one."""

import logging
import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import JSONResponse, Response

from portal.api.asked import Malformed, at, entry_of, places_of, sent_entry
from portal.api.caller import Caller, reader, submitter
from portal.api.shapes import Accepted, EntrySent, Meters, NewerReading, PastReadings, ProblemTold
from portal.api.telling import accepted_told, entry_told, history_told, meters_told, number_told
from portal.errors import NotFound
from portal.services.device_submission import submit_from_device
from portal.services.entry import EntryRefused, Stale
from portal.services.reading_history import reading_history
from portal.services.registers import devices
from portal.services.submission import KEY, EntryQuestioned
from portal.web import live
from portal.web.doors import FOR_MACHINES
from portal.web.problem import MEDIA_TYPE, QUESTION, problem

IDEMPOTENCY_KEY = "Idempotency-Key"
_WITHOUT_NUMBER = (
    f"Нужен заголовок {IDEMPOTENCY_KEY}: номер отправки из 16–64 латинских букв, цифр, дефисов "
    "и подчеркиваний"
)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_log = logging.getLogger(__name__)


def _may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": f"#/components/schemas/{ProblemTold.__name__}"}
    return {
        status: {"description": said, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, said in _REFUSALS.items()
        if status in {401, 404, 429, *statuses}
    }


_REFUSALS = {
    400: "Запрос составлен неправильно",
    401: "Ключа нет, он неизвестен, отозван или забыт на год",
    403: "Этот ключ только показывает",
    404: "Такого счетчика или показания нет либо раздел закрыт управляющей компанией",
    409: "Под этим номером отправки уже приняты другие показания",
    413: "Больше 64 КБ",
    415: "Тело запроса не JSON",
    422: "Показания не приняты или портал задал вопрос: см. errors",
    429: "Слишком часто: повторите через столько секунд, сколько сказано в Retry-After",
}

router = APIRouter(prefix=FOR_MACHINES.rstrip("/"))


@router.get(
    "/meters",
    summary="Счетчики",
    description="Все счетчики жильца, цены и последние показания.",
    response_description="Ответ",
    responses=_may_answer(),
)
async def meters(caller: Annotated[Caller, Depends(reader)]) -> Meters:
    scope, now = caller.scope, caller.now
    found = await caller.backend.read(
        devices, caller.resident, scope.matches, scope.serial_field, now
    )
    return meters_told(found)


@router.get(
    "/readings",
    summary="История показаний",
    description="Принятые показания, начиная с последних, по 50 за раз.",
    response_description="Ответ",
    responses=_may_answer(),
)
async def history(
    caller: Annotated[Caller, Depends(reader)],
    before: Annotated[
        str | None, Query(description="Номер показания, старше которого нужны остальные")
    ] = None,
) -> PastReadings:
    number = None if before is None else _number(before)
    found = await caller.backend.read(
        reading_history, caller.resident, caller.scope.matches, number
    )
    return history_told(found)


@router.post(
    "/readings",
    summary="Передать показания",
    description="Показания одного или нескольких счетчиков: примутся все или ни одного. Правила "
    "те же, что на странице «ЖКХ», и списание такое же. Повтор с тем же номером отправки ничего "
    "не записывает и получает первый ответ. Снимков устройства не передают: показания счетчика, к "
    "которым снимок обязателен (photo: required), передают на портале, вручную.",
    response_model=Accepted,
    response_description="Ответ",
    responses=_may_answer(*_REFUSALS),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{EntrySent.__name__}"}
                }
            },
        }
    },
)
async def submit(
    request: Request,
    caller: Annotated[Caller, Depends(submitter)],
    idempotency_key: Annotated[
        str,
        Header(
            alias=IDEMPOTENCY_KEY,
            description="Номер отправки, который придумывает устройство: от 16 до 64 латинских "
            "букв, цифр, дефисов и подчеркиваний. Новый для каждой отправки, прежний для повтора",
        ),
    ] = "",
) -> Response:
    if KEY.fullmatch(idempotency_key) is None:
        return problem(400, _WITHOUT_NUMBER)
    try:
        sent = await sent_entry(request)
    except Malformed as fault:
        return fault.answer
    return await _submitted(caller, idempotency_key, sent)


async def _submitted(caller: Caller, key: str, sent: EntrySent) -> Response:
    try:
        receipt = await caller.backend.write(
            submit_from_device, caller.resident, caller.device.token_id, key, entry_of(sent),
            caller.scope, caller.now,
        )  # fmt: skip
    except EntryRefused as refusal:
        newest = [_newest(each) for each in refusal.stale]
        more = {"newest": newest} if newest else {}
        return problem(422, refusal.sentence, places_of(sent, refusal.errors), more=more)
    except EntryQuestioned as asked:
        return _question(sent, asked)
    _log.info(
        "resident %d: key %d submitted %d", caller.resident, caller.device.token_id, receipt.number
    )
    await live.refresh(caller.resident)
    return JSONResponse(accepted_told(receipt).model_dump(mode="json"))


def _question(sent: EntrySent, asked: EntryQuestioned) -> Response:
    """What is to be confirmed, and all that would be stored."""
    lines = {line.key: line for line in asked.entry.lines if line.question}
    errors = [
        at(f"readings/{n}/confirm", line.sentence, line.question)
        for n, reading in enumerate(sent.readings)
        if (line := lines.get(reading.meter))
    ]
    told = entry_told(asked.entry).model_dump(mode="json")
    return problem(422, asked.sentence, errors, kind=QUESTION, more={"entry": told})


def _newest(moved: Stale) -> dict[str, Any]:
    """The reading that the device has not seen."""
    return NewerReading(
        id=moved.reading_id,
        taken_on=moved.taken_on,
        value=number_told(moved.value),
        meter=moved.key,
    ).model_dump(mode="json")


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise NotFound
    return int(text)
