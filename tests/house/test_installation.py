"""The portal refuses an environment where its names are somebody else's."""

import sys
from pathlib import Path

import pytest

from portal import installation


def _install(site: Path, distribution: str, package: str) -> None:
    """As much of a foreign distribution as metadata goes by."""
    info = site / f"{distribution}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "RECORD").write_text(f"{package}/__init__.py,,\n")


def test_this_environment_is_ours() -> None:
    installation.refuse_a_shared_environment()


def test_a_foreign_owner_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, "acme-widgets", "components")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert installation.foreign_owners() == {"components": ["acme-widgets"]}
    with pytest.raises(installation.ForeignNames) as refusal:
        installation.refuse_a_shared_environment()
    sentence = str(refusal.value)
    assert "«components» — acme-widgets" in sentence
    assert "отдельное окружение" in sentence


def test_all_owners_are_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, "portal", "portal")
    _install(tmp_path, "other", "pages")
    _install(tmp_path, "third", "pages")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(installation.ForeignNames, match="other, portal, third"):
        installation.refuse_a_shared_environment()


def test_another_copy_of_ourselves_is_not_foreign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "zhkh-portal", "portal")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert installation.foreign_owners() == {}


def test_an_old_distribution_declares_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "elderly", "anything")
    (tmp_path / "elderly-1.0.dist-info" / "top_level.txt").write_text("anything\nportal\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert installation.foreign_owners() == {"portal": ["elderly"]}


def test_a_single_module_of_our_name_is_foreign_and_a_longer_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "longer", "portal_of_others")
    _install(tmp_path, "single", "pages.py,,\nx")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert installation.foreign_owners() == {"pages": ["single"]}
