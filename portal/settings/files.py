"""The file that ZHKH_CONFIG names: a TOML file, or the old cabinet's PHP file with its overlay.

Both become the same thing: what is written for each flag, and where.  A flag may stand at the top
of the file or in `params`, where the old cabinet keeps it and which wins.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.errors import PortalError
from portal.php_config import Located, PhpArray, Unknown, lay_over, parse_php
from portal.settings.faults import Impossible, refusal
from portal.settings.flags import FLAGS
from portal.settings.values import Dialect, shown

OVERLAY = "client.main.php"
PARAMS = "params"
_GROUPS = frozenset(spec.group for spec in FLAGS if spec.group)
_WHY_NOT_READ: dict[type[OSError], str] = {
    FileNotFoundError: "такого файла нет",
    PermissionError: "нет права на чтение",
    IsADirectoryError: "это папка",
}
_TOML_LINE = re.compile(r"\(at line ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Written:
    """What stands for a flag; `where` names the file with the line, or the variable."""

    value: object
    dialect: Dialect
    where: str


class UnreadableFile(PortalError):
    """The settings file is missing, unreadable, or of a kind nobody knows."""


@dataclass(frozen=True, slots=True)
class FileContents:
    """`written` is by the flag's name: `menu_zkh`, `infoblock.tariff`."""

    written: dict[str, Written]
    faults: tuple[str, ...]


def read_file(path: Path, *, year: int) -> FileContents:
    """Everything the file (and its overlay) says about our flags, and everything wrong with it."""
    laid = Located({}, path, 0)
    faults: list[str] = []
    for each in (path, *_overlays(path)):
        try:
            laid = lay_over(laid, _parameters(_parsed(each, year)))
        except PortalError as fault:
            faults.append(str(fault))
    dialect = Dialect.TOML if path.suffix.lower() == ".toml" else Dialect.PHP
    parameters = _entries(laid)
    faults += [*_uncomputed_keys(parameters), *_no_arrays(parameters)]
    return FileContents(_flattened(parameters, dialect), tuple(faults))


def place(found: Located) -> str:
    return f"файл {found.path}, строка {found.line}" if found.line else f"файл {found.path}"


def _overlays(path: Path) -> list[Path]:
    overlay = path.parent / OVERLAY
    expected = path.suffix.lower() == ".php" and path.name != OVERLAY
    return [overlay] if expected and os.path.lexists(overlay) else []


def _parsed(path: Path, year: int) -> Located:
    if path.suffix.lower() not in {".php", ".toml"}:
        raise UnreadableFile(
            f"Файл {path}: настройки читаются из .toml или .php. "
            "Укажите такой файл в переменной ZHKH_CONFIG."
        )
    try:
        source = path.read_bytes()
    except OSError as error:
        why = _WHY_NOT_READ.get(type(error), "он не читается")
        raise UnreadableFile(f"Файл {path}: {why}. Проверьте путь и права на файл.") from error
    is_toml = path.suffix.lower() == ".toml"
    return _toml(source, path) if is_toml else parse_php(source, path, year=year)


def _toml(source: bytes, path: Path) -> Located:
    try:
        tree = tomllib.loads(source.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Файл {path}: это не UTF-8. Сохраните его в UTF-8.") from error
    except (ValueError, RecursionError) as error:
        line = _TOML_LINE.search(str(error))
        where = f", строка {line[1]}" if line else ""
        raise UnreadableFile(
            f"Файл {path}{where}: ошибка записи TOML. Исправьте эту строку или строку перед ней."
        ) from error
    return _located(tree, path)


def _located(value: Any, path: Path) -> Located:  # noqa: ANN401 - TOML says what it is
    if isinstance(value, dict):
        value = {key: _located(inner, path) for key, inner in value.items()}
    return Located(value, path, 0)


def _parameters(tree: Located) -> Located:
    params = _entries(tree).get(PARAMS, Located({}, tree.path, tree.line))
    if not isinstance(params.value, dict):
        raise UnreadableFile(
            f"params ({place(params)}): здесь должен стоять массив настроек. Запишите его целиком."
        )
    return lay_over(tree, params)


def _entries(found: Located) -> PhpArray:
    return found.value if isinstance(found.value, dict) else {}


def _uncomputed_keys(parameters: PhpArray) -> list[str]:
    """A key that only PHP could compute may be any flag of ours, so it is a fault."""
    groups = [_entries(parameters[group]) for group in _GROUPS if group in parameters]
    return [
        f"Ключ «{key.written}» ({place(found)}): портал не вычисляет его. "
        "Запишите ключ текстом в кавычках."
        for entries in (parameters, *groups)
        for key, found in entries.items()
        if isinstance(key, Unknown)
    ]


def _no_arrays(parameters: PhpArray) -> list[str]:
    found = {group: parameters[group] for group in sorted(_GROUPS) if group in parameters}
    advice = Impossible("Запишите массив: имя => true или false")
    return [
        refusal(f"{group} ({place(value)})", shown(value.value), advice)
        for group, value in found.items()
        if not isinstance(value.value, dict)
    ]


def _flattened(parameters: PhpArray, dialect: Dialect) -> dict[str, Written]:
    written: dict[str, Written] = {}
    for key, found in parameters.items():
        if key in _GROUPS:
            for inner, value in _entries(found).items():
                written[f"{key}.{inner}"] = Written(value.value, dialect, place(value))
        elif isinstance(key, str):
            written[key] = Written(found.value, dialect, place(found))
    return written
