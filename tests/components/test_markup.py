"""Every example as markup: whole, escaped, its parts tied to one another."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from components.gallery import EXAMPLES
from components.gallery_values import HOSTILE
from components.rendering import field_id, name
from tests.components.gallery_page import NAMES

VOID = {"input", "meta", "br", "path", "img"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Reader(HTMLParser):
    """Notes unbalanced tags, and what the elements say of one another."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    reader.faults += [f"<{tag}> never closed" for tag in reader.open]
    return reader


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_whole_and_nothing_in_it_is_executed(name) -> None:
    markup = str(EXAMPLES[name]())
    reader = read(markup)
    assert not reader.faults
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "iframe", "object", "style"})
    assert not [key for _, each in reader.tags for key in each if key.startswith("on")]
    assert not CONTROL.search(markup)


@pytest.mark.parametrize("name", NAMES)
def test_labels_errors_and_descriptions_find_their_fields(name) -> None:
    tags = read(str(EXAMPLES[name]())).tags
    ids = Counter(each["id"] for _, each in tags if "id" in each)
    assert [key for key, count in ids.items() if count > 1] == []
    wanted = {word for _, each in tags for key in REFERENCES for word in each.get(key, "").split()}
    assert wanted - set(ids) - {"zh-confirm-title"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_writes_says_where_and_posts(name) -> None:
    forms = [each for tag, each in read(str(EXAMPLES[name]())).tags if tag == "form"]
    for form in forms:
        assert form["action"].startswith("/")
        assert form["method"] == ("get" if "data-navigate" in form else "post")


def test_the_examples_hold_the_worst_words() -> None:
    shown = str(EXAMPLES["readings, hostile"]())
    assert "&lt;script&gt;alert(" in shown
    assert "🔥" in shown
    assert "\x00" in HOSTILE


def test_words_that_run_the_other_way_stay_among_themselves() -> None:
    assert name("שלום\x00") == "<bdi>שלום</bdi>"


def test_no_two_fields_share_an_id() -> None:
    names = ["1/zkh_1", "1/zkh-1", "1/zkh 1", "1.2f/zkh_1", "1/зкх"]
    ids = {field_id(each) for each in names}
    assert len(ids) == len(names)
    assert not [each for each in ids if re.search(r"\s", each)]
