"""«Профиль»: the resident's data, where he is signed in, his own devices."""

from dataclasses import dataclass
from datetime import datetime

from portal.db.session import Session
from portal.domain.browser import OpenSession
from portal.domain.identity import ResidentId
from portal.domain.own_device import OwnDevice
from portal.domain.profile import Profile
from portal.services.device_tokens import own_devices
from portal.services.profile import profile
from portal.services.sessions import open_sessions


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """This browser's session first."""

    profile: Profile
    sessions: tuple[OpenSession, ...]
    devices: tuple[OwnDevice, ...]


def profile_page(
    session: Session, resident: ResidentId, current: int, now: datetime
) -> ProfilePage:
    """`current` is the asking browser's session.  Raises NotFound."""
    return ProfilePage(
        profile(session, resident),
        open_sessions(session, resident, current, now),
        own_devices(session, resident, now),
    )
