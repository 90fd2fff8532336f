"""Acts that nobody was let in to check a meter: loaded with their days, found when late."""

import pytest

from portal.db.accounts import Refusal
from portal.db.ledger import Charge
from portal.domain.money import Money
from portal.services.audit import audit
from tests.imports.conftest import Town
from tests.imports.test_late_facts import DESCRIBED, LATE_OCTOBER, NOVEMBER, OCTOBER, bills, closes

FALLS_BACK = 'kind = "one_time"\nmethod = "metered_month"\nfallback = "average_then_norm"'
FLAT = (
    DESCRIBED.replace('kind = "one_time"', FALLS_BACK, 1)
    + """
[[norms]]
tariff = "ХВС"
service = "zkh_cold"
kind = "norm"
valid_from = 2026-01-01
value = "4,745"

[[coefficients]]
tariff = "ХВС"
service = "zkh_cold"
valid_from = 2026-01-01
value = "1,5"

[[premises_facts]]
premises = "2"
kind = "residents"
valid_from = 2026-01-01
value = 0

[[premises_facts]]
premises = "2"
kind = "owners"
valid_from = 2026-01-01
value = 2
"""
)
ACT = """
[[refusals]]
account = 17
service = "zkh_cold"
refused_on = 2026-10-10
document = "акт № 5"
"""
ADMITTED = ACT + 'admitted_on = 2026-11-02\nadmitted_value = "300"\n'
READ = Money.parse("433,69")
RAISED = Money.parse("760,29")
"""8.12 m³ at 53.41; 2 × 4.745 × 1.5 at the same."""


@pytest.fixture
def charged(town: Town) -> Town:
    """October is charged by the reading, and closed."""
    town.loads(FLAT)
    bills(town, OCTOBER, LATE_OCTOBER)
    closes(town, OCTOBER)
    return town


def corrected(town: Town) -> Money:
    return Money.total(row.amount for row in town.rows(Charge) if row.for_period == OCTOBER)


def test_a_late_act_is_found_by_the_next_run(charged: Town) -> None:
    (warning,) = charged.loads(ACT).warnings
    assert "За закрытые месяцы стало известно: акты о недопуске (1)." in warning
    bills(charged, NOVEMBER)
    assert corrected(charged) == RAISED - READ
    proofs = [row.proof for row in charged.rows(Charge) if row.for_period == OCTOBER]
    told = str(proofs[0]["inputs"]["ought"]).replace("\xa0", " ")
    assert "акт № 5 от 10 октября 2026" in told
    assert charged.backend.read_now(audit) == ()


def test_being_let_in_is_added_to_the_act_once(charged: Town) -> None:
    charged.loads(ACT)
    assert charged.loads(ADMITTED).changed == 1
    assert charged.loads(ADMITTED).changed == 0
    assert str(charged.row(Refusal).admitted_on) == "2026-11-02"
    [fault] = charged.refuses(ADMITTED.replace("300", "301"))
    assert "такое не меняют" in fault


def test_being_let_in_late_is_found_too(charged: Town) -> None:
    charged.loads(ACT)
    bills(charged, NOVEMBER)
    charged.loads(ADMITTED.replace("2026-11-02", "2026-10-20"))
    bills(charged, NOVEMBER)
    # Since nothing was read after that, the norm without the coefficient for the last 12 days.
    assert Money.parse("0") < corrected(charged) < RAISED - READ
    assert charged.backend.read_now(audit) == ()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (ACT.replace("2026-10-10", "2026-12-10"), "ещё не наступила"),
        (ACT + "admitted_on = 2026-11-02\n", "«admitted_on» и «admitted_value» пишут вместе"),
        (ADMITTED.replace("2026-11-02", "2026-10-02"), "допуск раньше недопуска"),
        (ACT.replace("2026-10-10", "2026-01-10"), "счетчик, к которому не пустили, не описан"),
        (ACT.replace("zkh_cold", "house"), "периодическая"),
        (ACT + ACT.replace("10-10", "11-10"), "недопуск от 10.10.2026 ещё не окончен"),
    ],
)  # fmt: skip
def test_what_an_act_cannot_say(sqlite_town: Town, act: str, sentence: str) -> None:
    sqlite_town.loads(FLAT)
    faults = sqlite_town.refuses(act)
    assert any(sentence in fault for fault in faults), faults


def test_an_act_about_what_only_readings_charge_changes_nothing(sqlite_town: Town) -> None:
    sqlite_town.loads(DESCRIBED)
    [fault] = sqlite_town.refuses(ACT)
    assert "сначала дайте ей «fallback»" in fault


def test_premises_have_an_owner(sqlite_town: Town) -> None:
    [fault] = sqlite_town.refuses(FLAT.replace("value = 2\n", "value = 0\n"))
    assert fault.endswith("поле «value»: собственник есть хотя бы один")
