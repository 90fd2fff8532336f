"""Refuse to start in an environment where one of our names belongs to somebody else.

`portal`, `pages` and `components` are names other distributions use too. Installing one of them
beside us overwrites our files without a word and `pip check` says all is well: we look ourselves.
"""

from importlib.metadata import packages_distributions

from portal.errors import PortalError

DISTRIBUTION = "zhkh-portal"
NAMES = ("portal", "pages", "components")


class ForeignNames(PortalError):
    """Somebody else's distribution owns one of our top-level names."""


def foreign_owners() -> dict[str, list[str]]:
    """Name → the other distributions that own it; empty when the environment is ours alone."""
    owners = packages_distributions()
    foreign = {name: sorted(set(owners.get(name, ())) - {DISTRIBUTION}) for name in NAMES}
    return {name: culprits for name, culprits in foreign.items() if culprits}


def refuse_a_shared_environment() -> None:
    """Raise ForeignNames with every culprit named; about 0.25 s of CPU, once, at the start."""
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
