"""By which icon and colour a device is told from its neighbours in a dark bathroom."""

from dataclasses import dataclass

from portal.domain.device import Device


@dataclass(frozen=True, slots=True)
class Kind:
    """The icon's name and the tint's class suffix."""

    icon: str
    tint: str


_GAUGE = Kind("gauge", "plain")
# The first whose word is found in the device's and its services' names and units.
_KINDS = (
    ("гвс", Kind("drop", "hot")),
    ("горяч", Kind("drop", "hot")),
    ("хвс", Kind("drop", "cold")),
    ("холод", Kind("drop", "cold")),
    ("квт", Kind("bolt", "power")),
    ("электр", Kind("bolt", "power")),
    ("гкал", Kind("heat", "hot")),
    ("отопл", Kind("heat", "hot")),
    ("газ", Kind("flame", "gas")),
    ("вод", Kind("drop", "cold")),
)


def device_kind(device: Device) -> Kind:
    words = [device.login, *(f"{each.name} {each.unit}" for each in device.registers)]
    text = " ".join(words).casefold()
    return next((kind for word, kind in _KINDS if word in text), _GAUGE)
