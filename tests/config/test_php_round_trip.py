"""Any nested values, written as PHP in any of its spellings, are read back equal."""

from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from portal.php_config import Located, PhpFault, parse_php

LETTERS = "".join(map(chr, range(1, 0x500))) + "№—€😀\u2028\ufeff"
TEXTS = st.text(LETTERS, max_size=12) | st.text("\\'\"$nxu{}41 \n", max_size=12)
CYRILLIC = st.text("абвЁжЯ '\"\\$№", max_size=12)
NAMES = st.text("абвabc_'\"\\", min_size=1, max_size=6)


def scalars(texts):
    return (
        st.none()
        | st.booleans()
        | st.integers(-(2**63) + 1, 2**63 - 1)
        | st.decimals(-(10**6), 10**6, places=3).map(lambda number: number.copy_abs())
        | texts
    )


def trees(texts):
    return st.dictionaries(
        NAMES | st.integers(0, 999),
        st.recursive(
            scalars(texts),
            lambda inner: st.dictionaries(NAMES | st.integers(0, 999), inner, max_size=4),
            max_leaves=12,
        ),
        max_size=5,
    )


@st.composite
def spelt(draw, value) -> str:
    """One of the ways in which PHP writes the value."""
    if isinstance(value, dict):
        pairs = [f"{draw(spelt(key))} => {draw(spelt(each))}" for key, each in value.items()]
        body = draw(st.sampled_from([", ", ",\n// , '\n", ", /* ' */ ", ' # "\n, '])).join(pairs)
        comma = "," if pairs and draw(st.booleans()) else ""
        return draw(st.sampled_from(["array({}{}\n)", "[{}{}\n]", "Array ( {}{}\n)"])).format(
            body, comma
        )
    if isinstance(value, str):
        return draw(st.sampled_from([single, double, glued]))(value)
    if value is None or isinstance(value, bool):
        return draw(st.sampled_from([str.lower, str.upper, str.title]))(
            {None: "null", True: "true", False: "false"}[value]
        )
    return str(value) if isinstance(value, int) else f"{value:f}"


def single(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def double(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return '"' + escaped.replace("\n", "\\n") + '"'


def glued(text: str) -> str:
    middle = len(text) // 2
    return f"{single(text[:middle])} . {double(text[middle:])}"


def plain(found: Located):
    if isinstance(found.value, dict):
        return {key: plain(inner) for key, inner in found.value.items()}
    return found.value


def kinds(value):
    """The types too, since True == 1 == Decimal(1)."""
    if isinstance(value, dict):
        return {key: kinds(inner) for key, inner in value.items()}
    return type(value), value


def read(written: str, encoding: str):
    return plain(parse_php(f"<?php return {written};".encode(encoding), Path("/a.php"), year=2031))


@given(st.data(), trees(TEXTS))
def test_what_was_written_in_utf8_is_read_back(data, tree):
    assert kinds(read(data.draw(spelt(tree)), "utf-8")) == kinds(tree)


@given(st.data(), trees(CYRILLIC))
def test_what_was_written_in_cp1251_is_read_back(data, tree):
    tree = {"кодировка": "зимние показания прибора", **tree}  # its bytes are never UTF-8
    assert kinds(read(data.draw(spelt(tree)), "cp1251")) == kinds(tree)


PIECES = (
    """array( ( ) [ ] , ; => . - ! ... & ' " $x {$x} 1 09 0x 1.5 true null 'a' "b" date('Y') new
    dirname(__FILE__) f() return if <?php ?> <<<E\nE // /* */ # \\ list( fn()"""
).split()


@given(st.lists(st.sampled_from([*PIECES, "\n"]), max_size=25))
def test_any_text_is_either_read_or_refused_in_words(pieces):
    source = f"<?php return [{' '.join(pieces)}];".encode()
    try:
        assert isinstance(parse_php(source, Path("/a.php"), year=2031).value, dict)
    except PhpFault as fault:
        sentence = str(fault)
        assert sentence.startswith("Файл /a.php, строк")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9))
def test_a_float_is_kept_to_the_last_digit(number):
    written = f"{number:f}"
    found = read(f"array({written if '.' in written else written + '.0'})", "utf-8")[0]
    assert isinstance(found, Decimal)
    assert found == number
