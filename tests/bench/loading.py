"""«ЖКХ» on a slow phone: 1.6 Mbit/s, 150 ms, a processor slowed four times."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Page

from tests.bench.stand import Peer, Stands
from tests.bench.table import Row
from tests.browser.steps import CHECK, CONFIRM, a_little_more, accepted, dialog, tap, until_live
from tests.support.browser import PHONE, chromium

RUNS = 3
SLOWDOWN = 4
PATIENCE_MS = 20_000
LARGEST_PAINT = """
() => new Promise((resolve) => new PerformanceObserver((list) => {
  resolve(Math.round(list.getEntries().at(-1).startTime));
}).observe({ type: 'largest-contentful-paint', buffered: true }))
"""
TAP_UNTIL_ANSWERED = """
([button, answer, sentence]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`no answer in ${answer}`)), 60000);
  const look = () => {
    const node = document.querySelector(answer);
    if (node && node.textContent.includes(sentence)) return resolve(Math.round(performance.now()));
    const target = document.querySelector(button);
    if (target && !target.closest('[aria-busy]')) target.click();
    setTimeout(look, 50);
  };
  look();
})
"""


@dataclass(frozen=True)
class Load:
    """Medians of one page, milliseconds and kilobytes."""

    requests: int
    kilobytes: int
    largest_paint_ms: int
    answered_ms: int


def measure(stands: Stands) -> Iterator[Row]:
    with chromium() as browser:
        ours = _loads(browser, stands.ours, "/zkh", _our_tap, stands.cookies)
        hello = _loads(browser, stands.hello, "/", _hello_tap, {})
        plain = _loads(browser, stands.plain, "/", _plain_tap, {})
        yield Row(
            "slow phone, cold: requests / KB", *_weights(ours[0], hello[0], plain[0]), "≤ 320 KB"
        )
        for number, kind in enumerate(("cold", "warm")):
            yield _times(
                f"slow phone, {kind}: LCP",
                "1.25 × hello",
                [load[number].largest_paint_ms for load in (ours, hello, plain)],
            )
            yield _times(
                f"slow phone, {kind}: first tap answered",
                "",
                [load[number].answered_ms for load in (ours, hello, plain)],
            )
        yield _round_trip(browser, stands)


def _weights(ours: Load, hello: Load, plain: Load) -> tuple[str, str, str]:
    beside = (
        f"hello {hello.requests} / {hello.kilobytes}, plain {plain.requests} / {plain.kilobytes}"
    )
    ratio = f"{ours.kilobytes / hello.kilobytes:.2f} ×"
    return f"{ours.requests} / {ours.kilobytes}", beside, ratio


def _times(what: str, reach: str, figures: list[int]) -> Row:
    ours, hello, plain = figures
    ratios = f"{ours / hello:.2f} × hello, {ours / plain:.2f} × plain"
    return Row(f"{what}, ms", str(ours), f"hello {hello}, plain {plain}", ratios, reach)


def _loads(
    browser: Any,
    peer: Peer,
    path: str,
    tap: Callable[[Page], int],
    cookies: dict[str, str],
) -> tuple[Load, Load]:
    """Cold and warm."""
    cold, warm = [], []
    for _ in range(RUNS):
        context = browser.new_context(**PHONE)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": peer.slow_url}
                for name, value in cookies.items()
            ]
        )
        cold.append(_load(context, peer.slow_url + path, tap))
        warm.append(_load(context, peer.slow_url + path, tap))
        context.close()
    return _medians(cold), _medians(warm)


def _load(context: Any, url: str, tap: Callable[[Page], int]) -> Load:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url, wait_until="commit")
    answered = tap(page)
    _settle(page, sizes)
    paint = page.evaluate(LARGEST_PAINT)
    page.close()
    return Load(len(sizes), round(sum(sizes) / 1024), paint, answered)


def _settle(page: Page, sizes: list[float]) -> None:
    """Until nothing has come for a second and a half, half a minute at most."""
    for _ in range(20):
        before = len(sizes)
        page.wait_for_timeout(1500)
        if len(sizes) == before:
            return


def _medians(loads: list[Load]) -> Load:
    return Load(*(int(median(figures)) for figures in zip(*map(_figures, loads), strict=True)))


def _figures(load: Load) -> tuple[int, int, int, int]:
    return load.requests, load.kilobytes, load.largest_paint_ms, load.answered_ms


def _our_tap(page: Page) -> int:
    """As soon as the button is there, live or not: the answer comes by either way."""
    return _tap_and_wait(page, "text=хотя бы одно показание")


def _hello_tap(page: Page) -> int:
    page.wait_for_selector("button")
    answered: int = page.evaluate(TAP_UNTIL_ANSWERED, ["button", "body", "answered"])
    return answered


def _plain_tap(page: Page) -> int:
    return _tap_and_wait(page, ".answered")


def _tap_and_wait(page: Page, answer: str) -> int:
    page.wait_for_selector(".zh-submit-button")
    page.evaluate("sessionStorage.began = performance.timeOrigin")
    page.click(".zh-submit-button", no_wait_after=True)
    page.wait_for_selector(answer)
    answered: float = page.evaluate("Date.now() - sessionStorage.began")
    return round(answered)


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
