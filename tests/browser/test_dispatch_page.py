"""派警席 in a browser: the queue, one key, undo, words for everything that goes wrong."""

from __future__ import annotations

import base64
import re

from browser_desk import CuttableLine
from browser_watch import CHROMIUM, PLAIN_FLAGS, opened
from playwright.sync_api import expect

PLAIN = "/dispatch?map=0"
MAP_IDLE = "[data-testid=map][data-idle=true]"
AT_PILOT_SPEED = 20.0
NOTE_TONES = """window.tonesHz = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
    window.tonesHz.push(this.frequency.value);
    return start.apply(this, at);
};"""


def row(page, incident_id):
    return page.locator(f"[data-incident='{incident_id}']")


def units(page):
    return page.locator("[data-testid=recommendation] [data-unit]").evaluate_all(
        "buttons => buttons.map(button => button.dataset.unit)"
    )


def wait_ranked(page):
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")


def selected(page):
    return page.locator("[data-incident][aria-current=true]").get_attribute("data-incident")


def test_one_key_assigns_the_top_unit_and_the_selection_goes_to_the_next(desk, open_page):
    first, second = desk.open_incident(priority=1), desk.open_incident(priority=3)
    page = open_page(PLAIN)
    expect(row(page, first)).to_have_attribute("aria-current", "true")
    wait_ranked(page)
    page.keyboard.press("ArrowDown")
    expect(row(page, second)).to_have_attribute("aria-current", "true")
    page.wait_for_function(
        f"document.querySelector('#incident-title')?.textContent.includes('{second}')"
    )
    top = units(page)[0]
    page.keyboard.press("1")
    expect(page.locator("[data-group=sent]").locator(f"[data-incident='{second}']")).to_be_visible()
    assert [order["unit_id"] for order in desk.incident(second)["orders"]] == [top]
    assert desk.incident(second)["orders"][0]["rank"] == 1
    expect(row(page, first)).to_have_attribute("aria-current", "true")


def test_the_painted_list_equals_the_api_and_the_counters_equal_the_board(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    desk.open_incident(priority=3, type_code=desk.type_code(3))
    page = open_page(PLAIN)
    wait_ranked(page)
    told = desk.http.get(f"/v1/incidents/{incident_id}/recommendation").json()
    assert units(page) == [each["unit_id"] for each in told["candidates"]][:4]
    for i, candidate in enumerate(told["candidates"][:4]):
        seconds = candidate["travel_ms"] // 1000
        eta = page.locator("[data-unit] .eta").nth(i).text_content()
        assert eta == f"{seconds // 60}:{seconds % 60:02d}"
        n_lost = sum(reason["code"] == "leaves_circle_lost" for reason in candidate["reasons"])
        why = page.locator("[data-unit] .why").nth(i).text_content()
        assert ("失守" in why) == (n_lost > 0)
        codes = {reason["code"] for reason in candidate["reasons"]}
        assert ("路程最近" in why) == (i == 0 and "nearest_by_road" in codes)
        assert ("圈不变" in why) == (not codes & {"leaves_circle_lost", "leaves_circle_edge"})
    views = desk.board()["views"]
    states = [unit["state"] for unit in views["units"].values()]
    circles = views["circles"].values()
    n_held = sum(circle["state"] != "lost" for circle in circles)
    expect(page.locator("[data-count=unsent]")).to_have_text("2")
    expect(page.locator("[data-count=ready]")).to_have_text(str(states.count("at_post")))
    expect(page.locator("[data-count=circles]")).to_have_text(f"{n_held}/{len(circles)}")


def test_ctrl_z_takes_the_assignment_back(desk, open_page):
    incident_id = desk.open_incident(priority=1)
    page = open_page(PLAIN)
    wait_ranked(page)
    page.keyboard.press("1")
    expect(page.locator("[data-testid=undo]")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-testid=said]")).to_contain_text("已撤销")
    expect(
        page.locator("[data-group=unsent]").locator(f"[data-incident='{incident_id}']")
    ).to_be_visible()
    assert desk.incident(incident_id)["orders"][0]["state"] == "withdrawn"
    page.keyboard.press("Control+z")
    expect(page.locator("[data-testid=said]")).to_contain_text("没有可以撤销")


def test_after_ten_seconds_undo_refuses_in_words(chromium, serve_city):
    with serve_city(speed=AT_PILOT_SPEED) as desk:
        desk.man()
        desk.open_incident(priority=1)
        with opened(chromium, desk.url) as (context, _watch):
            page = context.new_page()
            page.goto(desk.url + PLAIN)
            wait_ranked(page)
            page.keyboard.press("1")
            expect(page.locator("[data-testid=said]")).to_contain_text("已派")
            expect(page.locator("[data-testid=undo]")).to_have_count(0)
            page.keyboard.press("Control+z")
            expect(page.locator("[data-testid=said]")).to_contain_text("撤回")


def test_of_two_seats_that_send_one_unit_the_second_is_told_in_words(desk, open_page):
    one, other = desk.open_incident(priority=1), desk.open_incident(priority=2)
    page = open_page(PLAIN)
    wait_ranked(page)
    page.watch.allow(409)
    top = units(page)[0]
    desk.done("AssignUnit", incident_id=other, unit_id=top)
    page.keyboard.press("/")
    page.keyboard.type(f"A {top} {one}")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=said]")).to_contain_text("不可派")
    assert desk.incident(one)["orders"] == []


def test_a_version_conflict_is_said_and_nothing_is_overwritten(desk, open_page):
    incident_id = desk.open_incident(priority=3)
    page = open_page(PLAIN)
    wait_ranked(page)
    page.watch.allow(409)
    page.route("**/v1/events*", lambda route: route.abort())
    stale = page.evaluate(
        """async (id) => {
            const send = (priority, seq) => fetch('/v1/commands/SetPriority', {
                method: 'POST',
                headers: {'Content-Type': 'application/json', 'If-Match': String(seq)},
                body: JSON.stringify({incident_id: id, priority, reason: 'x'})});
            const seen = (await (await fetch(`/v1/incidents/${id}`)).json()).seq;
            await send(2, seen);
            return await (await send(1, seen)).json();
        }""",
        incident_id,
    )
    assert stale["code"] == "version_conflict"
    assert desk.incident(incident_id)["priority"] == 2
    page.watch.allow_bad_line()


def test_the_command_bar_takes_full_width_text_and_answers_nonsense(desk, open_page):
    first, second = desk.open_incident(priority=1), desk.open_incident(priority=3)
    page = open_page(PLAIN)
    wait_ranked(page)
    page.keyboard.press("ArrowUp")
    said = page.locator("[data-testid=said]")
    for text, answer in (
        ("hello", "不认识指令"),
        ("A 999", "没有在勤警力"),
        ("G J999", "没有在办警情"),
        ("P J1 9", "级别须为 1 到 5"),
        ("W J1-1", "撤回要写派警单和原因"),
    ):
        page.keyboard.press("/")
        page.locator("#command-line").fill(text)
        page.keyboard.press("Enter")
        expect(said).to_contain_text(answer)
        expect(page.locator("#command-line")).to_have_value(text)
        page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.locator("#command-line").fill(f"Ｇ　{second}")
    page.keyboard.press("Enter")
    expect(row(page, second)).to_have_attribute("aria-current", "true")
    assert desk.incident(first)["orders"] == []


def test_a_key_acts_in_one_place_only(desk, open_page):
    incident_id = desk.open_incident(priority=1)
    page = open_page(PLAIN)
    wait_ranked(page)
    page.locator("#command-line").focus()
    page.keyboard.type("1 n r m")
    expect(page.locator("#command-line")).to_have_value("1 n r m")
    page.locator("#command-line").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(page.locator("#command-line")).to_have_value("1 n r m")
    assert desk.incident(incident_id)["orders"] == []
    assert page.evaluate("localStorage['kuaifan.sound'] ?? 'on'") == "on"
    # In an open panel the same keys are the panel's, and the queue stands where it stood.
    desk.open_incident(priority=2, north_m=300)
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    panel = page.locator("[data-testid=panel]")
    expect(panel.locator("[data-unit-row]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    panel.locator("input").press_sequentially("1n")
    expect(panel.locator("input")).to_have_value("1n")
    assert selected(page) == incident_id
    assert desk.incident(incident_id)["orders"] == []


def test_voice_reports_carry_an_order_to_its_end(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page(PLAIN)
    wait_ranked(page)
    page.keyboard.press("1")
    for name, state in (
        ("AcknowledgeOrder", "acknowledged"),
        ("ReportEnRoute", "en_route"),
        ("ReportArrival", "on_scene"),
        ("ReportHandled", "handled"),
    ):
        page.locator(f"[data-report={name}]").click()
        page.wait_for_selector(f"[data-order='{incident_id}-1'][data-state={state}]")
    assert desk.incident(incident_id)["orders"][0]["t7_source"] == "voice"


def test_an_unsigned_order_raises_its_alarm_once_and_rows_age(chromium, serve_city):
    with serve_city(speed=AT_PILOT_SPEED) as desk:
        desk.man()
        waiting = desk.open_incident(priority=1)
        sent = desk.open_incident(priority=2)
        first, second = list(desk.reference.units)[:2]
        desk.done("AssignUnit", incident_id=sent, unit_id=first)
        # Short of its plan it stands among the unsent, and says the same of the unit it has.
        short = desk.open_incident(priority=2)
        desk.done("AssignUnit", incident_id=short, unit_id=second)
        desk.done("RequestBackup", incident_id=short, n_units=1, reason="两人不够")
        with opened(chromium, desk.url) as (context, _watch):
            page = context.new_page()
            page.add_init_script(NOTE_TONES)
            page.goto(desk.url + PLAIN)
            # A browser plays nothing before a person has touched the page.
            page.locator("#queue-title").click()
            page.wait_for_selector(f"[data-alarm='unsigned:{sent}-1']")
            assert page.locator(f"[data-alarm='unsigned:{sent}-1']").count() == 1
            expect(row(page, waiting)).to_have_attribute("data-stage", "over")
            expect(row(page, waiting)).to_contain_text("超")
            expect(row(page, short)).to_contain_text("1/2 组")
            expect(row(page, short).locator(".status")).to_contain_text("未签")
            page.wait_for_function("() => window.tonesHz.includes(660)")
            loud = [each for each in desk.board()["views"]["alarms"].values() if each["level"] > 1]
            n_rings = page.evaluate("window.tonesHz.filter(hz => hz === 660).length") / 2
            assert 1 <= n_rings <= len(loud), "each of them rings once"


def test_what_waits_for_a_person_is_taken_up_by_name_and_news_is_then_over(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    request = desk.done("RequestAgency", incident_id=incident_id, agency="gas")
    desk.done("RefuseAgencyRequest", request_id=request["request_id"], by="gas", reason="not ours")
    page = open_page(PLAIN)
    news = f"agency_refused:{request['request_id']}"
    page.locator(f"[data-take-up='{news}']").click()
    expect(page.locator("[data-testid=said]")).to_contain_text("已签收提醒")
    expect(page.locator(f"[data-alarm='{news}']")).to_have_count(0)


def test_the_page_works_without_3d(desk, open_page, playwright):
    incident_id = desk.open_incident(priority=1)
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*PLAIN_FLAGS, "--disable-3d-apis"]
    )
    try:
        page = open_page("/dispatch", browser=browser)
        expect(page.locator("[data-testid=no-map]")).to_be_visible()
        wait_ranked(page)
        page.keyboard.press("1")
        expect(
            page.locator("[data-group=sent]").locator(f"[data-incident='{incident_id}']")
        ).to_be_visible()
    finally:
        # The page goes before its browser, or its last word cannot be heard.
        page.context.close()
        browser.close()


BRIGHTNESS = """async text => {
    const bytes = Uint8Array.from(atob(text), each => each.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    const {data} = canvas.getImageData(0, 0, picture.width, picture.height);
    return data.reduce((sum, each) => sum + each, 0) / data.length;
}"""
"""Of a picture's bytes, the opaque ones among them."""
NOTE_MOVES = """() => {
    window.moves = [];
    const map = document.querySelector('[data-testid=map]');
    new MutationObserver(() => window.moves.push(map.dataset.moving))
        .observe(map, {attributes: true});
}"""


def test_the_map_swaps_with_the_theme_and_jumps_for_whoever_wants_no_motion(desk, open_page):
    near, far = desk.open_incident(priority=1), desk.open_incident(priority=2, north_m=4_000)
    page = open_page("/dispatch")
    page.wait_for_selector(MAP_IDLE, timeout=60_000)

    def brightness():
        shot = page.screenshot(clip={"x": 500, "y": 300, "width": 300, "height": 300})
        return page.evaluate(BRIGHTNESS, base64.b64encode(shot).decode())

    dark = brightness()
    page.get_by_role("button", name="浅色").click()
    assert any(brightness() > dark + 60 for _ in range(100)), "the map itself is light now"

    def look_at(incident_id):
        page.evaluate(NOTE_MOVES)
        row(page, incident_id).click()
        lat = desk.board()["views"]["incidents"][incident_id]["lat"]
        page.wait_for_function(
            "lat => Math.abs(document.querySelector('[data-testid=map]').dataset.lat - lat) < 1e-4",
            arg=lat,
        )
        return set(page.evaluate("window.moves"))

    row(page, near).click()
    assert "true" in look_at(far), "the map glides"
    page.emulate_media(reduced_motion="reduce")
    assert look_at(near) == {"false"}, "it is there at once"
    page.evaluate(NOTE_MOVES)
    zoom = page.get_by_test_id("map").get_attribute("data-zoom")
    page.get_by_role("button", name="放大").click()
    expect(page.get_by_test_id("map")).not_to_have_attribute("data-zoom", zoom)
    assert set(page.evaluate("window.moves")) == {"false"}


AHEAD = """{
    const now = performance.now.bind(performance);
    window.aheadMs = 0;
    performance.now = () => now() + window.aheadMs;
}"""
"""The page's own clock can be put ahead: nobody has to sit the seconds out."""


def test_a_cut_stream_is_said_and_heals_without_loss(desk, open_page):
    desk.open_incident(priority=1)
    with CuttableLine(desk.port) as line:
        page = open_page(PLAIN, url=line.url, offsets=(AHEAD,))
        page.watch.allow_bad_line()
        wait_ranked(page)
        line.cut()
        age = page.locator("[data-testid=age]")
        page.evaluate("window.aheadMs += 6_000")
        expect(age).to_have_attribute("data-freshness", "stale", timeout=8_000)
        expect(age).to_contain_text("数据已旧")
        expect(page.get_by_test_id("stale-banner")).to_contain_text("用电台核实")
        missed = desk.open_incident(priority=1, north_m=300)
        page.evaluate("window.aheadMs += 10_000")
        expect(age).to_have_attribute("data-freshness", "cut", timeout=15_000)
        expect(page.get_by_role("alert").filter(has_text="失去实时连接")).to_be_visible()
        line.mend()
        expect(age).to_have_attribute("data-freshness", "fresh", timeout=15_000)
        expect(row(page, missed)).to_have_count(1)
        shown = page.locator("[data-incident]").evaluate_all(
            "all => all.map(e => e.dataset.incident)"
        )
        assert sorted(shown) == sorted(desk.board()["views"]["incidents"])


def test_the_clock_is_the_servers_even_if_the_machine_is_ten_minutes_off(desk, open_page):
    wrong = "{const now = Date.now; Date.now = () => now() + 600000}"
    page = open_page(PLAIN, offsets=(wrong,))
    expect(page.locator("[data-testid=clock]")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    shown = page.locator("[data-testid=clock]").text_content()
    now_ms = desk.city()["now_ms"]
    seconds = sum(
        int(part) * unit for part, unit in zip(shown.split(":"), (3600, 60, 1), strict=True)
    )
    # Of the city's own time zone; the day may turn between the two readings.
    expected = (now_ms // 1000 + 8 * 3600) % 86_400
    assert min((expected - seconds) % 86_400, (seconds - expected) % 86_400) < 60
