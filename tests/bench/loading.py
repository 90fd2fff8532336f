"""«ЖКХ» on a slow phone: 1.6 Mbit/s, 150 ms, a processor slowed four times."""

import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.bench import taps
from tests.bench.capacity import static_files
from tests.bench.stand import Peer, Stands
from tests.bench.table import Row
from tests.browser.steps import CHECK, CONFIRM, a_little_more, accepted, dialog, tap, until_live
from tests.support.browser import PHONE, chromium

RUNS, LOOKS = 3, 5
SLOWDOWN = 4
PATIENCE_MS = 20_000
LARGEST_PAINT = """
() => new Promise((resolve) => new PerformanceObserver((list) => {
  resolve(Math.round(list.getEntries().at(-1).startTime));
}).observe({ type: 'largest-contentful-paint', buffered: true }))
"""


@dataclass(frozen=True)
class Load:
    """Medians of one page, milliseconds and kilobytes."""

    requests: int
    kilobytes: int
    first_kilobytes: int
    """The page itself: with it alone a reading can be given."""
    largest_paint_ms: int
    answered_ms: int


@dataclass(frozen=True)
class Loads:
    cold: Load
    warm: Load
    files: tuple[str, ...]
    """The paths of what the browser fetched after the cold page."""


@dataclass(frozen=True)
class Visits:
    """All that was measured of one page: only looked at, and with its first tap."""

    looked: Loads
    tapped: Loads


def measure(stands: Stands) -> Iterator[Row]:
    with chromium() as browser:
        visit = partial(_visits, browser)
        ours = visit(stands.ours, "/zkh", taps.our_tap, stands.cookies)
        live = _loads(browser, stands.ours, "/zkh", taps.our_live_tap, stands.cookies)
        link = _loads(browser, stands.ours, "/zkh", taps.our_link, stands.cookies)
        hello = visit(stands.hello, "/", taps.hello_tap, {})
        plain = visit(stands.plain, "/", taps.plain_tap, {})
        yield _weights(ours, hello, plain)
        for kind, reach in (("cold", "≤ 1.25 × plain"), ("warm", "≤ 1.5 × plain")):
            yield from _times(kind, reach, ours, (live, link), hello, plain)
        yield _round_trip(browser, stands)
    yield static_files(stands, ours.looked.files, hello.looked.files)


def _weights(*visits: Visits) -> Row:
    ours, hello, plain = (each.looked.cold for each in visits)
    return Row(
        "slow phone, cold: requests / KB in all / KB of the page itself",
        _weight(ours),
        f"hello {_weight(hello)}; plain {_weight(plain)}",
        f"{ours.kilobytes / hello.kilobytes:.2f} × hello",
        "≤ 250 KB; ≤ 60 KB",
    )


def _weight(load: Load) -> str:
    return f"{load.requests} / {load.kilobytes} / {load.first_kilobytes}"


def _times(
    kind: str, reach: str, ours: Visits, live: tuple[Loads, Loads], hello: Visits, plain: Visits
) -> Iterator[Row]:
    def beside(what: str, mine: Load, part: str, figure: str, reach: str) -> Row:
        them = [getattr(getattr(each, part), kind) for each in (hello, plain)]
        figures = [getattr(each, figure) for each in (mine, *them)]
        return _beside(f"slow phone, {kind}: {what}, ms", reach, *figures)

    look, tap = getattr(ours.looked, kind), getattr(ours.tapped, kind)
    yield beside("LCP", look, "looked", "largest_paint_ms", reach)
    yield beside("a tap at once, answered", tap, "tapped", "answered_ms", "≤ 1.2 × plain")
    in_place, through_socket = (getattr(each, kind) for each in live)
    reach = "≤ 0.75 × hello"
    yield beside("first tap answered in place", in_place, "tapped", "answered_ms", reach)
    yield beside("another page by the socket", through_socket, "tapped", "answered_ms", "")


def _beside(what: str, reach: str, ours: int, hello: int, plain: int) -> Row:
    ratios = f"{ours / hello:.2f} × hello, {ours / plain:.2f} × plain"
    return Row(what, str(ours), f"hello {hello}, plain {plain}", ratios, reach)


def _visits(
    browser: Any, peer: Peer, path: str, tap: Callable[[Page], int], cookies: dict[str, str]
) -> Visits:
    looked = _loads(browser, peer, path, taps.no_tap, cookies, LOOKS)
    return Visits(looked, _loads(browser, peer, path, tap, cookies))


def _loads(
    browser: Any,
    peer: Peer,
    path: str,
    tap: Callable[[Page], int],
    cookies: dict[str, str],
    runs: int = RUNS,
) -> Loads:
    cold, warm = [], []
    files: tuple[str, ...] = ()
    for _ in range(runs):
        context = browser.new_context(**PHONE)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": peer.slow_url}
                for name, value in cookies.items()
            ]
        )
        load, files = _load(context, peer.slow_url + path, tap)
        cold.append(load)
        warm.append(_load(context, peer.slow_url + path, tap)[0])
        context.close()
    return Loads(_medians(cold), _medians(warm), files)


def _load(context: Any, url: str, tap: Callable[[Page], int]) -> tuple[Load, tuple[str, ...]]:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    sizes: dict[str, float] = {}
    files: list[str] = []
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    page.on("request", lambda request: files.append(urlsplit(request.url).path))
    page.goto(url, wait_until="commit")
    answered = tap(page)
    _settle(page, sizes)
    paint = page.evaluate(LARGEST_PAINT)
    page.close()
    weights = [size / 1024 for size in sizes.values()]
    load = Load(len(weights), round(sum(weights)), round(weights[0]), paint, answered)
    return load, tuple(files[1:])


def _settle(page: Page, sizes: dict[str, float]) -> None:
    """Until nothing has come for a second and a half, half a minute at most."""
    for _ in range(20):
        before = len(sizes)
        page.wait_for_timeout(1500)
        if len(sizes) == before:
            return


def _medians(loads: list[Load]) -> Load:
    return Load(*(int(median(figures)) for figures in zip(*map(astuple, loads), strict=True)))


def _round_trip(browser: Any, stands: Stands) -> Row:
    """The first counter's value, checked and confirmed by two taps on the live page; after the
    first time it is a correction.
    """
    context = browser.new_context(**PHONE)
    url = stands.ours.slow_url
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in stands.cookies.items()])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    checks, stores = zip(*(_submission(page, f"{url}/zkh") for _ in range(RUNS)), strict=True)
    context.close()
    return Row(
        "a reading on the slow network (150 ms there and back): checked, stored, ms",
        f"{median(checks):.0f}, {median(stores):.0f}",
    )


def _submission(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds from the first tap to the question, and from the second to «Принято»."""
    page.goto(address)
    until_live(page)
    value = page.locator('input[name^="value:"]').first
    value.fill(a_little_more(value))
    started = time.perf_counter()
    tap(page, CHECK)
    dialog(page).get_by_role("button", name=CONFIRM, exact=True).wait_for()
    asked = time.perf_counter()
    tap(page, CONFIRM)
    accepted(page).wait_for()
    return (asked - started) * 1000, (time.perf_counter() - asked) * 1000
