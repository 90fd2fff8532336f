"""The first tap on a page that is still loading: how long until its answer is there, in
milliseconds from the moment at which the page was asked for.
"""

from playwright.sync_api import Page

from tests.browser.steps import IS_LIVE

# `ready`: an expression, from when on a tap is one of the page's own script.  A button is tapped
# until it answers, a link once: who taps it again wants the page loaded.
TAP_UNTIL_ANSWERED = """
([ready, button, answer, sentence]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`no answer in ${answer}`)), 60000);
  let isEnough = false;
  const isReady = new Function(`return ${ready}`);
  const look = () => {
    const node = document.querySelector(answer);
    if (node && node.textContent.includes(sentence)) return resolve(Math.round(performance.now()));
    const target = document.querySelector(button);
    if (target && isReady() && !target.closest("[aria-busy]") && !isEnough) {
      isEnough = target.matches("a");
      target.click();
    }
    setTimeout(look, 50);
  };
  look();
})
"""
TAKEN_OVER = "Boolean(window.zhTyping)"
CAN_NAVIGATE = f"({IS_LIVE})()"


def no_tap(page: Page) -> int:
    """The largest paint ends with a tap, and belongs to the page before it."""
    page.wait_for_load_state()
    return 0


def our_tap(page: Page) -> int:
    """As soon as the button is there, live or not: the answer comes by either way."""
    return _tap_and_wait(page, "text=хотя бы одно показание")


def our_live_tap(page: Page) -> int:
    """As soon as our script has taken the form over: the answer comes into the page."""
    sentence = "хотя бы одно показание"
    return _taps(page, TAKEN_OVER, ".zh-submit-button", "#zh-main", sentence)


def our_link(page: Page) -> int:
    """Another page, through the socket."""
    return _taps(page, CAN_NAVIGATE, "nav a[href^='/invoices']", "h1", "Счета")


def _taps(page: Page, *how: str) -> int:
    answered: int = page.evaluate(TAP_UNTIL_ANSWERED, list(how))
    return answered


def hello_tap(page: Page) -> int:
    return _taps(page, "true", "button", "body", "answered")


def plain_tap(page: Page) -> int:
    return _tap_and_wait(page, ".answered")


def _tap_and_wait(page: Page, answer: str) -> int:
    page.wait_for_selector(".zh-submit-button")
    page.evaluate("sessionStorage.began = performance.timeOrigin")
    page.click(".zh-submit-button", no_wait_after=True)
    page.wait_for_selector(answer)
    answered: float = page.evaluate("Date.now() - sessionStorage.began")
    return round(answered)
