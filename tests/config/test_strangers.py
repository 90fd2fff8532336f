"""Names that are nobody's settings: ours misspelt are told, those of the old file stay silent."""

import pytest

from portal.config import load_settings

NEAR = "Не знаю такой настройки: {} (файл {}{}), может быть, {}?"


def strangers(tmp_path, name: str, text: str) -> tuple[str, ...]:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return load_settings({"ZHKH_CONFIG": str(path), "ZHKH_DATA_DIR": str(tmp_path)}).strangers


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("menu_zhk", "menu_zkh"),
        ("zkhSerialNumbr", "zkhSerialNumber"),
        ("hideStatisticsEntriesWithNoAmount", "hideStaticticsEntriesWithNoAmount"),
    ],
)
def test_a_misspelt_flag_is_told_in_either_kind_of_file(tmp_path, written, meant):
    toml = strangers(tmp_path, "portal.toml", f"{written} = true\n")
    assert toml == (NEAR.format(written, tmp_path / "portal.toml", "", meant),)
    for text in (
        f"<?php return array(\n'{written}' => true);",
        f"<?php return array('params' => array(\n'{written}' => true));",
    ):
        php = strangers(tmp_path, "lanbilling.config.php", text)
        place = tmp_path / "lanbilling.config.php"
        assert php == (NEAR.format(written, place, ", строка 2", meant),)


def test_inside_our_own_arrays_every_stranger_is_told(tmp_path):
    text = "<?php return array('params' => array('infoblock' => array(\n'погода' => true)));"
    place = f"файл {tmp_path / 'lanbilling.config.php'}, строка 2"
    said = strangers(tmp_path, "lanbilling.config.php", text)
    assert said == (f"Не знаю такой настройки: infoblock.погода ({place})",)


def test_a_toml_file_holds_nothing_but_ours(tmp_path):
    said = strangers(tmp_path, "portal.toml", 'weather = "good"\n[params]\nmenu_zkh = true\n')
    assert said == (f"Не знаю такой настройки: weather (файл {tmp_path / 'portal.toml'})",)


def test_what_the_old_file_says_to_others_stays_silent(tmp_path):
    text = """<?php return array(
        'basePath' => '..', 'name' => 'x', 'import' => array(), 'modules' => array(),
        'components' => array(), 'params' => array(
            'MoscowBank' => array(), 'paging' => null, 'statDatePeriod' => 1, 'menu_antivirus' => 1,
            'menu_zkh' => true, 'infoblock' => array('tariff' => true),
        ));"""
    assert strangers(tmp_path, "lanbilling.config.php", text) == ()
