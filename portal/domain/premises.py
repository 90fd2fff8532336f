"""Addresses as people write them: which house, which flat in it, which house is meant."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher

NEAR_MAX = 5
_ALIKE = 0.6
_WORDS_OF_A_PART = 2
"""«Лесная, 7» may stand for the whole address, «7» alone may not."""

_FLAT = re.compile(
    r"(?P<house>.+?)[\s,]+"
    r"(?P<flat>(?:квартира|кв|комната|комн|ком|помещение|пом|офис|оф)(?:\.|\b)\s*№?\s*"
    r"(?P<number>\d.*))",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[\w/]+")
# What an address may say or leave out.
_KINDS = frozenset("г гор город ул улица д дом".split())


@dataclass(frozen=True, slots=True)
class Place:
    """`flat` is empty where the address is a house's own; `number` is the flat's without «кв.»."""

    house: str
    flat: str = ""
    number: str = ""


def place_of(address: str) -> Place:
    """«г. Лесногорск, ул. Лесная, 7, кв. 12» is the flat «кв. 12» of its house."""
    text = " ".join(address.split())
    found = _FLAT.fullmatch(text)
    if found is None:
        return Place(text)
    return Place(found["house"].rstrip(" ,"), found["flat"], found["number"])


def in_order(number: str) -> tuple[tuple[int, str], ...]:
    """What sorts flats as they lie on a staircase: 2, 10, 10а."""
    return tuple(
        (int(part), "") if part.isdecimal() else (-1, part.lower())
        for part in re.split(r"(\d+)", number)
        if part
    )


def houses_called(typed: str, houses: Collection[str]) -> list[str]:
    """The houses that `typed` names, in full or without the beginning of the address; of several
    such the one that it names in full.
    """
    wanted = _words(typed)
    whole = [house for house in houses if _words(house) == wanted]
    if whole or len(wanted) < _WORDS_OF_A_PART:
        return whole
    return sorted(house for house in houses if _words(house)[-len(wanted) :] == wanted)


def houses_near(typed: str, houses: Collection[str]) -> list[str]:
    """At most NEAR_MAX that look like `typed`, the nearest first."""
    wanted = _words(typed)
    scored = [(_likeness(wanted, _words(house)), house) for house in houses]
    likely = [(-score, house) for score, house in scored if score >= _ALIKE]
    return [house for _, house in sorted(likely)[:NEAR_MAX]]


def _likeness(wanted: list[str], words: list[str]) -> float:
    """From 0 to 1; the end of an address counts as much as all of it."""
    tails = (words, words[-len(wanted) :] if wanted else words)
    return max(
        SequenceMatcher(None, " ".join(wanted), " ".join(tail), autojunk=False).ratio()
        for tail in tails
    )


def _words(text: str) -> list[str]:
    found = _WORD.findall(text.lower().replace("ё", "е"))
    return [word for word in found if word not in _KINDS]
