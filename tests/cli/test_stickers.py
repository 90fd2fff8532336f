"""`stickers`: from a loaded house to a sheet of paper whose codes lead to its meters."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.backend import Backend
from portal.domain.identity import ResidentId
from portal.services.stickers import RevokedSticker, StickerPlace, sticker_place
from tests.builders import House, a_house
from tests.cli.conftest import Cli, Told
from tests.support.printed import codes, pages

ADDRESS = "г. Лесногорск, ул. Лесная, 7"
PORTAL = "https://lk.example.ru"
SECRET = "s" * 40
ADVICE = "Печатайте в масштабе 100 % и проверьте телефоном одну наклейку, прежде чем клеить все.\n"


@pytest.fixture
def house(data_dir: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Three flats with a meter each, in the portal's database."""
    assert not data_dir.exists()
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    monkeypatch.setenv("ZHKH_PUBLIC_URL", PORTAL)
    monkeypatch.setenv("ZHKH_SECRET", SECRET)
    house = a_house(Backend(database_url))
    for number in (1, 2, 3):
        tariff_id = house.a_tariff("Тариф")
        flat = house.a_resident().an_agreement(address=f"{ADDRESS}, кв. {number}")
        account = flat.an_account("Счетчик воды", tariff_id=tariff_id)
        service = house.a_service("zkh_water", "Холодная вода", tariff_id=tariff_id)
        account.a_meter(service, serial=f"100{number}")
    yield house
    house.backend.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "наклейки.pdf"


@pytest.fixture
def prints(cli: Cli, file: Path) -> Callable[..., Told]:
    def run(*words: str, house: str = ADDRESS) -> Told:
        return cli("stickers", "--house", house, "--out", str(file), *words)

    return run


def addresses(file: Path) -> list[str]:
    return [code for page in pages(file.read_bytes(), 200) for code in codes(page)]


def opened(house: House, resident: int, address: str) -> StickerPlace:
    token = address.removeprefix(f"{PORTAL}/m/")
    who = ResidentId(resident)
    return house.backend.read_now(sticker_place, who, SECRET.encode(), token)


def test_every_code_leads_to_its_own_flat_s_meter(
    house: House, prints: Callable[..., Told], file: Path
) -> None:
    told = prints()
    assert (told.code, told.err) == (0, "")
    assert told.out == (
        f"{ADDRESS}. Наклеек: 3, из них новых 3. Записано: {file}, 1 лист.\n{ADVICE}"
    )
    places = [opened(house, number, code) for number, code in enumerate(addresses(file), 1)]
    assert places == [StickerPlace(number, "zkh_water") for number in (1, 2, 3)]


def test_a_second_time_nothing_changes(
    prints: Callable[..., Told], file: Path, house: House
) -> None:
    prints(house="Лесная 7")
    before = file.read_bytes()
    told = prints()
    assert told.code == 0
    assert "Наклеек: 3, из них новых 0." in told.out
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.glob("*.pdf*")] == [file.name], "no drafts are left"


def test_one_flat_alone(prints: Callable[..., Told], file: Path, house: House) -> None:
    prints()
    second = addresses(file)[1]
    told = prints("--flat", "2")
    assert "Наклеек: 1, из них новых 0." in told.out
    assert addresses(file) == [second]


def test_a_revoked_one_is_printed_anew(
    cli: Cli, house: House, prints: Callable[..., Told], file: Path
) -> None:
    prints()
    first, *others = addresses(file)
    number = first.removeprefix(f"{PORTAL}/m/")[:8]
    told = cli("stickers", "--house", ADDRESS, "--revoke", number)
    assert (told.code, told.out) == (0, f"{ADDRESS}. Отозвано наклеек: 1.\n")
    told = prints("--revoke", first)
    assert told.code == 0
    assert told.out.startswith(f"{ADDRESS}. Отозвано наклеек: 0, были отозваны раньше: 1.\n")
    assert "Наклеек: 3, из них новых 1." in told.out
    fresh, *rest = addresses(file)
    assert rest == others
    assert opened(house, 1, fresh) == StickerPlace(1, "zkh_water")
    with pytest.raises(RevokedSticker):
        opened(house, 1, first)


REFUSALS = [
    (["--house", "Лесная, 8"], r"Дома «Лесная, 8» нет\. Похожие: «г\. Лесногорск, ул\. Лесная, 7»"),
    (["--flat", "99"], "нет квартиры «99»"),
    (["--revoke", "abcd-efgh"], r"нет наклейки «abcd-efgh»\. Ничего не изменено"),
    (["--out", "/nowhere/at-all.pdf"], "Папки /nowhere нет"),
    (["--out", "/proc/a.pdf"], r"Файл /proc/a\.pdf не записан"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSALS)
def test_what_is_refused_writes_no_file(
    prints: Callable[..., Told], file: Path, house: House, words: list[str], sentence: str
) -> None:
    told = prints(*words)
    assert (told.code, told.out) == (1, "")
    assert re.search(sentence, told.err)
    assert not file.exists()


def test_without_a_public_address_nothing_is_printed(
    prints: Callable[..., Told], file: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHKH_PUBLIC_URL")
    told = prints()
    assert told.code == 1
    assert told.err.startswith("Задайте ZHKH_PUBLIC_URL")
    assert not file.exists()


def test_without_a_database_nothing_is_made(prints: Callable[..., Told], data_dir: Path) -> None:
    told = prints()
    assert told.code == 1
    assert told.err.startswith("Базы данных ещё нет")
    assert not data_dir.exists()
