"""处警端 in a browser: a phone's width, one big step, and taps that survive."""

from __future__ import annotations

import re

import pytest
from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

STEPS = ("AcknowledgeOrder", "ReportEnRoute", "ReportArrival", "ReportHandled")


@pytest.fixture
def task(desk):
    """(unit, incident) with an order for the unit."""
    unit_id = next(iter(desk.reference.units))
    incident_id = desk.open_incident(priority=2)
    desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
    return unit_id, incident_id


def tap(page, step):
    page.locator(f"[data-step={step}]").click()


def test_five_taps_carry_an_order_to_its_feedback(desk, open_page, task):
    unit_id, incident_id = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    for step in STEPS:
        tap(page, step)
    page.locator(".choice").first.click()
    page.get_by_label("处警经过").fill("现场已处置")
    page.get_by_role("button", name="添加当事人").click()
    page.get_by_label("姓名").fill("王某")
    tap(page, "GiveFeedback")
    expect(page.get_by_text("没有任务")).to_be_visible()
    order = desk.incident(incident_id)["orders"][0]
    assert order["state"] == "fed_back"
    stamps = [order[f"t{n}_ms"] for n in (4, 5, 6, 7, 8, 9)]
    assert stamps == sorted(stamps)
    assert all(stamps)


NOTE_TONES = """window.n_tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
    window.n_tones += 1;
    return start.apply(this, at);
};"""
PAST_A_CALL_MS = 6_500


def test_a_new_order_calls_again_until_it_is_signed(open_page, task):
    unit_id, _ = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE, offsets=[NOTE_TONES])
    # A browser plays nothing before a person has touched the page.
    page.get_by_role("heading", level=3).click()
    page.clock.install()
    page.reload()
    page.get_by_role("heading", level=3).click()
    heard = [page.evaluate("window.n_tones")]
    for _again in range(2):
        page.clock.fast_forward(PAST_A_CALL_MS)
        page.wait_for_function("n => window.n_tones > n", arg=heard[-1])
        heard.append(page.evaluate("window.n_tones"))
    expect(page).to_have_title(re.compile("1 单待签收"))
    tap(page, "AcknowledgeOrder")
    page.wait_for_selector("[data-step=ReportEnRoute]")
    signed = page.evaluate("window.n_tones")
    page.clock.fast_forward(3 * PAST_A_CALL_MS)
    expect(page).not_to_have_title(re.compile("待签收"))
    assert page.evaluate("window.n_tones") == signed


def test_targets_are_large_and_nothing_scrolls_sideways(open_page, task):
    unit_id, _ = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    box = page.locator("[data-step=AcknowledgeOrder]").bounding_box()
    assert box["height"] >= 64
    for side in page.locator(".side .button").all():
        assert side.bounding_box()["height"] >= 52
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_SIZE[0]


def test_a_jump_forward_is_taken_and_the_skipped_stamp_stays_empty(desk, open_page, task):
    unit_id, incident_id = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.get_by_role("button", name="直接到达").click()
    page.wait_for_selector("[data-step=ReportHandled]")
    expect(page.locator("[data-testid=outbox]")).to_have_count(0)
    order = desk.incident(incident_id)["orders"][0]
    assert order["state"] == "on_scene"
    assert not order["t5_ms"]
    assert not order["t6_ms"]


def test_offline_taps_survive_a_reload_and_arrive_once_in_order(desk, open_page, task):
    unit_id, incident_id = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    # The second visit is under the worker: what it keeps is what a reload offline needs.
    page.reload()
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    page.watch.allow_bad_line()
    page.context.set_offline(True)
    tap(page, "AcknowledgeOrder")
    tap(page, "ReportEnRoute")
    expect(page.locator("[data-testid=outbox]")).to_contain_text("2 条待上传")
    assert desk.incident(incident_id)["orders"][0]["state"] == "dispatched"
    page.reload()
    expect(page.locator("[data-testid=outbox]")).to_contain_text("2 条待上传")
    expect(page.locator("[data-step=ReportArrival]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-testid=outbox]")).to_have_count(0)
    order = desk.incident(incident_id)["orders"][0]
    assert order["state"] == "en_route"
    assert order["t5_ms"] <= order["t6_ms"]
    steps = desk.http.get(f"/v1/incidents/{incident_id}/timeline").json()
    names = [step["type"] for step in steps]
    assert names.count("OrderAcknowledged") == 1
    assert names.count("UnitEnRoute") == 1
    by_phone = [each["type"] for each in steps if "手机时间" in each["text_zh"]]
    assert by_phone == ["OrderAcknowledged", "UnitEnRoute"]


def test_acting_on_a_withdrawn_order_is_refused_in_words(desk, open_page, task):
    unit_id, incident_id = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    page.watch.allow(409)
    page.watch.allow_bad_line()
    page.context.set_offline(True)
    tap(page, "AcknowledgeOrder")
    desk.done("WithdrawUnit", order_id=f"{incident_id}-1", reason="改派")
    page.context.set_offline(False)
    expect(page.get_by_role("alert").filter(has_text="派警单")).to_contain_text("已撤回")


def test_without_a_unit_one_is_chosen(open_page):
    page = open_page("/patrol", size=PHONE_SIZE)
    page.locator("a[href^='/patrol?unit=']").first.click()
    expect(page.get_by_text("没有任务")).to_be_visible()


def test_the_map_comes_only_when_it_is_opened(open_page, task):
    unit_id, _ = task
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert not [name for name in loaded if "CityMap" in name or "maplibre" in name]
    page.get_by_role("button", name="地图").click()
    page.wait_for_selector("[data-testid=map][data-idle=true]", timeout=60_000)
