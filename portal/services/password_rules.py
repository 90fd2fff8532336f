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


def judge_new_password(plain: str, names: Iterable[str]) -> None:
    """Raises Invalid(FIELD); `names` are what its owner types above it to sign in."""
    judge_initial_password(plain)
    folded = unicodedata.normalize("NFC", plain).casefold()
    if _is_common(folded) or len(set(folded)) < _DISTINCT_MIN:
        raise Invalid(
            FIELD,
            "Такой пароль подбирают в первую очередь. Придумайте другой, "
            "например из трех-четырех несвязанных слов",
        )
    if _is_context(folded):
        raise Invalid(FIELD, "Пароль слишком легко угадать. Добавьте к нему два-три своих слова")
    for name in names:
        if len(name) >= _NAME_LENGTH_MIN and name.casefold() in folded:
            raise Invalid(FIELD, "В пароле есть логин или номер договора. Уберите его из пароля")


def judge_initial_password(plain: str) -> None:
    """One that must be changed at the first sign-in may be simple.  Raises Invalid(FIELD)."""
    typed = unicodedata.normalize("NFC", plain)
    if len(typed) < LENGTH_MIN:
        raise Invalid(FIELD, f"Слишком короткий пароль. Нужно не меньше {LENGTH_MIN} знаков")
    if len(typed) > LENGTH_MAX:
        raise Invalid(FIELD, f"Слишком длинный пароль. Нужно не больше {LENGTH_MAX} знаков")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in typed):
        raise Invalid(FIELD, "В пароле есть невидимые знаки. Наберите его вручную")


def _is_common(folded: str) -> bool:
    """Also when it was typed in the other keyboard layout: «gfhjkm123» is «пароль123»."""
    layouts = (folded, folded.translate(_TO_RUSSIAN), folded.translate(_TO_LATIN))
    return not _common().isdisjoint(layouts)


def _is_context(folded: str) -> bool:
    """The portal's own words with nothing but digits and signs around them."""
    letters = re.sub(r"[\W\d_]+", "", folded)
    return letters in _CONTEXT


@cache
def _common() -> frozenset[str]:
    text = files("portal.services").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(text.splitlines())
