"""The one way in which values become markup: a template, everything in it escaped."""

import re
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from components.icon import icon
from portal.domain.money import NBSP
from portal.domain.period import day_text, moment_text, short_day_text
from portal.domain.telling.told import ISOLATED, ISOLATED_END
from portal.domain.wording import counted

# Characters that no screen shows and that HTML forbids (NUL, escapes); line ends and tabs stay.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Added, not formatted: a page has dozens of names, and `Markup.format` takes ten times as long.
_BDI, _BDI_END = Markup("<bdi>"), Markup("</bdi>")


def render(template: str, **values: object) -> Markup:
    """The template `templates/{template}.html` filled in."""
    text = _ENVIRONMENT.get_template(f"{template}.html").render(values)
    return Markup(text)  # noqa: S704 - the environment has escaped every value


def field_id(name: str) -> str:
    """An id for the field called `name`: no spaces, no two names alike."""
    return re.sub(r"[^\w-]", lambda found: f".{ord(found[0]):x}.", name, flags=re.ASCII)


def segment(text: str) -> str:
    """`text` as one part of an address's path."""
    return quote(text, safe="")


def visible(text: str) -> str:
    """`text` without what no screen shows."""
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def name(text: str) -> Markup:
    """Somebody's words: whatever direction they run in, their surroundings keep their own."""
    return _BDI + visible(text) + _BDI_END


def told(text: str) -> Markup:
    """A sentence in which somebody's words stand between isolates: see `name`."""
    ours, *others = visible(text).split(ISOLATED)
    words = Markup.escape(ours)
    for each in others:
        foreign, _, after = each.partition(ISOLATED_END)
        words += _BDI + foreign + _BDI_END + after
    return words


def _day(on: date) -> str:
    """No line ends with «28»: the words of a date stay together."""
    return day_text(on).replace(" ", NBSP)


def _moment(at: datetime, timezone: str) -> str:
    return moment_text(at, ZoneInfo(timezone)).replace(" ", NBSP, 2)


def _shown(value: object) -> object:
    return visible(value) if type(value) is str else value


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    finalize=_shown,
)
_ENVIRONMENT.globals.update(icon=icon, counted=counted)
_ENVIRONMENT.filters.update(
    name=name,
    told=told,
    day=_day,
    short_day=short_day_text,
    moment=_moment,
    field_id=field_id,
    segment=segment,
)
