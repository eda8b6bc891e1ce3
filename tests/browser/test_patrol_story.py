"""处警端 at work: off the net, with a wrong clock, with photos, in danger, between two tasks."""

from __future__ import annotations

import random
import re
import struct
import zlib

import pytest
from browser_desk import CuttableLine
from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

DAY_MS = 86_400_000
FINGER_MS = 45_000
"""Between what a test reads off the desk's clock and the tap after it; the stages lie 90 s apart
and come in 300 s later."""
PIECE = 256 * 1024


@pytest.fixture
def task(desk):
    """(unit, incident) with an order for the unit."""
    unit_id = next(iter(desk.reference.units))
    incident_id = desk.open_incident(priority=2)
    desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
    return unit_id, incident_id


def tap(page, step):
    page.locator(f"[data-step={step}]").click()


def order_of(desk, incident_id):
    return desk.incident(incident_id)["orders"][0]


def noise_png(side=1_900):
    """A picture of ten megabytes that no encoder makes small."""
    noise = random.Random(110)  # noqa: S311 - a picture, no secret
    rows = b"".join(b"\0" + noise.randbytes(side * 3) for _ in range(side))

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 1)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_taps_made_offline_arrive_with_the_time_of_the_finger(desk, open_page, task):
    """The phone's clock is a day off, the page was opened once, and it is reloaded off the net."""
    unit_id, incident_id = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    expect(page.locator("html[data-kept]")).to_be_attached()
    page.clock.install(time=(desk.desk.clock()[0] - DAY_MS) / 1000)
    page.reload()
    expect(page.get_by_test_id("clock-off")).to_contain_text("1440 分钟")
    page.watch.allow_bad_line()
    page.context.set_offline(True)

    def go_on(seconds):
        page.clock.run_for(seconds * 1_000)
        desk.pass_s(seconds)

    tapped_ms = [desk.desk.clock()[0]]
    tap(page, "AcknowledgeOrder")
    expect(page.get_by_test_id("outbox")).to_contain_text("1 条待上传")
    go_on(90)
    tapped_ms.append(desk.desk.clock()[0])
    tap(page, "ReportEnRoute")
    expect(page.get_by_test_id("outbox")).to_contain_text("2 条待上传")
    page.reload()
    expect(page.get_by_test_id("outbox")).to_contain_text("2 条待上传")
    go_on(300)
    page.context.set_offline(False)
    page.clock.run_for(4_000)
    expect(page.get_by_test_id("outbox")).to_have_count(0)
    order = order_of(desk, incident_id)
    assert order["state"] == "en_route"
    for stamp_ms, finger_ms in zip((order["t5_ms"], order["t6_ms"]), tapped_ms, strict=True):
        assert abs(stamp_ms - finger_ms) < FINGER_MS
    assert order["device_marks"] == {"acknowledged": "late", "en_route": "late"}
    steps = desk.http.get(f"/v1/incidents/{incident_id}/timeline").json()
    by_phone = [each["type"] for each in steps if "手机时间" in each["text_zh"]]
    assert by_phone == ["OrderAcknowledged", "UnitEnRoute"]


def test_a_photo_that_was_cut_goes_on_and_belongs_to_its_order(desk, open_page, find_faults, task):
    unit_id, incident_id = task
    desk.done("AcknowledgeOrder", order_id=f"{incident_id}-1")
    with CuttableLine(desk.port) as line:
        page = open_page(f"/patrol?unit={unit_id}", url=line.url, size=PHONE_SIZE)
        page.watch.allow_bad_line()
        offsets = []

        def cut_at_the_second_piece(route):
            offset = int(route.request.headers["upload-offset"])
            offsets.append(offset)
            if len(offsets) == 2:
                route.abort("connectionfailed")
            else:
                route.continue_()

        page.route(re.compile("/v1/photos/"), cut_at_the_second_piece)
        page.get_by_role("button", name="拍照").click()
        picture = noise_png()
        assert len(picture) > 10_000_000
        page.locator("input[type=file]").set_input_files(
            {"name": "scene.png", "mimeType": "image/png", "buffer": picture}
        )
        strip = page.get_by_test_id("photos")
        expect(strip.locator("progress")).not_to_have_attribute("value", "0")
        assert order_of(desk, incident_id)["photos"] == []
        expect(strip).to_contain_text("已上传 1 张", timeout=30_000)
        refuse_and_retry(page, noise_png(200))
    assert offsets[0] == 0
    assert offsets[2] >= PIECE, "it went on from where it was"
    photo, _second = order_of(desk, incident_id)["photos"]
    # The phone has made it smaller: a scene in 4:3 needs no ten megabytes to be read.
    assert 2 * PIECE < photo["n_bytes"] < len(picture)
    assert not photo["clock_off"]

    seat = open_page("/dispatch?map=0", settings={"theme": "light"})
    look_by_keyboard(seat, incident_id)
    assert find_faults(seat) == []
    seat.keyboard.press("Escape")
    expect(seat.get_by_test_id("photo-view")).to_have_count(0)
    told = desk.http.get(f"/v1/incidents/{incident_id}/timeline").json()
    looks = [each["text_zh"] for each in told if each["text_zh"].startswith("调阅照片")]
    assert len(looks) == 2
    assert all(text.endswith("核对现场情况") for text in looks)
    # Nothing else has happened since: the look itself brings the open timeline up to date.
    lines = seat.get_by_test_id("timeline").locator("li").filter(has_text="调阅照片")
    expect(lines).to_have_count(2)
    look_from_intake(desk, open_page, incident_id)
    expect(lines).to_have_count(3)


def refuse_and_retry(page, picture):
    """A photo that the desk does not take is shown with the reason, wherever the crew looks."""
    no = {"code": "not_found", "reason_zh": "没有在办的派警单", "reason_en": "no open order"}
    page.watch.allow(404)
    page.route(re.compile("/v1/photos$"), lambda route: route.fulfill(status=404, json=no))
    file = {"name": "scene.png", "mimeType": "image/png", "buffer": picture}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="拍照", exact=True).click()
    refused = page.get_by_test_id("refused-photos")
    expect(refused).to_contain_text("没有在办的派警单")
    expect(refused.get_by_role("img")).to_have_attribute("src", re.compile("^blob:"))
    page.unroute(re.compile("/v1/photos$"))
    refused.get_by_role("button", name="重新上传").click()
    expect(refused).to_have_count(0)
    page.get_by_role("button", name="拍照", exact=True).click()
    expect(page.get_by_test_id("photos")).to_contain_text("已上传 2 张", timeout=30_000)


def look_from_intake(desk, open_page, incident_id):
    """A second caller asks about it: the call-taker looks at a photo before attaching the call."""
    call_id = desk.done("RegisterCall", line="110", caller_number="13900000000")["call_id"]
    desk.done("AnswerCall", call_id=call_id, seat_id="intake-1")
    page = open_page("/intake?map=0")
    scene = desk.board()["views"]["incidents"][incident_id]
    page.locator("#place").fill(f"{scene['lon']},{scene['lat']}")
    page.locator("#place-0").click()
    page.locator(f"[data-photos={incident_id}]").press("Enter")
    photos = page.get_by_test_id("photo-list")
    expect(photos.locator("li")).to_have_count(2)
    photos.get_by_label("调阅事由").fill("答复来电")
    photos.locator("[data-photo]").first.press("Enter")
    expect(page.get_by_test_id("photo-logged")).to_contain_text("答复来电")


def look_by_keyboard(page, incident_id):
    """A dispatcher looks at both photos: not without a purpose, and each look is logged."""
    page.locator(f"[data-incident={incident_id}]").click()
    photos = page.get_by_test_id("photo-list")
    expect(photos.locator("li")).to_have_count(2)
    photos.locator("[data-photo]").first.focus()
    page.keyboard.press("Enter")
    expect(photos.get_by_role("alert")).to_contain_text("请先填写调阅事由")
    page.keyboard.type("核对现场情况")
    photos.locator("[data-photo]").first.focus()
    page.keyboard.press("Enter")
    view = page.get_by_test_id("photo-view")
    picture = view.get_by_role("img")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    page.wait_for_function("document.querySelector('[data-testid=photo-view] img').naturalWidth")
    page.keyboard.press("ArrowRight")
    expect(view).to_contain_text("2/2")
    expect(view.get_by_test_id("photo-logged")).to_contain_text("核对现场情况")
    page.wait_for_function(
        "document.querySelector('[data-testid=photo-view] img')?.naturalWidth === 200"
    )


def test_the_emergency_is_held_two_seconds_and_loud_while_it_is_not_sent(desk, open_page, task):
    unit_id, _ = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    button = page.get_by_test_id("help")
    button.click()
    expect(button).to_contain_text("长按")
    assert not desk.board()["views"]["units"][unit_id]["emergency_id"]
    page.watch.allow_bad_line()
    page.context.set_offline(True)
    button.focus()
    page.keyboard.down("Space")
    expect(page.get_by_test_id("help-waits")).to_contain_text("立即用电台呼救")
    page.keyboard.up("Space")
    page.context.set_offline(False)
    expect(page.get_by_test_id("help-sent")).to_contain_text("已送达")
    assert desk.board()["views"]["units"][unit_id]["emergency_id"] == "E1"


def test_a_more_urgent_task_says_so_and_a_change_is_signed(desk, open_page, task, find_faults):
    unit_id, incident_id = task
    for step in ("AcknowledgeOrder", "ReportArrival"):
        desk.done(step, order_id=f"{incident_id}-1")
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.wait_for_selector("[data-step=ReportHandled]")
    urgent = desk.open_incident(priority=1, north_m=60)
    beside = {"beside": True, "approved_by": "值班领导"}
    desk.done("AssignUnit", incident_id=urgent, unit_id=unit_id, **beside)
    said = page.get_by_test_id("interruption")
    expect(said).to_contain_text("1 级")
    expect(said).to_contain_text("高于当前 2 级")
    assert page.title().startswith("● 1 单待签收")
    said.get_by_role("button", name="查看").click()
    tap(page, "AcknowledgeOrder")
    expect(said).to_have_count(0)
    desk.done("RecordFact", incident_id=urgent, fact="weapon", answer="yes")
    expect(page.get_by_test_id("change")).to_contain_text("现场危险")
    # What sticks to the lower edge lies over what one has not scrolled to yet.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert find_faults(page) == []
    page.get_by_role("button", name="签收变更").click()
    expect(page.get_by_test_id("change")).to_have_count(0)
    page.get_by_role("button", name="请求增援").click()
    page.locator(".choice", has_text="2").click()
    page.locator(".choice", has_text="急救").click()
    page.get_by_role("button", name="发出请求").click()
    expect(page.get_by_test_id("backup")).to_have_count(0)
    expect(page.get_by_test_id("outbox")).to_have_count(0)
    assert desk.incident(urgent)["n_backup"] == 2
    page.get_by_role("button", name="导航").click()
    expect(page.get_by_test_id("nav").locator("a")).to_have_count(3)
    links = [a.get_attribute("href") for a in page.get_by_test_id("nav").locator("a").all()]
    assert [link.split(":")[0] for link in links] == ["amapuri", "baidumap", "geo"]
    desk.done("WithdrawUnit", order_id=f"{urgent}-1", reason="改派")
    expect(page.get_by_test_id("lost")).to_contain_text(urgent)


def test_a_shift_from_check_in_to_a_feedback_that_was_returned(desk, open_page, find_faults):
    unit_id = next(iter(desk.reference.units))
    desk.done("EndShift", unit_id=unit_id)
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.get_by_label("本组人员").fill("王刚、李敏")
    page.get_by_label("车辆").fill("皖D0123警")
    page.locator(".choice", has_text="翻译").click()
    page.get_by_role("button", name="上勤", exact=True).click()
    expect(page.get_by_text("王刚、李敏 · 皖D0123警")).to_be_visible()
    assert "interpreter" in desk.board()["views"]["units"][unit_id]["skills"]
    types = desk.reference.types.values()
    domestic = next(each.code for each in types if each.key == "dv_past")
    incident_id = desk.open_incident(type_code=domestic)
    order_id = desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)["order_id"]
    tap(page, "AcknowledgeOrder")
    page.watch.allow(409)
    tap(page, "ReportEnRoute")
    tap(page, "ReportArrival")
    expect(page.get_by_text("预计到达")).to_have_count(0)
    tap(page, "ReportHandled")
    page.locator(".choice", has_text="批评教育").click()
    page.get_by_label("处警经过").fill("劝阻并教育")
    page.locator(".choice", has_text="已出具").first.click()
    page.get_by_label("文号").fill("淮公告〔2026〕7号")
    assert find_faults(page) == []
    tap(page, "GiveFeedback")
    expect(page.get_by_text("没有任务")).to_be_visible()
    desk.done("ReturnFeedback", order_id=order_id, reason="缺当事人")
    expect(page.get_by_test_id("returned")).to_contain_text("缺当事人")
    expect(page.get_by_label("处警经过")).to_have_value("劝阻并教育")
    expect(page.get_by_label("文号")).to_have_value("淮公告〔2026〕7号")
    page.get_by_role("button", name="添加当事人").click()
    page.get_by_label("姓名").fill("张某")
    tap(page, "GiveFeedback")
    expect(page.get_by_text("没有任务")).to_be_visible()
    steps = desk.http.get(f"/v1/incidents/{incident_id}/timeline").json()
    assert any("家庭暴力告诫书 淮公告〔2026〕7号" in step["text_zh"] for step in steps)
    page.get_by_role("button", name="下勤").click()
    expect(page.get_by_text("本警组不在勤")).to_be_visible()
