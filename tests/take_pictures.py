"""Pictures of the running program for the docs (界面截图): `python tests/take_pictures.py`.

Serves an invented city, plays a scene on it and photographs each page: the files docs/img
of this script are made anew, nothing else is touched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser_desk import ServedCity
from browser_watch import CHROMIUM, DESK_SIZE, FLAGS, PHONE_SIZE, opened
from playwright.sync_api import expect, sync_playwright

from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.city.invent import invent_city

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "img"
MAX_BYTES = 300_000
QUALITY = 80
SEED = 110
MAP_IDLE = "[data-testid=map][data-idle=true]"
MAP_MS = 60_000
DEGREE_M = 111_320


def main():
    """Make a city, play the scenes, keep the pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        invent_city(folder / "city", seed=SEED, size="small", progress=print_nothing)
        make_gazetteer(folder / "city", progress=print_nothing)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with ServedCity(folder / "city", folder) as desk:
            desk.man(24)
            for scene in (intake_scenes, dispatch_scenes, patrol_scenes):
                scene(desk, browser)
        browser.close()


def keep(page, name):
    """A picture small enough for a page of the docs."""
    is_phone = page.viewport_size["width"] < DESK_SIZE[0] / 2
    # A city's map is too large as a PNG.
    path = IMAGES / f"{name}.{'png' if is_phone else 'jpg'}"
    if is_phone:
        page.screenshot(path=path)
    else:
        page.screenshot(path=path, type="jpeg", quality=QUALITY)
    n_bytes = path.stat().st_size
    assert n_bytes < MAX_BYTES, f"{path.name}: {n_bytes} bytes"
    sys.stdout.write(f"{path.name}: {n_bytes // 1000} kB\n")


def ring(desk, page, number):
    call_id = desk.done("RegisterCall", line="110", caller_number=number)["call_id"]
    page.wait_for_selector(f"[data-call={call_id}]")
    page.keyboard.press("F2")
    expect(page.locator("[data-testid=narrative]")).to_be_focused()
    return call_id


def put_place(page, desk, north_m):
    lat, lon = desk.centre
    page.locator("#place").fill(f"{lon:.6f},{lat + north_m / DEGREE_M:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")


def intake_scenes(desk, browser):
    """接警席: guided while the caller talks; a second caller; violence at home."""
    first = desk.done("RegisterCall", line="110", caller_number="13700001111")["call_id"]
    desk.done("AnswerCall", call_id=first, seat_id="intake-2")
    about = {"call_id": first, "narrative": "两个人打架，一人受伤", "address": "人民路 1 号"}
    desk.open_incident(priority=2, **about)
    desk.done("HangUpCall", call_id=first)
    with opened(browser, desk.url, size=DESK_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + "/intake")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        ring(desk, page, "13800002222")
        page.keyboard.insert_text("门口有人持刀，好多人围着")
        page.wait_for_selector("[data-testid=questions]")
        put_place(page, desk, 120)
        page.wait_for_selector("[data-testid=nearby] li")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        keep(page, "intake-duplicate")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-testid=said]")).to_contain_text("已立案")
        page.keyboard.press("F9")
        ring(desk, page, "13800003333")
        page.keyboard.insert_text("我老公在打我，孩子也在家")
        page.wait_for_selector("[data-testid=seats]")
        desk.done("RegisterCall", line="122", caller_number="13800004444")
        page.wait_for_selector("[data-testid=ringing] [data-call]")
        keep(page, "intake-home")
    with opened(browser, desk.url, size=DESK_SIZE, settings={"theme": "light"}) as (
        context,
        _watch,
    ):
        page = context.new_page()
        page.goto(desk.url + "/intake")
        page.wait_for_selector("[data-testid=narrative]")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        page.locator("#place").fill("rmxl")
        page.wait_for_selector("#place-0")
        keep(page, "intake-place-light")


def dispatch_scenes(desk, browser):
    """派警席: a queue that ages, the bar that completes, the light theme."""
    for i, priority in enumerate((1, 2, 3, 3, 4)):
        desk.open_incident(priority=priority, north_m=i * 260 - 500, east_m=i * 150 - 300)
    with opened(browser, desk.url, size=DESK_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + "/dispatch")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        page.wait_for_selector("[data-testid=recommendation] [data-unit]")
        keep(page, "dispatch-queue")
        page.keyboard.press("1")
        expect(page.locator("[data-testid=said]")).to_contain_text("已派")
        page.keyboard.press("/")
        page.keyboard.type("A ")
        page.get_by_role("option").first.wait_for()
        keep(page, "dispatch-line")
    with opened(browser, desk.url, size=(1366, 768), settings={"theme": "light"}) as (context, _w):
        page = context.new_page()
        page.goto(desk.url + "/dispatch")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        page.wait_for_selector("[data-testid=recommendation] [data-unit]")
        keep(page, "dispatch-light")


def patrol_scenes(desk, browser):
    """处警端: a task that is new, one on scene, and no net."""
    units = desk.board()["views"]["units"].values()
    unit_id = next(each["unit_id"] for each in units if not each["order_id"])
    incident_id = desk.open_incident(
        priority=1, narrative="楼道里燃气味很重", address="人民路 1 号"
    )
    order_id = desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)["order_id"]
    with opened(browser, desk.url, size=PHONE_SIZE) as (context, watch):
        page = context.new_page()
        page.goto(f"{desk.url}/patrol?unit={unit_id}")
        page.wait_for_selector("[data-step=AcknowledgeOrder]")
        keep(page, "patrol-new")
        page.locator("[data-step=AcknowledgeOrder]").click()
        page.locator("[data-step=ReportEnRoute]").wait_for()
        watch.allow_bad_line()
        context.set_offline(True)
        page.locator("[data-step=ReportEnRoute]").click()
        expect(page.get_by_test_id("outbox")).to_contain_text("1 条待上传")
        keep(page, "patrol-offline")
        context.set_offline(False)
        expect(page.get_by_test_id("outbox")).to_have_count(0)
    desk.done("ReportArrival", order_id=order_id)
    with opened(browser, desk.url, size=PHONE_SIZE, settings={"theme": "light"}) as (context, _w):
        page = context.new_page()
        page.goto(f"{desk.url}/patrol?unit={unit_id}")
        page.wait_for_selector("[data-step=ReportHandled]")
        keep(page, "patrol-scene-light")


def print_nothing(_text):
    """City making says much."""


if __name__ == "__main__":
    main()
