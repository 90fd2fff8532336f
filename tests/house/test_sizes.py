"""Small on purpose: a function fits a screen, a file fits a head."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import pytest

from tests.support.tree import ROOT, product_modules, tracked_files

LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 8
NINETIETH_PERCENTILE = 25
LONGEST_FILE = 250
GENERATED = ("portal/db/migrations/versions/",)


@dataclass(frozen=True)
class Function:
    """`lines` runs from `def` to the last line of the body, docstring and all."""

    name: str
    lines: int


def functions(source: str, where: str = "") -> Iterator[Function]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            name = f"{where}:{node.lineno} {node.name}"
            yield Function(name, node.end_lineno - node.lineno + 1)


def _measured(path: Path) -> bool:
    return not path.as_posix().startswith(GENERATED)


def _all_functions() -> list[Function]:
    return [
        function
        for path in product_modules()
        if _measured(path)
        for function in functions((ROOT / path).read_text(), path.as_posix())
    ]


def _is_written_by_hand(path: Path) -> bool:
    is_static = path.parts[0] == "static" and path.suffix in {".js", ".css"}
    return _measured(path) and (is_static or path in product_modules())


def test_no_function_is_longer_than_a_screen() -> None:
    long = [f"{f.name}: {f.lines}" for f in _all_functions() if f.lines > LONGEST_FUNCTION]
    assert not long, "\n".join(long)


def test_most_functions_are_short() -> None:
    lines = [function.lines for function in _all_functions()]
    deciles = quantiles(lines, n=10)
    assert deciles[4] <= MEDIAN_FUNCTION
    assert deciles[8] <= NINETIETH_PERCENTILE


def test_no_file_is_longer_than_a_head_can_hold() -> None:
    sizes = {
        path.as_posix(): len((ROOT / path).read_text().splitlines())
        for path in tracked_files()
        if _is_written_by_hand(path)
    }
    long = [f"{path}: {size}" for path, size in sizes.items() if size > LONGEST_FILE]
    assert not long, "\n".join(long)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f():\n    return 1\n", [2]),
        ("@d\n@e\ndef f():\n    return 1\n", [2]),
        ("class A:\n    async def f(self):\n        '''d'''\n        return (\n  1)\n", [4]),
        ("def f():\n    def g():\n        return 1\n    return g\n", [4, 2]),
        ("x = lambda: 1\n", []),
    ],
)
def test_the_ruler_measures(source: str, lines: list[int]) -> None:
    assert [function.lines for function in functions(source)] == lines
