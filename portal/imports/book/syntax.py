"""TOML's own complaints, said in Russian."""

import re

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
# The parser's words (Python 3.11 to 3.14), by how they begin.
_RUSSIAN = {
    "Expected '=' after a key": "после имени поля нужен знак «=»",
    "Invalid statement": "здесь ожидается имя поля или [[таблица]]",
    "Expected newline or end of document": "после значения что-то лишнее: одно поле на строке",
    "Unterminated string": "текст не закрыт кавычкой",
    "Expected '\"'": "текст не закрыт кавычкой",
    'Expected "\'"': "текст не закрыт кавычкой",
    "Found invalid character": "недопустимый знак или текст не закрыт кавычкой",
    "Illegal character": "недопустимый знак",
    "Unescaped '\\'": "обратная косая черта пишется дважды: «\\\\»",
    "Invalid hex value": "неверный код знака после «\\»",
    "Escaped character is not a Unicode scalar": "неверный код знака после «\\»",
    "Unclosed array": "список не закрыт скобкой «]»",
    "Unclosed inline table": "таблица в фигурных скобках не закрыта",
    "Duplicate inline table key": "поле названо дважды",
    "Cannot overwrite a value": "поле названо дважды",
    "Cannot declare": "таблица названа дважды: пишите [[таблица]]",
    "Cannot mutate immutable namespace": "таблицу в фигурных скобках нельзя дополнять",
    "Cannot redefine namespace": "таблица названа дважды: пишите [[таблица]]",
    "Expected ']]' at the end of an array declaration": "заголовок таблицы не закрыт скобками «]]»",
    "Expected ']' at the end of a table declaration": "заголовок таблицы не закрыт скобкой «]»",
    "Invalid initial character for a key part": "имя поля начинается с недопустимого знака: имена "
    "не по-английски пишутся в кавычках",
    "Invalid date or datetime": "такой даты не бывает",
    "Invalid value": "значение не понятно: тексты, суммы и объемы пишутся в кавычках",
}


def syntax_fault(message: str) -> str:
    """«строка 3, знак 5: …» for the message of `tomllib.TOMLDecodeError`."""
    at = _AT.search(message)
    words = message[: at.start()] if at else message
    said = next((ours for theirs, ours in _RUSSIAN.items() if words.startswith(theirs)), "")
    return f"{_place(at)}: {said or 'это не TOML'}"


def _place(at: re.Match[str] | None) -> str:
    if at is None:
        return "место неизвестно"
    return f"строка {at[1]}, знак {at[2]}" if at[1] else "конец файла"
