"""Refuse to start in an environment where one of our names belongs to somebody else.

`portal`, `pages` and `components` are names other distributions use too. Installing one of them
beside us overwrites our files without a word and `pip check` says all is well: we look ourselves.
"""

import re
from collections import defaultdict
from importlib.metadata import Distribution, distributions
from typing import Final

from portal.errors import PortalError

DISTRIBUTION = "zhkh-portal"
NAMES = ("portal", "pages", "components")
_INSTALLED: Final = re.compile(rf"^({'|'.join(NAMES)})(?=/|\.py,)", re.MULTILINE)


class ForeignNames(PortalError):
    """Somebody else's distribution owns one of our top-level names."""


def foreign_owners() -> dict[str, list[str]]:
    """Name → the other distributions that own it; empty when the environment is ours alone."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in distributions():
        for name in _ours(each):
            found[name].add(each.metadata["Name"])
    foreign = {name: sorted(found[name] - {DISTRIBUTION}) for name in NAMES}
    return {name: culprits for name, culprits in foreign.items() if culprits}


def _ours(installed: Distribution) -> set[str]:
    """Which of our names it has.  `packages_distributions` would make an object of each file of
    each distribution, at every command.
    """
    declared = installed.read_text("top_level.txt")
    if declared:
        return set(NAMES).intersection(declared.split())
    return set(_INSTALLED.findall(installed.read_text("RECORD") or ""))


def refuse_a_shared_environment() -> None:
    """Raise ForeignNames with every culprit named."""
    foreign = foreign_owners()
    if not foreign:
        return
    taken = "; ".join(f"«{name}» — {', '.join(culprits)}" for name, culprits in foreign.items())
    culprits = sorted({culprit for found in foreign.values() for culprit in found})
    message = (
        "Портал не запущен: его имена заняты другими пакетами Python в этом окружении "
        f"({taken}). Часть файлов портала могла быть заменена чужими. Поставьте портал в отдельное "
        f"окружение (python3 -m venv) без пакетов: {', '.join(culprits)}."
    )
    raise ForeignNames(message)
