"""A signed-in browser, in words by which its owner knows it."""

from dataclasses import dataclass
from datetime import datetime

# The first that occurs counts: every browser of Chromium's family also says «Chrome» and «Safari».
_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("YaApp", "приложение Яндекса"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("MiuiBrowser", "Mi Browser"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where the resident is signed in."""

    session_id: int
    browser: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def browser_words(user_agent: str) -> str:
    """«Chrome, Android»; what a browser says of itself is a hint and never decides anything."""
    words = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return ", ".join(word for word in words if word) or "Неизвестный браузер"


def _first(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((shown for sign, shown in names if sign in user_agent), "")
