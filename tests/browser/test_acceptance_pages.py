"""Acceptance of all pages (全页验收): own origin, no errors, keys, zoom, a cut line, contrast."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from browser_desk import CuttableLine
from browser_watch import (
    CHROMIUM,
    DESK_SIZE,
    FOCUSED,
    PHONE_SIZE,
    PLAIN_FLAGS,
    assert_ring,
    contrast,
)
from playwright.sync_api import expect

WITH_MAP = ("/intake", "/dispatch")
PLAIN = ("/start", "/admin", "/paper")
PAGES = ("/start?map=0", "/admin", "/paper", "/intake?map=0", "/dispatch?map=0", "/patrol")
MAP_MS = 60_000
ZOOMED = (683, 384)
"""1366 x 768 at 200 % zoom."""
CONTROLS = """() => {
    const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    // Of a group of radios Tab stops at one; the arrows go on from there.
    const stop = e => document.querySelector(`input[name='${e.name}']:checked`)
        ?? document.querySelector(`input[name='${e.name}']`);
    const isOn = e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility()
        && (e.type !== 'radio' || e === stop(e));
    window.controls = [...document.querySelectorAll(wanted)].filter(isOn);
    return window.controls.length;
}"""
TOO_SMALL = """() => [...document.querySelectorAll('button, a[href], input, select, textarea')]
    .filter(e => e.checkVisibility() && !e.closest('.unseen, p, td a'))
    .map(e => [(e.matches('[type=checkbox], [type=radio]') && e.closest('label')) || e, e])
    .filter(([box]) => box.getBoundingClientRect().height < 24)
    .map(([, e]) => e.outerHTML.slice(0, 160))"""
PAIRS = (
    *(("text", ground, 4.5) for ground in ("ground", "panel", "raised", "sunk", "field")),
    *(("dim", ground, 4.5) for ground in ("ground", "panel", "raised", "sunk", "field")),
    *(("red", ground, 4.5) for ground in ("panel", "red-ground")),
    *(("amber", ground, 4.5) for ground in ("panel", "amber-ground")),
    *(("on-fill", ground, 4.5) for ground in ("blue", "red-fill")),
    *((shape, "panel", 3.0) for shape in ("blue", "red-fill", "amber-fill")),
)


@pytest.fixture(scope="module")
def desk(shared_desk):
    """Something of everything on it."""
    for priority in (1, 2, 3):
        shared_desk.open_incident(priority=priority, north_m=priority * 300)
    unit_id = next(iter(shared_desk.reference.units))
    shared_desk.done("AssignUnit", incident_id="J2", unit_id=unit_id)
    call_id = shared_desk.done("RegisterCall", line="110", caller_number="13800000000")["call_id"]
    shared_desk.done("AnswerCall", call_id=call_id, seat_id="intake-1")
    return shared_desk


@dataclass
class Visit:
    """What every page asked for and complained of while it was looked at."""

    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def follow(self, page):
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    def _note(self, url):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.hosts.add(parts.netloc)

    def _hear(self, message):
        if message.type == "error" and "ReadPixels" not in message.text:
            self.errors.append(message.text)


@pytest.fixture(scope="module")
def visit(desk, map_chromium):
    """Every page opened once, the map with it, and a place searched for."""
    seen = Visit()
    size = {"width": 1600, "height": 900}
    with map_chromium.new_context(locale="zh-CN", viewport=size) as context:
        context.on("page", seen.follow)
        for path in (*PLAIN, *WITH_MAP):
            page = context.new_page()
            page.goto(desk.url + path)
            page.wait_for_selector("main")
            if path in WITH_MAP:
                page.wait_for_selector("[data-testid=map][data-idle=true]", timeout=MAP_MS)
            if path == "/intake":
                page.locator("#place").fill("路")
                page.wait_for_selector("#place-0")
            page.close()
        page = context.new_page()
        page.goto(f"{desk.url}/patrol?unit={next(iter(desk.reference.units))}")
        page.get_by_role("button", name="地图").click()
        page.wait_for_selector("[data-testid=map][data-idle=true]", timeout=MAP_MS)
    return seen


def test_no_page_asks_another_host_than_ours(desk, visit):
    assert visit.hosts == {urlsplit(desk.url).netloc}


def test_no_page_writes_an_error(visit):
    assert visit.errors == []


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_every_control_and_the_ring_is_seen(desk, open_page, path):
    unit_id = next(iter(desk.reference.units))
    is_phone = path == "/patrol"
    size = PHONE_SIZE if is_phone else DESK_SIZE
    page = open_page(f"{path}?unit={unit_id}" if is_phone else path, size=size)
    expect(page.locator("[data-testid=age]")).to_have_attribute("data-freshness", "fresh")
    if path.startswith("/dispatch"):
        page.wait_for_selector("[data-testid=recommendation] [data-unit]")
    if path.startswith("/intake"):
        page.wait_for_selector("[data-testid=narrative]")
    if path.startswith(WITH_MAP):
        # Some of its controls come after the first board.
        expect(page.locator("html[data-fetched]")).to_be_attached()
    n_controls = page.evaluate(CONTROLS)
    assert n_controls > 5
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(n_controls + 10):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused["isBody"]:
            assert_ring(focused)
        reached.add(focused["i"])
    missed = page.evaluate(
        "seen => window.controls.filter((e, i) => e.isConnected && !seen.includes(i))"
        ".map(e => e.outerHTML.slice(0, 200))",
        sorted(reached),
    )
    assert missed == []


def test_a_call_is_taken_without_3d(desk, open_page, playwright):
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*PLAIN_FLAGS, "--disable-3d-apis"]
    )
    try:
        page = open_page("/intake", browser=browser)
        expect(page.locator("[data-testid=no-map]")).to_be_visible()
        call_id = desk.done("RegisterCall", line="110", caller_number="13900009999")["call_id"]
        page.wait_for_selector(f"[data-call={call_id}]")
        page.keyboard.press("F2")
        page.locator("[data-testid=narrative]").fill("持刀抢劫")
        page.wait_for_selector("[data-testid=type]")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-testid=said]")).to_contain_text("没有地点")
    finally:
        page.context.close()
        browser.close()


def test_at_200_percent_zoom_a_unit_is_still_sent_and_seen(desk, open_page):
    incident_id = desk.open_incident(priority=3)
    page = open_page("/dispatch?map=0", size=ZOOMED)
    page.locator(f"[data-incident='{incident_id}']").click()
    expect(page.locator("#incident-title")).to_contain_text(incident_id)
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")
    page.keyboard.press("1")
    row = page.locator("[data-group=sent]").locator(f"[data-incident='{incident_id}']")
    row.scroll_into_view_if_needed()
    expect(row).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-testid=said]")).to_contain_text("已撤销")
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED[0]


def test_within_six_seconds_of_silence_the_page_says_that_its_data_is_old(desk, open_page):
    """By the page's own clock, which stands still but for what is given to it."""
    with CuttableLine(desk.port) as line:
        page = open_page("/dispatch?map=0", url=line.url)
        page.watch.allow_bad_line()
        age = page.locator("[data-testid=age]")
        expect(age).to_have_attribute("data-freshness", "fresh")
        page.clock.install()
        page.reload()
        expect(age).to_have_attribute("data-freshness", "fresh")
        # From here on no time passes on the page but what is given to it.
        page.clock.pause_at(page.evaluate("Date.now() + 1_000") / 1000)
        expect(age).to_have_attribute("data-freshness", "fresh")
        expect(page.locator("[data-testid=cut]")).to_have_count(0)
        line.cut()
        page.clock.run_for(6_000)
        expect(age).to_contain_text("数据已旧")
        line.mend()
        page.clock.run_for(4_000)
        expect(age).to_have_attribute("data-freshness", "fresh")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.usefixtures("desk")
def test_the_colours_of_the_running_page_have_their_contrast(open_page, theme):
    page = open_page("/dispatch?map=0", settings={"theme": theme})
    names = sorted({name for pair in PAIRS for name in pair[:2]})
    colours = page.evaluate(
        "names => names.map(n => getComputedStyle(document.documentElement)"
        ".getPropertyValue(`--${n}`).trim())",
        names,
    )
    of = dict(zip(names, colours, strict=True))
    for ink, ground, least in PAIRS:
        assert contrast(of[ink], of[ground]) >= least, f"{ink} on {ground}"


@pytest.mark.parametrize("path", ["/paper", "/admin"])
def test_targets_are_24_px_and_english_is_whole_on_the_pages_beside_the_seats(
    desk, open_page, path
):
    page = open_page(path, size=(1366, 768))
    expect(page.locator("[data-testid=age]")).to_have_attribute("data-freshness", "fresh")
    if path == "/admin":
        page.wait_for_selector("[data-row]")
        page.keyboard.press("n")
        page.wait_for_selector("[data-testid=setting-form]")
    else:
        page.get_by_test_id("add-order").click()
    assert page.evaluate(TOO_SMALL) == []
    before = page.locator("main :is(h2, h3, label, button)").all_inner_texts()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text(
        {"/paper": "Paper cards", "/admin": "Administration"}[path]
    )
    after = page.locator("main :is(h2, h3, label, button)").all_inner_texts()
    same = {text for text in before if re.search("[\u4e00-\u9fff]", text)} & set(after)
    # What the city has named stays as it is: types, units, places, skills.
    known = desk.city()
    named = str(known) + str([unit.call_sign for unit in desk.reference.units.values()])
    assert [text for text in same if not any(word in named for word in text.split())] == []
