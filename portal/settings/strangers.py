"""Names that are no settings: a misspelt one does nothing and says nothing, so it is named.

In the old cabinet's PHP file most names are somebody else's: there only what stands in our own
arrays, or is nearly one of our names, is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from portal.settings.files import PARAMS, Written
from portal.settings.flags import FLAGS
from portal.settings.values import Dialect

_NAMES = tuple(spec.name for spec in FLAGS)
_GROUPS = tuple({f"{spec.group}." for spec in FLAGS if spec.group})
_NEAR, _NEARLY_THE_SAME = 0.6, 0.85


def strange_names(written: Mapping[str, Written]) -> Iterator[str]:
    """A sentence for each name of the file that is probably a misspelt flag."""
    for name, found in written.items():
        if name in _NAMES or name == PARAMS:
            continue
        is_ours = found.dialect is Dialect.TOML or name.startswith(_GROUPS)
        near = _meant(name, _NEAR if is_ours else _NEARLY_THE_SAME)
        if is_ours or near:
            yield _unknown(f"{name} ({found.where})", near)


def strange_variables(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """The same for the portal's variables of the environment, `names`."""
    everything = sorted(known)
    for name in sorted(set(names) - set(everything)):
        yield _unknown(f"переменная {name}", _nearest(name, everything, _NEAR))


def _meant(name: str, cutoff: float) -> str:
    """Inside an array the names of that array are compared, without its own."""
    group = next((group for group in _GROUPS if name.startswith(group)), "")
    keys = [known.removeprefix(group) for known in _NAMES if known.startswith(group)]
    near = _nearest(name.removeprefix(group), keys, cutoff)
    return f"{group}{near}" if near else ""


def _nearest(name: str, known: Iterable[str], cutoff: float) -> str:
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")


def _unknown(what: str, near: str) -> str:
    guess = f", может быть, {near}?" if near else ""
    return f"Не знаю такой настройки: {what}{guess}"
