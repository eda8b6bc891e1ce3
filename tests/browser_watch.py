"""A watched browser (浏览器看守): Debian's Chromium, and what no page of ours may do."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager

CHROMIUM = os.environ.get("KUAIFAN_CHROMIUM") or shutil.which("chromium") or ""
# Chromium falls back to software drawing by itself today; named, so that it still does tomorrow.
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PLAIN_FLAGS = [*FLAGS, "--disable-gpu-rasterization", "--disable-gpu-compositing"]
"""Where no map is drawn: the parts of a page are put together without the software's 3D, which
takes a third less of the processor. A map would have to be read back from it, frame by frame."""
WITH_MAP = ("/dispatch", "/intake", "/planner", "/start")
DESK_SIZE = (1600, 900)
PHONE_SIZE = (360, 740)


FOCUSED = """() => {
    const at = document.activeElement;
    // A box to tick is hidden in the label that shows it.
    const shown = at.matches('input[type=radio], input[type=checkbox]')
        ? at.closest('label') ?? at : at;
    const [ring] = [at, shown].map(e => getComputedStyle(e)).filter(style =>
        style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2);
    let ground = 'rgba(0, 0, 0, 0)';
    // A ring lies around its thing, on what is behind it, or inside of it.
    const isInside = ring && parseFloat(ring.outlineOffset) < 0;
    let behind = isInside ? shown : shown.parentElement;
    for (; behind && ground === 'rgba(0, 0, 0, 0)'; behind = behind.parentElement)
        ground = getComputedStyle(behind).backgroundColor;
    return {colour: ring ? ring.outlineColor : null, ground, html: at.outerHTML.slice(0, 200),
            i: window.controls?.indexOf(at) ?? -1, isBody: at === document.body,
            name: at.dataset.incident ? 'row' : at.id || at.tagName};
}"""
"""What has the focus: its ring's colour, null where there is no ring of 2 px, and its ground."""


def contrast(one, other):
    """Of two colours such as #14181d or rgb(20, 24, 29), as WCAG 2 counts it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour):
    if colour.startswith("rgb"):
        return [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    if len(colour) == len("#fff"):  # what the build makes of #ffffff
        colour = "#" + "".join(digit * 2 for digit in colour[1:])
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def assert_ring(focused):
    """What has the focus shows it: a ring of 2 px and more that stands out from its ground."""
    assert focused["colour"], f"no ring: {focused['html']}"
    assert contrast(focused["colour"], focused["ground"]) >= 3.0, focused


def draws_map(path):
    """Whether a page of this path draws a map as soon as it is opened."""
    return path.startswith(WITH_MAP) and "map=0" not in path


class Watch:
    """What a page must not do: errors, failed answers, a word to another host."""

    def __init__(self, own_host):
        self.own_host, self.complaints = own_host, []
        self.allowed_statuses, self.is_line_bad = set(), False

    def allow(self, *statuses):
        """Answers that a test asks for; the browser writes them to its console too."""
        self.allowed_statuses.update(statuses)

    def allow_bad_line(self):
        """The test cuts the line: requests may fail."""
        self.is_line_bad = True

    def follow(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message):
        text = message.text
        # SwiftShader says so of every frame that is read back.
        if message.type != "error" or "ReadPixels" in text:
            return
        # The crew's service worker is fetched after its page: a cut may come before it.
        is_cut = "ERR_" in text or "error occurred when fetching the script" in text
        expected = self.is_line_bad and is_cut
        for status in self.allowed_statuses:
            expected = expected or f"status of {status}" in text
        if not expected:
            self.complaints.append(f"console: {text}")

    def _request(self, request):
        scheme, _, rest = request.url.partition("://")
        if scheme in {"http", "https", "ws", "wss"} and rest.split("/")[0] != self.own_host:
            self.complaints.append(f"another host: {request.url}")

    def _response(self, response):
        if response.status >= 400 and response.status not in self.allowed_statuses:
            self.complaints.append(f"{response.status}: {response.url}")


@contextmanager
def opened(browser, url, *, size=DESK_SIZE, settings=None, offsets=(), **context_options):
    """A browser context with its watch; every complaint fails the test at the end."""
    options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "device_scale_factor": 1}
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, **{**options, **context_options})
    context.set_default_timeout(15_000)
    for script in offsets:
        context.add_init_script(script)
    for key, value in (settings or {}).items():
        # Only where nothing was set: a page that is reloaded keeps what a test changed.
        name = json.dumps(f"kuaifan.{key}")
        context.add_init_script(
            f"try {{ localStorage[{name}] ??= {json.dumps(value)} }} catch {{}}"
        )
    watch = Watch(url.partition("://")[2])
    context.on("page", watch.follow)
    try:
        yield context, watch
    finally:
        context.close()
    assert not watch.complaints, watch.complaints
