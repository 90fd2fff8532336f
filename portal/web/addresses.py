"""Addresses inside the portal, and what may be asked for as one."""

from urllib.parse import quote, urlsplit

SIGN_IN = "/login"
NEW_PASSWORD = "/password"  # noqa: S105 - an address
HOME = "/"
_LONGEST = 1000


def own_address(text: str | None) -> str:
    """`text` if it leads to a page of ours, else the home page.

    One `/` at the beginning and neither another one nor a backslash: browsers read those as the
    name of a host.  They drop control characters and spaces, so those lead nowhere either.
    """
    if not text or len(text) > _LONGEST or not text.startswith("/"):
        return HOME
    if text.startswith("//") or "\\" in text or any(sign <= " " or sign == "\x7f" for sign in text):
        return HOME
    return text


def sign_in_address(then: str) -> str:
    """Where to sign in so as to come back to `then`."""
    wanted = own_address(then)
    if wanted == HOME or urlsplit(wanted).path in {SIGN_IN, NEW_PASSWORD}:
        return SIGN_IN
    return f"{SIGN_IN}?next={quote(wanted, safe='/')}"
