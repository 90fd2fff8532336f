"""The import contracts hold, name every module, and bite."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tree import ROOT, module_name, product_modules

LINTER = Path(sys.executable).parent / "lint-imports"
ROOMS = ("domain", "db", "services", "documents", "gateways", "imports", "api", "web")
HOUSE = ("portal", "pages", "components", *(f"portal/{room}" for room in ROOMS))


def imported(source: str) -> Iterator[str]:
    """The top-level names that a module imports; a relative import is its own package."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def test_the_domain_knows_only_the_standard_library() -> None:
    strange = [
        f"{path}: {name}"
        for path in product_modules()
        if path.is_relative_to("portal/domain")
        for name in imported((ROOT / path).read_text().replace("portal.domain", "sys"))
        if name not in sys.stdlib_module_names
    ]
    assert not strange, "\n".join(strange)


def test_the_eye_sees_imports() -> None:
    source = (
        "import os.path, numpy as n\nfrom a.b import c\nfrom . import d\ndef f():\n  import e\n"
    )
    assert set(imported(source)) == {"os", "numpy", "a", "e"}


def test_every_module_of_portal_has_its_layer() -> None:
    """A module without a layer may import whatever it likes: give it one in pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = (
        c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers"
    )
    layered = set(re.findall(r"portal\.\w+", " ".join(contract["layers"])))
    names = {".".join(module_name(path).split(".")[:2]) for path in product_modules()}
    assert {name for name in names if name.startswith("portal.")} <= layered


CRIMES = [
    ("1", "portal/domain/crime.py", "import portal.db"),
    ("1", "portal/services/crime.py", "import pages"),
    ("2", "components/crime.py", "import portal.services"),
    ("2", "components/crime.py", "import portal.errors"),
    ("2", "components/crime.py", "from sqlalchemy import select"),
    ("3a", "portal/services/crime.py", "import nicegui"),
    ("3a", "portal/api/crime.py", "from nicegui import ui"),
    ("3b", "portal/documents/crime.py", "import fastapi"),
    ("4", "portal/domain/crime.py", "import portal.errors"),
    ("5", "pages/crime.py", "import sqlalchemy"),
    ("5", "pages/crime.py", "import portal.db"),
    ("5", "pages/crime.py", "from portal.gateways import mail"),
    ("6", "pages/crime.py", "import pages.other_crime"),
]


@pytest.mark.parametrize(("contract", "place", "crime"), CRIMES)
def test_the_contracts_bite(contract: str, place: str, crime: str, tmp_path: Path) -> None:
    for package in HOUSE:
        (tmp_path / package).mkdir(exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
    for module in ("portal/errors.py", "pages/other_crime.py"):
        (tmp_path / module).touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / place).write_text(f'"""A crime."""\n{crime}\n')
    done = subprocess.run(
        [LINTER, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"^{contract}\. .* BROKEN$", done.stdout, re.MULTILINE), done.stdout
