"""Acceptance of 处警端 (处警验收) not named elsewhere: one tap, sizes, no way back, slow 3G."""

from __future__ import annotations

import pytest
from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

from kuaifan.app.bench_ui_pages import note_live

STEPS = (
    ("AcknowledgeOrder", "acknowledged"),
    ("ReportEnRoute", "en_route"),
    ("ReportArrival", "on_scene"),
)
LEAST_PX = 44
CONTROLS = ", ".join(
    f"main {each}:visible" for each in ("a", "button", "input", "select", "textarea", "summary")
)
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
"""What Chromium's own tools call slow 3G: 400 kbit/s, 400 ms."""
FIRST_LOAD_S = 5.0
PATIENCE_MS = 30_000
BEFORE_THE_STEP = """() => {
    const every = ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
        .filter(e => e.startTime <= window.liveAtMs && e.responseEnd <= window.liveAtMs + 1);
    // Rounds: of what was asked for only once the one before had been answered.
    let [rounds, askedMs] = [0, -1];
    for (const e of every.sort((a, b) => a.responseEnd - b.responseEnd)) {
        if (e.startTime < askedMs) continue;
        rounds += 1;
        askedMs = e.responseEnd;
    }
    return [every.reduce((sum, e) => sum + e.encodedBodySize + 300, 0), rounds];
}"""
"""Bytes that came before the first step could be tapped, heads with them, and rounds of asking."""


@pytest.fixture(scope="module")
def desk(shared_desk):
    return shared_desk


@pytest.fixture
def task(desk):
    """(unit, incident) with an order for a unit that has none."""
    units = desk.board()["views"]["units"].values()
    unit_id = next(each["unit_id"] for each in units if not each["order_id"])
    incident_id = desk.open_incident(priority=2)
    desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
    return unit_id, incident_id


def opened_at(open_page, unit_id):
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE, has_touch=True)
    page.wait_for_selector("[data-step]")
    return page


def test_sign_start_and_arrive_are_one_tap_each(desk, open_page, task):
    unit_id, incident_id = task
    page = opened_at(open_page, unit_id)
    for step, state in STEPS:
        page.locator(f"[data-step={step}]").tap()
        page.wait_for_selector(f"[data-order][data-state={state}]")
        expect(page.get_by_test_id("outbox")).to_have_count(0)
        assert desk.incident(incident_id)["orders"][0]["state"] == state


def test_every_target_of_the_phone_is_44_px_or_more(open_page, task):
    unit_id, _ = task
    page = opened_at(open_page, unit_id)
    for name in ("请求增援", "导航"):
        page.get_by_role("button", name=name).tap()
    small = page.locator(CONTROLS).evaluate_all(
        """(all, least) => all.map(e => [e.closest('label') ?? e, e.outerHTML.slice(0, 120)])
            .map(([e, html]) => [html, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < least || box.width < least)
            .map(([html, box]) => `${box.width}x${box.height} ${html}`)""",
        LEAST_PX,
    )
    assert small == []


def test_a_jump_forward_is_marked_and_the_way_back_is_refused_in_words(desk, open_page, task):
    """Two phones in one car: the second one was off the net and brings what is long over."""
    unit_id, incident_id = task
    first, second = opened_at(open_page, unit_id), opened_at(open_page, unit_id)
    second.watch.allow_bad_line()
    second.watch.allow(409)
    second.context.set_offline(True)
    second.locator("[data-step=AcknowledgeOrder]").click()
    expect(second.get_by_test_id("outbox")).to_contain_text("1 条待上传")
    first.locator("[data-step=AcknowledgeOrder]").click()
    first.wait_for_selector("[data-step=ReportEnRoute]")
    first.get_by_role("button", name="直接到达").click()
    first.wait_for_selector("[data-order][data-state=on_scene]")
    expect(first.get_by_test_id("outbox")).to_have_count(0)
    assert desk.incident(incident_id)["orders"][0]["skipped"] == ["en_route"]
    second.context.set_offline(False)
    expect(second.get_by_role("alert").filter(has_text="派警单")).to_contain_text("不能退回")
    expect(second.get_by_test_id("outbox")).to_have_count(0)
    assert desk.incident(incident_id)["orders"][0]["state"] == "on_scene"


def test_the_first_load_on_slow_3g_asks_for_no_more_than_five_seconds_carry(desk, chromium, task):
    """Of a phone that has nothing of it yet: what stands before the first step, counted."""
    unit_id, _ = task
    with chromium.new_context(viewport={"width": 360, "height": 740}) as context:
        context.add_init_script(note_live("patrol"))
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_3G)
        page.goto(f"{desk.url}/patrol?unit={unit_id}", wait_until="commit")
        expect(page.locator("[data-step=AcknowledgeOrder]")).to_be_visible(timeout=PATIENCE_MS)
        n_bytes, n_rounds = page.evaluate(BEFORE_THE_STEP)
    needed_s = n_bytes / SLOW_3G["downloadThroughput"] + n_rounds * SLOW_3G["latency"] / 1000
    assert n_rounds >= 4
    assert needed_s < FIRST_LOAD_S
