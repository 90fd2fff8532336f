"""`zkhCategoryPrefix`: PHP's delimiters and flags, a real PCRE, and a limit."""

import logging
from dataclasses import FrozenInstanceError

import pytest

from portal.config import CategoryPattern
from portal.settings.faults import Impossible


@pytest.mark.parametrize(
    ("written", "external_id", "found"),
    [
        ("/^zkh_/", "zkh_cold", True),
        ("/^zkh_/", "xzkh_cold", False),
        ("/^zkh_/", "", False),
        ("#^ZKH_#i", "zkh_cold", True),
        ("/^ZKH_/", "zkh_cold", False),
        ("  ~^zkh_~ \n", "zkh_cold", True),
        ("{^zkh_{1,2}$}", "zkh__", True),
        ("(^(zkh|jkh)_)", "jkh_", True),
        ("<^zkh>", "zkh", True),
        ("[^zkh]", "zkh", True),
        (r"/^a\/b/", "a/b", True),
        ("/^ЖКХ/iu", "жкх_вода", True),
        ("/^ЖКХ/", "ЖКХ_вода", True),
        ("/^.$/", "я", False),
        ("/^.$/u", "я", True),
        (r"/^\w+$/u", "услуга", True),
        ("/^b/m", "a\nb", True),
        ("/^b/", "a\nb", False),
        ("/a.b/s", "a\nb", True),
        ("/a.b/", "a\nb", False),
        ("/^ z k h # пометка/x", "zkh", True),
        ("/zkh$/", "zkh\n", True),
        ("/zkh$/D", "zkh\n", False),
        ("/kh/", "zkh", True),
        ("/kh/A", "zkh", False),
        (r"/^(z+)(?=z)/U", "zz", True),
        ("/(?<a>z)|(?<a>k)/J", "k", True),
        ("/zkh/SX", "zkh", True),
        (r"/^\x{7A}kh/", "zkh", True),
        (r"/^\x7akh/", "zkh", True),
        (r"/^[\x{430}-\x{44F}]+$/u", "вода", True),
        (r"/\Q\u\x41\E/", r"\u\x41", True),
        (r"/^(?>zkh|z)_(?!old)/", "zkh_new", True),
        ("//", "anything", True),
        ("/(*LIMIT_MATCH=4000000000)^zkh/", "zkh", True),
    ],
)
def test_it_matches_as_php_does(written, external_id, found):
    assert CategoryPattern(written).matches(external_id) is found


def test_the_flag_n_captures_nothing():
    with pytest.raises(Impossible):
        CategoryPattern(r"/(z)\1/n")
    assert CategoryPattern(r"/(z)\1/").matches("zz")


def test_the_flag_u_after_ungreedy_is_not_the_flag_capital_u():
    assert CategoryPattern("/^.kh/u").matches("яkh")
    assert not CategoryPattern("/^.kh/U").matches("яkh")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "выражение пустое"),
        (" \n", "выражение пустое"),
        ("zkh_", "знаком «z»"),
        ("1zkh1", "знаком «1»"),
        ("\\zkh\\", "знаком «\\»"),
        ("жzkhж", "знаком «ж»"),
        ("§zkh§", "знаком «§»"),
        ("/^zkh_", "нет закрывающего знака «/»"),
        ("/^zkh_\\/", "нет закрывающего знака «/»"),
        ("{^zkh_{1}", "нет закрывающего знака «}»"),
        ("(zkh", "нет закрывающего знака «)»"),
        ("/zkh/e", "неизвестный флаг «e»"),
        ("/zkh/iI", "неизвестный флаг «I»"),
        ("/a/b/", "неизвестный флаг «b»"),
        ("/(/", "PCRE не принимает выражение: missing closing parenthesis"),
        ("/[z/", "PCRE не принимает выражение: missing terminating ] for character class"),
        ("/*/", "PCRE не принимает выражение"),
        ("/(?<=z+)k/", "PCRE не принимает выражение"),
        (r"/\x{110000}/u", "PCRE не принимает выражение"),
        (r"/\u007a/", r"в PCRE нет записи \u"),
        (r"/\Uz/", r"в PCRE нет записи \U"),
    ],
)
def test_what_php_would_refuse_is_refused(written, reason):
    with pytest.raises(Impossible) as caught:
        CategoryPattern(written)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "written", ["/^(a+)+$/", "/^(a+)+$/u", "/(*LIMIT_MATCH=4000000000)^(a+)+$/", "/^(a|a|b?)*$/i"]
)
@pytest.mark.timeout(5)  # unlimited, each of them runs for hours
def test_a_catastrophic_pattern_is_stopped_and_said(written, caplog):
    with caplog.at_level(logging.WARNING):
        assert CategoryPattern(written).matches("a" * 40 + "!") is False
    assert "PCRE прервал сравнение" in caplog.text
    assert written in caplog.text


def test_the_limit_is_a_hundred_times_below_pcres_own(caplog):
    with caplog.at_level(logging.WARNING):
        assert CategoryPattern("/^(a+)+$/").matches("a" * 20 + "!") is False
    assert "(код -47)" in caplog.text  # PCRE2_ERROR_MATCHLIMIT; PCRE alone would have finished


def test_equal_when_written_alike_and_never_changed():
    pattern = CategoryPattern("/^zkh_/")
    assert pattern == CategoryPattern("/^zkh_/") != CategoryPattern("#^zkh_#")
    with pytest.raises(FrozenInstanceError):
        pattern.written = "/x/"  # type: ignore[misc]  # it must not
