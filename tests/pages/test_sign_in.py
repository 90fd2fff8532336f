"""In and out by HTTP: forms with and without script, cookies, attacks."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from pages import sign_in_actions
from portal.backend import Backend
from portal.db.access import WebSession
from portal.db.base import table_of
from portal.services.password_queue import PASSWORDS, PasswordQueue
from portal.services.passwords import hash_password
from portal.web.addresses import own_address
from tests.builders import Person, a_house
from tests.support.door import JSON, Door, is_in

PASSWORD = "синий трамвай поет"
HASH = hash_password(PASSWORD)
WRONG = "Неверный логин или пароль"


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    person = a_house(backend).a_resident(login="ivanov", password_hash=HASH)
    person.an_agreement("DOM-12")
    return person


@pytest.fixture
def door(backend: Backend, ivanov: Person, tmp_path: Path) -> Door:
    return Door(backend, tmp_path)


async def enter(browser: httpx.AsyncClient, name: str = "dom-12", **form: str) -> httpx.Response:
    return await browser.post("/login", data={"login": name, "password": PASSWORD} | form)


def token_of(browser: httpx.AsyncClient) -> str | None:
    return browser.cookies.get("zhkh")


async def test_the_right_password_opens_the_home_page(door: Door) -> None:
    async with door.browser() as browser:
        assert not await is_in(browser)
        answer = await enter(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert await is_in(browser)


async def test_the_script_is_told_where_to_go(door: Door) -> None:
    async with door.browser() as browser:
        form = {"login": "ivanov", "password": PASSWORD, "next": "/zkh"}
        answer = await browser.post("/login", data=form, headers=JSON)
        assert answer.json() == {"state": "done", "location": "/zkh"}
        assert await is_in(browser)


@pytest.mark.parametrize("remember", ["yes", ""])
async def test_the_cookie_is_out_of_reach_of_scripts_and_lasts_as_wished(
    door: Door, remember: str
) -> None:
    async with door.browser() as browser:
        answer = await enter(browser, remember=remember)
    session, device = answer.headers.get_list("set-cookie")
    assert session.startswith("zhkh=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in session
    assert ("Max-Age" in session) == bool(remember)
    for part in ("zhkh-device=", "HttpOnly", "SameSite=lax", "Path=/login"):
        assert part in device


async def test_behind_tls_the_cookies_are_secure(
    backend: Backend, ivanov: Person, tmp_path: Path
) -> None:
    door = Door(backend, tmp_path, ZHKH_PUBLIC_URL="https://lk.example.ru")
    async with door.browser() as browser:
        answer = await enter(browser)
    session, device = answer.headers.get_list("set-cookie")
    assert session.startswith("__Host-zhkh=")
    assert "Secure" in session
    assert "Secure" in device


async def test_a_refusal_is_one_sentence_and_keeps_the_name(door: Door) -> None:
    for name, password in (("ivanov", "wrong"), ("nobody", "wrong"), ("", ""), ("ivanov", "")):
        async with door.browser() as browser:
            typed = {"login": name, "password": password, "next": "/zkh"}
            page = await browser.post("/login", data=typed)
            told = await browser.post("/login", data=typed, headers=JSON)
        assert page.status_code == told.status_code == 401
        assert page.text.count(WRONG) == 1
        assert f'name="login" type="text" value="{name}"' in page.text
        assert 'name="next" value="/zkh"' in page.text
        assert 'role="alert">' + WRONG in page.text
        assert "wrong" not in page.text
        errors = [{"field": "", "sentence": WRONG}]
        assert told.json() == {"state": "refused", "notice": WRONG, "errors": errors}
        assert token_of(browser) is None


async def test_a_known_and_an_unknown_name_get_the_same_answer(door: Door) -> None:
    async with door.browser() as browser:
        known, unknown = [
            await browser.post("/login", data={"login": name, "password": "wrong"})
            for name in ("ivanov", "nobody")
        ]
    assert known.text.replace("ivanov", "nobody") == unknown.text
    changing = {"x-request-id", "date", "content-length"}
    assert {k: v for k, v in known.headers.items() if k not in changing} == {
        k: v for k, v in unknown.headers.items() if k not in changing
    }


async def test_a_planted_token_opens_nothing_after_the_sign_in(door: Door) -> None:
    planted = "p" * 43
    async with door.browser() as browser:
        browser.cookies.set("zhkh", planted, domain="127.0.0.1", path="/")
        await enter(browser)
    async with door.browser() as attacker:
        attacker.cookies.set("zhkh", planted, domain="127.0.0.1", path="/")
        assert not await is_in(attacker)


async def test_every_sign_in_has_a_new_token_and_ends_the_session_before_it(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser)
        first = token_of(browser)
        answer = await enter(browser)
        assert answer.status_code == 303
        second = answer.cookies["zhkh"]
        assert first != second
    async with door.browser() as thief:
        thief.cookies.set("zhkh", str(first), domain="127.0.0.1", path="/")
        assert not await is_in(thief)


async def test_a_sign_out_ends_the_session_on_the_server(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser)
        token = str(token_of(browser))
        answer = await browser.post("/logout")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert token_of(browser) is None
        browser.cookies.set("zhkh", token, domain="127.0.0.1", path="/")
        assert not await is_in(browser)
        again = await browser.post("/logout", headers=JSON)
        assert again.json() == {"state": "done", "location": "/login"}


async def test_a_sign_out_everywhere_ends_all_of_ones_own(door: Door, ivanov: Person) -> None:
    ivanov.house.a_resident("Петров", login="petrov", password_hash=HASH)
    async with door.browser() as phone, door.browser() as desk, door.browser() as stranger:
        await enter(phone)
        await enter(desk)
        await enter(stranger, "petrov")
        assert (await phone.post("/logout/everywhere")).headers["location"] == "/login"
        assert [await is_in(each) for each in (phone, desk, stranger)] == [False, False, True]


async def test_one_session_is_ended_from_another(door: Door, ivanov: Person) -> None:
    async with door.browser() as phone, door.browser() as desk:
        await enter(phone)
        await enter(desk)
        of_phone, of_desk = session_ids(door.backend)
        answer = await desk.post("/profile/sessions/end", data={"session_id": str(of_phone)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/profile")
        assert [await is_in(phone), await is_in(desk)] == [False, True]
        own = await desk.post("/profile/sessions/end", data={"session_id": str(of_desk)})
        assert own.headers["location"] == "/login"
        assert not await is_in(desk)


async def test_anothers_session_and_no_session_are_not_found(door: Door, ivanov: Person) -> None:
    ivanov.house.a_resident("Петров", login="petrov", password_hash=HASH)
    async with door.browser() as browser, door.browser() as stranger:
        await enter(stranger, "petrov")
        (theirs,) = session_ids(door.backend)
        await enter(browser)
        for number in (str(theirs), "0", "999999", "-1", "", "x", "1e3", "9" * 400, "١"):
            form = {"session_id": number}
            answer = await browser.post("/profile/sessions/end", data=form, headers=JSON)
            told = (answer.status_code, answer.json()["notice"])
            assert told == (404, "Некорректный запрос"), number
        assert await is_in(stranger)


async def test_without_a_session_an_action_leads_to_the_sign_in(door: Door) -> None:
    async with door.browser() as browser:
        for path, lead in (
            ("/logout/everywhere", "/login"),
            ("/profile/sessions/end", "/login?next=/profile"),
            ("/password", "/login"),
        ):
            answer = await browser.post(path)
            assert (answer.status_code, answer.headers["location"]) == (303, lead)
            told = await browser.post(path, headers=JSON)
            assert (told.status_code, told.json()["state"]) == (401, "signed-out")


async def test_a_foreign_page_cannot_send_our_forms(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser)
        form = {"login": "ivanov", "password": PASSWORD}
        foreign = {"origin": "https://evil.example"}
        for path in ("/login", "/logout", "/logout/everywhere", "/password"):
            answer = await browser.post(path, data=form, headers=foreign)
            assert answer.status_code == 403, path
            assert await is_in(browser)


ODD = [
    "\0", "ivanov\0", "\u202e\u200f", "😀" * 1000, "<script>alert(1)</script>", '"><img src=x>',
    "' OR 1=1 --", "%00%ff", "{{7*7}}", "x" * 1_000_000, "я" * 500_000,
]  # fmt: skip


async def test_odd_input_is_refused_calmly(door: Door) -> None:
    for number, odd in enumerate(ODD):
        async with door.browser(f"198.51.100.{number}") as browser:
            for form in ({"login": odd, "password": odd}, {"login": "DOM-1", "password": odd}):
                answer = await browser.post("/login", data=form)
                assert answer.status_code == (413 if len(odd) > 64 * 1024 else 401), odd[:40]
                assert "<script>alert" not in answer.text
                assert "<img src=x" not in answer.text


MALFORMED = [
    (b"login=%FF%FE&password=%C3%28", "application/x-www-form-urlencoded"),
    (b"login", "application/x-www-form-urlencoded"),
    (b"&&&===", "application/x-www-form-urlencoded"),
    (b"a=1&" * 5000, "application/x-www-form-urlencoded"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
    (
        b'--x\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\nhi\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (b'{"login": "ivanov"}', "application/json"),
    (b"", "text/plain"),
    (b"\xff\xfe\0", "nonsense"),
]


async def test_a_malformed_form_is_no_fault_of_ours(door: Door) -> None:
    async with door.browser() as browser:
        for body, kind in MALFORMED:
            answer = await browser.post("/login", content=body, headers={"content-type": kind})
            assert 400 <= answer.status_code < 500, body[:40]


async def test_odd_cookies_are_no_cookies(door: Door) -> None:
    async with door.browser() as browser:
        for cookie in ("zhkh-device=" + "x" * 5000, "zhkh-device=a.b", "zhkh=;;;=", "я"):
            answer = await browser.post(
                "/login",
                data={"login": "ivanov", "password": PASSWORD},
                headers={b"cookie": cookie.encode()},
            )
            assert answer.status_code == 303, cookie


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was hashed, one entry a password."""
    calls: list[object] = []
    run = PASSWORDS.run

    async def counted(call: Callable[[], object]) -> object:
        calls.append(call)
        return await run(call)

    monkeypatch.setattr(PASSWORDS, "run", counted)
    return calls


async def test_the_eleventh_wrong_password_waits(door: Door, hashed: list[object]) -> None:
    async with door.browser() as browser:
        for _ in range(10):
            assert (await enter(browser, password="wrong")).status_code == 401
        crowd = [await enter(browser, password="wrong") for _ in range(10)]
        assert {answer.status_code for answer in crowd} == {429}
        braked = crowd[-1]
        assert braked.headers["retry-after"] == "300"
        assert "Слишком много попыток. Повторите через 5 минут" in braked.text
        assert (await enter(browser)).status_code == 429
        told = await browser.post("/login", data={"login": "ivanov"}, headers=JSON)
        assert (told.status_code, told.json()["state"]) == (429, "refused")
    assert len(hashed) == 10


async def test_the_owner_gets_in_while_a_stranger_guesses(door: Door) -> None:
    async with door.browser() as owner, door.browser("203.0.113.5") as stranger:
        await enter(owner)
        await owner.post("/logout")
        for _ in range(12):
            await enter(stranger, password="wrong")
        assert (await enter(stranger)).status_code == 429
        assert (await enter(owner)).status_code == 303


async def test_a_household_of_two_stays_known_on_one_browser(door: Door, ivanov: Person) -> None:
    ivanov.house.a_resident("Петров", login="petrov", password_hash=HASH)
    async with door.browser() as shared, door.browser("203.0.113.5") as stranger:
        for name in ("ivanov", "petrov"):
            await enter(shared, name)
            await shared.post("/logout")
        for name in ("ivanov", "petrov"):
            for _ in range(9):
                await enter(stranger, name, password="wrong")
        for name in ("ivanov", "petrov"):
            await enter(shared, name, password="wrong")
            await enter(shared, name, password="wrong")
            assert (await enter(shared, name)).status_code == 303


async def test_a_crowd_of_wrong_passwords_costs_ten_hashes(
    door: Door, hashed: list[object]
) -> None:
    async with door.browser() as browser:
        answers = await asyncio.gather(*(enter(browser, password="wrong") for _ in range(32)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (10, 22)
    assert len(hashed) == 10


async def test_a_full_queue_is_said_and_counts_no_failure(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_actions, "PASSWORDS", full := PasswordQueue(1, waiting_max=0))
    let_go = asyncio.Event()
    loop = asyncio.get_running_loop()
    busy = asyncio.create_task(
        full.run(lambda: asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result())
    )
    await asyncio.sleep(0)
    async with door.browser() as browser:
        crowd = [await enter(browser) for _ in range(12)]
        assert {answer.status_code for answer in crowd} == {503}
        assert "Сейчас входит слишком много людей" in crowd[0].text
        let_go.set()
        await busy
        assert (await enter(browser)).status_code == 303
    full._pool.shutdown()


async def test_the_log_says_who_signed_in_and_never_names_or_passwords(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with door.browser() as browser:
        await enter(browser, "ivanov", password="hunter2-hunter2")
        await enter(browser, "petrov-the-unknown", password="hunter2-hunter2")
        await enter(browser, "ivanov", next="/zkh?secret=1")
        token = str(token_of(browser))
        await browser.post("/logout")
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("sqlalchemy"))
    assert ours.count("sign-in failed: subject ") == 2
    assert "resident " in ours
    assert "sessions ended: " in ours
    for secret in ("ivanov", "petrov", "hunter2", PASSWORD, token, HASH, "secret=1"):
        assert secret not in ours


async def test_the_page_offers_the_demo_logins_only_in_the_demo(
    backend: Backend, ivanov: Person, tmp_path: Path
) -> None:
    for is_demo, count in ((False, 0), (True, 2)):
        async with Door(backend, tmp_path, is_demo=is_demo).browser() as browser:
            first = await browser.get("/login?next=/zkh")
            refused = await browser.post("/login", data={"login": "x", "password": "y"})
        assert first.text.count('name="password" value="kvartira-') == count
        assert refused.text.count('name="password" value="kvartira-') == count
        assert first.text.count('name="next" value="/zkh"') == 1 + count


LEADS = [
    ("/zkh", "/zkh"),
    ("/charges?period=2014-05", "/charges?period=2014-05"),
    *[
        (hostile, "/")
        for hostile in (
            "", "zkh", "//evil.example", "///evil.example", "https://evil.example",
            "/\\evil.example",
            "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/ /evil.example", " /zkh",
            "javascript:alert(1)", "/zkh\r\nset-cookie: a=b", "/x\0", "/" + "x" * 5000,
            "\u2028/zkh",
        )
    ],
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "leads_to"), LEADS)
def test_only_our_own_pages_are_led_to(wanted: str, leads_to: str) -> None:
    assert own_address(wanted) == leads_to


async def test_signing_in_leads_only_to_our_own_pages(door: Door) -> None:
    async with door.browser() as browser:
        for wanted, leads_to in (("/zkh", "/zkh"), ("//evil.example", "/"), ("/\\evil", "/")):
            answer = await enter(browser, next=wanted)
            assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


def session_ids(backend: Backend) -> list[int]:
    table = table_of(WebSession)
    with backend.engine.connect() as connection:
        return [row.id for row in connection.execute(table.select().order_by(table.c.id))]
