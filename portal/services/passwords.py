"""Keeping passwords: argon2id through passlib's API (the distribution is libpass).

A password is taken as it was typed: normalised to NFC, because phones and desktops compose «й»
differently, but never trimmed, truncated or lower-cased.
"""

import unicodedata
from functools import cache
from secrets import token_urlsafe

from passlib.context import CryptContext

# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane; 24 ms here, while the
# library's defaults (64 MiB, three passes, four lanes) cost 185 ms of a core for each sign-in.
_context = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19 * 1024,
    argon2__time_cost=2,
    argon2__parallelism=1,
)

BYTES_MAX = 1024


def hash_password(plain: str) -> str:
    """Raises ValueError: longer than BYTES_MAX, or not text that UTF-8 can say."""
    typed = _as_typed(plain)
    if typed is None:
        raise ValueError("not a password")
    return _context.hash(typed)


def verify_password(plain: str, hashed: str | None) -> bool:
    """Never raises.  Without a hash (nobody bears that name, or the resident has no password yet)
    it costs the same time and says no.
    """
    typed = _as_typed(plain)
    known = hashed is not None and _context.identify(hashed) is not None
    right = _context.verify(typed or "", hashed if known else _nobodys_hash())
    return bool(right) and known and typed is not None


def is_outdated(hashed: str) -> bool:
    """Whether it was made with other parameters than today's: hash anew at the next sign-in."""
    return bool(_context.needs_update(hashed))


def _as_typed(plain: str) -> bytes | None:
    try:
        typed = unicodedata.normalize("NFC", plain[: BYTES_MAX + 1]).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, as JSON can carry
        return None
    return typed if len(plain) <= BYTES_MAX and len(typed) <= BYTES_MAX else None


@cache
def _nobodys_hash() -> str:
    return _context.hash(token_urlsafe())
