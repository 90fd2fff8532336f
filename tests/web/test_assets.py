"""Files are compressed once, kept for a year under an address of their own, and asked for again
for nothing.
"""

import gzip
import re

import brotli
import httpx
import pytest

from portal.web.assets import FOREVER, Assets
from tests.support.small import SmallPortal

FETCHED = r"""(?:src=|href=|href:|from )["'](/[^"']+\.(?:js|mjs|css))["']"""


@pytest.fixture(scope="module")
def page(small: SmallPortal) -> str:
    with small.resident(1) as ivanov:
        return ivanov.get("/").text


def files_of(page: str) -> set[str]:
    return set(re.findall(FETCHED, page))


def test_a_page_needs_few_files(page: str):
    names = {path.rsplit("/", 1)[1] for path in files_of(page)}
    needed = {"portal.js", "live.js", "fragment.js"}
    assert names == {*needed, "vue.esm-browser.prod.js"}


def test_they_are_kept_for_a_year_and_carry_no_cookie(small: SmallPortal, page: str):
    with small.resident(1) as ivanov:
        for path in files_of(page):
            answer = ivanov.get(path)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == FOREVER
            assert answer.headers["vary"] == "accept-encoding"
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_each_browser_gets_the_encoding_that_it_understands(
    small: SmallPortal, page: str, accepted: str, sent: str | None
):
    path = next(path for path in files_of(page) if path.endswith("live.js"))
    with small.visitor() as visitor:
        plain = visitor.get(path, headers={"accept-encoding": "identity"}).content
        with visitor.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
            assert answer.headers.get("content-encoding") == sent
            raw = b"".join(answer.iter_raw())
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert unpack(raw) == plain
    assert int(answer.headers["content-length"]) == len(raw)
    assert sent is None or len(raw) < len(plain) / 2


@pytest.mark.parametrize("form", ["{}", 'W/"other", {}', "*"])
def test_a_file_that_is_known_is_not_sent_again(small: SmallPortal, page: str, form: str):
    with small.visitor() as visitor:
        for path in files_of(page):
            tag = visitor.get(path).headers["etag"]
            again = visitor.get(path, headers={"if-none-match": form.format(tag)})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert visitor.get(path, headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_a_changed_file_has_another_address():
    files = Assets()
    first, second = files.add_hashed("a.js", b"1"), files.add_hashed("a.js", b"2")
    assert first != second
    assert first == Assets().add_hashed("a.js", b"1")


def test_our_files_by_their_names_are_asked_for_again_each_time(small: SmallPortal):
    with small.visitor() as visitor:
        answer = visitor.get("/static/css/tokens.css")
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_a_file_can_be_asked_for_by_head(small: SmallPortal, page: str):
    with small.visitor() as visitor:
        for path in files_of(page):
            head, whole = visitor.head(path), visitor.get(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == whole.headers["content-length"]


def test_polishing_betters_the_compression_and_changes_nothing_else():
    files = Assets()
    body = b"".join(b"function f%d(a){return a*%d};" % (n, n * n) for n in range(2000))
    path = files.add_hashed("a.js", body)
    before = files.find(path)
    files.polish()
    after = files.find(path)
    assert before
    assert after
    assert len(after.packed[0][1]) < len(before.packed[0][1])
    assert brotli.decompress(after.packed[0][1]) == body
    assert (after.etag, after.body) == (before.etag, before.body)


def test_the_whole_page_weighs_little(small: SmallPortal, page: str):
    with small.visitor() as visitor:
        weight = sum(len(raw(visitor, path)) for path in files_of(page))
    assert weight < 290 * 1024


def raw(visitor: httpx.Client, path: str) -> bytes:
    with visitor.stream("GET", path, headers={"accept-encoding": "br"}) as answer:
        return b"".join(answer.iter_raw())
