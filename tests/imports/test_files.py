"""Files that are no books: each refused in Russian, with the place."""

from pathlib import Path

import pytest

from portal.imports.book import Book, BookFaults, book_of, read_book
from portal.imports.book.syntax import syntax_fault
from tests.imports.conftest import HOUSE

SYNTAX = {
    'name = "x"\nname\n': "строка 2, знак 5: после имени поля нужен знак «=»",
    'name = "x"\nname': "конец файла: после имени поля нужен знак «=»",
    "[[agents]\n": "строка 1, знак 9: заголовок таблицы не закрыт скобками «]]»",
    "[agents\n": "строка 1, знак 8: заголовок таблицы не закрыт скобкой «]»",
    'name = "x" y = 1': "строка 1, знак 12: после значения что-то лишнее",
    'name = "x': "конец файла: текст не закрыт кавычкой",
    'name = "x\ny = 1': "строка 1, знак 10: недопустимый знак",
    "name = 'x\ny = 1": "конец файла: текст не закрыт кавычкой",
    "name = 'x\ny = '": "строка 1, знак 10: недопустимый знак или текст не закрыт кавычкой",
    "charges = [1, 2": "конец файла: список не закрыт скобкой «]»",
    "fields = { a = 1": "конец файла: таблица в фигурных скобках не закрыта",
    "имя = 1": "строка 1, знак 1: здесь ожидается имя поля или [[таблица]]",
    "a = 1\na = 2\n": "строка 2, знак 6: поле названо дважды",
    "[a]\n[a]": "строка 2, знак 3: таблица названа дважды: пишите [[таблица]]",
    "day = 2026-02-30": "строка 1, знак 7: такой даты не бывает",
    "price = 2,79": "строка 1, знак 10: после значения что-то лишнее",
    "price = цена": "строка 1, знак 9: значение не понятно: тексты, суммы и объемы",
    'a = "\\q"': "строка 1, знак 8: обратная косая черта пишется дважды",
}


@pytest.mark.parametrize("text", SYNTAX)
def test_what_is_not_toml_is_told_with_line_and_column(tmp_path: Path, text: str) -> None:
    [fault] = refusal(tmp_path, text.encode())
    assert fault.startswith(f"дом.toml, {SYNTAX[text]}")


def test_an_unknown_complaint_of_the_parser_is_still_told_in_russian() -> None:
    assert syntax_fault("Something new (at line 3, column 5)") == ("строка 3, знак 5: это не TOML")
    assert syntax_fault("Something new") == "место неизвестно: это не TOML"


def test_a_file_that_is_not_there_or_cannot_be_opened(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "нет.toml", "нет такого файла"), (tmp_path, "не открывается")):
        with pytest.raises(BookFaults) as refused:
            read_book(path)
        assert refused.value.faults == (f"{path}: {reason}",)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    assert refusal(tmp_path, HOUSE.encode("cp1251", "replace")) == (
        "дом.toml: файл не в кодировке UTF-8",
    )


def test_hostile_files_are_refused_like_any_other(tmp_path: Path) -> None:
    nested = b"a = " + b"[" * 100_000
    assert refusal(tmp_path, nested) == ("дом.toml: слишком много вложенных скобок",)
    assert refusal(tmp_path, b"a = " + b"9" * 5000) == (
        "дом.toml: в одном из чисел слишком много цифр",
    )


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    book = written(tmp_path, b"\xef\xbb\xbf" + HOUSE.replace("\n", "\r\n").encode())
    assert book.faults == ()
    assert [row["number"] for row in book.rows["agreements"]] == ["DOM-2"]


def test_headers_inside_a_text_do_not_shift_the_lines(tmp_path: Path) -> None:
    """The line is left out where it is not certain."""
    text = '[[agents]]\nname = """\n[[agents]]\n"""\nkind = "water"\n'
    assert written(tmp_path, text.encode()).faults[0].startswith("дом.toml, [[agents]]")


def test_a_table_written_with_single_brackets() -> None:
    book = book_of("дом.toml", {"agents": {"name": "x"}})
    assert book.faults == ("дом.toml: таблица «agents» пишется как [[agents]]",)


@pytest.mark.parametrize("content", [b"", b"\n# nothing yet\n", b"agents = []\n"])
def test_a_file_without_a_single_row_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content) == ("дом.toml: в файле нет ни одной записи",)


def test_the_refusal_reads_as_one_text(tmp_path: Path) -> None:
    with pytest.raises(BookFaults) as refused:
        written(tmp_path, b"a")
    assert str(refused.value).splitlines()[0] == "Файл не загружен, ничего не изменено. Ошибок: 1"


def test_letters_composed_in_two_ways_are_the_same_key(tmp_path: Path) -> None:
    """«й» is one sign or two: an agreement «Й-1» must be found by whoever signs in."""
    text = '[[agreements]]\nnumber = "\\u0418\\u0306-1"\nresident = "x"\noperator = "y"\n'
    [row] = written(tmp_path, text.encode()).rows["agreements"]
    assert row["number"] == "Й-1"


def written(folder: Path, content: bytes) -> Book:
    path = folder / "дом.toml"
    path.write_bytes(content)
    return read_book(path)


def refusal(folder: Path, content: bytes) -> tuple[str, ...]:
    with pytest.raises(BookFaults) as refused:
        written(folder, content)
    return refused.value.faults
