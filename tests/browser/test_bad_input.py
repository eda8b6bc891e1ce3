"""Whatever can be typed (坏输入): 10,000 characters, emoji, control characters, a wrong day."""

from __future__ import annotations

import pytest
from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

LONG = "长" * 10_000
ODD = "👮🏽‍♀️🚓💥 a\u0000b\u0007c\u202ed\ufeff e\u0301 \U00020bb7 <b>x</b> ';--"
MAX_CHARS = 4_000
DAY_MS = 86_400_000
SET_ALL = """text => [...document.querySelectorAll(
    'main input:not([type]), main input[type=text], main input[type=tel], main textarea')]
    .filter(field => field.checkVisibility() && !field.disabled)
    .map(field => { field.value = text; field.dispatchEvent(new Event('input', {bubbles: true}));
                    field.dispatchEvent(new Event('change', {bubbles: true}));
                    return field.id || field.dataset.testid || field.ariaLabel; }).length"""
"""Past the length that a field takes from a hand: as a paste by a broken program would be."""


@pytest.fixture(scope="module")
def desk(shared_desk):
    return shared_desk


def ring(desk, page, number):
    call_id = desk.done("RegisterCall", line="110", caller_number=number)["call_id"]
    page.wait_for_selector(f"[data-call={call_id}]")
    page.keyboard.press("F2")
    expect(page.locator("#form-title")).to_contain_text(call_id)
    return call_id


@pytest.mark.parametrize("text", [LONG, ODD], ids=["long", "odd"])
def test_a_form_takes_anything_that_can_be_typed_and_loses_nothing(desk, open_page, text):
    page = open_page("/intake?map=0")
    # What the rules find too long is refused, and said.
    page.watch.allow(400, 409, 413, 422)
    call_id = ring(desk, page, "13900001111")
    assert page.evaluate(SET_ALL, text) >= 4
    page.locator("#type").fill(desk.type_code(2))
    page.wait_for_selector("#type-0")
    page.locator("#type").press("Enter")
    kept = page.locator("[data-testid=narrative]").input_value()
    page.keyboard.press("Control+Enter")
    said = page.locator("[data-testid=said]")
    expect(said).not_to_have_text("")
    # Saved or refused in words: what was written is still there, and after a reload too.
    expect(page.locator("[data-testid=narrative]")).to_have_value(kept)
    page.wait_for_function("localStorage.length > 0")
    page.reload()
    expect(page.locator("[data-testid=narrative]")).to_have_value(kept)
    calls = desk.board()["views"]["calls"]
    assert calls[call_id]["state"] == "talking"
    # The seat has one call at a time, or a reload would open the other one.
    desk.done("HangUpCall", call_id=call_id)


@pytest.mark.parametrize("text", [LONG, ODD], ids=["long", "odd"])
def test_the_pages_beside_the_seats_answer_anything_in_words_and_keep_it(desk, open_page, text):
    head = desk.desk.live.engine.state.head.seq
    paper = open_page("/paper")
    paper.watch.allow(400, 409, 413, 422)
    expect(paper.locator("[data-testid=age]")).to_have_attribute("data-freshness", "fresh")
    assert paper.evaluate(SET_ALL, text) >= 4
    story = paper.locator("form [data-field=narrative]")
    kept = story.input_value()
    paper.get_by_role("button", name="补录", exact=True).click()
    expect(paper.get_by_test_id("card-said")).not_to_have_text("")
    expect(story).to_have_value(kept)

    admin = open_page("/admin")
    admin.watch.allow(400, 409, 413, 422)
    admin.wait_for_selector("[data-row]")
    admin.keyboard.press("6")
    admin.keyboard.press("n")
    expect(admin.locator("#key-0")).to_be_focused()
    assert admin.evaluate(SET_ALL, text) >= 4
    kept = admin.locator("#field-0").input_value()
    admin.locator("#admin-reason").press("Enter")
    expect(admin.locator("[role=alert].refused")).not_to_have_text("")
    expect(admin.locator("#field-0")).to_have_value(kept)
    for page in (paper, admin):
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert desk.desk.live.engine.state.head.seq == head, "nothing of it was taken"


@pytest.mark.parametrize("text", [LONG, ODD], ids=["long", "odd"])
def test_the_command_bar_takes_anything_and_answers_in_words(desk, open_page, text):
    incident_id = desk.open_incident(priority=2)
    page = open_page("/dispatch?map=0")
    page.watch.allow(400, 409, 413, 422)
    page.locator(f"[data-incident='{incident_id}']").click()
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")
    for line in (text, f"X {incident_id} {text}", f"A {text} {incident_id}"):
        page.keyboard.press("/")
        page.locator("#command-line").fill(line)
        page.keyboard.press("Enter")
        expect(page.locator("[data-testid=said]")).not_to_have_text("")
        page.keyboard.press("Escape")
    assert desk.incident(incident_id)["orders"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("text", [LONG, ODD], ids=["long", "odd"])
def test_a_crew_may_write_anything_in_its_feedback(desk, open_page, text):
    unit_id, incident_id = sent(desk)
    for step in ("AcknowledgeOrder", "ReportEnRoute", "ReportArrival", "ReportHandled"):
        desk.done(step, order_id=f"{incident_id}-1")
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.watch.allow(400, 409, 413, 422)
    page.locator(".choice").first.click()
    story = page.get_by_label("处警经过")
    story.fill(text)
    kept = story.input_value()
    page.locator("[data-step=GiveFeedback]").click()
    expect(page.get_by_test_id("outbox")).to_have_count(0)
    if len(text) > MAX_CHARS:
        # Refused in words of the user's own language, and nothing of it is gone.
        refusal = page.get_by_role("alert").filter(has_text="文字太长")
        expect(refusal).to_contain_text(f"最多 {MAX_CHARS} 字")
        expect(story).to_have_value(kept)
        story.fill(kept[:MAX_CHARS])
        page.locator("[data-step=GiveFeedback]").click()
    expect(page.get_by_text("没有任务")).to_be_visible()
    assert desk.incident(incident_id)["orders"][0]["state"] == "fed_back"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_SIZE[0]


def sent(desk):
    """(unit, incident) with an order for a unit that has none."""
    units = desk.board()["views"]["units"].values()
    unit_id = next(each["unit_id"] for each in units if not each["order_id"])
    incident_id = desk.open_incident(priority=2)
    desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
    return unit_id, incident_id


def test_a_phone_a_day_ahead_is_taken_marked_and_loses_nothing(desk, open_page):
    unit_id, incident_id = sent(desk)
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    page.clock.install(time=(desk.desk.clock()[0] + DAY_MS) / 1000)
    page.reload()
    expect(page.get_by_test_id("clock-off")).to_contain_text("1440 分钟")
    for step, state in (("AcknowledgeOrder", "acknowledged"), ("ReportArrival", "on_scene")):
        if step == "ReportArrival":
            page.get_by_role("button", name="直接到达").click()
        else:
            page.locator(f"[data-step={step}]").click()
        page.clock.run_for(4_000)
        page.wait_for_selector(f"[data-order][data-state={state}]")
    expect(page.get_by_test_id("outbox")).to_have_count(0)
    order = desk.incident(incident_id)["orders"][0]
    now_ms = desk.desk.clock()[0]
    assert order["t4_ms"] <= order["t5_ms"] <= order["t7_ms"] <= now_ms
