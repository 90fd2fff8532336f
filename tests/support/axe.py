"""What axe-core (4.12, from the package axe-playwright-python) finds against WCAG 2.2 AA."""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Violation:
    """One rule, broken in one or more places."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]  # selector: what to mend

    def __str__(self) -> str:
        return "\n    ".join([f"{self.rule} ({self.impact}): {self.help}", *self.places])


def violations(page: Page, *, inside: str | None = None) -> list[Violation]:
    """Broken rules on the page as it is now, or `inside` a CSS selector; empty is accessible."""
    options = {"runOnly": {"type": "tag", "values": WCAG_22_AA}}
    results = Axe().run(page, context=inside, options=options)
    return [_violation(found) for found in results.response["violations"]]


def _violation(found: dict[str, Any]) -> Violation:
    places = tuple(f"{node['target'][0]}: {node['failureSummary']}" for node in found["nodes"])
    return Violation(found["id"], found["impact"], found["help"], places)
