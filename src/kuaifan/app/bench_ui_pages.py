"""A browser that measures itself (浏览器计时): from a key or a word to the frame that shows it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS: Final = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
SIZE: Final = {"width": 1600, "height": 900}
TIMEOUT_MS: Final = 20_000
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FRESH: Final = "[data-testid=age][data-freshness=fresh]"
MAP_IDLE: Final = "[data-testid=map][data-idle=true]"
AXE: Final = Path("console", "node_modules", "axe-core", "axe.min.js")
AXE_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")

WATCH: Final = """([selector, text, kind]) => {
    window.benchMs = undefined;
    let beganMs = null;
    const begin = event => { beganMs ??= event.timeStamp; };
    addEventListener(kind, begin, {capture: true, once: true});
    const isThere = () => [...document.querySelectorAll(selector)].some(
        e => !text || e.textContent.includes(text) || e.dataset.code === text);
    const look = () => {
        if (beganMs === null || !isThere()) return;
        observer.disconnect();
        requestAnimationFrame(() => { window.benchMs = performance.now() - beganMs; });
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body,
        {subtree: true, childList: true, attributes: true, characterData: true});
}"""
"""Times from the first event of a kind to the frame after the one in which it is in the page."""
NOTE_CALLS: Final = """() => {
    window.seenAtMs = {};
    const look = () => document.querySelectorAll('[data-call]').forEach(e => {
        window.seenAtMs[e.dataset.call] ??= performance.timeOrigin + performance.now();
    });
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true});
}"""
SHOWN_FIRST: Final = {
    "start": "main a",
    "admin": "[data-row]",
    "intake": "[data-call]",
    "dispatch": "[data-testid=recommendation] [data-unit]",
    "patrol": "[data-step]",
}
"""What a person opens a page for: a call that rings, units to send, a next step. With it, and
with data that are fresh, the page is live."""
NOTE_LIVE: Final = """(shown => {
    const note = () => {
        if (window.liveAtMs || !shown.every(each => document.querySelector(each))) return;
        window.liveAtMs = performance.now();
    };
    new MutationObserver(note).observe(
        document, {subtree: true, childList: true, attributes: true});
})(%s);"""
IS_LIVE: Final = """() => window.liveAtMs && [...document.querySelectorAll(
    'script[src], link[rel=stylesheet], link[rel=modulepreload]')]
    .every(e => performance.getEntriesByName(e.src || e.href).length)"""
UNTIL_LIVE: Final = """() => ['navigation', 'resource']
    .flatMap(kind => performance.getEntriesByType(kind))
    .filter(e => e.entryType === 'navigation' || e.name.includes('/assets/'))
    .filter(e => e.startTime <= window.liveAtMs)
    .map(e => [new URL(e.name).pathname, e.encodedBodySize])"""
HOLDS_NUMBER: Final = """number =>
    [...document.querySelectorAll('input')].some(each => each.value === number)"""


class Hosts:
    """The hosts that any page has asked."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def follow(self, page: Page) -> None:
        """Note what a page asks from now on."""
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.asked.add(parts.netloc)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium of this machine; raises BadInputError in words where it or its driver is absent."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise BadInputError(
            "bench ui drives a browser: install Playwright with `pip install playwright`"
        ) from None
    path = os.environ.get("KUAIFAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise BadInputError(
            "bench ui found no Chromium: install it, or name it in KUAIFAN_CHROMIUM"
        )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_context(browser: Browser, hosts: Hosts, **stored: str) -> Iterator[BrowserContext]:
    """A browser that has nothing of ours yet but settings such as theme="light"."""
    with browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=SIZE,  # type: ignore[arg-type] # two numbers
    ) as context:
        context.set_default_timeout(TIMEOUT_MS)
        for key, value in stored.items():
            context.add_init_script(f"localStorage['kuaifan.{key}'] = '{value}'")
        context.on("page", hosts.follow)
        yield context


def go(page: Page, address: str) -> Page:
    """Open a page and wait until it is live."""
    page.goto(address)
    page.wait_for_selector(FRESH)
    return page


def time_until(page: Page, selector: str, *, kind: str, text: str = "") -> None:
    """Begin to time, from the next event of a kind, until something is shown."""
    page.evaluate(WATCH, [selector, text, kind])


def read_ms(page: Page) -> float:
    """What was timed; waits for it."""
    page.wait_for_function("() => window.benchMs !== undefined")
    return float(page.evaluate("window.benchMs"))


def note_live(name: str) -> str:
    """The script that a page needs from its beginning, to be weighed."""
    return NOTE_LIVE % json.dumps([FRESH, SHOWN_FIRST[name]])


def weigh(page: Page) -> dict[str, int]:
    """Files of the console that a page asked for until it was live, each with its bytes.

    As they were on the line, compressed. What a page fetches for later once it is live is not in
    it, nor are the rows of the board: they are the city's, and grow with it.
    """
    page.wait_for_function(IS_LIVE)
    return dict(page.evaluate(UNTIL_LIVE))


def heap_mb(page: Page) -> float:
    """Memory of a page's objects after the rubbish is gone, in MB."""
    line = page.context.new_cdp_session(page)
    for _ in range(2):
        line.send("HeapProfiler.collectGarbage")
    used = line.send("Runtime.getHeapUsage")["usedSize"]
    line.detach()
    return float(used) / 1e6


def find_axe() -> Path | None:
    """The checker in the console's development packages, None where there is no checkout."""
    path = Path(__file__).resolve().parents[3] / AXE
    return path if path.is_file() else None


def count_faults(page: Page, axe: Path) -> int:
    """Places of a page that axe finds wrong."""
    page.evaluate(axe.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(AXE_TAGS)
    )
    return sum(len(fault["nodes"]) for fault in found["violations"])
