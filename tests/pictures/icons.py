"""Makes the PNGs of the home screen's icon from `static/icons/icon.svg`: `make icons`."""

import base64
import re
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from tests.support.browser import chromium
from tests.support.tree import ROOT

FOLDER = ROOT / "static" / "icons"
SVG = (FOLDER / "icon.svg").read_text()
SAFE_PART = 0.82
"""Shrunk so, the drawing lies inside the circle that every launcher leaves of a maskable icon:
its radius is 0.4 of the side.
"""


@dataclass(frozen=True)
class Icon:
    """Filled to its corners, or with the corners of the drawing itself."""

    name: str
    side: int
    part: float = 1.0
    is_filled: bool = True


ICONS = (
    Icon("icon-192", 192, is_filled=False),
    Icon("icon-512", 512, is_filled=False),
    Icon("maskable-192", 192, SAFE_PART),
    Icon("maskable-512", 512, SAFE_PART),
    Icon("icon-180", 180),  # Apple's: it rounds the corners itself and shows transparent ones black
)


def main() -> None:
    with chromium() as browser:
        for icon in ICONS:
            path = FOLDER / f"{icon.name}.png"
            path.write_bytes(_packed(_drawn(browser, icon)))
            print(f"{path.name}: {path.stat().st_size / 1024:.1f} KB")


def _drawn(browser: Any, icon: Icon) -> bytes:
    page = browser.new_page(viewport={"width": icon.side, "height": icon.side})
    page.set_content(_page(icon))
    picture: bytes = page.screenshot(omit_background=True)
    page.close()
    return picture


def _page(icon: Icon) -> str:
    source = base64.b64encode(SVG.encode()).decode()
    ground = _ground() if icon.is_filled else "transparent"
    return (
        f'<body style="margin:0;height:100vh;display:grid;place-items:center;background:{ground}">'
        f'<img src="data:image/svg+xml;base64,{source}" style="width:{icon.part * icon.side}px">'
    )


def _ground() -> str:
    """The colour of the drawing's own ground: its first rectangle."""
    found = re.search(r'<rect[^>]* fill="(#[0-9a-f]+)"', SVG)
    assert found, "icon.svg begins with its ground"
    return found[1]


def _packed(picture: bytes) -> bytes:
    """Without an alpha channel that says nothing, as small as the encoder can."""
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    if pixels.shape[2] == 4 and pixels[..., 3].min() == 255:
        pixels = pixels[..., :3]
    settings = [cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_STRATEGY, 0]
    packed: bytes = cv2.imencode(".png", pixels, settings)[1].tobytes()
    return packed


if __name__ == "__main__":
    main()
