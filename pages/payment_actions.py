"""POST /payment/count: what a choice comes to; /payment/begin: to the bank; /payment/look: what the
bank says by now.
"""

from asyncio import to_thread
from hashlib import sha256
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from components.pay_form import pay_button, pay_total
from components.pay_leaving import LEAVING_TITLE, pay_leaving
from components.pay_other import pay_qr, pay_requisites
from components.pay_status import OPEN
from pages.addresses import PAYMENT, number, numbers
from pages.asking import REFUSED, Visitor, done, page, polite, refused, text
from pages.payment import payment_screen
from pages.screen import Asked, Closed
from portal.domain.pay_offer import PayOffer, PayWay
from portal.domain.paying import PayOrder
from portal.errors import Invalid, NotFound
from portal.services.paying.beginning import begin
from portal.services.paying.offers import AMOUNT_FIELD, Wanted, pay_offer, payable_sum
from portal.services.paying.telling import told
from portal.web import live
from portal.web.addresses import origin_of
from portal.web.trouble import wants_json

KEY_FIELD, AGREED_FIELD, WAY_FIELD = "key", "agreed", "way"
NOT_YET = "Банк ещё не подтвердил оплату. Страница изменится сама, как только он ответит"
_MOVED = "Один из счетов уже оплачен. Проверьте выбор и нажмите ещё раз"

router = APIRouter()


@router.post("/payment/count")
@polite
async def count(request: Request, visitor: Visitor, form: FormData) -> Response:
    """The parts of the page that follow the choice, by their ids.  Only the script asks."""
    _require_open(visitor)
    if not wants_json(request):
        raise NotFound
    offer, errors = await _offer(visitor, _wanted(form))
    parts = await to_thread(_parts, offer)
    if errors:
        return refused(Invalid(*next(iter(errors.items()))), parts=parts, agreed="")
    agreed = str(offer.total.amount.kopecks) if offer.total else ""
    return done(parts=parts, agreed=agreed)


@router.post("/payment/begin")
@polite
async def begin_payment(request: Request, visitor: Visitor, form: FormData) -> Response:
    """Store what is to be paid, then lead to the bank; where the bank does not answer, to the page
    that says so.
    """
    _require_open(visitor)
    try:
        token = await _begun(visitor, form, origin_of(visitor.settings, request.headers))
    except Invalid as refusal:
        if wants_json(request):
            raise
        return await _form_again(request, visitor, form, refusal)
    leads_to = await request.app.state.cashier.send(token)
    await live.refresh(visitor.resident)
    here = f"{PAYMENT}/{quote(token, safe='')}"
    if wants_json(request):
        return done(location=leads_to or here)
    if leads_to is None:
        return RedirectResponse(here, 303)
    # No redirection: a browser follows none from a form to another site, see form-action.
    return page(request, LEAVING_TITLE, pay_leaving(leads_to, here))


@router.post("/payment/look")
@polite
async def look(request: Request, visitor: Visitor, form: FormData) -> Response:
    """Ask the bank now."""
    _require_open(visitor)
    token = text(form, "token")
    before = await visitor.backend.read(told, visitor.resident, token)
    if before.state in OPEN:
        await request.app.state.cashier.peek(token)
    after = await visitor.backend.read(told, visitor.resident, token)
    here = f"{PAYMENT}/{quote(token, safe='')}"
    if not wants_json(request):
        return RedirectResponse(here, 303)
    if after.state in OPEN:
        return done(notice=NOT_YET)
    return done(location=here)


def _require_open(visitor: Visitor) -> None:
    if not visitor.settings.flags.menu_payments:
        raise Closed


def _wanted(form: FormData) -> Wanted:
    """Raises NotFound: a field that no form of ours has sent."""
    return Wanted(
        agreement_id=number({"agreement": text(form, "agreement")}, "agreement"),
        invoice_ids=numbers(str(each) for each in form.getlist("invoice")),
        amount_typed=text(form, AMOUNT_FIELD),
        way=text(form, WAY_FIELD),
    )


async def _offer(visitor: Visitor, wanted: Wanted) -> tuple[PayOffer, dict[str, str]]:
    return await visitor.backend.read(pay_offer, visitor.resident, wanted, visitor.backend.clock())


async def _begun(visitor: Visitor, form: FormData, origin: str) -> str:
    """The token of what is stored.  Raises Invalid, Refused, NotFound."""
    wanted = _wanted(form)
    offer, errors = await _offer(visitor, wanted)
    amount = payable_sum(offer, errors)
    if offer.chosen != frozenset(wanted.invoice_ids or ()):
        raise Invalid("", _MOVED)
    if text(form, AGREED_FIELD) != str(amount.kopecks):
        raise Invalid("", f"К оплате {amount}. Если все верно, нажмите ещё раз")
    by = _way(offer, wanted.way)
    chosen = tuple(each.invoice_id for each in offer.chosen_invoices)
    order = PayOrder(by.channel, by.way, offer.agreement.id, amount, chosen, origin)
    key = _key_of(text(form, KEY_FIELD), order)
    now = visitor.backend.clock()
    return await visitor.backend.write(begin, visitor.resident, order, key, now)


def _way(offer: PayOffer, key: str) -> PayWay:
    """One that is open still."""
    for way in offer.ways:
        if way.key == key:
            return way
    raise Invalid(WAY_FIELD, "Выберите, чем заплатить")


def _key_of(form_key: str, order: PayOrder) -> str:
    """Two taps on one form are one payment; a form that the browser brings back from its memory,
    and that is filled in otherwise, is another.
    """
    if not form_key:
        return ""
    told_apart = (
        form_key, order.channel, order.way, order.agreement_id, order.amount.kopecks,
        *order.invoice_ids,
    )  # fmt: skip
    return sha256(repr(told_apart).encode()).hexdigest()


def _parts(offer: PayOffer) -> dict[str, Markup]:
    return {
        "zh-pay-total": pay_total(offer),
        "zh-pay-button": pay_button(offer.total),
        "zh-pay-qr": pay_qr(offer),
        "zh-pay-requisites": pay_requisites(offer),
    }


async def _form_again(
    request: Request, visitor: Visitor, form: FormData, refusal: Invalid
) -> Response:
    """The page with what was chosen and typed, for a browser without script."""
    state = request.app.state
    asked = Asked(
        visitor.backend, visitor.settings, state.is_demo, visitor.signed_in, PAYMENT, {}, {}
    )
    # The wrong field may be below the fold, and nothing scrolls there by itself.
    errors = {"": refusal.sentence, **refusal.errors}
    screen = await payment_screen(asked, _wanted(form), errors, text(form, KEY_FIELD))
    response: HTMLResponse = state.pages.response(screen.title, screen.html, REFUSED)
    return response
