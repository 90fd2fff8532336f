"""The customer's top level, and words that have no business in the tree."""

import re

import pytest

from tests.support.tree import ROOT, tracked_files

THE_SEVEN = {"pyproject.toml", "portal", "pages", "components", "static", "tests", "README.md"}
BESIDE = {"Makefile", "LICENSE", "CHANGELOG.md", "requirements.lock", "requirements-test.lock"}

# Written in pieces, or this file would convict itself.
UNFINISHED = [r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bX" + r"XX\b"]
ELSEWHERE = [r"\bsha" + r"red/", re.escape(str(ROOT)) + r"\b"]
REGISTRIES = [
    r"\bpy" + r"pi\.org",
    r"python" + r"hosted",
    r"np" + r"mjs",
    r"debian" + r"\.org",
    r"file:///o" + r"pt",
]
PICTURES = {".png", ".ttf"}
FORBIDDEN = re.compile("|".join(UNFINISHED + ELSEWHERE + REGISTRIES))


def offences(text: str) -> list[str]:
    return [line.strip()[:100] for line in text.splitlines() if FORBIDDEN.search(line)]


def test_the_top_level_is_the_customers() -> None:
    top = {path.parts[0] for path in tracked_files()}
    assert {name for name in top if not name.startswith(".")} <= THE_SEVEN | BESIDE
    assert top >= THE_SEVEN


def test_nothing_is_unfinished_or_points_elsewhere() -> None:
    found = [
        f"{path}: {line}"
        for path in tracked_files()
        if path.suffix not in PICTURES  # their bytes spell anything
        for line in offences((ROOT / path).read_bytes().decode("utf-8", "ignore"))
    ]
    assert not found, "\n".join(found)


def test_the_locks_name_every_file_by_hash_and_none_by_address() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        pinned = re.findall(
            r"^[\w.-]+==[^\\]*\\\n(?:    --hash=sha256:[0-9a-f]{64}.*\n)+", text, re.MULTILINE
        )
        assert len(pinned) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))


@pytest.mark.parametrize(
    "word", ["TO" + "DO", "../sha" + "red/x.md", f"{ROOT}/README.md", "https://py" + "pi.org/"]
)
def test_the_watchman_sees(word: str) -> None:
    assert offences(f"a\n  # {word} b\n") == [f"# {word} b"]


@pytest.mark.parametrize("word", ["todolist", "unshared/", "XXXII век"])
def test_the_watchman_is_not_jumpy(word: str) -> None:
    assert offences(word) == []
