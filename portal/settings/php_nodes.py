"""Finding one's way in the syntax tree of a PHP file; knows nothing of values."""

from tree_sitter import Node

_OTHER_BODIES = frozenset(
    {
        "function_definition",
        "class_declaration",
        "trait_declaration",
        "anonymous_function",
        "anonymous_function_creation_expression",
    }
)


def text_of(node: Node) -> str:
    return (node.text or b"").decode()


def line_of(node: Node) -> int:
    return node.start_point.row + 1


def parts(node: Node) -> list[Node]:
    """What a node is made of, comments and punctuation aside."""
    return [child for child in node.named_children if child.type != "comment"]


def field(node: Node, name: str) -> Node:
    """The named part; ValueError when the node has none."""
    found = node.child_by_field_name(name)
    if found is None:
        raise ValueError(name)
    return found


def between_quotes(node: Node) -> str:
    written = text_of(node)
    return written[2 if written[0] in "bB" else 1 : -1]  # b'…' is the same text


def between_marks(node: Node) -> str:
    """The lines of a heredoc or a nowdoc, without the indentation that the closing mark has.

    ValueError for a line that is indented less, which PHP refuses too.
    """
    _, *lines, closing = text_of(node).split("\n")
    margin = closing[: len(closing) - len(closing.lstrip(" \t"))]
    if any(line.strip() and not line.startswith(margin) for line in lines):
        raise ValueError
    return "\n".join(line[len(margin) :] for line in lines).removesuffix("\r")


def operands(node: Node) -> list[Node]:
    """The operands of a chain of `.`, left to right; ValueError for any other operator.

    Without recursion: a long text is often glued of hundreds of pieces.
    """
    later: list[Node] = []
    while node.type == "binary_expression":
        if text_of(field(node, "operator")) != ".":
            raise ValueError
        later.insert(0, field(node, "right"))
        node = field(node, "left")
    return [node, *later]


def broken_lines(root: Node) -> tuple[int, int] | None:
    """First and last line of the first thing that is not PHP; None when all is well.

    The grammar recovers by wrapping what it could not read, so the innermost wrapping is the fault.
    """
    broken = _first_broken(root)
    while broken and broken.is_error and (inner := _first_broken(*broken.children)):
        broken = inner
    return (line_of(broken), broken.end_point.row + 1) if broken else None


def _first_broken(*nodes: Node) -> Node | None:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return node
        waiting += reversed(node.children if node.has_error else [])
    return None


def return_inside(statement: Node) -> Node | None:
    """A `return` that belongs to the file itself, not to a function declared in it."""
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement":
            return node
        if node.type not in _OTHER_BODIES:
            waiting += node.children
    return None
