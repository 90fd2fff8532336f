"""In and out: /login, /logout, /logout/everywhere and the end of a single session."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from pages.addresses import CHANGE, PROFILE
from pages.asking import Visitor, polite, text
from pages.entry_form import typed_fields
from pages.login import refused_sign_in
from portal.errors import NotFound, PortalError, Unavailable
from portal.services import sessions
from portal.services.brake import TooManyAttempts
from portal.services.password_queue import PASSWORDS
from portal.services.sessions import SignedIn
from portal.services.sign_in import Admission, WrongPassword, admit, braked, open_attempt
from portal.web import live
from portal.web.addresses import SIGN_IN, new_password_address, own_address
from portal.web.browser import browser_of, mark_device
from portal.web.trouble import wants_json
from portal.web.visit import SIGNED_IN

_ID_DIGITS_MAX = 18
_log = logging.getLogger(__name__)

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of the sign-in page."""

    login: str
    password: str = field(repr=False)
    remembered: bool
    leads_to: str
    carried: tuple[tuple[str, str], ...] = ()
    """What was typed into a form whose session had ended."""


@router.post(SIGN_IN)
async def sign_in(request: Request) -> Response:
    """A new session under a new token, whatever the browser came with; its old one ends."""
    async with request.form(max_files=0, max_fields=500) as form:
        typed = _typed(form)
    try:
        admission = await _admission(request, typed)
    except PortalError as refusal:
        return _refused(request, typed, refusal)
    await _end_replaced(request)
    leads_to = typed.leads_to
    if admission.must_change_password:
        leads_to = new_password_address(leads_to)
    response = _lead(request, leads_to)
    if typed.carried and not admission.must_change_password and not wants_json(request):
        # The browser sends the same form on, in the new session.
        response = RedirectResponse(CHANGE, 307)
    new = admission.session
    request.app.state.cookie.give(response, new.token, remembered=new.remembered)
    if admission.device_token is not None:
        mark_device(request, response, admission.device_token)
    return response


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """Whoever is out already is led the same way."""
    await _end_replaced(request)
    return _out(request)


@router.post("/logout/everywhere")
@polite
async def sign_out_everywhere(request: Request, visitor: Visitor, _form: FormData) -> Response:
    await _end(
        await visitor.backend.write(
            sessions.end_all_sessions, visitor.resident, visitor.backend.clock()
        )
    )
    return _out(request)


@router.post("/profile/sessions/end")
@polite
async def end_one_session(request: Request, visitor: Visitor, form: FormData) -> Response:
    session_id = _session_id(form)
    await _end(
        await visitor.backend.write(
            sessions.end_session, visitor.resident, session_id, visitor.backend.clock()
        )
    )
    if session_id == visitor.signed_in.session_id:
        return _out(request)
    return _lead(request, PROFILE, notice="Сеанс завершен")


async def _admission(request: Request, typed: Typed) -> Admission:
    """Raises WrongPassword, TooManyAttempts, Unavailable."""
    backend, secret = request.app.state.backend, request.app.state.settings.signing_secret()
    browser, now = browser_of(request), request.app.state.backend.clock()
    PASSWORDS.refuse_if_full()
    await backend.read(braked, secret, typed.login, browser, now)
    attempt = await backend.write(open_attempt, secret, typed.login, browser, now)
    verdict = await PASSWORDS.run(partial(attempt.judge, typed.password))
    if attempt.resident is None or not verdict.is_right:
        _log.warning("sign-in failed: subject %s from %s", attempt.subject, browser.address)
        raise WrongPassword
    admission: Admission = await backend.write(
        admit, attempt.resident, attempt, verdict, browser, now, remembered=typed.remembered
    )
    _log.info(
        "resident %d signed in: session %d from %s",
        attempt.resident, admission.session.session_id, browser.address,
    )  # fmt: skip
    return admission


def _refused(request: Request, typed: Typed, refusal: PortalError) -> Response:
    status, headers = _status(refusal)
    if wants_json(request):
        errors = [{"field": "", "sentence": refusal.sentence}]
        answer = {"state": "refused", "notice": refusal.sentence, "errors": errors}
        return JSONResponse(answer, status, headers)
    values = {"login": typed.login, "remember": "yes" if typed.remembered else ""}
    response = refused_sign_in(
        request, values, refusal.sentence, typed.leads_to, carried=typed.carried, status=status
    )
    response.headers.update(headers)
    return response


def _status(refusal: PortalError) -> tuple[int, dict[str, str]]:
    match refusal:
        case TooManyAttempts():
            _log.warning("sign-in braked for %d s", refusal.wait.total_seconds())
            return 429, {"retry-after": str(refusal.wait_seconds)}
        case Unavailable():
            return 503, {"retry-after": "60"}
        case _:
            return 401, {}


async def _end_replaced(request: Request) -> None:
    """End the session that the request came with, if it has one."""
    signed_in: SignedIn | None = request.scope.get(SIGNED_IN)
    if signed_in is not None:
        backend = request.app.state.backend
        await _end(
            await backend.write(
                sessions.end_session, signed_in.resident, signed_in.session_id, backend.clock()
            )
        )


async def _end(ended: Iterable[int]) -> None:
    """Their open tabs go at once, before the answer: nothing that they still send is heard."""
    ids = tuple(ended)
    _log.info("sessions ended: %s", ids)
    await live.end(ids)


def _out(request: Request) -> Response:
    response = _lead(request, SIGN_IN)
    request.app.state.cookie.take(response)
    return response


def _lead(request: Request, address: str, **more: str) -> Response:
    if wants_json(request):
        return JSONResponse({"state": "done", "location": address, **more})
    return RedirectResponse(address, 303)


def _typed(form: FormData) -> Typed:
    return Typed(
        login=text(form, "login"),
        password=text(form, "password"),
        remembered=bool(text(form, "remember")),
        leads_to=own_address(text(form, "next")),
        carried=tuple(typed_fields(form)),
    )


def _session_id(form: FormData) -> int:
    """Raises NotFound: no number that a session could have."""
    sent = text(form, "session_id")
    if not (sent.isascii() and sent.isdigit() and len(sent) <= _ID_DIGITS_MAX):
        raise NotFound
    return int(sent)
