"""What `check` prints: each setting, its value, where it came from; no password among them."""

import pytest

from portal.config import FLAGS, effective_lines, load_settings
from portal.settings.effective import masked


def test_every_setting_stands_with_its_value_and_origin(tmp_path):
    path = tmp_path / "lanbilling.config.php"
    path.write_text("<?php return array('params' => array(\n'menu_zkh' => true));", "utf-8")
    settings = load_settings(
        {
            "ZHKH_CONFIG": str(path),
            "ZHKH_DATA_DIR": str(tmp_path),
            "ZHKH_CURRENCY": "RUR",
            "ZHKH_COMPANY_INFO": "ООО «Дом»<br>" + "очень " * 50,
        }
    )
    rows = {line.split()[0]: line for line in effective_lines(settings)}
    assert rows["menu_zkh"].split(maxsplit=2)[1:] == ["да", f"файл {path}, строка 2"]
    assert rows["menu_profile"].split(maxsplit=2)[1:] == ["да", "по умолчанию"]
    assert rows["currency"].split(maxsplit=2)[1:] == ["RUB", "переменная ZHKH_CURRENCY"]
    assert rows["ZHKH_PORT"].split(maxsplit=2)[1:] == ["8080", "по умолчанию"]
    assert "ООО «Дом» очень" in rows["companyInfo"]
    assert "…" in rows["companyInfo"]
    assert {spec.name for spec in FLAGS} < set(rows)


def test_the_columns_are_aligned_and_a_line_is_a_line(tmp_path):
    lines = effective_lines(load_settings({"ZHKH_DATA_DIR": str(tmp_path)}))
    assert len({line.index("по умолчанию") for line in lines if "переменная" not in line}) == 1
    assert not any("\n" in line for line in lines)


def test_no_secret_is_printed():
    settings = load_settings(
        {
            "HOME": "/home/zhkh",
            "ZHKH_SECRET": "s3cret" * 6,
            "ZHKH_DATABASE_URL": "postgresql://zhkh:hunter2@db.local:5432/zhkh",
        }
    )
    printed = "\n".join(effective_lines(settings))
    assert "s3cret" not in printed
    assert "hunter2" not in printed
    assert "postgresql://zhkh:***@db.local:5432/zhkh" in printed


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://zhkh:p@ss/w:o?r#d@db/zhkh", "postgresql://zhkh:***@db/zhkh"),
        ("postgresql://zhkh@db/zhkh", "postgresql://zhkh@db/zhkh"),
        ("postgresql://db:5432/zhkh", "postgresql://db:5432/zhkh"),
        (
            "postgresql:///zhkh?host=/run&password=hunter2&sslpassword=x&connect_timeout=3",
            "postgresql:///zhkh?host=/run&password=***&sslpassword=***&connect_timeout=3",
        ),
        ("postgresql://:hunter2@db/zhkh", "postgresql://:***@db/zhkh"),
        ("sqlite:////var/lib/a:b@c/portal.sqlite3", "sqlite:////var/lib/a:b@c/portal.sqlite3"),
    ],
)
def test_a_password_is_masked_wherever_it_stands(address, shown):
    assert masked(address) == shown
