"""What a new password must be."""

import unicodedata

import pytest

from portal.errors import Invalid
from portal.services.password_rules import _common, judge_new_password

NAMES = ("DOG-S-755", "ivanova", "77")


def refusal(plain: str) -> str:
    with pytest.raises(Invalid) as refused:
        judge_new_password(plain, NAMES)
    assert refused.value.field == "new_password"
    return refused.value.sentence


@pytest.mark.parametrize(
    "plain",
    [
        "пароль123", "Пароль123", "йцукен123", "ЙЦУКЕН123", "qwerty123", "12345678", "987654321",
        "password", "Password1", "iloveyou", "qazwsxedc", "1qaz2wsx", "1q2w3e4r", "й1ц2у3к4",
        "zaq12wsx", "наташа1987", "любовь2024", "москва777", "спартак1", "ячсмитьбю", "фывапролдж",
        "spartak1922", "Tatyana1985", "moskva2024", "MOSKVA-2024!", "vjcrdf2024", "наташа198701",
        "7111234567", "+7 711 123-45-67", "12.05.1985",
        "aaaaaaaa", "жжжжжжжжжжжжжжж", "1212121212121212", "абвгдежз", "11111111",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(plain: str) -> None:
    assert refusal(plain).startswith("Такой пароль подбирают в первую очередь")


@pytest.mark.parametrize("plain", ["gfhjkm123", "GFHJKM123", "ghbdtn2024", "зфыыцщкв"])
def test_the_other_keyboard_layout_hides_nothing(plain: str) -> None:
    assert refusal(plain).startswith("Такой пароль подбирают")


@pytest.mark.parametrize("plain", ["жкх-2027!", "ZHKH_190265", "портал---жкх", "kvartira!812"])
def test_the_portals_own_words_are_no_password(plain: str) -> None:
    assert refusal(plain).startswith("Пароль слишком легко угадать")


@pytest.mark.parametrize("plain", ["dog-s-755-ключ", "моя Ivanova зима", "IVANOVA-IVANOVA"])
def test_the_name_above_it_is_not_in_it(plain: str) -> None:
    assert "логин или номер договора" in refusal(plain)


FACTS = ("Иванова Татьяна Юрьевна", "+7 916 123-45-67", "lena.k@example.ru")


@pytest.mark.parametrize(
    "plain",
    [
        "иванова-у-моря", "Ivanova u morya", "зима Yurevna", "моя ТАТЬЯНА зима", "кот 1234567 кот",
        "сова 916 123-45-67", "lena.k у окна",
    ],
)  # fmt: skip
def test_what_others_know_of_him_is_not_in_it(plain: str) -> None:
    with pytest.raises(Invalid, match="имя, телефон или почта"):
        judge_new_password(plain, (), FACTS)


@pytest.mark.parametrize("plain", ["саванна у моря", "дом 4567 и кот", "сорок семь lena"])
def test_what_only_resembles_it_may_stay(plain: str) -> None:
    judge_new_password(plain, (), ("Анна Ли", *FACTS[1:]))


def test_a_name_of_two_characters_forbids_nothing() -> None:
    judge_new_password("сорок 77 троллейбусов", NAMES)


def test_lengths_are_counted_in_characters_after_normalisation() -> None:
    assert "не меньше 8" in refusal("семь-7!")
    judge_new_password("восемь-8", NAMES)
    judge_new_password("дом у реки" * 12 + "ночью, 8", NAMES)
    assert "не больше 128" in refusal("дом у реки" * 12 + "ночью, 89")
    apart = unicodedata.normalize("NFD", "йййёёёй")
    assert len(apart) == 14
    assert "не меньше 8" in refusal(apart)


@pytest.mark.parametrize(
    "plain",
    [
        "ночной\0поезд",
        "ночной\nпоезд",
        "ночной\ud800поезд",
        "ночной\u202eпоезд",
        "ночной\u200bпоезд",
    ],
)
def test_what_nobody_can_type_again_is_refused(plain: str) -> None:
    assert "невидимые знаки" in refusal(plain)


@pytest.mark.parametrize(
    "plain",
    ["синий трамвай поет", "correct horse battery", "😀🚋🌧️🫖🪆🧦🪁🎈", "kvartira-у-моря-755"],
)
def test_a_phrase_is_enough_without_capitals_digits_and_signs(plain: str) -> None:
    judge_new_password(plain, NAMES)


def test_the_list_is_clean() -> None:
    words = _common()
    assert len(words) > 3000
    assert all(len(word) >= 8 and word == word.casefold().strip() for word in words)
