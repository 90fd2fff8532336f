"""A letter as a mail reader shows it on a phone."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from portal.documents.letter import Paid, html_of, receipt
from portal.domain.letter import Letterhead, Sender
from portal.domain.money import Money

pytestmark = pytest.mark.browser

HEAD = Letterhead(Sender("УК", "lk@example.ru"), "https://lk.example.ru")
_LINES = """cells => cells.map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return [cell.textContent, new Set([...range.getClientRects()].map(r => r.top)).size];
})"""


def test_no_word_of_a_fact_is_broken_and_no_rouble_stands_alone(phone: Any, tmp_path: Path) -> None:
    paid = Paid(
        Money(104_759_72), "DOM-12", "ООО «УК «Лесная сторона»", datetime(2026, 11, 26, 19, 14),  # noqa: DTZ001 - the operator's clock
        "Карта или СБП", "2fa0c1d7-000f-5000-9000-1c5f6d8b3e2a",
        (("2026-001114", Money(104_219_86)), ("2026-001234", Money(500_00))), Money(39_86),
    )  # fmt: skip
    page = tmp_path / "letter.html"
    page.write_text(html_of(receipt(paid, HEAD), HEAD), encoding="utf-8")
    phone.goto(page.as_uri())
    lines = dict(phone.locator("td").evaluate_all(_LINES))
    assert lines["Получатель"] == 1
    assert [count for text, count in lines.items() if text.endswith("₽")] == [1, 1, 1]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
