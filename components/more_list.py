"""«Ещё»: what the phone's bar has no room for."""

from collections.abc import Sequence

from markupsafe import Markup

from components.chrome import MenuEntry
from components.rendering import render


def more_list(entries: Sequence[MenuEntry]) -> Markup:
    """Those entries of the menu that are not on the bar, and the way out."""
    return render("more_list", entries=[each for each in entries if not each.is_on_bar])
