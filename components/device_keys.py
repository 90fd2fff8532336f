"""«Мои устройства»: keys for devices that read or submit by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from components.rendering import render
from portal.domain.own_device import RIGHTS, OwnDevice


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key at the only moment at which it can be shown."""

    name: str
    secret: str = field(repr=False)


def device_keys(
    devices: Sequence[OwnDevice],
    timezone: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    made: MadeKey | None = None,
    *,
    action: str = "/profile/devices",
    revoke_action: str = "/profile/devices/revoke",
) -> Markup:
    """Fields `name`, `right` and `current_password`; each key with a button that posts
    `token_id`.
    """
    return render(
        "device_keys",
        devices=devices,
        timezone=timezone,
        values={"name": "", "right": "", **values},
        errors=errors,
        made=made,
        rights=RIGHTS,
        action=action,
        revoke_action=revoke_action,
    )


def made_key(made: MadeKey) -> Markup:
    """The new key alone, to be laid into the page."""
    return render("made_key", made=made)
