"""Reading our own HTML back, more strictly than a browser would.

A browser repairs whatever it gets; this refuses what would need repair: a tag that is not closed
in its turn, an attribute or an id that is there twice, an attribute that has no name.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_NAME = re.compile(r"[a-zA-Z][\w:.-]*", re.ASCII)
_SPACES = re.compile(r"[ \t\r\n\f]+")  # as HTML has them: a no-break space is none


class Malformed(AssertionError):
    """A browser would have to guess."""


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """What it says, its spaces folded; a no-break space stays."""
        return _SPACES.sub(" ", "".join(self._texts())).strip(" ")

    def own_text(self) -> str:
        """What stands in it directly, beside its elements."""
        return "".join(child for child in self.children if isinstance(child, str)).strip()

    def elements(self) -> "Iterator[Element]":
        """Itself and everything in it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.elements()

    def all(self, selector: str = "*", **attributes: str) -> "list[Element]":
        """Of a small part of CSS, `tag.class.class`, and exact attributes; `_` for `-`."""
        matches = _matcher(selector, attributes)
        return [element for element in self.elements() if matches(element)]

    def one(self, selector: str = "*", **attributes: str) -> "Element":
        found = self.all(selector, **attributes)
        assert len(found) == 1, f"{len(found)} of {selector} {attributes}"
        return found[0]

    def without(self, unwanted: "Callable[[Element], bool]") -> "Element":
        """A copy that lacks some elements."""
        copy = deepcopy(self)
        _prune(copy, unwanted)
        return copy

    def lines(self) -> list[str]:
        """Its markup, a tag or a text a line; spaces between tags do not count."""
        return list(_lines(self))

    def shape(self) -> list[str]:
        """The tags and the names of attributes, without any value or text."""
        return [
            f"{element.tag} {' '.join(sorted(element.attributes))}" for element in self.elements()
        ]

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()


def parse(html: str) -> Element:
    """The document, or the fragment, in an element `#root`.  Raises Malformed."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.finished()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [Element("#root")]
        self._ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._element(tag, attrs)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag != tag:
            raise Malformed(f"</{tag}> closes <{self._open[-1].tag}> at {self.getpos()}")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise Malformed(f"a comment at {self.getpos()}: {data[:40]}")

    def unknown_decl(self, data: str) -> None:
        raise Malformed(f"a declaration at {self.getpos()}: {data[:40]}")

    def handle_pi(self, data: str) -> None:
        raise Malformed(f"an instruction at {self.getpos()}: {data[:40]}")

    def finished(self) -> Element:
        if len(self._open) != 1:
            raise Malformed(f"not closed: {[element.tag for element in self._open[1:]]}")
        return self._open[0]

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
            raise Malformed(f"<{tag}> has the attributes {names} at {self.getpos()}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._take_id(element)
        self._open[-1].children.append(element)
        return element

    def _take_id(self, element: Element) -> None:
        own = element.attributes.get("id")
        if own is None:
            return
        if own in self._ids or not own or " " in own:
            raise Malformed(f"the id {own!r} is bad, or there twice, at {self.getpos()}")
        self._ids.add(own)


def _matcher(selector: str, attributes: dict[str, str]) -> Callable[[Element], bool]:
    tag, *classes = selector.split(".")
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}

    def matches(element: Element) -> bool:
        return (
            tag in {"*", "", element.tag}
            and element.classes.issuperset(classes)
            and wanted.items() <= element.attributes.items()
        )

    return matches


def _prune(element: Element, unwanted: Callable[[Element], bool]) -> None:
    element.children = [
        child for child in element.children if isinstance(child, str) or not unwanted(child)
    ]
    for child in element.children:
        if isinstance(child, Element):
            _prune(child, unwanted)


def _lines(element: Element) -> Iterator[str]:
    attributes = "".join(f' {name}="{value}"' for name, value in element.attributes.items())
    yield f"<{element.tag}{attributes}>"
    for child in element.children:
        if isinstance(child, Element):
            yield from _lines(child)
        elif child.strip():
            yield _SPACES.sub(" ", child).strip(" ")
    yield f"</{element.tag}>"
