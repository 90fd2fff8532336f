"""Which counters wait for a reading this month."""

from portal.domain.device import Device, Register, asked_for, missing
from portal.domain.meter import Dial


def a_counter(name: str, *, is_open: bool, is_given: bool) -> Register:
    return Register(
        account_id=1,
        service_id=1,
        external_id=name,
        name=name,
        unit="м³",
        price=None,
        dial=Dial(5, 3),
        previous=None,
        is_open=is_open,
        is_given=is_given,
    )


def a_device(*counters: Register) -> Device:
    return Device(1, "Квартира", "", 0, None, is_ended=False, registers=counters)


DEVICES = (
    a_device(
        a_counter("given", is_open=True, is_given=True),
        a_counter("wanted", is_open=True, is_given=False),
    ),
    a_device(
        a_counter("closed", is_open=False, is_given=False),
        a_counter("wanted too", is_open=True, is_given=False),
    ),
)


def test_open_counters_are_asked_for_in_the_order_of_the_page():
    assert [each.name for each in asked_for(DEVICES)] == ["given", "wanted", "wanted too"]


def test_those_are_missing_that_are_open_and_not_given():
    assert [each.name for each in missing(DEVICES)] == ["wanted", "wanted too"]
    assert missing(()) == ()
