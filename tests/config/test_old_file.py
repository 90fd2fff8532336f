"""The old cabinet's own file, with everything ugly that such files hold."""

from datetime import date

import pytest

from portal.config import ConfigurationFaults, load_settings

UGLY = r"""<?php
/**
 * Настройки кабинета. Не 'params' => array('menu_zkh' => false), а комментарий.
 */
return array(
    'basePath'=>dirname(__FILE__).DIRECTORY_SEPARATOR.'..',
    'name' => "Кабинет $user",                       // неизвестное, но не наше
    'import'=>array('application.models.*', 'application.components.*',),
    'modules' => array(
        'turbo' => array('categoryPrefix' => '/^turbo_/', "width" => NULL)/*,
        'next' => array('menu_zkh' => true) */
    ),
    'components' => array('log' => array('class' => realpath(dirname(__FILE__).'/..'), 'rate' => 1.5)),
    'params'=>array(
        # 'menu_zkh' => false,
        'menu_zkh' => TRUE, // 'menu_zkh' => false
        "menu_profile" => fAlSe,
        'zkhSerialNumber' => 'serial' . '_' . "no",
        'zkhCategoryPrefix' => '{^(zkh|\x77ater)_}i',
        'utility_stat_external_name' => "Показания \"прибора\"",
        'utility_stat_date_name' => 'Дата \'снятия\'',
        'infoblock' => [ 'tariff' => false, 'service' => false, ],
        'editing_client_info' => array('phone' => false, 'phoneMask' => '+7 (999) 999-99-99'),
        'companyInfo' => 'ООО&nbsp;&laquo;Дом&raquo; &copy;&nbsp;'.date('Y').'&nbsp;<br>Все права защищены',
        'balance_refill_text' => "Через банк,\nчерез <b>терминал</b>",
        'vgroup_password_minlength' => 0x5, /* пять */
        'currency' => 'RUR',
        'MoscowBank' => array('TERMINAL' => '2398742', 'key' => getenv('BANK_KEY')),
        'paging' => array('limit_select' => array(10, 50,),),
        'statDatePeriod' => $period,
    ),
);
"""  # noqa: E501
OVERLAY = r"""<?php
return array(
    'params' => array(
        'menu_profile' => true,
        'infoblock' => array('service' => true),
        'paging' => null,
    ),
);
?>
"""


@pytest.fixture(params=["utf-8", "utf-8-sig", "cp1251", "crlf"])
def folder(request, tmp_path):
    crlf = request.param == "crlf"
    encoding = "utf-8" if crlf else request.param
    text = UGLY.replace("\n", "\r\n") if crlf else UGLY
    (tmp_path / "lanbilling.config.php").write_bytes(text.encode(encoding))
    return tmp_path


def load(folder, name="lanbilling.config.php", **environ):
    path = str(folder / name)
    return load_settings(
        {"ZHKH_CONFIG": path, "ZHKH_DATA_DIR": str(folder), **environ}, today=date(2031, 1, 1)
    )


def refused(folder, text: str, overlay: str | None = None, **environ) -> tuple[str, ...]:
    (folder / "lanbilling.config.php").write_text(text, encoding="utf-8")
    if overlay is not None:
        (folder / "client.main.php").write_text(overlay, encoding="utf-8")
    with pytest.raises(ConfigurationFaults) as caught:
        load(folder, **environ)
    return caught.value.faults


def test_the_ugly_file_is_read_as_it_is(folder):
    flags = load(folder).flags
    assert flags.menu_zkh is True
    assert flags.menu_profile is False
    assert flags.zkh_serial_number == "serial_no"
    assert flags.zkh_category_prefix.written == r"{^(zkh|\x77ater)_}i"
    assert flags.zkh_category_prefix.matches("WATER_hot")
    assert flags.utility_stat_external_name == 'Показания "прибора"'
    assert flags.utility_stat_date_name == "Дата 'снятия'"
    assert (flags.infoblock.tariff, flags.infoblock.payment) == (False, True)
    assert flags.infoblock.service is False
    assert (flags.editing_client_info.phone, flags.editing_client_info.email) == (False, True)
    assert flags.editing_client_info.phone_mask == "+7 (999) 999-99-99"
    assert flags.company_info == "ООО\xa0«Дом» ©\xa02031\nВсе права защищены"
    assert flags.balance_refill_text == "Через банк, через терминал"
    assert (flags.vgroup_password_minlength, flags.currency) == (5, "RUB")


def test_the_overlay_is_laid_over_it_key_by_key(folder):
    (folder / "client.main.php").write_text(OVERLAY, encoding="utf-8")
    settings = load(folder)
    assert settings.flags.menu_profile is True
    assert settings.flags.menu_zkh is True
    assert (settings.flags.infoblock.tariff, settings.flags.infoblock.service) == (False, True)
    assert settings.origins["menu_profile"] == f"файл {folder}/client.main.php, строка 4"
    assert settings.origins["menu_zkh"] == f"файл {folder}/lanbilling.config.php, строка 16"


def test_the_overlay_alone_may_be_named(folder):
    (folder / "client.main.php").write_text(OVERLAY, encoding="utf-8")
    flags = load(folder, "client.main.php").flags
    assert (flags.menu_zkh, flags.infoblock.tariff) == (False, True)


def test_the_environment_wins_over_both_files(folder):
    (folder / "client.main.php").write_text(OVERLAY, encoding="utf-8")
    settings = load(folder, ZHKH_MENU_PROFILE="no", ZHKH_INFOBLOCK_SERVICE="off")
    assert settings.flags.menu_profile is False
    assert settings.flags.infoblock.service is False
    assert settings.flags.infoblock.tariff is False


def test_flags_at_the_top_are_read_and_params_win(tmp_path):
    text = "<?php return array('menu_zkh' => true, 'menu_profile' => false, 'params' => array('menu_profile' => true));"  # noqa: E501
    (tmp_path / "lanbilling.config.php").write_text(text, encoding="utf-8")
    flags = load(tmp_path).flags
    assert (flags.menu_zkh, flags.menu_profile) == (True, True)


def test_a_flag_at_the_top_of_the_overlay_beats_the_params_below_it(tmp_path):
    text = "<?php return ['params' => ['menu_zkh' => false, 'infoblock' => ['lock' => false]]];"
    (tmp_path / "lanbilling.config.php").write_text(text, encoding="utf-8")
    (tmp_path / "client.main.php").write_text("<?php return ['menu_zkh' => true];")
    flags = load(tmp_path).flags
    assert (flags.menu_zkh, flags.infoblock.lock) == (True, False)


def test_a_call_in_a_flag_is_named_with_file_and_line(tmp_path):
    text = "<?php return array('params' => array(\n'menu_zkh' =>\ngetenv('X')));"
    (fault,) = refused(tmp_path, text)
    assert fault == (
        f"menu_zkh (файл {tmp_path}/lanbilling.config.php, строка 3): "
        "значение «getenv('X')» портал не вычисляет. "
        "Запишите true или false в этом файле или в переменной ZHKH_MENU_ZKH."
    )


def test_the_environment_rescues_a_flag_that_only_php_could_compute(tmp_path):
    text = "<?php return array('params' => array('menu_zkh' => getenv('X')));"
    (tmp_path / "lanbilling.config.php").write_text(text, encoding="utf-8")
    assert load(tmp_path, ZHKH_MENU_ZKH="true").flags.menu_zkh is True


@pytest.mark.parametrize(
    ("array", "said"),
    [
        ("'params' => require 'p.php'", "params (файл {}, строка 1): здесь должен стоять массив"),
        ("'params' => null", "params (файл {}, строка 1): здесь должен стоять массив"),
        ("'params' => array('infoblock' => true)", "infoblock (файл {}, строка 1): значение true"),
        ("'params' => array('editing_client_info' => f())", "editing_client_info (файл {}, строка"),
        ("'params' => array(MENU => true)", "Ключ «MENU» (файл {}, строка 1): портал не вычисляет"),
        ("'params' => array(...$more)", "Ключ «...$more» (файл {}, строка 1)"),
        ("'params' => array('infoblock' => array(X => 1))", "Ключ «X» (файл {}, строка 1)"),
    ],
)
def test_a_part_of_the_tree_that_may_hide_flags_is_named(array, said, tmp_path):
    (fault,) = refused(tmp_path, f"<?php return array({array});")
    assert fault.startswith(said.format(tmp_path / "lanbilling.config.php"))


def test_everything_wrong_is_said_at_once(tmp_path):
    text = """<?php return array('params' => array(
        'menu_zkh' => getenv('X'), 'currency' => 'EUR', 'infoblock' => array('lock' => 'no')));"""
    faults = refused(
        tmp_path, text, "<?php return array(", ZHKH_PORT="http", ZHKH_MENU_PROFILE="maybe"
    )
    subjects = ["client.main.php, строка 1", "menu_zkh", "infoblock.lock", "menu_profile"]
    subjects += ["currency", "ZHKH_PORT"]
    assert len(faults) == len(subjects)
    for subject, fault in zip(subjects, faults, strict=True):
        assert subject in fault


def test_the_refusal_lists_its_faults_by_number(tmp_path):
    with pytest.raises(ConfigurationFaults) as caught:
        load_settings({"ZHKH_DATA_DIR": str(tmp_path), "ZHKH_PORT": "0", "ZHKH_HOST": "a b"})
    assert str(caught.value).startswith("Настройки не приняты, ошибок: 2.\n  1. Переменная ZHKH_")
    assert "\n  2. Переменная ZHKH_" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent.php", "такого файла нет"),
        ("absent.toml", "такого файла нет"),
        ("folder.php", "это папка"),
        ("settings.ini", "настройки читаются из .toml или .php"),
        ("broken.toml", "строка 2: ошибка записи TOML"),
        ("cp1251.toml", "это не UTF-8"),
        ("lanbilling.config.php", "такого файла нет"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name, said, tmp_path):
    (tmp_path / "folder.php").mkdir()
    (tmp_path / "settings.ini").write_text("a = 1")
    (tmp_path / "broken.toml").write_text("a = 1\nb = \n")
    (tmp_path / "cp1251.toml").write_bytes('a = "Ж"'.encode("cp1251"))
    with pytest.raises(ConfigurationFaults) as caught:
        load(tmp_path, name)
    (fault,) = caught.value.faults
    assert str(tmp_path / name) in fault
    assert said in fault


def test_an_overlay_that_is_there_but_unreadable_is_not_passed_over(tmp_path):
    (tmp_path / "client.main.php").symlink_to(tmp_path / "nowhere")
    (fault,) = refused(tmp_path, "<?php return array();")
    assert f"{tmp_path}/client.main.php: такого файла нет" in fault


def test_toml_may_hold_the_flags_in_params_too(tmp_path):
    text = "menu_zkh = true\nforeign = 1.5\n[params.infoblock]\nlock = false\n[other]\nx = 1\n"
    (tmp_path / "portal.toml").write_text("\ufeff" + text, encoding="utf-8")
    flags = load(tmp_path, "portal.toml").flags
    assert (flags.menu_zkh, flags.infoblock.lock, flags.infoblock.tariff) == (True, False, True)
