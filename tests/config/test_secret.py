"""The installation's own secret: made once, whole, and for its owner alone."""

import stat
import threading

import pytest

from portal.config import SecretUnusable, installation_secret, load_settings


def test_it_is_made_once_and_kept(tmp_path):
    data_dir = tmp_path / "a" / "b"
    made = installation_secret(data_dir)
    assert len(made) == 32
    assert installation_secret(data_dir) == made
    assert [path.name for path in data_dir.iterdir()] == ["secret"]


def test_only_its_owner_can_read_it(tmp_path):
    installation_secret(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_two_installations_have_two_secrets(tmp_path):
    assert installation_secret(tmp_path / "a") != installation_secret(tmp_path / "b")


def test_many_that_start_together_agree(tmp_path):
    start = threading.Barrier(8)
    found = []

    def begin():
        start.wait()
        found.append(installation_secret(tmp_path))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_one_that_others_can_read_is_refused(tmp_path):
    installation_secret(tmp_path)
    (tmp_path / "secret").chmod(0o640)
    with pytest.raises(SecretUnusable, match="chmod 600"):
        installation_secret(tmp_path)


def test_a_damaged_one_is_refused_and_not_replaced(tmp_path):
    installation_secret(tmp_path)
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(SecretUnusable, match="поврежден"):
        installation_secret(tmp_path)
    assert (tmp_path / "secret").read_bytes() == b"short"


def test_a_folder_that_cannot_hold_it_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SecretUnusable, match="Проверьте права на папку данных"):
        installation_secret(tmp_path / "file" / "data")


def test_settings_without_a_secret_use_the_kept_one(tmp_path):
    settings = load_settings({"ZHKH_DATA_DIR": str(tmp_path)})
    assert not (tmp_path / "secret").exists()
    assert settings.signing_secret() == installation_secret(tmp_path)
