"""What a new password must be: long enough, and nothing that is tried first.

Eight characters are a deliberate deviation from NIST SP 800-63B-4, which asks for fifteen where a
password stands alone: a resident pays and reads, and the brake (`portal.services.brake`) makes
guessing slow.  There are no rules of composition and no expiry, as the same document asks.

`common_passwords.txt` is sorted and in lower case, without what is too short anyway: the first
thousands of the public lists that zxcvbn (MIT) and Django (BSD) ship, Russian words and names with
the digits people add to them, dates, runs and walks over both keyboard layouts.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from portal.errors import Invalid

FIELD = "new_password"
LENGTH_MIN = 8
LENGTH_MAX = 128
_NAME_LENGTH_MIN = 4  # a login «1» would forbid every password with a one in it
_DISTINCT_MIN = 3
_CONTEXT = frozenset({"zhkh", "жкх", "portal", "портал", "kvartira", "квартира", "lanbilling"})
_CONTEXT |= {first + second for first in _CONTEXT for second in _CONTEXT}
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN, _LATIN)
_SPELLING = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya".split(" ")
), strict=True))  # fmt: skip
_STEM_LENGTH_MIN = 4
_NUMBER_LENGTH_MAX = 12  # a telephone, a date, an account: all of it is tried
_RUN_LENGTH_MIN = 6


def judge_new_password(plain: str, names: Iterable[str], facts: Iterable[str] = ()) -> None:
    """Raises Invalid(FIELD); `names` are what its owner types above it to sign in, `facts` what
    others know of him: his name, telephone, e-mail.
    """
    judge_initial_password(plain)
    folded = unicodedata.normalize("NFC", plain).casefold()
    if _is_context(folded):
        raise Invalid(FIELD, "Пароль слишком легко угадать. Добавьте к нему два-три своих слова")
    if _is_common(folded) or _is_number(folded) or len(set(folded)) < _DISTINCT_MIN:
        raise Invalid(
            FIELD,
            "Такой пароль подбирают в первую очередь. Придумайте другой, "
            "например из трех-четырех несвязанных слов",
        )
    for name in names:
        if len(name) >= _NAME_LENGTH_MIN and name.casefold() in folded:
            raise Invalid(FIELD, "В пароле есть логин или номер договора. Уберите его из пароля")
    if any(_tells(folded, fact.casefold()) for fact in facts):
        raise Invalid(FIELD, "В пароле есть ваше имя, телефон или почта. Уберите их из пароля")


def judge_initial_password(plain: str) -> None:
    """One that must be changed at the first sign-in may be simple.  Raises Invalid(FIELD)."""
    typed = unicodedata.normalize("NFC", plain)
    if len(typed) < LENGTH_MIN:
        raise Invalid(FIELD, f"Слишком короткий пароль. Нужно не меньше {LENGTH_MIN} знаков")
    if len(typed) > LENGTH_MAX:
        raise Invalid(FIELD, f"Слишком длинный пароль. Нужно не больше {LENGTH_MAX} знаков")
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in typed):
        raise Invalid(FIELD, "В пароле есть невидимые знаки. Наберите его вручную")


def _is_common(folded: str) -> bool:
    """Also when it was typed in the other keyboard layout: «gfhjkm123» is «пароль123»; and when a
    common word has a year or other digits and signs behind it: «moskva2024».
    """
    layouts = (folded, folded.translate(_TO_RUSSIAN), folded.translate(_TO_LATIN))
    if not _common().isdisjoint(layouts):
        return True
    stem = _stem_of(folded)
    stems = (stem, stem.translate(_TO_RUSSIAN), stem.translate(_TO_LATIN))
    return stem != folded and not _stems().isdisjoint(stems)


def _is_number(folded: str) -> bool:
    digits = re.sub(r"[\s()+.\-]", "", folded)
    return digits.isdigit() and len(digits) <= _NUMBER_LENGTH_MAX


def _tells(folded: str, fact: str) -> bool:
    """Whether a part of the fact is in it: a name's word, in either script, as a word of its own;
    the larger part of a telephone; what stands before the @.
    """
    if "@" in fact:
        name = fact.partition("@")[0]
        return len(name) >= _NAME_LENGTH_MIN and name in folded
    telephone = re.sub(r"\D", "", fact)
    runs = re.findall(r"\d+", re.sub(r"[\s()+.\-]", "", folded))
    if any(len(run) >= _RUN_LENGTH_MIN and run in telephone for run in runs):
        return True
    parts = {part for part in re.findall(r"[^\W\d_]+", fact) if len(part) >= _NAME_LENGTH_MIN}
    parts |= {_spelt(part) for part in parts}
    return not parts.isdisjoint(re.findall(r"[^\W\d_]+", folded))


def _spelt(word: str) -> str:
    """In Latin letters, as people write their names: «татьяна» is «tatyana»."""
    return re.sub("iy$", "y", "".join(_SPELLING.get(sign, sign) for sign in word))


def _stem_of(word: str) -> str:
    """Without the digits and signs behind it."""
    return re.sub(r"[\W\d_]+$", "", word)


def _is_context(folded: str) -> bool:
    """The portal's own words with nothing but digits and signs around them."""
    letters = re.sub(r"[\W\d_]+", "", folded)
    return letters in _CONTEXT


@cache
def _common() -> frozenset[str]:
    text = files("portal.services").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(text.splitlines())


@cache
def _stems() -> frozenset[str]:
    """The words of the list without what people add to them, in both scripts."""
    stems = {_stem_of(word) for word in _common()}
    words = stems | {_spelt(stem) for stem in stems}
    return frozenset(word for word in words if len(word) >= _STEM_LENGTH_MIN and word.isalpha())
