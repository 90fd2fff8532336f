"""POST /payments/promise: the word is given."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from pages.addresses import PROMISE, own_number
from pages.asking import Visitor, done, polite, text
from pages.cabinet import is_promise_open
from pages.screen import Closed
from portal.domain.money import Money
from portal.errors import NotFound
from portal.services.promising import Word, promise
from portal.web import live
from portal.web.trouble import wants_json

PROMISED = "Обещание принято"
_FIELDS = ("agreement", "amount", "due_on")

router = APIRouter()


@router.post(PROMISE)
@polite
async def give_word(request: Request, visitor: Visitor, form: FormData) -> Response:
    """A repeat of its key gets the same answer."""
    if not is_promise_open(visitor.settings.flags):
        raise Closed
    word = _word(form)
    await visitor.backend.write(promise, visitor.resident, word, visitor.backend.clock())
    await live.refresh(visitor.resident)
    address = f"{PROMISE}?agreement={word.agreement_id}"
    if wants_json(request):
        return done(notice=PROMISED, location=address)
    return RedirectResponse(address, 303)


def _word(form: FormData) -> Word:
    """Raises NotFound: no form of ours has sent it."""
    told = {name: text(form, name) for name in _FIELDS}
    try:
        due_on = date.fromisoformat(told["due_on"])
    except ValueError:
        raise NotFound from None
    amount = Money(own_number(told, "amount"))
    return Word(text(form, "key"), own_number(told, "agreement"), amount, due_on)
