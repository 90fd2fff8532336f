"""What a person reads of a sentence."""

from portal.domain.telling.told import ISOLATED, ISOLATED_END


def plain(text: str) -> str:
    """With spaces that may break, and without what turns directions."""
    return text.replace("\N{NBSP}", " ").replace(ISOLATED, "").replace(ISOLATED_END, "")
