"""ИНН, КПП, БИК and the control key of accounts."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.requisites import (
    account_fault,
    account_key,
    bic_fault,
    correspondent_fault,
    inn_fault,
    kpp_fault,
    settlement_fault,
)
from tests.domain.vectors import VECTORS

BIC = "044525225"
ACCOUNT = "40702810338360027201"
digits = st.text("0123456789", min_size=1)


@pytest.mark.parametrize("case", VECTORS["inn"], ids=lambda case: case["inn"])
def test_inn_of_the_worked_examples(case):
    assert (inn_fault(case["inn"]) == "") is case["valid"]


@pytest.mark.parametrize(("inn", "valid"), [("500100732259", True), ("123456789047", True)])
def test_inn_of_a_person(inn, valid):
    assert (inn_fault(inn) == "") is valid


@pytest.mark.parametrize("inn", ["6200098765", "7801234567", "1234567895"])
def test_inn_with_a_wrong_check_digit(inn):
    assert "контрольная цифра" in inn_fault(inn)


@pytest.mark.parametrize(
    "inn", ["", "773652008", "77365200800", "7736520o80", "٧٧٣٦٥٢٠٠٨٠", "0" * 10]
)
def test_what_is_no_inn_is_said_in_a_sentence_that_shows_it(inn):
    assert f"«{inn}»" in inn_fault(inn)


@given(st.sampled_from(["7736520080", "500100732259"]), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_of_an_inn_is_noticed(inn, place, shift):
    """Both check digits are sums modulo 11: only their own folding of 10 to 0 can hide a slip."""
    assume(place < len(inn))
    wrong = inn[:place] + str((int(inn[place]) + shift) % 10) + inn[place + 1 :]
    folded = _remainders(inn) | _remainders(wrong)
    assume(10 not in folded)
    assert inn_fault(wrong)


def _remainders(inn: str) -> set[int]:
    """The sums modulo 11 before 10 is folded to 0, computed the long way."""
    weights = {10: ["2 4 10 3 5 9 4 6 8"], 12: ["7 2 4 10 3 5 9 4 6 8", "3 7 2 4 10 3 5 9 4 6 8"]}
    return {
        sum(int(w) * int(d) for w, d in zip(row.split(), inn, strict=False)) % 11
        for row in weights[len(inn)]
    }


@pytest.mark.parametrize("kpp", ["997650001", "7736AB001", "000000000"])
def test_a_good_kpp(kpp):
    assert kpp_fault(kpp) == ""


@pytest.mark.parametrize(
    "kpp", ["", "99765000", "9976500010", "7736аб001", "77-650001", "7736ab001"]
)
def test_what_is_no_kpp(kpp):
    assert f"«{kpp}»" in kpp_fault(kpp)


@pytest.mark.parametrize("bic", ["044525225", "017003983", "024501901"])
def test_a_good_bic(bic):
    assert bic_fault(bic) == ""


@pytest.mark.parametrize(
    "bic", ["", "04452522", "0445252250", "144525225", "054525225", "04452522Б"]
)
def test_what_is_no_bic(bic):
    assert f"«{bic}»" in bic_fault(bic)


@pytest.mark.parametrize("case", VECTORS["account_key"], ids=lambda case: case["account"])
def test_account_keys_of_the_worked_examples(case):
    assert (account_fault(case["account"], case["bic"]) == "") is case["valid"]


@pytest.mark.parametrize("case", VECTORS["account_key_digit"], ids=lambda case: case["mask"])
def test_the_key_digit_of_the_worked_examples(case):
    for anything in "0379":
        assert account_key(case["mask"].replace("K", anything), case["bic"]) == case["k"]


@pytest.mark.parametrize(
    ("account", "bic"),
    [("40102810445370000059", "017003983"), ("40102810045370000002", "024501901")],
)
def test_single_accounts_of_the_treasury_are_keyed_by_its_centre(account, bic):
    assert account_fault(account, bic) == ""


def test_treasury_accounts_have_no_key():
    assert account_fault("03100643000000018500", "017003983") == ""


CORRESPONDENT = "30101810400000000225"


def test_an_account_of_the_bank_itself_is_told_from_one_that_people_pay_to():
    assert settlement_fault(ACCOUNT, BIC) == correspondent_fault(CORRESPONDENT, BIC) == ""
    assert "нужен расчетный" in settlement_fault(CORRESPONDENT, BIC)
    assert "начинается с 301" in correspondent_fault(ACCOUNT, BIC)
    for fault in (settlement_fault, correspondent_fault):
        assert "нужно 20 цифр" in fault(ACCOUNT[:-1], BIC)
    assert "контрольный ключ" in settlement_fault(ACCOUNT[:-1] + "2", BIC)
    assert "контрольный ключ" in correspondent_fault("30101810965770000413", BIC)


def test_the_treasurys_single_account_stands_in_place_of_a_correspondent_one():
    assert correspondent_fault("40102810445370000059", "017003983") == ""
    assert settlement_fault("03100643000000018500", "017003983") == ""


def test_a_currency_letter_counts_as_its_digit():
    """K stands for 5: the keys of both spellings agree."""
    spelt = "40702" + "K" + "10338360027201"
    assert account_key(spelt, BIC) == account_key(spelt.replace("K", "5"), BIC)


@pytest.mark.parametrize("letter", list("DFGIJLNOQRSUVWYZabcКМ"))
def test_other_letters_are_no_currencies(letter):
    assert account_fault("40702" + letter + ACCOUNT[6:], BIC)


@pytest.mark.parametrize("account", ["", ACCOUNT[:-1], ACCOUNT + "0", "4070281033836002720x"])
def test_an_account_has_twenty_digits(account):
    assert f"«{account}»" in account_fault(account, BIC)


def test_under_a_faulty_bic_only_the_shape_of_an_account_is_judged():
    wrong_key = ACCOUNT[:8] + "4" + ACCOUNT[9:]
    assert account_fault(wrong_key, BIC)
    assert account_fault(wrong_key, "04452522") == ""


@given(
    st.text("0123456789", min_size=20, max_size=20), st.text("0123456789", min_size=7, max_size=7)
)
def test_exactly_one_key_fits(account, tail):
    assume(not account.startswith("03"))
    bic = f"04{tail}"
    fitting = [k for k in range(10) if account_fault(f"{account[:8]}{k}{account[9:]}", bic) == ""]
    assert fitting == [account_key(account, bic)]


@given(st.integers(0, 19), st.integers(1, 9))
def test_one_wrong_digit_of_an_account_is_noticed(place, shift):
    """7, 1 and 3 have no divisor in common with 10: no single slip keeps the sum."""
    wrong = ACCOUNT[:place] + str((int(ACCOUNT[place]) + shift) % 10) + ACCOUNT[place + 1 :]
    assume(not wrong.startswith(("03", "301", "40102")))
    assert account_fault(wrong, BIC)
