"""Profiles as TOML files: ours, which come with the portal, and the operator's own.

A profile with faults is refused with all of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from portal.imports.bank.layouts import Layout
from portal.imports.bank.profile import Column, Form, Holds, ImportProfile
from portal.imports.book import kinds
from portal.imports.book.faults import BookFaults, guess
from portal.imports.book.fields import Field
from portal.imports.book.raw import Wrong, shown
from portal.imports.book.reading import parse_fields, read_toml

SHIPPED: Final = Path(__file__).with_name("profiles")
ENCODINGS: Final = ("utf-8", "cp1251", "cp866", "koi8-r")
_SKIPPED_MAX, _PLACE_MAX, _PATTERN_MAX = 100, 500, 1000
_GROUPS: Final = ("count", "total", "transferred", "fee", "number", "day")
_DELIMITER = re.compile(r"[^\w\s\"']|\t")


def shipped_profiles() -> tuple[ImportProfile, ...]:
    return tuple(read_profile(path) for path in sorted(SHIPPED.glob("*.toml")))


def find_profile(word: str) -> ImportProfile:
    """One of ours by its key, or the operator's by the path of its file.  Raises BookFaults."""
    keys = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if word in keys:
        return read_profile(keys[word])
    if not word.lower().endswith(".toml"):
        meant = guess(word, keys) or "."
        listed = ", ".join(sorted(keys))
        raise BookFaults([f"нет такого формата «{word}»{meant} Бывает: {listed}"])
    return read_profile(Path(word))


def read_profile(path: Path) -> ImportProfile:
    """Raises BookFaults with everything that is wrong."""
    _, document = read_toml(path)
    return profile_of(path.stem, document)


def profile_of(key: str, document: Mapping[str, Any]) -> ImportProfile:
    """Raises BookFaults; `key` names the profile and, in faults, its file."""
    values, faults, strangers = parse_fields(_FIELDS, dict(document))
    faults += strangers
    columns = values.get("columns", {})
    faults += _column_faults(columns)
    if not faults:
        faults += _contradictions(values)
    if faults:
        raise BookFaults([f"{key}.toml: {fault}" for fault in faults])
    return ImportProfile(
        key=key,
        name=values["name"],
        holds=Holds(values.get("holds", Holds.PAYMENTS)),
        form=Form(values.get("format", Form.TEXT)),
        encoding=values["encoding"],
        delimiters=values.get("delimiter", ()),
        quote=values.get("quote", ""),
        skip_lines=values.get("skip_lines", 0),
        heading=values.get("heading"),
        ignore=values.get("ignore"),
        footer=values.get("footer"),
        decimal_sep=values.get("decimal_sep", "."),
        dates=values.get("dates", ()),
        times=values.get("times", ()),
        columns={Column(name): places for name, places in columns.items()},
        unique_key=tuple(Column(name) for name in values.get("unique_key", ())),
    )


def _column_faults(columns: Mapping[str, tuple[int | str, ...]]) -> Iterator[str]:
    known = tuple(Column)
    for name in columns:
        if name not in known:
            yield f"нет такого столбца «{name}»{guess(name, known)}"
    for name in (Column.ACCOUNT, Column.AMOUNT):
        if name not in columns:
            yield f"не хватает столбца «{name}» ({name.words})"


def _contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    """What each field may be alone but not beside another."""
    columns = values["columns"]
    is_table = values.get("format") == Form.DBF
    yield from _form_faults(values, is_table=is_table)
    if values.get("holds") != Holds.DEBTS:
        if Column.DATE not in columns:
            yield f"не хватает столбца «{Column.DATE}» ({Column.DATE.words})"
        if not values.get("unique_key"):
            yield "не хватает поля «unique_key»: по нему платеж узнается, если загрузить его снова"
    for name in values.get("unique_key", ()):
        if name not in columns:
            yield f"«unique_key» называет столбец «{name}», а его нет в [columns]"
    for column, layouts in ((Column.DATE, "dates"), (Column.TIME, "times")):
        if column in columns and not values.get(layouts) and not is_table:
            yield f"есть столбец «{column}», но не сказано, как он пишется: поле «{layouts}»"
    footer = values.get("footer")
    for name in ("transferred", "fee"):
        if footer and name in footer.groupindex and name not in columns:
            yield f"«footer» называет «{name}», а такого столбца нет в [columns]"


def _form_faults(values: Mapping[str, Any], *, is_table: bool) -> Iterator[str]:
    places = [place for places in values["columns"].values() for place in places]
    if is_table:
        for name in ("delimiter", "quote", "skip_lines", "heading", "ignore", "footer"):
            if name in values:
                yield f"поле «{name}» у таблицы DBF ничего не значит"
        if any(isinstance(place, int) for place in places):
            yield 'столбцы таблицы DBF называются именами полей: account = "LS"'
        return
    if not values.get("delimiter"):
        yield "не хватает поля «delimiter»"
    if any(isinstance(place, str) for place in places):
        yield "столбцы текста называются номерами по порядку: account = 6"
    elif len(set(places)) < len(places):
        yield "два столбца стоят на одном месте"


def _delimiters(value: object) -> tuple[str, ...]:
    """One, or several that are tried in turn."""
    some = value if isinstance(value, list) else [value]
    for each in some:
        if not isinstance(each, str) or _DELIMITER.fullmatch(each) is None:
            raise Wrong(f'{shown(each)} не годится, нужен один знак: ";" или "\\t"')
    if not some:
        raise Wrong("список пуст")
    return tuple(some)


def _pattern(value: object) -> re.Pattern[str]:
    written = kinds.text(value)
    if len(written) > _PATTERN_MAX:
        raise Wrong("слишком длинно")
    try:
        return re.compile(written)
    except (re.error, OverflowError, RecursionError) as fault:
        raise Wrong(f"это не регулярное выражение ({fault})") from None


def _footer(value: object) -> re.Pattern[str]:
    pattern = _pattern(value)
    strangers = pattern.groupindex.keys() - set(_GROUPS)
    if strangers or "total" not in pattern.groupindex:
        listed = ", ".join(_GROUPS)
        raise Wrong(f"нужна группа (?P<total>…), бывает: {listed}")
    return pattern


def _layouts(*, of_days: bool) -> Callable[[object], tuple[Layout, ...]]:
    def read(value: object) -> tuple[Layout, ...]:
        found = tuple(Layout.of(kinds.text(each)) for each in _listed(value))
        for layout in found:
            if not (layout.has_day if of_days else layout.has_time):
                raise Wrong(f"«{layout.text}» не {'дата' if of_days else 'время'}")
        return found

    return read


def _columns(value: object) -> dict[str, tuple[int | str, ...]]:
    if not isinstance(value, dict):
        raise Wrong("пишется таблицей [columns]")
    return {name: tuple(_place(each) for each in _several(given)) for name, given in value.items()}


def _place(value: object) -> int | str:
    if isinstance(value, str):
        return kinds.text(value).upper()
    return int(kinds.whole(1, _PLACE_MAX)(value))


def _several(value: object) -> list[object]:
    """A field that several programs call differently may have several names, not places."""
    if not isinstance(value, list):
        return [value]
    if not value or not all(isinstance(each, str) for each in value):
        raise Wrong("нужен номер столбца, имя поля или список имен")
    return value


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _names(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds.word(*Column)(each) for each in _listed(value)))


_FIELDS: Final = (
    Field("name", kinds.text, required=True),
    Field("holds", kinds.word(*Holds)),
    Field("format", kinds.word(*Form)),
    Field("encoding", kinds.word(*ENCODINGS), required=True),
    Field("delimiter", _delimiters),
    Field("quote", kinds.word('"')),
    Field("skip_lines", kinds.whole(0, _SKIPPED_MAX)),
    Field("heading", _pattern),
    Field("ignore", _pattern),
    Field("footer", _footer),
    Field("decimal_sep", kinds.word(",", ".")),
    Field("dates", _layouts(of_days=True)),
    Field("times", _layouts(of_days=False)),
    Field("columns", _columns, required=True),
    Field("unique_key", _names),
)
