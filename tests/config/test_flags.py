"""Each flag: its default, its value from each of the sources, and what it cannot be."""

import json

import pytest

from portal.config import FLAGS, CategoryPattern, ConfigurationFaults, load_settings
from portal.settings.values import Dialect, plain_text, prose

ON_BY_DEFAULT = (
    "utility_stat_external utility_stat_date use_month_and_year_selects_on_charges_page "
    "hideStaticticsEntriesWithNoAmount unpaidorders_visible showArrearsMessage menu_profile "
    "menu_payments menu_notices menu_sharedposts menu_helpdesk menu_password payment_promised "
    "infoblock.tariff infoblock.payment infoblock.lock infoblock.message infoblock.service "
    "editing_client_info.phone editing_client_info.email"
).split()
OFF_BY_DEFAULT = ["utilities_enabled", "menu_zkh", "utility_stat_enabled"]
OTHERS = {  # name: (default, another value as it is written, as it is understood)
    "zkhSerialNumber": ("device_serial", "meter_serial", "meter_serial"),
    "zkhCategoryPrefix": (
        CategoryPattern("/^zkh_/"), "#^water_#i", CategoryPattern("#^water_#i"),
    ),
    "utility_stat_external_name": ("Показания прибора", "Счетчик &laquo;М&raquo;", "Счетчик «М»"),
    "utility_stat_date_name": ("Дата снятия показаний", "Снято<br>числа", "Снято числа"),
    "editing_client_info.phoneMask": ("", "+7 (999) 999-99-99", "+7 (999) 999-99-99"),
    "currency": ("RUB", "RUR", "RUB"),
    "companyInfo": ("", "ООО &copy;<br>2026", "ООО ©\n2026"),
    "balance_refill_text": (None, "<p>В кассе</p>", "В кассе"),
    "promised_payment_text": (None, "Платеж", "Платеж"),
    "vgroup_password_minlength": (3, 5, 5),
    "vgroup_password_maxlength": (128, 64, 64),
}  # fmt: skip
CASES = (
    [(name, True, False, False) for name in ON_BY_DEFAULT]
    + [(name, False, True, True) for name in OFF_BY_DEFAULT]
    + [(name, *rest) for name, rest in OTHERS.items()]
)
SPECS = {spec.name: spec for spec in FLAGS}


def php(name: str, written: str) -> str:
    group, _, key = name.rpartition(".")
    entry = f"'{key}' => {written},"
    inner = f"'{group}' => array({entry})" if group else entry
    return f"<?php\nreturn array('params' => array(\n{inner}\n));"


def toml(name: str, written: str) -> str:
    group, _, key = name.rpartition(".")
    return f"[{group}]\n{key} = {written}\n" if group else f"{key} = {written}\n"


def from_file(tmp_path, file_name: str, text: str, **environ: str):
    path = tmp_path / file_name
    path.write_text(text, encoding="utf-8")
    return load_settings({"ZHKH_CONFIG": str(path), "ZHKH_DATA_DIR": str(tmp_path), **environ})


def faults_of(tmp_path, file_name: str, text: str, **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationFaults) as caught:
        from_file(tmp_path, file_name, text, **environ)
    return caught.value.faults


def test_the_table_has_exactly_the_known_flags():
    assert set(SPECS) == {name for name, *_ in CASES}
    assert len(FLAGS) == len(SPECS) == len({spec.variable for spec in FLAGS})


def test_the_names_in_the_environment_are_the_documented_ones():
    assert SPECS["menu_zkh"].variable == "ZHKH_MENU_ZKH"
    assert SPECS["zkhSerialNumber"].variable == "ZHKH_ZKH_SERIAL_NUMBER"
    assert SPECS["infoblock.tariff"].variable == "ZHKH_INFOBLOCK_TARIFF"
    phone_mask = SPECS["editing_client_info.phoneMask"]
    assert phone_mask.variable == "ZHKH_EDITING_CLIENT_INFO_PHONE_MASK"
    hidden = SPECS["hideStaticticsEntriesWithNoAmount"]
    assert hidden.variable == "ZHKH_HIDE_STATICTICS_ENTRIES_WITH_NO_AMOUNT"


@pytest.mark.parametrize(("name", "default", "written", "meant"), CASES)
def test_a_default(name, default, written, meant, tmp_path):
    settings = load_settings({"ZHKH_DATA_DIR": str(tmp_path)})
    found = SPECS[name].of(settings.flags)
    assert found == default if default is not None else len(str(found)) > 20
    assert settings.origins[name] == "по умолчанию"


@pytest.mark.parametrize(("name", "default", "written", "meant"), CASES)
def test_a_flag_from_the_environment(name, default, written, meant, tmp_path):
    spec = SPECS[name]
    text = str(written).lower() if isinstance(written, bool) else str(written)
    settings = load_settings({"ZHKH_DATA_DIR": str(tmp_path), spec.variable: text})
    assert spec.of(settings.flags) == meant
    assert settings.origins[name] == f"переменная {spec.variable}"


@pytest.mark.parametrize(("name", "default", "written", "meant"), CASES)
def test_a_flag_from_toml(name, default, written, meant, tmp_path):
    settings = from_file(
        tmp_path, "portal.toml", toml(name, json.dumps(written, ensure_ascii=False))
    )
    assert SPECS[name].of(settings.flags) == meant
    assert settings.origins[name] == f"файл {tmp_path}/portal.toml"


@pytest.mark.parametrize(("name", "default", "written", "meant"), CASES)
def test_a_flag_from_the_old_file(name, default, written, meant, tmp_path):
    settings = from_file(
        tmp_path, "lanbilling.config.php", php(name, json.dumps(written, ensure_ascii=False))
    )
    assert SPECS[name].of(settings.flags) == meant
    assert settings.origins[name] == f"файл {tmp_path}/lanbilling.config.php, строка 3"


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("written", ["getenv('X')", "null", "array()", "1.5"])
def test_an_impossible_value_in_the_old_file_is_named(name, written, tmp_path):
    (fault,) = faults_of(tmp_path, "lanbilling.config.php", php(name, written))
    assert fault.startswith(f"{name} (файл {tmp_path}/lanbilling.config.php, строка 3): ")
    assert SPECS[name].variable in fault


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("written", ["[]", "1.5", "2026-05-01", "{a = 1}", "-1"])
def test_an_impossible_value_in_toml_is_named(name, written, tmp_path):
    (fault,) = faults_of(tmp_path, "portal.toml", toml(name, written))
    assert fault.startswith(f"{name} (файл {tmp_path}/portal.toml): ")


@pytest.mark.parametrize("name", [*ON_BY_DEFAULT, *OFF_BY_DEFAULT])
@pytest.mark.parametrize("written", ["", "maybe", "2", "да", "truе"])
def test_an_impossible_switch_in_the_environment_is_named(name, written, tmp_path):
    with pytest.raises(ConfigurationFaults) as caught:
        load_settings({"ZHKH_DATA_DIR": str(tmp_path), SPECS[name].variable: written})
    (fault,) = caught.value.faults
    assert fault == (
        f"{name} (переменная {SPECS[name].variable}): значение «{written}» не подходит. "
        "Запишите true или false."
    )


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("zkhSerialNumber", " ", "имя дополнительного поля"),
        ("zkhCategoryPrefix", "/(/", "PCRE не принимает выражение"),
        ("zkhCategoryPrefix", "^zkh_", "нет закрывающего знака «^»"),
        ("zkhCategoryPrefix", "zkh_", "не может быть ограничено знаком «z»"),
        ("utility_stat_date_name", "<b></b>", "непустой заголовок"),
        ("companyInfo", "\udcc4\udcee\udcec", "значение «???» не подходит. Запишите текст в UTF-8"),
        ("zkhCategoryPrefix", "/^\udcc4/", "Запишите текст в UTF-8"),
        ("currency", "USD", "Портал считает только в рублях"),
        ("vgroup_password_minlength", "три", "целое число от 0 до 1024"),
        ("vgroup_password_minlength", "-1", "целое число"),
        ("vgroup_password_maxlength", "1025", "целое число"),
        ("vgroup_password_maxlength", "9" * 5000, "целое число"),
        ("vgroup_password_maxlength", "2", "больше vgroup_password_maxlength (2)"),
    ],
)
def test_an_impossible_text_is_named(name, written, said, tmp_path):
    with pytest.raises(ConfigurationFaults) as caught:
        load_settings({"ZHKH_DATA_DIR": str(tmp_path), SPECS[name].variable: written})
    (fault,) = caught.value.faults
    assert name in fault
    assert said in fault


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("0", False), ("'1'", True), ("'0'", False)]
)
def test_php_takes_one_and_zero_for_a_switch(written, meant, tmp_path):
    settings = from_file(tmp_path, "a.php", php("menu_zkh", written))
    assert settings.flags.menu_zkh is meant


@pytest.mark.parametrize("written", ["'true'", "'false'", "2", "''", "-1", "1.0"])
def test_php_truth_that_a_person_reads_otherwise_is_refused(written, tmp_path):
    (fault,) = faults_of(tmp_path, "a.php", php("menu_zkh", written))
    assert "Запишите true или false" in fault


@pytest.mark.parametrize("written", ["1", '"true"'])
def test_toml_has_its_own_true_and_false(written, tmp_path):
    (fault,) = faults_of(tmp_path, "a.toml", toml("menu_zkh", written))
    assert fault.startswith("menu_zkh (файл ")


@pytest.mark.parametrize("written", ["true", '"5"'])
def test_a_length_in_toml_is_a_number(written, tmp_path):
    (fault,) = faults_of(tmp_path, "a.toml", toml("vgroup_password_minlength", written))
    assert "Запишите целое число" in fault


def test_a_length_in_the_old_file_may_stand_in_quotes(tmp_path):
    settings = from_file(tmp_path, "a.php", php("vgroup_password_minlength", "'5'"))
    assert settings.flags.vgroup_password_minlength == 5


def test_a_refused_password_length_is_not_judged_beside_the_other(tmp_path):
    text = "vgroup_password_minlength = 500\nvgroup_password_maxlength = -1\n"
    (fault,) = faults_of(tmp_path, "a.toml", text)
    assert fault.startswith("vgroup_password_maxlength (файл ")


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("&copy;&nbsp;ООО&nbsp;&laquo;Дом&raquo;&nbsp;<br>Права", "©\xa0ООО\xa0«Дом»\nПрава"),
        ("<p>Первый</p><p>второй\n  абзац</p>", "Первый\nвторой абзац"),
        ('По <a href="http://x.ru">ссылке</a> ниже', "По ссылке ниже"),
        ("до <script>alert('<b>1</b>')</script>после<style>p{}</style>", "до после"),
        ("5 &lt; 6 &amp; 7 &#8381; a < b", "5 < 6 & 7 ₽ a < b"),
        ("<ul><li>раз<li>два</ul>", "раз\nдва"),
        ("просто текст", "просто текст"),
        ("<br><br/>", ""),
    ],
)  # fmt: skip
def test_html_becomes_what_its_reader_would_see(html, seen):
    assert plain_text(html) == seen
    assert prose(html, Dialect.PHP) == seen
