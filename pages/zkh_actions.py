"""The two taps of an entry of readings: check, then store.

The same routes answer the page's script and a browser without one.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from components.confirmation import accepted, confirmation, confirmation_title
from pages.addresses import CHANGE, PAD
from pages.asking import REFUSED, Visitor, done, page, polite, polite_keeping, refused
from pages.cabinet import is_zkh_open, scope
from pages.entry_form import (
    AGREED_FIELD,
    COUNTERS_MAX,
    PAGE_FIELD,
    SEEN,
    VALUE,
    entry_from,
    is_of_pad,
    submission_key,
    typed_fields,
    typed_values,
)
from pages.login import refused_sign_in
from pages.pad import pad_screen
from pages.screen import Asked, Closed
from pages.taking_photos import take_photos
from pages.zkh import zkh_screen
from portal.domain.entry import EntrySummary
from portal.domain.period import day_text
from portal.domain.photo import photo_field
from portal.errors import NotFound, PortalError
from portal.services.entry import DATE_FIELD, Entry, EntryRefused, Stale
from portal.services.submission import EntryQuestioned, Receipt, check_readings, submit_readings
from portal.web import live
from portal.web.trouble import wants_json

ACCEPTED_TITLE = "Принято"
SESSION_OVER = "Сеанс закончился. Войдите снова: введенное не пропадет"

router = APIRouter()


def _signed_out(request: Request, form: FormData) -> Response:
    """Signing in leads on with what was typed."""
    typed = typed_fields(form)
    return refused_sign_in(request, {}, SESSION_OVER, _page_of(form), carried=typed, status=401)


@router.post("/zkh/check")
@polite_keeping(_signed_out, files_max=COUNTERS_MAX)
async def check(request: Request, visitor: Visitor, form: FormData) -> Response:
    """What would be charged; nothing is stored but the photos that came with it, for a day."""
    _require_open(visitor)
    entry, chosen = entry_from(form), scope(visitor.settings.flags)
    taken, errors = await take_photos(visitor, form)
    entry = entry.with_photos(taken)
    now = visitor.backend.clock()
    try:
        summary = await visitor.backend.read(check_readings, visitor.resident, entry, chosen, now)
    except EntryRefused as refusal:
        return await _refused(request, visitor, form, entry, refusal.joined_by(errors))
    if errors:
        return await _refused(request, visitor, form, entry, EntryRefused(errors))
    return _confirm(request, summary, entry, form)


@router.post(CHANGE)
@polite_keeping(_signed_out)
async def change(request: Request, visitor: Visitor, form: FormData) -> Response:
    """Without script: back to the form, with what was typed."""
    _require_open(visitor)
    return await _form_again(request, visitor, form, entry_from(form), {}, 200)


@router.post("/zkh/sum")
@polite
async def foresee(request: Request, visitor: Visitor, form: FormData) -> Response:
    """What the one value of the form may come to, «≈ 725,00 ₽», for the line under its field;
    nothing while it cannot be told: the first tap says why.  Only the script asks.
    """
    _require_open(visitor)
    if not wants_json(request):
        raise NotFound
    entry, chosen, now = entry_from(form), scope(visitor.settings.flags), visitor.backend.clock()
    try:
        summary = await visitor.backend.read(check_readings, visitor.resident, entry, chosen, now)
    except EntryRefused:
        return done(sum="")
    return done(sum=summary.foreseen)


@router.post("/zkh/submit")
@polite_keeping(_signed_out)
async def submit(request: Request, visitor: Visitor, form: FormData) -> Response:
    """Store the entry; a repeat of its key gets the first answer."""
    _require_open(visitor)
    entry, key = entry_from(form), submission_key(form)
    chosen, now = scope(visitor.settings.flags), visitor.backend.clock()
    try:
        receipt = await visitor.backend.write(
            submit_readings, visitor.resident, key, entry, chosen, now
        )
    except EntryRefused as refusal:
        return await _refused(request, visitor, form, entry, refusal)
    except EntryQuestioned as question:
        return _confirm(request, question.entry, entry, form, question)
    await live.refresh(visitor.resident)
    return _accepted(request, receipt, _page_of(form))


def _require_open(visitor: Visitor) -> None:
    if not is_zkh_open(visitor.settings.flags):
        raise Closed


def _page_of(form: FormData) -> str:
    """The page on which the form stood."""
    return PAD if is_of_pad(form) else "/zkh"


def _confirm(
    request: Request,
    summary: EntrySummary,
    entry: Entry,
    form: FormData,
    question: PortalError | None = None,
) -> Response:
    is_page = not wants_json(request)
    carried, errors = _carried(entry, summary), _errors(summary, question)
    carried += [(PAGE_FIELD, PAD)] if is_of_pad(form) else []
    html = confirmation(summary, submission_key(form), carried, errors, is_page=is_page)
    if is_page:
        return page(request, confirmation_title(summary), html, 422 if question else 200)
    return refused(question, html=html) if question else done(html=html)


def _errors(summary: EntrySummary, question: PortalError | None) -> dict[str, str]:
    """Beside the lines that are asked about; without such lines it is about the whole."""
    if question is None:
        return {}
    return {line.key: question.sentence for line in summary.lines if line.question} or {
        "": question.sentence
    }


def _carried(entry: Entry, summary: EntrySummary) -> list[tuple[str, str]]:
    """What was typed, seen and shown, to be sent with the second tap as it stood at the first."""
    fields = [(DATE_FIELD, entry.taken_on), (AGREED_FIELD, str(summary.total.kopecks))]
    for value in entry.values:
        if value.text.strip():
            fields.append((VALUE + value.key, value.text))
            fields.append((SEEN + value.key, "" if value.seen_id is None else str(value.seen_id)))
            fields += [(photo_field(value.key), value.photo)] if value.photo else []
    return fields


def _accepted(request: Request, receipt: Receipt, back: str) -> Response:
    is_page = not wants_json(request)
    html = accepted(receipt.entry, receipt.number, is_page=is_page, back=back)
    if is_page:
        return page(request, ACCEPTED_TITLE, html)
    return done(html=html, number=receipt.number)


async def _refused(
    request: Request, visitor: Visitor, form: FormData, entry: Entry, refusal: EntryRefused
) -> Response:
    if wants_json(request):
        stale = [_stale(each) for each in refusal.stale]
        return refused(refusal, refusal.errors, stale=stale)
    # The wrong field may be below the fold, and nothing scrolls there by itself.
    errors = {"": refusal.sentence, **refusal.errors}
    return await _form_again(request, visitor, form, entry, errors, REFUSED)


async def _form_again(
    request: Request,
    visitor: Visitor,
    form: FormData,
    entry: Entry,
    errors: Mapping[str, str],
    status: int,
) -> Response:
    """The whole page on which the form stood, with what was typed."""
    asked = Asked(
        visitor.backend, visitor.settings, request.app.state.is_demo, visitor.signed_in,
        _page_of(form), {}, {},
    )  # fmt: skip
    values = {**typed_values(entry), DATE_FIELD: entry.taken_on}
    screen = await (pad_screen if is_of_pad(form) else zkh_screen)(asked, values, errors)
    pages = request.app.state.pages
    response: HTMLResponse = pages.alone(screen.title, screen.html, status)
    return response


def _stale(moved: Stale) -> dict[str, object]:
    return {
        "key": moved.key,
        "seen": moved.reading_id,
        "shown": moved.shown,
        "day": day_text(moved.taken_on),
        "value": str(moved.value.micro),
    }
