"""«Подтвердите списание», and what is said when it is stored."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from components.rendering import render
from portal.domain.entry import EntrySummary


def confirmation(
    entry: EntrySummary,
    key: str,
    carried: Sequence[tuple[str, str]],
    errors: Mapping[str, str],
    *,
    action: str = "/zkh/submit",
) -> Markup:
    """The content of the dialog, and as well of a page of its own.  `carried` are the fields of
    the entry that go on unseen (value:…, seen:…, taken_on).  Each questioned line adds
    `confirm:{key}` with the question's name once its box is ticked; `errors` go by line keys.
    """
    return render(
        "confirmation", entry=entry, key=key, carried=carried, errors=errors, action=action
    )


def accepted(entry: EntrySummary, number: int) -> Markup:
    """«Принято»: what is stored now, in the words in which it was stored; `number` is the
    submission's, which the resident can quote.
    """
    return render("accepted", entry=entry, number=number)
