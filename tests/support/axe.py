"""What axe-core (4.12, from the package axe-playwright-python) finds against WCAG 2.2 AA."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that ask for colours.  The night has others than the day, and nothing else."""
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


def violations(
    page: Page, *, inside: str | None = None, only: Sequence[str] = ()
) -> list[Violation]:
    """Broken rules on the page as it is now, or `inside` a CSS selector; empty is accessible.
    `only` some rules, where the others have been asked already.
    """
    wanted = (
        {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": WCAG_22_AA}
    )
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    is_there = page.evaluate("() => Boolean(window.axe)")
    axe = Axe("0") if is_there else Axe()  # half a megabyte of script, once a page
    results = axe.run(page, context=inside, options=options)
    return [_violation(found) for found in results.response["violations"]]


def _violation(found: dict[str, Any]) -> Violation:
    places = tuple(f"{node['target'][0]}: {node['failureSummary']}" for node in found["nodes"])
    return Violation(found["id"], found["impact"], found["help"], places)
