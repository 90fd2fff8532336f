"""Worked numbers, machine-readable: recomputed by hand and from the sources that they name."""

import json
from pathlib import Path
from typing import Any

VECTORS: dict[str, list[Any]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)
