"""Where letters leave and in whose name: what is read, what is refused, what is never shown."""

import pytest

from portal.config import ConfigurationFaults, Settings, effective_lines, load_settings

FROM = "ООО «Дом» <lk@example.ru>"


def load(**environ: str) -> Settings:
    return load_settings({"HOME": "/home/zhkh", **environ})


def fault_of(**environ: str) -> str:
    with pytest.raises(ConfigurationFaults) as caught:
        load(**environ)
    [fault] = caught.value.faults
    return fault


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("smtp://mail.example.ru", ("mail.example.ru", 587, False, "", "")),
        ("smtp://127.0.0.1:25/", ("127.0.0.1", 25, False, "", "")),
        ("smtps://mail.example.ru", ("mail.example.ru", 465, True, "", "")),
        (
            "smtp://lk%40example.ru:p%40ss%3Aw%2F%25@mail.example.ru:2525",
            ("mail.example.ru", 2525, False, "lk@example.ru", "p@ss:w/%"),
        ),
        ("smtps://a:b@[::1]:465", ("::1", 465, True, "a", "b")),
    ],
)
def test_a_mail_server_is_read(written, read):
    smtp = load(ZHKH_SMTP_URL=written, ZHKH_MAIL_FROM=FROM).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.is_tls, smtp.login, smtp.password) == read


@pytest.mark.parametrize(
    "written",
    [
        "", "mail.example.ru", "http://mail.example.ru", "smtp://", "smtp://:587", "smtp://a@b.ru",
        "smtp://:b@c.ru", "smtp://b.ru:0", "smtp://b.ru:99999", "smtp://b.ru/inbox", "smtp://b.ru?x",
        "smtp://a:b%0D%0AQUIT@c.ru", "smtp://a b.ru",
    ],
)  # fmt: skip
def test_what_is_no_mail_server_is_refused_and_not_repeated(written):
    fault = fault_of(ZHKH_SMTP_URL=written, ZHKH_MAIL_FROM=FROM)
    assert fault.startswith("Переменная ZHKH_SMTP_URL: значение не подходит. Запишите ")


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        (FROM, "ООО «Дом»", "lk@example.ru"),
        ('"Дом, ТСЖ" <lk@example.ru>', "Дом, ТСЖ", "lk@example.ru"),
        ("lk@example.ru", "", "lk@example.ru"),
        ("Дом <lk@дом.рф>", "Дом", "lk@xn--d1aqf.xn--p1ai"),
    ],
)
def test_a_sender_is_read(written, name, address):
    sender = load(ZHKH_MAIL_FROM=written).mail_from
    assert sender is not None
    assert (sender.name, sender.address) == (name, address)


@pytest.mark.parametrize(
    "written",
    [
        "", "Дом", "Дом <>", "a@b", "Дом <lk@example.ru", "lk@example.ru, b@example.ru",
        "Дом\n<lk@example.ru>", "лк@example.ru", "Дом <lk@example.ru> ещё", "x" * 101 + " <a@b.ru>",
    ],
)  # fmt: skip
def test_what_is_no_sender_is_refused(written):
    assert "ZHKH_MAIL_FROM" in fault_of(ZHKH_MAIL_FROM=written)


def test_a_mail_server_wants_a_sender():
    assert "ZHKH_MAIL_FROM нет" in fault_of(ZHKH_SMTP_URL="smtp://mail.example.ru")


def test_the_password_and_its_owner_are_shown_nowhere():
    settings = load(ZHKH_SMTP_URL="smtp://owner:hunter2@mail.example.ru", ZHKH_MAIL_FROM=FROM)
    shown = "\n".join([repr(settings), *effective_lines(settings)])
    assert "hunter2" not in shown
    assert "owner" not in shown
    assert "smtp://***@mail.example.ru:587" in shown


@pytest.mark.parametrize("flag", ["ZHKH_MENU_NOTICES", "ZHKH_MENU_PROFILE"])
def test_without_a_place_to_switch_them_off_there_are_no_letters(flag):
    mail = {"ZHKH_SMTP_URL": "smtp://mail.example.ru", "ZHKH_MAIL_FROM": FROM}
    assert load(**mail).letterhead is not None
    assert load(**mail, **{flag: "false"}).letterhead is None
    assert load(ZHKH_MAIL_FROM=FROM).letterhead is None
