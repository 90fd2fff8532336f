"""What of PHP is understood, what becomes unknown, and what is refused with its line."""

from decimal import Decimal
from pathlib import Path

import pytest

from portal.php_config import Located, PhpFault, Unknown, lay_over, parse_php

PATH = Path("/srv/client2/protected/config/lanbilling.config.php")


def plain(found: Located):
    """The bare values, without their places."""
    if isinstance(found.value, dict):
        return {key: plain(inner) for key, inner in found.value.items()}
    return found.value


def returned(array: str, encoding: str = "utf-8"):
    source = f"<?php\nreturn {array};\n".encode(encoding)
    return plain(parse_php(source, PATH, year=2031))


def value(written: str, encoding: str = "utf-8"):
    return returned(f"array('it' => {written})", encoding)["it"]


def refused(source: bytes) -> str:
    with pytest.raises(PhpFault) as caught:
        parse_php(source, PATH, year=2031)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<<<'X'\nРаз\n два $x \\n\nX", "Раз\n два $x \\n"),
        ("<<<X\nРаз\\tдва\n\nX", "Раз\tдва\n"),
        ('<<<"X"\n"в кавычках" \\"\nX', '"в кавычках" \\"'),
        ("<<<X\nX", ""),
        ("<<<'X'\nX", ""),
        ("<<<X\n    a\n\n      b\n    X", "a\n\n  b"),
        ("<<<'X'\n\ta\n\tX", "a"),
        ("<<<X\r\na\r\nb\r\nX", "a\r\nb"),
        ("<<<X\n\\\\n \\$x \\x41\nX", "\\n $x A"),
        ("<<<X\n1\nX . '2'", "12"),
    ],
)
def test_a_text_between_its_own_marks(written, meant):
    assert value(written) == meant
    assert returned(f"array('it' => {written}\n, 'next' => 1)")["next"] == 1


@pytest.mark.parametrize("written", ["<<<X\na $x b\nX", "<<<X\n{$x}\nX", "<<<X\n${x}\nX"])
def test_a_text_with_a_variable_is_not_computed(written):
    assert isinstance(value(written), Unknown)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("TRUE", True),
        ("False", False),
        ("null", None),
        ("NULL", None),
        ("42", 42),
        ("-5", -5),
        ("+5", 5),
        ("1_000", 1000),
        ("0x1F", 31),
        ("017", 15),
        ("0o17", 15),
        ("0b11", 3),
        ("0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", Decimal(2**63)),
        ("2.79", Decimal("2.79")),
        (".5", Decimal("0.5")),
        ("1.5e3", Decimal(1500)),
        ("-1_0.25", Decimal("-10.25")),
        ("('в скобках')", "в скобках"),
        ("''", ""),
        ('""', ""),
        (r"'it\'s \\ \n \$x'", r"it's \ \n \$x"),
        (r'"a\tb\n\"q\" \$x \q \\n"', 'a\tb\n"q" $x \\q \\n'),
        (r'"\x41\101\u{42f}\e"', "AAЯ\x1b"),
        (r'"\xD0\xBF"', "п"),
        ('"цена $5"', "цена $5"),
        ("b'двоичный'", "двоичный"),
        ("'первая\nвторая'", "первая\nвторая"),
        ("'а' . \"б\" . 'в'", "абв"),
        ("'a' . 5 . true . false . null", "a51"),
        ("date('Y')", "2031"),
        ('\\Date( /* год */ "Y" )', "2031"),
        ("'© ' . date('Y') . ' г.'", "© 2031 г."),
        ("dirname(__FILE__)", "/srv/client2/protected/config"),
        ("dirname(__file__) . '/x'", "/srv/client2/protected/config/x"),
    ],
)
def test_a_value_that_is_understood(written, meant):
    found = value(written)
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    "written",
    [
        "getenv('X')",
        "date('d')",
        "gmdate('Y')",
        "date('Y', 0)",
        "date()",
        "date(format: 'Y')",
        "dirname('/x')",
        "dirname(dirname(__FILE__))",
        "realpath(dirname(__FILE__))",
        "$variable",
        "CONSTANT",
        "__DIR__",
        "Yii::app()",
        "Foo::BAR",
        "new Foo()",
        "function () { return true; }",
        '"с $подстановкой"',
        '"с {$подстановкой}"',
        "<<<EOT\nтекст $x\nEOT",
        "!true",
        "-true",
        "-'5'",
        "1 + 2",
        "true ? 1 : 2",
        "(bool) 1",
        "'a' . getenv('X')",
        "'a' . 1.5",
        "'a' . array()",
        "$a ?: true",
        r'"\xff"',
        r'"\u{D800}"',
        r'"\u{110000}"',
    ],
)
def test_a_value_that_only_php_could_compute_is_unknown_alone(written):
    found = returned(f"array('before' => 1, 'it' => {written}, 'after' => 2)")
    assert isinstance(found.pop("it"), Unknown)
    assert found == {"before": 1, "after": 2}


def test_an_unknown_value_remembers_how_it_is_written():
    assert value("getenv(\n  'X' )") == Unknown("getenv( 'X' )")


def test_keys_are_those_that_php_makes():
    written = """array('a', 5 => 'b', 'c', '7' => 'd', '08' => 'e', 'f', true => 'g', null => 'h',
        1.7 => 'i', -3 => 'j', 'same' => 1, 'same' => 2, '-0' => 'k')"""
    assert returned(written) == {
        0: "a", 5: "b", 6: "c", 7: "d", "08": "e", 8: "f", 1: "i", "": "h", -3: "j",
        "same": 2, "-0": "k",
    }  # fmt: skip


def test_after_negative_keys_the_count_begins_at_zero_as_in_old_php():
    assert returned("array(-3 => 'a', 'b')") == {-3: "a", 0: "b"}


def test_a_key_that_only_php_could_compute_stays_visible():
    found = returned("array(FOO => 1, ...$more, 'a' => 2)")
    assert found[Unknown("FOO")] == 1
    assert found[Unknown("...$more")] == Unknown("...$more")
    assert found["a"] == 2


def test_comments_of_all_kinds_and_trailing_commas_mean_nothing():
    written = """array( // один
        # два ) ; ' "
        'a' /* три */ => /** четыре */ true /* , 'x' => 1 */,
        'b' => ['x', ['y',],], // 'a' => false,
    )"""
    assert returned(written) == {"a": True, "b": {0: "x", 1: {0: "y"}}}


def test_every_value_knows_its_line():
    source = b"<?php\n\nreturn array(\n 'a' => 1,\n 'b' =>\n  array('c' => 2),\n);"
    found = parse_php(source, PATH, year=2031).value
    assert isinstance(found, dict)
    assert (found["a"].line, found["b"].line, found["a"].path) == (4, 6, PATH)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_the_encoding_is_found_by_itself(encoding):
    assert value("'Показания прибора'", encoding) == "Показания прибора"


def test_byte_escapes_are_read_in_the_encoding_of_the_file():
    assert value(r'"Ж\xCA\xD5"', "cp1251") == "ЖКХ"


@pytest.mark.parametrize("before", ["", "<!-- html -->\n", "\n\n"])
@pytest.mark.parametrize("tag", ["<?php", "<?"])
@pytest.mark.parametrize("after", ["", "?>\n", "?>\nпрочее"])
def test_what_stands_around_the_code_does_not_matter(before, tag, after):
    source = f"{before}{tag}\ndeclare(strict_types=1);\ndefined('X') or die();\n"
    source += f"if (!defined('Y')) {{ exit; }}\nfunction f() {{ return 1; }}\nreturn [1]; {after}"
    assert plain(parse_php(source.encode(), PATH, year=2031)) == {0: 1}


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("<?php\nreturn array(\n 'a' => 1\n 'b' => 2,\n);", "строки 3–4"),
        ("<?php\nreturn array(\n 'a' => 1,\n 'b' => 2)\n", "строка 4"),
        ("<?php\nreturn array(\n 'a' => ,\n);", "строка 3"),
        ("<?php\n\nreturn array('a' => 1;", "строка 3"),
        ("<?php\nreturn array(\n 'a' => 'незакрытая,\n 'b' => 2,\n);", "строки 3–4"),
    ],
)
def test_a_syntax_error_is_named_with_its_line(source, where):
    assert f"Файл {PATH}, {where}: ошибка записи PHP." in refused(source.encode())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "строка 1: файл ничего не возвращает"),
        (b"<?php\n$config = array();\n", "файл ничего не возвращает"),
        (b"<?php\n\nreturn $config;", "строка 3: после return стоит не массив"),
        (b"<?php return array(\n09);", "строка 2: ошибка записи PHP"),
        (b"<?php return 1;", "после return стоит не массив"),
        (b"<?php\nif ($x) {\n return array(1);\n}\nreturn array(2);", "строка 3: return под"),
        (b"<?php return array('\xd0\x98\x98');", "не UTF-8 и не cp1251"),
        (b"<?php return " + b"[" * 200 + b"]" * 200 + b";", "вложенность больше 64"),
        ("<?php return array(1);".encode("utf-16"), "строка 1: ошибка записи PHP"),
    ],
)
def test_a_file_that_returns_no_array_is_refused(source, said):
    assert said in refused(source)


def test_a_text_of_a_thousand_pieces_is_glued():
    assert value(" . ".join(["'а'"] * 1000)) == "а" * 1000


def test_nothing_in_the_file_is_run(tmp_path):
    trace = tmp_path / "trace"
    written = f"array('it' => file_put_contents('{trace}', 'x') . `touch {trace}`)"
    assert isinstance(returned(written)["it"], Unknown)
    assert not trace.exists()


def test_one_array_is_laid_over_another_key_by_key():
    base = b"['a' => ['x' => 1, 'y' => 2], 'b' => 1, 'l' => [1, 2], 'n' => null]"
    over = b"['a' => ['y' => 3, 'z' => 4], 'b' => ['c' => 1], 'l' => [9], 'n' => []]"
    laid = lay_over(
        parse_php(b"<?php return %s;" % base, PATH, year=2031),
        parse_php(b"<?php return %s;" % over, PATH, year=2031),
    )
    assert plain(laid) == {
        "a": {"x": 1, "y": 3, "z": 4},
        "b": {"c": 1},
        "l": {0: 1, 1: 2, 2: 9},
        "n": {},
    }
