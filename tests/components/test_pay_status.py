"""What became of a payment, in words."""

import re
from dataclasses import replace

import pytest

from components.gallery_paying import PAID_TOLD, RESOLVED_TOLD, TOLD
from components.gallery_values import ZONE
from components.pay_status import pay_cleared, pay_status
from portal.domain.paying import PayState, PayTold, Way


def plain(told: PayTold) -> str:
    return " ".join(re.sub("<[^>]+>", " ", pay_status(told, ZONE)).split())


@pytest.mark.parametrize("channel", ["Карта или СБП", "Банковские карты", "сбп"])
def test_a_channel_that_speaks_of_ways_is_not_named_beside_the_way(channel: str) -> None:
    assert "Способ Банковская карта Номер" in plain(replace(PAID_TOLD, channel=channel))


def test_any_other_channel_is_named_beside_the_way() -> None:
    assert "Способ СБП, Демо-банк" in plain(replace(PAID_TOLD, way=Way.SBP))


def test_what_people_have_found_is_said_and_nothing_is_awaited_any_more() -> None:
    told = plain(RESOLVED_TOLD)
    assert RESOLVED_TOLD.outcome in told
    assert "Проверено 29 мая 2014" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "Проверить сейчас" not in told
    assert RESOLVED_TOLD.outcome in pay_cleared((RESOLVED_TOLD,), ZONE)
    assert pay_cleared((), ZONE) == ""


def test_who_waits_for_people_is_not_told_that_the_bank_is_silent() -> None:
    """It may have answered, only not as it was asked."""
    told = plain(replace(TOLD, state=PayState.CHECKING))
    assert "второй раз не платите" in told
    assert "не ответил" not in told
