"""The words by which services say how they are charged."""

from typing import Any

import pytest

from portal.domain.charging.methods import Method


def test_every_method_is_told_in_words_of_its_own() -> None:
    told = {method.words for method in Method}
    assert len(told) == len(Method)
    assert all(words.split()[0] in {"по", "за"} for words in told)


def test_a_word_of_former_files_is_understood() -> None:
    assert Method("volume") is Method.WATERS
    assert {Method(word) for word in ("metered", "area", "norm", "fixed")} == {
        Method.METERED, Method.AREA, Method.NORM, Method.FIXED
    }  # fmt: skip


@pytest.mark.parametrize("word", ["", "Volume", "water", None, 1])
def test_another_word_is_no_method(word: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid Method"):
        Method(word)


def test_a_volume_is_read_or_taken_from_others_but_not_both() -> None:
    assert not any(method.is_read and method.takes_volumes for method in Method)
