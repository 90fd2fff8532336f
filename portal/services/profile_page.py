"""«Профиль»: the resident's data and where he is signed in."""

from dataclasses import dataclass
from datetime import datetime

from portal.db.session import Session
from portal.domain.browser import OpenSession
from portal.domain.identity import ResidentId
from portal.domain.profile import Profile
from portal.services.profile import profile
from portal.services.sessions import open_sessions


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """This browser's session first."""

    profile: Profile
    sessions: tuple[OpenSession, ...]


def profile_page(
    session: Session, resident: ResidentId, current: int, now: datetime
) -> ProfilePage:
    """`current` is the asking browser's session.  Raises NotFound."""
    return ProfilePage(profile(session, resident), open_sessions(session, resident, current, now))
