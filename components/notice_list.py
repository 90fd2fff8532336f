"""«Сообщения»: what the operator has told."""

from collections.abc import Sequence

from markupsafe import Markup

from components.empty_state import empty_state
from components.rendering import render
from portal.domain.notice import Notice


def notice_list(notices: Sequence[Notice], timezone: str) -> Markup:
    if not notices:
        return empty_state(
            "Сообщений пока нет", "Здесь появятся объявления управляющей компании", icon="letter"
        )
    return render("notice_list", notices=notices, timezone=timezone)


def notice_text(notice: Notice, timezone: str) -> Markup:
    """One message opened; its lines stay apart."""
    return render("notice_text", notice=notice, timezone=timezone)
