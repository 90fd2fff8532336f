"""What narrows a list: forms that send themselves once something is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from components.rendering import render
from portal.domain.statement import Choice


@dataclass(frozen=True, slots=True)
class Select:
    """One question of a filter.  `options` are (value, words); the empty value is «all»."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""


def filters(action: str, selects: Sequence[Select], kept: Mapping[str, str]) -> Markup:
    """A form that is got from `action`; `kept` are the parts of the address that stay as they
    are.  Without script it has a button.
    """
    return render("filters", action=action, selects=selects, kept=kept)


def agreement_select(agreements: Sequence[Choice], chosen: int | None) -> Select:
    return Select("agreement", "Договор", _options(agreements), str(chosen or ""))


def any_agreement_select(agreements: Sequence[Choice], chosen: int | None) -> Sequence[Select]:
    """As `agreement_select`, none chosen meaning all; nothing to ask of somebody who has one."""
    if len(agreements) < 2:  # noqa: PLR2004 - nothing to choose from
        return ()
    everything = ("", "Все договоры")
    own = agreement_select(agreements, chosen)
    return (replace(own, options=(everything, *own.options)),)


def account_select(accounts: Sequence[Choice], chosen: int | None) -> Select:
    everything = ("", "Все учетные записи")
    return Select("account", "Учетная запись", (everything, *_options(accounts)), str(chosen or ""))


def date_range(
    action: str, from_day: date, to_day: date, kept: Mapping[str, str], errors: Mapping[str, str]
) -> Markup:
    """Two dates, `from` and `to`, where the operator wants days instead of months."""
    return render(
        "date_range", action=action, from_day=from_day, to_day=to_day, kept=kept, errors=errors
    )


def _options(choices: Sequence[Choice]) -> tuple[tuple[str, str], ...]:
    return tuple((str(choice.id), choice.title) for choice in choices)
