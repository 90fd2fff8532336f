"""«Подтвердите списание», and what is said when it is stored."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from components.rendering import render
from portal.domain.entry import EntrySummary
from portal.domain.wording import counted


def confirmation(
    entry: EntrySummary,
    key: str,
    carried: Sequence[tuple[str, str]],
    errors: Mapping[str, str],
    *,
    action: str = "/zkh/submit",
    is_page: bool = False,
) -> Markup:
    """The content of the dialog, and as well of a page of its own, which has its heading already
    and whose way back takes along what was typed.  `carried` are the fields of the entry that go
    on unseen (value:…, seen:…, taken_on).  Each questioned line adds
    `confirm:{key}` with the question's name once its box is ticked; `errors` go by line keys.
    Lines with a question come first, and the foot counts them while one is unanswered.
    """
    return render(
        "confirmation",
        entry=entry,
        lines=sorted(entry.lines, key=lambda line: line.question is None),
        title=confirmation_title(entry),
        asked=_asked(sum(line.question is not None for line in entry.lines)),
        key=key,
        carried=carried,
        errors=errors,
        action=action,
        is_page=is_page,
    )


def confirmation_title(entry: EntrySummary) -> str:
    return "Подтвердите списание" if entry.is_charged else "Подтвердите показания"


def accepted(
    entry: EntrySummary, number: int, *, is_page: bool = False, back: str = "/zkh"
) -> Markup:
    """«Принято»: what is stored now, in the words in which it was stored; `number` is the
    submission's, which the resident can quote; `back` leads to the form.
    """
    return render("accepted", entry=entry, number=number, is_page=is_page, back=back)


def _asked(count: int) -> str:
    if count == 1:
        return "Одно показание требует вашего подтверждения"
    noun = counted(count, "показание требует", "показания требуют", "показаний требуют")
    return f"{count} {noun} вашего подтверждения" if count else ""
