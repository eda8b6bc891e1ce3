"""Closing a road at 派警席: drawn on the map, and everything that hangs on road times follows."""

from __future__ import annotations

import math

import pytest
from playwright.sync_api import expect
from road_scene import find_scene

TILE_PX = 512
MAP_MS = 60_000
LATER_S = 20


class MapHand:
    """Clicks on the map of a page by latitude and longitude (地图手)."""

    def __init__(self, page):
        self._page = page
        page.wait_for_selector("[data-testid=map][data-idle=true]", timeout=MAP_MS)
        self._map = page.locator("[data-testid=map]")

    def click(self, lat, lon):
        expect(self._map).to_have_attribute("data-moving", "false")
        box = self._map.bounding_box()
        at_lat, at_lon, zoom = (
            float(self._map.get_attribute(f"data-{name}")) for name in ("lat", "lon", "zoom")
        )
        world_px = TILE_PX * 2**zoom
        x = box["x"] + box["width"] / 2 + (lon - at_lon) / 360 * world_px
        north = (_mercator(lat) - _mercator(at_lat)) / (2 * math.pi)
        y = box["y"] + box["height"] / 2 - north * world_px
        self._page.mouse.click(x, y)


def _mercator(lat):
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def said(page):
    return page.locator("[data-testid=said]")


def run_line(page, text):
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def begin(page):
    page.keyboard.press("r")
    expect(page.locator("[data-testid=draw]")).to_be_visible()


def put_points(page, hand, points):
    for n, (lat, lon) in enumerate(points, start=1):
        hand.click(lat, lon)
        expect(page.locator("[data-testid=n-points]")).to_have_text(f"已点 {n} 点")


def fill_in(page, reason="积水"):
    page.keyboard.press("Enter")
    form = page.locator("[data-testid=road-form]")
    expect(form).to_be_visible()
    form.get_by_role("button", name=reason).click()
    form.get_by_label("原因").press("Enter")


@pytest.fixture
def scene(desk):
    """One unit under way, one that is best and one that is second best; returns what was found."""
    found = find_scene(desk.reference, desk.hour_class)
    units = desk.board()["views"]["units"].values()
    going, near, aside = [each["unit_id"] for each in units if each["kind"] == "patrol_car"][:3]
    for unit_id, place in ((going, found.near), (near, found.near), (aside, found.aside)):
        desk.move(unit_id, *place)
    for other in units:
        if other["unit_id"] not in {going, near, aside}:
            desk.done("EndShift", unit_id=other["unit_id"])
    # Ranked by road time alone: what it costs the circles has tests of its own.
    desk.done("UsePolicy", policy="nearest", approved_by="w")
    there = {"lat": found.post.lat, "lon": found.post.lon}
    sent = desk.open_incident(priority=3, **there)
    order_id = desk.done("AssignUnit", incident_id=sent, unit_id=going)["order_id"]
    desk.done("ReportEnRoute", order_id=order_id)
    waiting = desk.open_incident(priority=3, **there)
    return found, {"going": going, "near": near, "aside": aside, "sent": sent, "waiting": waiting}


def ranked(page, *unit_ids):
    """Until the recommended units stand in an order."""
    page.wait_for_function(
        """wanted => JSON.stringify([...document.querySelectorAll(
            '[data-testid=recommendation] [data-unit]')].map(e => e.dataset.unit)) === wanted""",
        arg=str(list(unit_ids)).replace("'", '"').replace(", ", ","),
    )


def due_in_s(page, incident_id):
    text = page.locator(f"[data-incident='{incident_id}'] .status").text_content()
    minutes, seconds = text.split(" ")[0].split(":")
    return int(minutes) * 60 + int(seconds)


def test_a_closed_road_changes_eta_order_and_circle_and_opening_it_brings_them_back(
    scene, open_page
):
    found, ids = scene
    page = open_page("/dispatch")
    hand = MapHand(page)
    ranked(page, ids["near"], ids["aside"])
    run_line(page, f"C {found.post.post_id}")
    circle = page.locator("[data-testid=circle]")
    expect(circle).to_have_attribute("data-state", "edge")
    far = page.locator("[data-testid=rings] li").last
    expect(far).to_contain_text("公里")
    whole_km = far.text_content()
    before_s = due_in_s(page, ids["sent"])
    begin(page)
    put_points(page, hand, found.clicks)
    fill_in(page)
    expect(said(page)).to_contain_text("已封路：积水")
    expect(page.locator("[data-closure=R1]")).to_contain_text("封路")
    ranked(page, ids["aside"], ids["near"])
    expect(circle).to_have_attribute("data-state", "lost")
    expect(far).not_to_have_text(whole_km)
    page.wait_for_function(
        """([id, least]) => {
            const text = document.querySelector(`[data-incident='${id}'] .status`).textContent;
            const [minutes, seconds] = text.split(' ')[0].split(':').map(Number);
            return minutes * 60 + seconds > least;
        }""",
        arg=[ids["sent"], before_s + LATER_S],
    )
    page.locator("[data-closure=R1]").click()
    card = page.get_by_role("region", name="封路")
    expect(card).to_contain_text("经办 dispatch-1")
    expect(card).to_contain_text("至 ")
    card.get_by_role("button", name="恢复通行").click()
    expect(page.locator("[data-closure=R1]")).to_have_count(0)
    ranked(page, ids["near"], ids["aside"])
    run_line(page, f"C {found.post.post_id}")
    expect(circle).to_have_attribute("data-state", "edge")
    expect(far).to_have_text(whole_km)


def test_a_refused_line_is_said_in_words_and_kept_and_escape_gives_it_up(desk, open_page):
    page = open_page("/dispatch")
    page.watch.allow(409)
    hand = MapHand(page)
    west, south, _east, _north = desk.city()["bounds"]
    begin(page)
    # A city is round: in the corner of its bounds there is no street.
    hand.click(south, west)
    expect(page.locator("[data-testid=n-points]")).to_have_text("已点 1 点")
    fill_in(page)
    expect(page.locator("[data-testid=road-refusal]")).to_contain_text("请点在道路上")
    expect(said(page)).to_contain_text("请点在道路上")
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=n-points]")).to_have_text("已点 1 点")
    page.keyboard.press("Backspace")
    expect(page.locator("[data-testid=n-points]")).to_have_text("已点 0 点")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("请先在道路上点至少一点")
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=draw]")).to_have_count(0)
    assert desk.board()["views"]["closures"] == {}


def test_the_keyboard_alone_slows_a_road(desk, open_page):
    incident_id = desk.open_incident(priority=3)
    page = open_page("/dispatch")
    MapHand(page)
    centre = page.locator("[data-testid=map]")
    before = centre.get_attribute("data-lon")
    begin(page)
    page.keyboard.press("ArrowRight")
    expect(centre).not_to_have_attribute("data-lon", before)
    expect(centre).to_have_attribute("data-moving", "false")
    page.keyboard.press("Space")
    expect(page.locator("[data-testid=n-points]")).to_have_text("已点 1 点")
    # A digit belongs to the drawing now: nobody is sent.
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=road-form]")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Tab")
    page.keyboard.type("浓雾")
    page.keyboard.press("Enter")
    expect(page.locator("[data-closure=R1]")).to_contain_text("限速 30%")
    row = desk.board()["views"]["closures"]["R1"]
    assert (row["percent"], row["reason"], row["both_ways"]) == (30, "浓雾", True)
    assert desk.incident(incident_id)["orders"] == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_in_drawing_form_and_cards(desk, open_page, find_faults, theme):
    lat, lon = desk.centre
    desk.done("CloseRoad", points=[(lat, lon)], reason="施工", by="dispatch-2", minutes=60)
    page = open_page("/dispatch", settings={"theme": theme})
    hand = MapHand(page)
    page.locator("[data-closure=R1]").click()
    expect(page.get_by_role("region", name="封路")).to_be_visible()
    assert find_faults(page) == []
    run_line(page, f"C {desk.reference.circle_posts[0].post_id}")
    page.wait_for_selector("[data-testid=rings] li", timeout=60_000)
    # A word and a shape for each ring, so that none is told by its colour alone.
    expect(page.locator("[data-testid=ring-state]")).to_have_count(3)
    expect(page.locator("[data-testid=ring-state]").first).to_contain_text("边缘 1 组")
    assert find_faults(page) == []
    begin(page)
    hand.click(lat, lon)
    assert find_faults(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=road-form]")).to_be_visible()
    assert find_faults(page) == []


def test_without_a_map_the_list_still_opens_a_road(desk, open_page):
    lat, lon = desk.centre
    desk.done("CloseRoad", points=[(lat, lon)], reason="施工", by="dispatch-2", minutes=60)
    page = open_page("/dispatch?map=0")
    page.locator("[data-closure=R1]").click()
    page.locator("[data-testid=open-road]").click()
    expect(said(page)).to_contain_text("R1 已恢复通行")
    expect(page.locator("[data-closure=R1]")).to_have_count(0)
    page.keyboard.press("r")
    expect(said(page)).to_contain_text("本页地图已关")
