"""What may differ between two renderings of one page, and that nothing else does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import unified_diff

from tests.support.markup import Element

Find = Callable[[Element], list[Element]]


@dataclass(frozen=True)
class Gone:
    """Only the first rendering has these."""

    find: Find


@dataclass(frozen=True)
class MayBeGone:
    """Only the first rendering has these, where it has any."""

    find: Find


@dataclass(frozen=True)
class Added:
    """Only the second rendering has these."""

    find: Find


@dataclass(frozen=True)
class Changed:
    """Both have these: the one with `was`, the other with `becomes`, in the text or in the
    attribute that is the `part`.
    """

    find: Find
    was: str | re.Pattern[str]
    becomes: str | re.Pattern[str]
    part: str = ""


@dataclass(frozen=True)
class MayBeChanged(Changed):
    """As its base, where both have any."""


Rule = Gone | MayBeGone | Added | Changed


def assert_differ_only(before: Element, after: Element, rules: list[Rule]) -> None:
    """Each rule finds something, and without what the rules find both are the same."""
    for rule in rules:
        match rule:
            case Gone(find):
                _take_out(before, find)
            case MayBeGone(find):
                if find(before):
                    _take_out(before, find)
            case Added(find):
                _take_out(after, find)
            case MayBeChanged(find) if not find(before) and not find(after):
                pass
            case Changed(find, was, becomes, part):
                _level(before, find, was, part)
                _level(after, find, becomes, part)
    differences = [
        line
        for line in unified_diff(before.lines(), after.lines(), lineterm="", n=1)
        if not line.startswith(("---", "+++"))
    ]
    assert not differences, "\n".join(differences)


def _take_out(page: Element, find: Find) -> None:
    found = {id(element) for element in find(page)}
    assert found, "nothing to take out"
    for element in page.elements():
        element.children = [child for child in element.children if id(child) not in found]


def _level(page: Element, find: Find, expected: str | re.Pattern[str], part: str) -> None:
    found = find(page)
    assert found, "nothing to change"
    for element in found:
        seen = element.attributes[part] if part else element.text
        fits = seen == expected if isinstance(expected, str) else expected.fullmatch(seen)
        assert fits, f"{seen!r} instead of {expected!r}"
        if part:
            element.attributes[part] = ""
        else:
            element.children = []


def css(selector: str, **attributes: str) -> Find:
    return lambda page: page.all(selector, **attributes)


def saying(selector: str, words: str) -> Find:
    """The elements in whose text these words occur."""
    return lambda page: [each for each in page.all(selector) if words in each.text]


def holding(selector: str, inner: str, **attributes: str) -> Find:
    """The elements in which such an element is."""
    return lambda page: [each for each in page.all(selector) if each.all(inner, **attributes)]


def inside(outer: Find, inner: Find) -> Find:
    """`inner` of every `outer`."""
    return lambda page: [found for each in outer(page) for found in inner(each)]
