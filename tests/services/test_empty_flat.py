"""Nobody is registered: norms count the owners (Правила 354, п. 56(2)), each from his day on."""

from datetime import date

import pytest

from portal.db.parties import Absence, PremisesFact
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.support.billed import (
    BEGINNING,
    LATE_OCTOBER,
    OCTOBER,
    BilledHouse,
    _premises_of,
    a_billed_house,
)


@pytest.fixture
def billed(backend) -> BilledHouse:
    """2 live there by 16 October; then nobody."""
    billed = a_billed_house(backend, only=["gas", "upkeep"], flats=1)
    knows(billed, "residents", "0", date(2026, 10, 17))
    return billed


def knows(billed: BilledHouse, kind: str, value: str, since: date) -> None:
    billed.house.adds(
        PremisesFact, premises_id=_premises_of(billed.house, billed.flats[0]), kind=kind,
        valid_from=since, value=Quantity.parse(value),
    )  # fmt: skip


def gas(billed: BilledHouse) -> list[tuple[str, str, int | None, Money]]:
    rows = billed.charges("part", "proof", "service_id", "amount")
    return [
        (part, proof["inputs"]["from"], proof["inputs"].get("owners"), amount)
        for part, proof, service, amount in rows
        if service == billed.services["gas"].id
    ]


def test_owners_are_counted_from_the_day_on_which_nobody_is_registered(billed):
    knows(billed, "owners", "3", BEGINNING)
    assert billed.bills(OCTOBER, LATE_OCTOBER).lacks == ()
    # 2 × 4.745 × 16 ÷ 31 and 3 × 4.745 × 15 ÷ 31, at 7.31, and half of it.
    assert gas(billed) == [
        ("base", "2026-10-01", None, Money.parse("35,80")),
        ("excess", "2026-10-01", None, Money.parse("17,91")),
        ("base", "2026-10-17", 3, Money.parse("50,35")),
        ("excess", "2026-10-17", 3, Money.parse("25,18")),
    ]
    proof = billed.charges("proof")[-1][0]
    assert proof["rule"].endswith("; пункт 56(2)")
    assert "n — число собственников" in proof["formula"]
    assert billed.backend.read_now(audit) == ()


def test_as_many_owners_as_there_were_residents_are_a_line_of_their_own(billed):
    knows(billed, "owners", "2", BEGINNING)
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert [row[1:3] for row in gas(billed) if row[0] == "base"] == [
        ("2026-10-01", None), ("2026-10-17", 2),
    ]  # fmt: skip
    assert billed.bills(OCTOBER, LATE_OCTOBER).posted == 0


def test_an_empty_flat_whose_owners_nobody_has_told_is_named_and_not_charged_nothing(billed):
    (lack,) = billed.bills(OCTOBER, LATE_OCTOBER).lacks
    assert lack.service == "gas"
    assert lack.sentence == (
        "С 17 по 31 октября 2026 неизвестно число проживающих. Укажите его (residents), а если "
        "никто не зарегистрирован — число собственников (owners)"
    )
    assert gas(billed) == []


def test_nobody_who_only_owns_is_away(billed):
    knows(billed, "owners", "1", BEGINNING)
    billed.house.adds(
        Absence, premises_id=_premises_of(billed.house, billed.flats[0]), persons=1,
        left_on=date(2026, 10, 17), returned_on=date(2026, 10, 30), document="справка",
    )  # fmt: skip
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert {row[0] for row in gas(billed)} == {"base", "excess"}
