"""A browser that measures itself (浏览器计时): from a key or a word to the frame that shows it."""

from __future__ import annotations

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
HOLDS_NUMBER: Final = """number =>
    [...document.querySelectorAll('input')].some(each => each.value === number)"""
SIZES: Final = """() => performance.getEntriesByType('resource')
    .filter(e => e.name.includes('/assets/')).map(e => e.encodedBodySize)"""


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


def assets_kb(page: Page) -> float:
    """How large the console's files of a page were on the line, in kB."""
    sizes: list[int] = page.evaluate(SIZES)
    return round(sum(sizes) / 1000, 1)


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
