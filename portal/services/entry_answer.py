"""A submission's answer as it is kept: every repeat of the key gets it back word for word."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.entry import EntryLine, EntrySummary
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity


def to_json(summary: EntrySummary) -> dict[str, Any]:
    """Whole numbers and text only."""
    return {
        "taken_on": summary.taken_on.isoformat(),
        "lines": [_line_to_json(line) for line in summary.lines],
    }


def from_json(stored: Mapping[str, Any]) -> EntrySummary:
    """The opposite of `to_json`: the answer, `settled`."""
    lines = tuple(_line_from_json(line) for line in stored["lines"])
    return EntrySummary(date.fromisoformat(stored["taken_on"]), lines)


def settled(answer: EntrySummary) -> EntrySummary:
    """As it is kept: what was asked of its values has been confirmed."""
    lines = (line if line.question is None else _without_question(line) for line in answer.lines)
    return EntrySummary(answer.taken_on, tuple(lines))


def _without_question(line: EntryLine) -> EntryLine:
    return replace(line, question=None, sentence="")


def _line_to_json(line: EntryLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "device": line.device,
        "service": line.service,
        "unit": line.unit,
        "previous": line.previous_text,
        "previous_on": line.previous_on and line.previous_on.isoformat(),
        "current": line.current_text,
        "volume": line.volume.micro,
        "price": None if line.price is None else line.price.micro,
        "amount": line.amount.kopecks,
        "is_first": line.is_first,
        "instead_of": None if line.instead_of is None else line.instead_of.kopecks,
        "has_photo": line.has_photo,
        **({"charged_for": str(line.charged_for)} if line.charged_for else {}),
        **({"price_words": line.price_words} if line.price_words else {}),
    }


def _line_from_json(stored: Mapping[str, Any]) -> EntryLine:
    previous_on, instead_of = stored["previous_on"], stored["instead_of"]
    charged_for = stored.get("charged_for")
    return EntryLine(
        key=stored["key"],
        device=stored["device"],
        service=stored["service"],
        unit=stored["unit"],
        previous_text=stored["previous"],
        previous_on=date.fromisoformat(previous_on) if previous_on else None,
        current_text=stored["current"],
        volume=Quantity(stored["volume"]),
        price=None if stored["price"] is None else Price(stored["price"]),
        amount=Money(stored["amount"]),
        is_first=stored["is_first"],
        instead_of=None if instead_of is None else Money(instead_of),
        question=None,
        sentence="",
        has_photo=stored.get("has_photo", False),  # answers before there were photos
        charged_for=Period.parse(charged_for) if charged_for else None,
        price_words=stored.get("price_words", ""),
    )
