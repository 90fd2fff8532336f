"""`zkhCategoryPrefix`: a PCRE as PHP writes it, `/^zkh_/iu`, run by PCRE itself.

Delimiters and flags are those of PHP's `preg_match`; without the flag `u` the pattern and the text
are bytes, as there.  Matching is limited, so no pattern can stop the portal.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pcre2

from portal.settings.faults import Impossible

_log = logging.getLogger(__name__)

_LIMITS = "(*LIMIT_MATCH=100000)"  # about 2 ms; PCRE takes the lowest limit, the pattern's own too
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OTHER_FLAGS = frozenset("uASX \r\n")  # u and A have their own place below; S and X do nothing
_FLAGS = {  # PCRE2's own numbers where the wheel has no name for them
    "i": int(pcre2.IGNORECASE),
    "m": int(pcre2.MULTILINE),
    "s": int(pcre2.DOTALL),
    "x": int(pcre2.VERBOSE),
    "D": 0x00000010,  # PCRE2_DOLLAR_ENDONLY
    "J": 0x00000040,  # PCRE2_DUPNAMES
    "n": 0x00002000,  # PCRE2_NO_AUTO_CAPTURE
    "U": 0x00040000,  # PCRE2_UNGREEDY
}
_ESCAPE = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\x(?:\{(?P<long>[0-9A-Fa-f]+)\}|(?P<short>[0-9A-Fa-f]{0,2}))|\\.",
    re.DOTALL,
)
_PLACE = re.compile(r"^compilation failed at position [0-9]+; ")  # in an expression of our making
_ADVICE = "Запишите выражение так, как его пишут в PHP, например /^zkh_/"


@dataclass(frozen=True, slots=True)
class CategoryPattern:
    """Which external ids belong to services of ЖКХ; `written` keeps delimiters and flags.

    Raises Impossible when the delimiters, the flags or the expression are not PCRE's.
    """

    written: str
    _find: Callable[[str | bytes], object] = field(init=False, repr=False, compare=False)
    _as_text: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        body, letters = _taken_apart(self.written)
        flags = _flags(letters)
        expression = _LIMITS + _ESCAPE.sub(_as_pcre_reads_it, body)
        try:
            compiled = pcre2.compile(
                expression if "u" in letters else expression.encode(), flags, jit=False
            )
        except pcre2.PatternError as error:
            words = _PLACE.sub("", str(error))
            raise Impossible(_ADVICE, f"PCRE не принимает выражение: {words}") from error
        object.__setattr__(self, "_find", compiled.match if "A" in letters else compiled.search)
        object.__setattr__(self, "_as_text", "u" in letters)

    def matches(self, external_id: str) -> bool:
        """False also when PCRE gives up at its limit; that is logged as a warning."""
        try:
            return self._find(external_id if self._as_text else external_id.encode()) is not None
        except pcre2.LibraryError as error:
            _log.warning(
                "zkhCategoryPrefix %s: PCRE прервал сравнение с «%s» (код %s); "
                "услуга не считается услугой ЖКХ",
                self.written,
                external_id,
                error.code,
            )
            return False


def _taken_apart(written: str) -> tuple[str, str]:
    """The expression between its delimiters, and the flags after them."""
    text = written.lstrip()
    if not text:
        raise Impossible(_ADVICE, "выражение пустое")
    opening = text[0]
    if opening.isalnum() or opening in "\\\0" or not opening.isascii():
        raise Impossible(_ADVICE, f"выражение не может быть ограничено знаком «{opening}»")
    end = _closing_position(text, opening)
    return text[1:end], text[end + 1 :]


def _closing_position(text: str, opening: str) -> int:
    closing = _CLOSING.get(opening, opening)
    depth, position = 1, 1
    while position < len(text):
        sign = text[position]
        if sign == closing:
            depth -= 1
        elif sign == opening:
            depth += 1
        if depth == 0:
            return position
        position += 2 if sign == "\\" else 1
    raise Impossible(_ADVICE, f"нет закрывающего знака «{closing}»")


def _flags(letters: str) -> int:
    flags = 0
    for letter in letters:
        if letter not in _FLAGS and letter not in _OTHER_FLAGS:
            raise Impossible(_ADVICE, f"после выражения стоит неизвестный флаг «{letter}»")
        flags |= _FLAGS.get(letter, 0)
    return flags


def _as_pcre_reads_it(escape: re.Match[str]) -> str:
    r"""`\x7a` spelt in octal: this wheel makes PCRE read `\x` and `\u` as JavaScript does.

    Raises Impossible for `\u` and `\U`, which PCRE lacks.
    """
    written = escape.group()
    if written in {r"\u", r"\U"}:
        raise Impossible(_ADVICE, f"в PCRE нет записи {written}")
    if not written.startswith(r"\x"):
        return written
    return rf"\o{{{int(escape['long'] or escape['short'] or '0', 16):o}}}"
