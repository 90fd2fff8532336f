"""What surrounds every page: the values of its frame."""

from dataclasses import dataclass

from portal.domain.demo import DemoLogin
from portal.domain.person import SideBlock


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the menu.  Those of the phone's bar have a short label, the others stand on
    the page «Ещё» there.
    """

    label: str
    address: str
    icon: str
    bar_label: str = ""
    badge: int = 0
    is_current: bool = False

    @property
    def is_on_bar(self) -> bool:
        return bool(self.bar_label)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb; without an address it is only a word."""

    label: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame of a signed-in page."""

    person: SideBlock
    menu: tuple[MenuEntry, ...]
    company: str = ""
    """The operator's text at the foot, plain, its lines apart."""
    demo_logins: tuple[DemoLogin, ...] = ()
    keeps: bool = False
    """Whether this browser may keep readings on the device: it was told to remember the person."""
    is_home: bool = False
    """On the home page of a phone the side block stands on top."""

    @property
    def is_more_current(self) -> bool:
        """Whether «Ещё» is where the person is, on a phone."""
        return not any(entry.is_current for entry in self.menu if entry.is_on_bar)

    @property
    def has_profile(self) -> bool:
        """Whether the operator's menu leads to «Профиль»."""
        return any(entry.address == "/profile" for entry in self.menu)

    @property
    def more_badge(self) -> int:
        return sum(entry.badge for entry in self.menu if not entry.is_on_bar)
