"""Every answer leaves the front with its headers, and no fault with its text."""

import re
from collections.abc import Callable
from functools import partial

import httpx
import pytest

from tests.support.small import SmallPortal
from tests.support.waiting import wait_until

Ask = Callable[[httpx.Client], httpx.Response]

ANSWERS: dict[str, tuple[Ask, int]] = {
    "page": (lambda c: c.get("/"), 200),
    "public page": (lambda c: c.get("/static/css/tokens.css"), 200),
    "redirect": (lambda c: c.get("/login"), 303),
    "no such page": (lambda c: c.get("/nowhere"), 404),
    "another's thing": (lambda c: c.get("/zkh/18/zkh_1"), 404),
    "page that fails": (lambda c: c.get("/broken"), 500),
    "action that fails": (lambda c: c.post("/broken"), 500),
    "no such method": (lambda c: c.request("DELETE", "/charges"), 404),
    "NiceGUI's file": (lambda c: c.get("/_nicegui/3.18.0/static/sad_face.svg"), 200),
    "NiceGUI's missing file": (lambda c: c.get("/_nicegui/3.18.0/components/x.js"), 404),
    "file in memory": (lambda c: c.get("/_nicegui/3.18.0/static/dompurify.mjs"), 200),
    "foreign origin": (lambda c: c.post("/note", headers={"origin": "https://evil.example"}), 403),
    "foreign host": (lambda c: c.get("/", headers={"host": "evil.example"}), 400),
    "too large": (lambda c: c.post("/echo", content=b"x" * 70_000), 413),
    "polling": (lambda c: c.get("/_nicegui_ws/socket.io/?EIO=4&transport=polling"), 403),
    "health": (lambda c: c.get("/healthz"), 200),
    "JSON": (lambda c: c.post("/echo", content=b"x"), 200),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_the_security_headers(small: SmallPortal, name: str):
    ask, status = ANSWERS[name]
    with small.resident(1) as ivanov:
        answer = ask(ivanov)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    for rule in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert rule in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_a_page_goes_out_in_one_piece(small: SmallPortal):
    """Nothing on its way out has taken it apart, at a tenth of its cost."""
    with small.resident(1) as ivanov:
        answer = ivanov.get("/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(answer.content)


KEPT = {"public page", "NiceGUI's file", "file in memory"}


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in KEPT])
def test_what_a_person_is_told_is_kept_nowhere(small: SmallPortal, name: str):
    with small.resident(1) as ivanov:
        answer = ANSWERS[name][0](ivanov)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("ask", [lambda c: c.get("/broken"), lambda c: c.post("/broken")])
def test_a_fault_is_told_as_a_number_that_the_log_has(small: SmallPortal, ask: Ask):
    with small.resident(1) as ivanov:
        page = ask(ivanov)
        json = ivanov.post("/broken", headers={"accept": "application/json"}).json()
    for text in (page.text, json["notice"]):
        told = re.search(r"номер ([0-9A-F]{4}-[0-9A-F]{4})", text)
        assert told
        wait_until(partial(has_fault, small, told[1]), "the log has the number")
        assert "Тайна" not in text
        assert "RuntimeError" not in text
    assert json["state"] == "failed"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/charges?period=2014-05", 200),
        ("/zkh/17/zkh_1", 200),
        ("/zkh/17/", 404),
        ("/zkh/17/a/b", 404),
        ("/zkh/18/zkh_1", 404),
        ("/zkh/%00/zkh_1", 404),
        ("/closed", 404),
        ("/nowhere", 404),
        ("/index.php", 404),
        ("/../../etc/passwd", 404),
        ("/static/../pyproject.toml", 404),
        ("/static/%2e%2e/pyproject.toml", 404),
    ],
)
def test_pages_answer_with_their_status(small: SmallPortal, address: str, status: int):
    with small.resident(1) as ivanov:
        answer = ivanov.get(address)
        assert answer.status_code == status
        assert ivanov.head(address).status_code == status
    assert ("Страница не найдена" in answer.text) == (status == 404 and address != "/closed")
    assert ("Раздел недоступен" in answer.text) == (address == "/closed")


def test_a_part_of_an_address_may_hold_an_encoded_slash(small: SmallPortal):
    with small.resident(1) as ivanov:
        assert "<p id=service>вода/1 &amp;</p>" in ivanov.get("/zkh/17/вода%2F1%20&").text


def test_what_nobody_knows_is_json_for_a_script(small: SmallPortal):
    with small.resident(1) as ivanov:
        answer = ivanov.get("/nowhere", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["state"]) == (404, "not-found")


def test_a_slow_page_does_not_become_a_framework_s_error(start_small: Callable[..., SmallPortal]):
    slow = start_small(SMALL_SLOW_SECONDS="4")  # NiceGUI itself gives a page three seconds
    with slow.resident(1) as ivanov:
        answer = ivanov.get("/slow")
    assert (answer.status_code, "Медленная" in answer.text) == (200, True)


def test_behind_tls_the_cookie_is_bound_to_the_host_and_the_browser_stays_with_tls(
    start_small: Callable[..., SmallPortal],
):
    small = start_small(ZHKH_PUBLIC_URL="https://lk.example.ru")
    own = {"host": "lk.example.ru", "origin": "https://lk.example.ru"}
    with httpx.Client(base_url=small.url, headers=own, timeout=60) as visitor:
        answer = visitor.post("/login", data={"resident": 1})
        refused = visitor.get("/", headers={"host": f"127.0.0.1:{small.port}"})
        ready = visitor.get("/readyz", headers={"host": "10.0.0.7:8080"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-zhkh=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "wss://lk.example.ru" in answer.headers["content-security-policy"]
    assert (refused.status_code, ready.status_code) == (400, 200)
    assert "https://lk.example.ru" in refused.text


def test_without_tls_the_cookie_is_still_out_of_scripts_reach(small: SmallPortal):
    with small.visitor() as visitor:
        cookie = visitor.post("/login", data={"resident": 1}).headers["set-cookie"]
    assert cookie.startswith("zhkh=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def has_fault(small: SmallPortal, number: str) -> bool:
    return bool(re.search(rf"ERROR \S+ \[{number}\] unexpected fault", small.output()))
