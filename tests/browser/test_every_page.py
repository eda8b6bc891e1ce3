"""What holds on every page: axe finds nothing, nothing scrolls sideways, keys reach everything."""

from __future__ import annotations

import re

import pytest
from browser_watch import FOCUSED, assert_ring
from playwright.sync_api import expect

from kuaifan.app.bench_ui_pages import note_live, weigh

RAW_KEY = re.compile(r"\b[a-z_]+\.[a-z_]+[a-z0-9_]*\b")
PAGES = ("/start", "/intake?map=0", "/dispatch?map=0", "/patrol", "/admin", "/paper")
SIZES = ((1366, 768), (1600, 900), (1920, 1080), (683, 384))
"""The last one is 1366 x 768 at 200 % zoom."""
LIMITS_KB = {"dispatch": 60, "intake": 60, "patrol": 40}
"""Of a page before its map; every page brings 26 of it."""


@pytest.fixture
def busy(desk):
    """A desk with a bit of everything on it; returns a unit with an order."""
    unit_ids = list(desk.reference.units)
    for priority in (1, 2, 3, 4):
        desk.open_incident(priority=priority, north_m=priority * 300)
    desk.open_incident(priority=3, lat=None, lon=None, address="不知道在哪里")
    desk.done("AssignUnit", incident_id="J2", unit_id=unit_ids[0])
    call_id = desk.done("RegisterCall", line="110", caller_number="13800000000")["call_id"]
    desk.done("AnswerCall", call_id=call_id, seat_id="intake-1")
    desk.done("RegisterCall", line="122")
    return unit_ids[0]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(busy, open_page, find_faults, path, theme):
    address = f"{path}?unit={busy}" if path == "/patrol" else path
    page = open_page(address, settings={"theme": theme})
    expect(page.locator("[data-testid=age]")).to_have_attribute("data-freshness", "fresh")
    if path.startswith("/dispatch"):
        page.wait_for_selector("[data-testid=timeline] li time")
    if path.startswith("/intake"):
        page.wait_for_selector("[data-testid=narrative]")
        page.locator("#type").fill("盗")
        page.wait_for_selector("#type-0")
    if path == "/patrol":
        page.wait_for_selector("[data-step]")
    if path == "/admin":
        page.wait_for_selector("[data-row]")
        page.keyboard.press("n")
        page.wait_for_selector("[data-testid=setting-form]")
    assert find_faults(page) == []
    # A word that a page has not brought along shows as its key.
    assert not RAW_KEY.findall(page.locator("body").inner_text())


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways(open_page, path, size):
    page = open_page(path, size=size)
    expect(page.locator("[data-testid=age]")).to_have_attribute("data-freshness", "fresh")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.usefixtures("busy")
def test_tab_reaches_the_queue_and_the_ring_is_seen(open_page):
    page = open_page("/dispatch?map=0")
    page.wait_for_selector("[data-incident]")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        seen.add(focused["name"])
        if not focused["isBody"]:
            assert_ring(focused)
    assert {"row", "command-line", "incident-panel"} <= seen


@pytest.mark.usefixtures("busy")
def test_english_is_one_switch_away_and_stays(open_page):
    page = open_page("/dispatch?map=0")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Dispatch")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("h1")).to_have_text("Dispatch")


@pytest.mark.usefixtures("busy")
def test_who_wants_no_motion_gets_none(open_page):
    page = open_page("/dispatch?map=0", reduced_motion="reduce")
    page.wait_for_selector("[data-incident]")
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0


@pytest.mark.parametrize(("name", "limit_kb"), LIMITS_KB.items())
def test_a_page_is_light_and_brings_no_map_of_itself(desk, open_page, name, limit_kb):
    """All that it fetches until it is live, by the rule of `bench ui`; what is for later is not."""
    unit_id = next(iter(desk.reference.units))
    desk.done("AssignUnit", incident_id=desk.open_incident(), unit_id=unit_id)
    desk.open_incident(north_m=300)
    desk.done("RegisterCall", line="110", caller_number="13800000000")
    path = f"/patrol?unit={unit_id}" if name == "patrol" else f"/{name}?map=0"
    sizes = weigh(open_page(path, offsets=[note_live(name)]))
    assert not [file for file in sizes if "CityMap" in file or "maplibre" in file]
    assert sum(sizes.values()) < limit_kb * 1000, sizes


@pytest.mark.usefixtures("busy")
def test_what_is_opened_late_is_there_without_a_server_or_says_that_it_is_not(open_page):
    page = open_page("/dispatch?map=0")
    page.watch.allow_bad_line()
    expect(page.locator("html[data-fetched]")).to_be_attached()
    page.context.set_offline(True)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("按键")
    page.keyboard.press("Escape")
    page.keyboard.press("U")
    expect(page.get_by_test_id("panel")).to_contain_text("警力")

    # On a line so bad that a part did not come: a sentence, and it comes when it is asked again.
    other = open_page("/dispatch?map=0")
    other.watch.allow_bad_line()
    other.route(re.compile(r"/assets/Panels-"), lambda route: route.abort())
    other.reload()
    other.wait_for_selector("[data-incident]")
    other.keyboard.press("U")
    expect(other.get_by_test_id("part-failed")).to_contain_text("没有取到")
    other.unroute(re.compile(r"/assets/Panels-"))
    other.get_by_role("button", name="重试").click()
    expect(other.get_by_test_id("panel")).to_contain_text("警力")
    expect(other.get_by_test_id("panel")).to_have_css("display", "grid")
    expect(other.get_by_test_id("part-failed")).to_have_count(0)
