"""Named examples of every component: its documentation, its test data, its accessibility run."""

from collections.abc import Callable

from markupsafe import Markup

from components import (
    gallery_api,
    gallery_entry,
    gallery_money,
    gallery_paying,
    gallery_person,
    gallery_profile,
    gallery_promise,
    gallery_proofs,
    gallery_readings,
)

EXAMPLES: dict[str, Callable[[], Markup]] = {
    **gallery_person.EXAMPLES,
    **gallery_readings.EXAMPLES,
    **gallery_entry.EXAMPLES,
    **gallery_money.EXAMPLES,
    **gallery_paying.EXAMPLES,
    **gallery_proofs.EXAMPLES,
    **gallery_profile.EXAMPLES,
    **gallery_promise.EXAMPLES,
    **gallery_api.EXAMPLES,
}
"""Every example is what belongs into a page's `main`, except those whose name begins with
«frame», which are whole screens.
"""


def is_screen(name: str) -> bool:
    """Whether the example brings its own frame."""
    return name.startswith("frame")
