"""The icons: strokes of one weight on a field of 24 × 24, drawn into the page."""

from functools import cache

from markupsafe import Markup

_STROKES = {
    "home": "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
    "drop": "M12 3c4 5 6 8 6 11a6 6 0 01-12 0c0-3 2-6 6-11z",
    "bars": "M5 20V10M12 20V4M19 20v-7",
    "invoice": "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
    "more": "M6 12a1 1 0 10-2 0 1 1 0 002 0m7 0a1 1 0 10-2 0 1 1 0 002 0m7 0a1 1 0 10-2 0 1 1 0 002"
    " 0",
    "wallet": "M4 7h14a2 2 0 012 2v9a2 2 0 01-2 2H6a2 2 0 01-2-2zM4 7a2 2 0 012-2h10M16 13.5h.01",
    "letter": "M4 6h16v12H4zM4 7l8 6 8-6",
    "person": "M12 12a4 4 0 100-8 4 4 0 000 8zM5 20a7 7 0 0114 0",
    "leave": "M14 4H6v16h8M10 12h10M17 8l4 4-4 4",
    "bolt": "M13 2L5 14h6l-1 8 8-12h-6z",
    "flame": "M12 3c1 4 6 6 6 11a6 6 0 01-12 0c0-2 1-4 2-5 1 1 2 2 3 2 1-3 0-5 1-8z",
    "heat": "M5 5v14M10 5v14M15 5v14M20 5v14M5 8h15M5 16h15",
    "gauge": "M4 16a8 8 0 1116 0M12 16l4-5M4 16v2h16v-2",
    "left": "M15 5l-7 7 7 7",
    "right": "M9 5l7 7-7 7",
    "down": "M6 9l6 6 6-6",
    "check": "M5 13l4 4L19 7",
    "done": "M12 21a9 9 0 100-18 9 9 0 000 18zM8 12.5l3 3 5.5-6",
    "alert": "M12 4L3 20h18zM12 10v4M12 17h.01",
    "refused": "M12 21a9 9 0 100-18 9 9 0 000 18zM12 8v5M12 16h.01",
    "offline": "M4 9a12 12 0 0116 0M7.5 12.5a7 7 0 019 0M12 17h.01M4 4l16 16",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "search": "M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l4 4",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
    "phone": "M8 3h8v18H8zM11 18h2",
    "camera": "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7z",
    "share": "M12 15V3M8 7l4-4 4 4M8 11H6v10h12V11h-2",
    "add": "M5 4h14v16H5zM12 8.5v7M8.5 12h7",
    "card": "M3 6h18v12H3zM3 10h18M7 14.5h4",
    "clock": "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 2",
    "place": "M12 21c4-5 6-8 6-11a6 6 0 10-12 0c0 3 2 6 6 11zM12 12a2 2 0 100-4 2 2 0 000 4z",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "save": "M12 4v11M8 11l4 4 4-4M5 20h14",
    "undo": "M8 5L4 9l4 4M4 9h10a5 5 0 010 10h-3",
}


@cache
def icon(name: str) -> Markup:
    """An ornament: silent for those who listen, so the words must stand beside it.

    Raises KeyError: there is no icon of that name.
    """
    return Markup(
        '<svg class="zh-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>'
    ).format(_STROKES[name])
