"""Whether the numbers of a payee can be true: ИНН, КПП, БИК and the key in an account number.

Each `…_fault` answers '' when nothing is wrong, else one Russian sentence.
"""

import re
from collections.abc import Sequence

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)
_KEY_WEIGHTS = (7, 1, 3)
_KEY_POSITION = 8
_OF_BANKS, _SINGLE = "301", "40102"
# Clearing currencies are written with a letter in the sixth place: ЦБ РФ № 515 of 08.09.1997.
_CURRENCY_LETTERS = str.maketrans("ABCEHKMPTX", "0123456789")
_ACCOUNT = re.compile(r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}")
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_BIC = re.compile(r"0[124][0-9]{7}")


def inn_fault(inn: str) -> str:
    """Ten digits of an organisation or twelve of a person, with their check digits."""
    if re.fullmatch(r"[0-9]{10}|[0-9]{12}", inn) is None:
        return f"ИНН «{inn}»: нужно 10 цифр для организации или 12 для предпринимателя"
    digits = [int(digit) for digit in inn]
    checks = (_INN_10,) if len(inn) == len(_INN_10) + 1 else (_INN_11, _INN_12)
    if any(_check_digit(digits, weights) != digits[len(weights)] for weights in checks):
        return f"ИНН «{inn}»: не сходится контрольная цифра, проверьте, нет ли опечатки"
    return "" if any(digits) else f"ИНН «{inn}»: одни нули"


def kpp_fault(kpp: str) -> str:
    """Nine characters, the fifth and sixth may be capital Latin letters; it has no check digit."""
    if _KPP.fullmatch(kpp) is None:
        return f"КПП «{kpp}»: нужно 9 цифр"
    return ""


def bic_fault(bic: str) -> str:
    """Nine digits that begin with 04 (a bank) or with 01, 02 (the treasury)."""
    if _BIC.fullmatch(bic) is None:
        return f"БИК «{bic}»: нужно 9 цифр, первые две 04 (у казначейства 01 или 02)"
    return ""


def account_fault(account: str, bic: str) -> str:
    """A settlement or correspondent account of the bank with this БИК.

    Treasury accounts 03… have no key, and under a faulty БИК no key can be checked: only their
    shape is.
    """
    if _ACCOUNT.fullmatch(account) is None:
        return f"Счет «{account}»: нужно 20 цифр"
    if account.startswith("03") or bic_fault(bic):
        return ""
    if account_key(account, bic) != int(account[_KEY_POSITION]):
        return f"Счет «{account}»: не сходится контрольный ключ с БИК {bic}, проверьте оба номера"
    return ""


def settlement_fault(account: str, bic: str) -> str:
    """An account that people pay to: not that of the bank itself."""
    if account.startswith(_OF_BANKS):
        return f"Счет «{account}»: это корреспондентский счет банка, а нужен расчетный"
    return account_fault(account, bic)


def correspondent_fault(account: str, bic: str) -> str:
    """An account of the bank at the central bank, or the treasury's single account."""
    if _ACCOUNT.fullmatch(account) and not account.startswith((_OF_BANKS, _SINGLE)):
        return f"Счет «{account}»: корреспондентский начинается с {_OF_BANKS}, проверьте, какой это"
    return account_fault(account, bic)


def account_key(account: str, bic: str) -> int:
    """The digit that belongs in the ninth place of `account`, whatever stands there now.

    Source: ЦБ РФ № 515 of 08.09.1997.
    """
    zeroed = account[:_KEY_POSITION] + "0" + account[_KEY_POSITION + 1 :]
    digits = _bank_code(account, bic) + zeroed.translate(_CURRENCY_LETTERS)
    weighted = (int(d) * _KEY_WEIGHTS[i % 3] % 10 for i, d in enumerate(digits))
    return sum(weighted) % 10 * 3 % 10


def _bank_code(account: str, bic: str) -> str:
    """Of a bank its own number; of correspondent accounts, of the central bank's cash centres
    and of the treasury's single accounts the number of the centre.
    """
    is_central = account.startswith((_OF_BANKS, _SINGLE)) or bic[6:] in {"000", "001", "002"}
    return "0" + bic[4:6] if is_central else bic[6:]


def _check_digit(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(w * d for w, d in zip(weights, digits, strict=False)) % 11 % 10
