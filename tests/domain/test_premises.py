"""Addresses taken apart, and the house that somebody means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.premises import Place, houses_called, houses_near, in_order, place_of

FOREST, SECOND = "г. Лесногорск, ул. Лесная, 7", "г. Лесногорск, ул. Лесная, 7, корп. 2"
LENIN, OTHER_TOWN = "г. Москва, ул. Ленина, д. 1", "г. Дубна, ул. Ленина, д. 1"
HOUSES = [FOREST, SECOND, LENIN, OTHER_TOWN, "пос. Тёплый, ул. Садовая, 7а"]

ADDRESSES = [
    (f"{FOREST}, кв. 12", Place(FOREST, "кв. 12", "12")),
    (f"{FOREST},  кв.12 ", Place(FOREST, "кв.12", "12")),
    (f"{FOREST} квартира 12", Place(FOREST, "квартира 12", "12")),
    (f"{LENIN}, КВ. № 12А", Place(LENIN, "КВ. № 12А", "12А")),
    (f"{LENIN}, оф. 3", Place(LENIN, "оф. 3", "3")),
    (f"{LENIN}, кв. 2, комн. 3", Place(LENIN, "кв. 2, комн. 3", "2, комн. 3")),
    (FOREST, Place(FOREST)),
    ("кв-л Северный, 5", Place("кв-л Северный, 5")),
    ("г. Москва, ул. Комсомольская, 4", Place("г. Москва, ул. Комсомольская, 4")),
    ("кв. 12", Place("кв. 12")),
    ("", Place("")),
]


@pytest.mark.parametrize(("address", "place"), ADDRESSES)
def test_the_flat_is_taken_off_the_house(address: str, place: Place) -> None:
    assert place_of(address) == place


@given(st.text())
def test_any_text_is_an_address(address: str) -> None:
    place = place_of(address)
    assert "".join(address.split()).startswith("".join(place.house.split()))
    assert place.flat.endswith(place.number)


def test_flats_lie_as_on_a_staircase() -> None:
    numbers = ["10", "2", "10а", "1", "", "10б", "100"]
    assert sorted(numbers, key=in_order) == ["", "1", "2", "10", "10а", "10б", "100"]


@pytest.mark.parametrize(
    ("typed", "houses"),
    [
        (FOREST, [FOREST]),
        ("Лесная, 7", [FOREST]),
        ("  лесная   д.7", [FOREST]),
        ("Лесная 7 корп 2", [SECOND]),
        ("москва, ленина 1", [LENIN]),
        ("ул. Ленина, 1", [OTHER_TOWN, LENIN]),
        ("Теплый Садовая 7а", ["пос. Тёплый, ул. Садовая, 7а"]),
        ("Лесная, 17", []),
        ("сная, 7", []),
        ("7", []),
        ("", []),
    ],
)
def test_a_house_is_called_by_its_address(typed: str, houses: list[str]) -> None:
    assert houses_called(typed, HOUSES) == houses


def test_a_single_word_is_a_house_only_in_full() -> None:
    assert houses_called("Маяк", ["Маяк", "г. Сочи, Маяк"]) == ["Маяк"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("Лесная, 8", FOREST), ("Лестная 7", FOREST), ("Ленина 2", OTHER_TOWN), ("Садовая 7", None)],
)
def test_near_ones_are_told_the_nearest_first(typed: str, first: str | None) -> None:
    near = houses_near(typed, HOUSES)
    assert near[0] == first if first else near


def test_what_looks_like_nothing_has_no_neighbours() -> None:
    assert houses_near("Zzz", HOUSES) == []
    assert houses_near("", HOUSES) == []
    assert len(houses_near("Лесная 1", [f"ул. Лесная, {number}" for number in range(2, 40)])) == 5
