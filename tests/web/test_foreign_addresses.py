"""Addresses and methods that lead to nothing of ours."""

import pytest

from tests.support.small import SmallPortal, everything


@pytest.mark.parametrize(
    "address", ["//evil.com", "http://evil/", "///", "/\\evil.com", "evil", "", "/\n"]
)
def test_a_foreign_address_is_no_page_of_ours(small: SmallPortal, address: str):
    with small.resident(1) as ivanov, small.socket(ivanov) as page:
        assert page.accepted()
        page.wish(address)
        assert page.shown().title == "Страница не найдена"


def test_the_star_is_no_address(small: SmallPortal):
    with small.raw() as raw:
        raw.sendall(small.head("OPTIONS *", "Connection: close"))
        answer = everything(raw)
    assert answer.startswith("HTTP/1.1 404 ")
    assert "Страница не найдена" in answer


@pytest.mark.parametrize("path", ["/static/css/tokens.css", "/sw.js"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_file_is_only_read(small: SmallPortal, method: str, path: str):
    with small.resident(1) as ivanov:
        answer = ivanov.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
