"""The project's own files, as the house tests look at them."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("portal", "pages", "components")


@cache
def tracked_files() -> tuple[Path, ...]:
    """What is committed or would be with `git add .`, as paths below ROOT."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = {Path(name) for name in listed.split("\0") if name}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def product_modules() -> list[Path]:
    """The product's Python files, below ROOT."""
    return [path for path in tracked_files() if path.suffix == ".py" and path.parts[0] in PRODUCT]


def copy_tree(target: Path) -> Path:
    """A fresh clone of the tree as it is now, uncommitted work included."""
    for path in tracked_files():
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy)
    return target


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
