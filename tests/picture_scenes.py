"""The scenes of the docs' pictures (截图场景): each plays on a served city and keeps a picture."""

from __future__ import annotations

import sys
from pathlib import Path

from browser_watch import DESK_SIZE, PHONE_SIZE, opened
from playwright.sync_api import expect

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "img"
MAX_BYTES = 300_000
QUALITY = 80
MAP_IDLE = "[data-testid=map][data-idle=true]"
MAP_MS = 60_000
DEGREE_M = 111_320
PASSPHRASE = "four words for paper"  # noqa: S105 - of a picture


def keep(page, name, *, all_of_it=False):
    """A picture small enough for a page of the docs."""
    # A city's map is too large as a PNG.
    has_map = page.locator("[data-testid=map]").count() > 0
    path = IMAGES / f"{name}.{'jpg' if has_map else 'png'}"
    quality = {"type": "jpeg", "quality": QUALITY} if has_map else {}
    if all_of_it:
        # As tall as the page: what sticks to the window's foot would stand in the middle of it.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    page.screenshot(path=path, **quality)
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


def more_dispatch_scenes(desk, browser):
    """派警席: a team, a diversion, an emergency, the boards."""
    grave = desk.open_incident(type_code=desk.type_code(1, 2), address="人民路 1 号")
    with opened(browser, desk.url, size=DESK_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + "/dispatch")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        page.locator(f"[data-incident={grave}]").click()
        page.wait_for_selector("[data-testid=team]")
        keep(page, "dispatch-team")
        page.keyboard.press("U")
        page.wait_for_selector("[data-unit-row]")
        keep(page, "dispatch-board-units")
        page.keyboard.press("Escape")
        declare_major(desk, grave)
        page.wait_for_selector("[data-testid=major-banner]")
        page.keyboard.press("W")
        page.wait_for_selector("[data-testid=panel]")
        keep(page, "dispatch-board-major")
        page.keyboard.press("Escape")
        page.keyboard.press("0")
        expect(page.locator("[data-testid=said]")).to_contain_text("已派")
        unit_id = desk.incident(grave)["orders"][0]["unit_id"]
        desk.done("DeclareEmergency", unit_id=unit_id, declared_by="巡特", source="button")
        page.wait_for_selector("[data-emergency=E1] [data-help]")
        keep(page, "dispatch-emergency")


def declare_major(desk, incident_id):
    """An incident that is reported up, with one receipt owed."""
    about = {"incident_id": incident_id, "by": "dispatch-1"}
    desk.done("DeclareMajor", incident_id=incident_id, reason="多人受伤", declared_by="值班长 赵")
    for target, what in (("市局值班领导", "两人受伤，已派三组"), ("120 指挥中心", "请派两车")):
        desk.done("ReportUp", target=target, text=what, **about)
    due_at_ms = desk.desk.clock()[0] + 24 * 3_600_000
    desk.done("AddAfterAction", what="调取周边监控", owner="刑侦 王", due_at_ms=due_at_ms, **about)


def divert_scene(desk, browser):
    """派警席: nobody is free; who is under way to less may be diverted."""
    light = desk.open_incident(priority=3, north_m=-500, address="和岭街 11 号")
    for unit_id in list(desk.board()["views"]["units"])[1:24]:
        desk.done("SetUnitStatus", unit_id=unit_id, status="meal")
    only = next(iter(desk.board()["views"]["units"]))
    order_id = desk.done("AssignUnit", incident_id=light, unit_id=only)["order_id"]
    desk.done("ReportEnRoute", order_id=order_id)
    grave = desk.open_incident(type_code=desk.type_code(1, 2), north_m=300, address="人民路 1 号")
    with opened(browser, desk.url, size=DESK_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + "/dispatch")
        page.wait_for_selector(MAP_IDLE, timeout=MAP_MS)
        page.locator(f"[data-incident={grave}]").click()
        page.wait_for_selector(f"[data-divert='{only}']")
        page.keyboard.press("Alt+Digit1")
        expect(page.get_by_label("改派原因")).to_be_focused()
        keep(page, "dispatch-divert")


def more_patrol_scenes(desk, browser):
    """处警端: on the way, the feedback, a call for help that has not gone out."""
    units = [each["unit_id"] for each in desk.board()["views"]["units"].values()]
    unit_id = units[2]
    incident_id = desk.open_incident(priority=2, narrative="两人争吵", address="人民路 1 号")
    order_id = desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)["order_id"]
    desk.done("AcknowledgeOrder", order_id=order_id)
    with opened(browser, desk.url, size=PHONE_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(f"{desk.url}/patrol?unit={unit_id}")
        page.locator("[data-step=ReportEnRoute]").click()
        page.locator("[data-step=ReportArrival]").wait_for()
        keep(page, "patrol-en-route")
        for step in ("ReportArrival", "ReportHandled"):
            page.locator(f"[data-step={step}]").click()
        page.get_by_test_id("photos").wait_for()
        keep(page, "patrol-feedback", all_of_it=True)
    with opened(browser, desk.url, size=PHONE_SIZE, settings={"theme": "light"}) as (
        context,
        watch,
    ):
        page = context.new_page()
        page.goto(f"{desk.url}/patrol?unit={units[5]}")
        page.get_by_test_id("help").wait_for()
        watch.allow_bad_line()
        context.set_offline(True)
        page.get_by_test_id("help").focus()
        page.keyboard.down("Space")
        page.get_by_test_id("help-waits").wait_for()
        page.keyboard.up("Space")
        keep(page, "patrol-help")
        context.set_offline(False)


def patrol_pages(desk, browser):
    """处警端, all of it."""
    patrol_scenes(desk, browser)
    more_patrol_scenes(desk, browser)


def dispatch_pages(desk, browser):
    """派警席, all of it."""
    dispatch_scenes(desk, browser)
    more_dispatch_scenes(desk, browser)


def admin_scenes(desk, browser):
    """管理: a target with what it changes, a plan, and what was changed."""
    for i in range(3):
        desk.open_incident(priority=2, north_m=i * 200)
        desk.open_incident(type_code="010204", north_m=-i * 200)
    with opened(browser, desk.url, size=DESK_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + "/admin")
        page.wait_for_selector("[data-row]")
        page.keyboard.press("3")
        page.locator("[data-row='|2'] button").click()
        page.locator("#field-0").fill("754")
        page.locator("#admin-by").fill("李工")
        page.locator("#admin-reason").fill("演练：二级首派放宽")
        page.keyboard.press("Enter")
        page.get_by_test_id("preview-box").wait_for()
        keep(page, "admin-target")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("saved")).to_contain_text("已保存")
        page.keyboard.press("5")
        page.locator("[data-row=C1] button").click()
        page.locator("#field-2").fill("女警:1")
        page.locator("#admin-reason").fill("演练")
        page.keyboard.press("Enter")
        page.get_by_test_id("preview-box").wait_for()
        keep(page, "admin-plan")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("saved")).to_contain_text("已保存")
        page.keyboard.press("Escape")
        page.keyboard.press("0")
        expect(page.get_by_test_id("changes")).to_contain_text("李工")
        page.get_by_role("button", name="浅色").click()
        keep(page, "admin-changes")


def paper_scenes(desk, browser):
    """纸质单: numbers set aside, a card typed in, the board opened from a file."""
    desk.done("ReserveCardNumbers", n_cards=4, by="赵")
    desk.open_incident(priority=1, narrative="楼道里燃气味很重", address="人民路 1 号")
    desk.service.boards.keep_all(desk.desk.clock()[0] / 1000)
    with opened(browser, desk.url, size=(1366, 768), accept_downloads=True) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + "/paper")
        page.wait_for_selector("[data-block]")
        fields = {"number": "J2", "caller": "13800000000", "narrative": "两人争吵", "by": "钱"}
        for name, text in fields.items():
            page.locator(f"form [data-field={name}]").fill(text)
        page.get_by_test_id("add-order").click()
        keep(page, "paper-entry")
        with page.expect_download() as saved:
            page.get_by_test_id("save-board").click()
        # Without its ending a browser shows it as a text.
        board = Path(saved.value.path()).with_suffix(".html")
        saved.value.save_as(board)
        page.evaluate("window.print = () => undefined")
        page.get_by_role("button", name="打印空白单").click()
        page.emulate_media(media="print")
        page.get_by_test_id("cards").locator("article").first.screenshot(
            path=IMAGES / "paper-blank.png"
        )
        with opened(browser, desk.url, size=(1000, 1300)) as (other, _other):
            page = other.new_page()
            page.goto(board.as_uri())
            page.get_by_label("口令").fill(PASSPHRASE)
            page.keyboard.press("Enter")
            expect(page.locator("#board")).to_contain_text("楼道里燃气味很重")
            keep(page, "paper-board")


SCENES = {
    "intake": intake_scenes,
    "dispatch": dispatch_pages,
    "divert": divert_scene,
    "patrol": patrol_pages,
    "admin": admin_scenes,
    "paper": paper_scenes,
}
