"""Who may see which page, and where everybody else is led."""

from urllib.parse import quote

import pysqlite3
import pytest

from portal.web.addresses import own_address, sign_in_address
from tests.support.small import SmallPortal

OUT_OF_HERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "",
    "/" + "x" * 2000,
    "/a\x00b",
    "/a\x7fb",
]


@pytest.mark.parametrize("address", OUT_OF_HERE)
def test_no_address_leads_out_of_the_portal(address: str):
    assert own_address(address) == "/"


@pytest.mark.parametrize("address", OUT_OF_HERE)
def test_neither_the_page_nor_the_form_of_signing_in_leads_out(small: SmallPortal, address: str):
    with small.visitor() as visitor:
        answer = visitor.post("/login", data={"resident": 1, "next": address})
        assert answer.headers["location"] == "/"
        answer = visitor.get(f"/login?next={quote(address)}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "address", ["/", "/charges", "/charges?period=2014-05&agreement=1", "/zkh/17/a%2Fb", "/a//b"]
)
def test_addresses_of_ours_are_kept(address: str):
    assert own_address(address) == address


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(small: SmallPortal):
    with small.visitor() as visitor:
        answer = visitor.get("/charges?period=2014-05&agreement=1")
        assert answer.status_code == 303
        there = answer.headers["location"]
        assert there == "/login?next=/charges%3Fperiod%3D2014-05%26agreement%3D1"
        visitor.post("/login", data={"resident": 1})
        answer = visitor.get(there)
        assert answer.headers["location"] == "/charges?period=2014-05&agreement=1"


def test_the_home_page_needs_no_way_back():
    assert sign_in_address("/") == "/login"
    assert sign_in_address("//evil.example") == "/login"
    assert sign_in_address("/login?next=/login") == "/login"


def test_a_visitor_s_page_costs_the_server_no_client(small: SmallPortal):
    with small.visitor() as visitor:
        page = visitor.get("/login")
    assert page.status_code == 200
    assert "client_id" not in page.text


def test_a_live_page_costs_few_elements(small: SmallPortal):
    from tests.support.sockets import page_elements

    with small.resident(1) as ivanov:
        assert len(page_elements(ivanov.get("/").text)) <= 8


def test_the_first_answer_holds_the_whole_page(small: SmallPortal):
    with small.resident(1) as ivanov:
        page = ivanov.get("/charges?period=2014-05").text
    assert "<title>Расходы за 2014-05</title>" in page
    assert '<div id="zh-boot" class="zh-screen"><div class="zh-app">' in page
    assert 'lang="ru"' in page


def test_who_must_change_the_password_sees_nothing_before(small: SmallPortal):
    with small.resident(2) as petrov:
        set_must_change(small, 1)
        try:
            assert petrov.get("/charges").headers["location"] == "/password?next=/charges"
            assert petrov.get("/password").status_code == 200
            assert petrov.post("/logout").headers["location"] == "/login"
        finally:
            set_must_change(small, 0)


def test_a_forged_token_is_nobody(small: SmallPortal):
    with small.visitor() as visitor:
        for token in ("A" * 43, "1", "'; drop table web_session", "A" * 4000):
            answer = visitor.get("/", headers={"cookie": f"zhkh={token}"})
            assert answer.headers["location"] == "/login"


def test_the_token_is_new_at_each_sign_in(small: SmallPortal):
    with small.visitor() as visitor:
        visitor.cookies.set("zhkh", "F" * 43, domain="127.0.0.1")
        tokens = {"F" * 43}
        for _ in range(3):
            answer = visitor.post("/login", data={"resident": 1})
            tokens.add(answer.headers["set-cookie"].split("=")[1].split(";")[0])
    assert len(tokens) == 4


def test_a_signed_out_token_is_dead_on_the_server(small: SmallPortal):
    with small.resident(1) as ivanov:
        kept = dict(ivanov.cookies)
        ivanov.post("/logout")
        for name, value in kept.items():
            ivanov.cookies.set(name, value, domain="127.0.0.1")
        assert ivanov.get("/charges").headers["location"] == "/login?next=/charges"


def set_must_change(small: SmallPortal, value: int) -> None:
    connection = pysqlite3.connect(str(small.database))
    with connection:
        connection.execute("update resident set must_change_password = ? where id = 2", (value,))
    connection.close()
