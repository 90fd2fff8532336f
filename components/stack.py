"""Things one under another."""

from markupsafe import Markup


def stack(*parts: Markup) -> Markup:
    """With the gap that lies between cards."""
    return Markup('<div class="zh-stack">{}</div>').format(Markup().join(parts))
