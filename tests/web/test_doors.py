"""Who may write, under which name we answer, whose address counts, and how much one may bring."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.small import SmallPortal

CAP = 64 * 1024


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost.evil.example"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
def test_nothing_is_written_from_elsewhere(
    small: SmallPortal, method: str, headers: dict[str, str]
):
    with small.resident(1) as ivanov:
        ivanov.headers.pop("origin")
        answer = ivanov.request(method, "/note", data={"note": "Подложено"}, headers=headers)
        assert "Подложено" not in ivanov.get("/").text
    assert answer.status_code == 403
    assert "Откройте портал заново" in answer.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_both_names_of_this_machine_are_ours(small: SmallPortal, name: str):
    with small.resident(1) as ivanov:
        own = {"host": f"{name}:{small.port}", "origin": f"http://{name}:{small.port}"}
        assert ivanov.post("/note", data={"note": name}, headers=own).status_code == 200


def test_a_browser_that_sends_no_origin_says_itself_that_the_page_is_ours(small: SmallPortal):
    with small.resident(1) as ivanov:
        ivanov.headers.pop("origin")
        own = {"sec-fetch-site": "same-origin"}
        assert ivanov.post("/note", data={"note": "Своё"}, headers=own).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", ""])
def test_a_foreign_name_is_not_answered(small: SmallPortal, host: str):
    with small.resident(1) as ivanov:
        answer = ivanov.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "Иванов" not in answer.text


@pytest.mark.parametrize("size", [0, 1, CAP])
def test_a_form_that_fits_is_read(small: SmallPortal, size: int):
    with small.resident(1) as ivanov:
        assert ivanov.post("/echo", content=b"x" * size).json()["bytes"] == size
        assert ivanov.post("/echo", content=pieces(size)).json()["bytes"] == size


@pytest.mark.parametrize("size", [CAP + 1, 1_000_000])
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("path", ["/echo", "/note", "/nowhere"])
def test_too_much_is_refused_however_it_comes(
    small: SmallPortal, size: int, streamed: bool, path: str
):
    content = pieces(size) if streamed else b"x" * size
    with small.resident(1) as ivanov:
        as_form = {"content-type": "application/x-www-form-urlencoded"}
        answer = ivanov.post(path, content=content, headers=as_form)
        if path == "/nowhere" and streamed:
            assert answer.status_code in {404, 413}  # nobody read it
        else:
            assert answer.status_code == 413
            assert "Слишком много данных" in answer.text
        assert ivanov.get("/").status_code == 200


def test_a_json_asker_is_told_in_json(small: SmallPortal):
    with small.resident(1) as ivanov:
        as_json = {"accept": "application/json"}
        answer = ivanov.post("/echo", content=b"x" * 1_000_000, headers=as_json)
    assert answer.json()["state"] == "too-large"


# --- proxies ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proxied(start_small: Callable[..., SmallPortal]) -> SmallPortal:
    return start_small(ZHKH_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")


@pytest.mark.parametrize(
    ("heard", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),  # what the visitor wrote himself stands first
        ("203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("2001:db8::7", "2001:db8::7"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8::7]:51234", "2001:db8::7"),
        ("<script>", "127.0.0.1"),
        ("203.0.113.9, <script>", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_a_trusted_proxy_tells_whose_request_it_is(proxied: SmallPortal, heard: str, address: str):
    assert seen_from(proxied, {"x-forwarded-for": heard}) == address


def test_nobody_else_is_believed(small: SmallPortal):
    assert seen_from(small, {"x-forwarded-for": "203.0.113.9"}) == "127.0.0.1"


@pytest.mark.parametrize("portal", ["small", "proxied"])
def test_a_prefix_from_outside_reaches_no_page(portal: str, request: pytest.FixtureRequest):
    server: SmallPortal = request.getfixturevalue(portal)
    with server.resident(1) as ivanov:
        answer = ivanov.get("/", headers={"x-forwarded-prefix": "/evil"})
    assert "/evil" not in answer.text


def seen_from(portal: SmallPortal, headers: dict[str, str]) -> str:
    with portal.resident(1) as ivanov:
        seen: str = ivanov.post("/echo", content=b"", headers=headers).json()["from"]
        return seen


def pieces(size: int) -> Iterator[bytes]:
    for start in range(0, size, 8192):
        yield b"x" * min(8192, size - start)
