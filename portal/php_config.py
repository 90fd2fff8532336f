"""The old cabinet's configuration, read and never run.

A grammar of PHP reads the file; what is understood is the array that the file returns: `array(…)`
and `[…]`, true, false and null, numbers, texts of every kind, concatenation, `date('Y')` and
`dirname(__FILE__)`.  Any other call, a variable, a constant or an interpolation makes that one
value Unknown.  A float becomes a Decimal.  The file is UTF-8 or cp1251.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import tree_sitter_php
from tree_sitter import Language, Node, Parser

from portal.errors import PortalError
from portal.settings.php_literals import (
    array_key,
    double_quoted,
    fraction,
    joined,
    single_quoted,
    whole,
)
from portal.settings.php_nodes import (
    between_marks,
    between_quotes,
    broken_lines,
    field,
    line_of,
    operands,
    parts,
    return_inside,
    text_of,
)

_PARSER_LANGUAGE = Language(tree_sitter_php.language_php())
_DEEPEST = 64
_PLAIN_PARTS = frozenset({"string_content", "escape_sequence"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value only PHP could compute; `written` is how the file spells it."""

    written: str


@dataclass(frozen=True, slots=True)
class Located:
    """A value with the file and line (from 1) where it is written."""

    value: "PhpValue"
    path: Path
    line: int


PhpValue: TypeAlias = "Unknown | bool | int | Decimal | str | PhpArray | None"
PhpArray: TypeAlias = "dict[int | str | Unknown, Located]"  # an Unknown key: `CONST => …`, `...$x`


class PhpFault(PortalError):
    """The file cannot be read as a PHP file that returns an array; says which line."""


def parse_php(source: bytes, path: Path, *, year: int) -> Located:
    """The array that the file returns; `year` is what `date('Y')` gives.

    Raises PhpFault: neither UTF-8 nor cp1251, a syntax error, no top-level `return` of an array.
    """
    text, encoding = _decoded(source, path)
    root = Parser(_PARSER_LANGUAGE).parse(text.encode()).root_node
    reader = _Reader(path, encoding, year)
    reader.refuse_broken(root)
    returned = reader.located(reader.returned(root), depth=0)
    if not isinstance(returned.value, dict):
        raise reader.fault(returned.line, "после return стоит не массив. Нужно: return array( … );")
    return returned


def lay_over(base: Located, over: Located) -> Located:
    """`over` laid over `base` key by key, recursively; entries of lists are added at the end.

    This is what the old cabinet did with its two files (CMap::mergeArray of Yii 1.1).
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    merged = dict(base.value)
    for key, found in over.value.items():
        if isinstance(key, int) and key in merged:
            merged[_next_index(merged)] = found
        else:
            merged[key] = lay_over(merged[key], found) if key in merged else found
    return Located(merged, over.path, over.line)


def _next_index(entries: PhpArray) -> int:
    return max([-1, *(key for key in entries if isinstance(key, int))]) + 1


def _decoded(source: bytes, path: Path) -> tuple[str, str]:
    body = source.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8", "cp1251"):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise PhpFault(f"Файл {path}: это не UTF-8 и не cp1251. Сохраните его в одной из них.")


class _Reader:
    def __init__(self, path: Path, encoding: str, year: int) -> None:
        self._path = path
        self._encoding = encoding
        self._year = year
        self._understood: dict[str, Callable[[Node, int], PhpValue]] = {
            "boolean": lambda node, _: text_of(node).lower() == "true",
            "null": lambda _node, _depth: None,
            "integer": lambda node, _: whole(text_of(node)),
            "float": lambda node, _: fraction(text_of(node)),
            "string": lambda node, _: single_quoted(between_quotes(node)),
            "encapsed_string": self._double_quoted,
            "nowdoc": lambda node, _: between_marks(node),
            "heredoc": self._heredoc,
            "array_creation_expression": self._array,
            "parenthesized_expression": self._parenthesized,
            "unary_op_expression": self._signed,
            "binary_expression": self._concatenated,
            "function_call_expression": self._called,
        }

    def fault(self, line: int, sentence: str) -> PhpFault:
        return PhpFault(f"Файл {self._path}, строка {line}: {sentence}")

    def refuse_broken(self, root: Node) -> None:
        if lines := broken_lines(root):
            first, last = lines
            where = f"строка {first}" if first == last else f"строки {first}–{last}"
            raise PhpFault(
                f"Файл {self._path}, {where}: ошибка записи PHP. "
                "Исправьте это место или строку перед ним."
            )

    def returned(self, root: Node) -> Node:
        """What the file returns; a `return` inside an `if` depends on what nobody runs."""
        for statement in parts(root):
            if statement.type == "return_statement" and (given := parts(statement)):
                return given[0]
            if inside := return_inside(statement):
                advice = "return под условием. Оставьте в файле один return array( … );"
                raise self.fault(line_of(inside), advice)
        raise self.fault(line_of(root), "файл ничего не возвращает. Нужно: return array( … );")

    def located(self, node: Node, depth: int) -> Located:
        return Located(self._value(node, depth), self._path, line_of(node))

    def _value(self, node: Node, depth: int) -> PhpValue:
        if depth > _DEEPEST:
            raise self.fault(line_of(node), f"вложенность больше {_DEEPEST}. Упростите запись.")
        understood = self._understood.get(node.type)
        try:
            return understood(node, depth) if understood else _unknown(node)
        except ValueError:  # a literal that PHP itself would refuse, bytes that are no text
            return _unknown(node)

    def _array(self, node: Node, depth: int) -> PhpArray:
        entries: PhpArray = {}
        for element in parts(node):
            *named, value = parts(element)
            entries[self._key(named, value, entries, depth)] = self.located(value, depth + 1)
        return entries

    def _key(
        self, named: list[Node], value: Node, entries: PhpArray, depth: int
    ) -> int | str | Unknown:
        if not named:
            return _unknown(value) if value.type == "variadic_unpacking" else _next_index(entries)
        key = array_key(self._value(named[0], depth + 1))
        return _unknown(named[0]) if key is None else key

    def _parenthesized(self, node: Node, depth: int) -> PhpValue:
        return self._value(parts(node)[0], depth + 1)

    def _double_quoted(self, node: Node, _depth: int) -> PhpValue:
        if any(part.type not in _PLAIN_PARTS for part in node.named_children):
            return _unknown(node)  # a variable inside
        return double_quoted(between_quotes(node), self._encoding)

    def _heredoc(self, node: Node, _depth: int) -> PhpValue:
        body = [part for part in node.named_children if part.type == "heredoc_body"]
        if any(part.type not in _PLAIN_PARTS for each in body for part in each.named_children):
            return _unknown(node)  # a variable inside
        return double_quoted(between_marks(node), self._encoding, is_heredoc=True)

    def _signed(self, node: Node, depth: int) -> PhpValue:
        number = self._value(parts(node)[0], depth + 1)
        sign = text_of(node)[0]
        if sign not in "+-" or isinstance(number, bool) or not isinstance(number, int | Decimal):
            return _unknown(node)
        return -number if sign == "-" else number

    def _concatenated(self, node: Node, depth: int) -> PhpValue:
        pieces = [joined(self._value(part, depth + 1)) for part in operands(node)]
        texts = [piece for piece in pieces if piece is not None]
        return "".join(texts) if len(texts) == len(pieces) else _unknown(node)

    def _called(self, node: Node, depth: int) -> PhpValue:
        name = text_of(field(node, "function")).removeprefix("\\").lower()
        given = [part for argument in parts(field(node, "arguments")) for part in parts(argument)]
        if len(given) != 1:
            return _unknown(node)
        if name == "dirname" and text_of(given[0]).upper() == "__FILE__":
            return str(self._path.parent)
        if name == "date" and self._value(given[0], depth + 1) == "Y":
            return str(self._year)
        return _unknown(node)


def _unknown(node: Node) -> Unknown:
    return Unknown(" ".join(text_of(node).split()))
