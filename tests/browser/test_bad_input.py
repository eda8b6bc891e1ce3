"""Whatever can be typed (坏输入): 10,000 characters, emoji, control characters, a wrong day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

LONG = "长" * 10_000
MARKUP = "<b>x</b> ';--"
ODD = f"👮🏽‍♀️🚓💥 a\u0000b\u0007c\u202ed\ufeff e\u0301 \U00020bb7 {MARKUP}"
MAX_CHARS = 4_000
NUMBER_CHARS = 20
"""Of 32 that a number's field takes; a field counts an emoji as two and more."""
N_FIELDS = 5
"""Name, number, story, place and type."""
DAY_MS = 86_400_000
MINUTE_MS = 60_000
COMMAND = "/v1/commands/"
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


@dataclass(frozen=True)
class Typed:
    """A text, and what of it each field of a record can hold."""

    text: str
    refusal: str
    """Why the form with this text in every field is not saved as it is."""
    number: str

    def upto(self, n_chars):
        return self.text[:n_chars]


TYPED = (
    pytest.param(Typed(LONG, "文字太长：最多 4000 字", "1" * 32), id="long"),
    pytest.param(Typed(ODD, "文字太长：最多 32 字", "☎ 138"), id="odd"),
)
DRAFT_HOLDS = """([key, text]) => {
    const draft = JSON.parse(localStorage[key] ?? '{}');
    return ['narrative', 'placeText', 'callerName', 'callerNumber']
        .every(name => draft[name] === text);
}"""


@pytest.mark.parametrize("typed", TYPED)
def test_a_form_takes_anything_that_can_be_typed_and_loses_nothing(desk, open_page, typed):
    page = open_page("/intake?map=0")
    # What the rules find too long is refused, and said; so is a place to search for.
    page.watch.allow(400, 422)
    call_id = ring(desk, page, "13900001111")
    assert page.evaluate(SET_ALL, typed.text) == N_FIELDS
    choose_type(page, desk)
    page.keyboard.press("Control+Enter")
    said = page.locator("[data-testid=said]")
    expect(said).to_contain_text(typed.refusal)
    # Every word of it is kept in the browser, and in the form after a reload.
    page.wait_for_function(DRAFT_HOLDS, arg=[f"kuaifan.draft.intake-1.{call_id}", typed.text])
    page.reload()
    fields = form_fields(page)
    for field in fields.values():
        expect(field).to_have_value(typed.text)
    kept = {
        "narrative": typed.upto(MAX_CHARS),
        "address": typed.upto(400),
        "caller_name": typed.upto(200),
        "caller_number": typed.number,
    }
    for name, field in fields.items():
        field.fill(kept[name])
    page.keyboard.press("Control+Enter")
    # A caller's number is saved as soon as the field is left: then nothing is left to save.
    expect(said).to_have_text(re.compile(r"J\d|没有新的内容"))
    row, call = saved(desk, call_id)
    assert {name: (row | call)[name] for name in kept} == kept
    assert call["state"] == "talking"
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


def choose_type(page, desk):
    page.locator("#type").fill(desk.type_code(2))
    page.wait_for_selector("#type-0")
    page.locator("#type").press("Enter")


def form_fields(page):
    return {
        "caller_name": page.get_by_role("textbox", name="报警人姓名"),
        "caller_number": page.get_by_role("textbox", name="报警人号码").last,
        "address": page.locator("#place"),
        "narrative": page.locator("[data-testid=narrative]"),
    }


def saved(desk, call_id):
    """What the server has of a call and of its incident."""
    views = desk.board()["views"]
    call = views["calls"][call_id]
    assert call["incident_id"], "no incident was opened"
    return views["incidents"][call["incident_id"]], call


NOT_A_WORD = "不认识指令"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        pytest.param(LONG, (NOT_A_WORD, "最多 200 字", "没有在勤警力"), id="long"),
        pytest.param(ODD, (NOT_A_WORD, "响应 1 级", "没有在办警情"), id="odd"),
    ],
)
def test_the_command_bar_takes_anything_and_answers_in_words(desk, open_page, text, answers):
    incident_id = desk.open_incident(priority=2)
    page = open_page("/dispatch?map=0")
    page.watch.allow(422)
    page.locator(f"[data-incident='{incident_id}']").click()
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")
    lines = (text, f"X {incident_id} {text}", f"A {text} {incident_id}")
    for line, answer in zip(lines, answers, strict=True):
        page.keyboard.press("/")
        page.locator("#command-line").fill(line)
        page.keyboard.press("Enter")
        expect(page.locator("[data-testid=said]")).to_contain_text(answer)
        # A line that was done leaves the bar, any other stays to be mended.
        is_done = answer == "响应 1 级"
        expect(page.locator("#command-line")).to_have_value("" if is_done else line)
        page.keyboard.press("Escape")
    row = desk.incident(incident_id)
    assert row["orders"] == []
    steps = desk.http.get(f"/v1/incidents/{incident_id}/timeline").json()
    n_escalated = sum(step["type"] == "IncidentEscalated" for step in steps)
    assert n_escalated == answers.count("响应 1 级")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("text", [LONG, ODD], ids=["long", "odd"])
def test_a_crew_may_write_anything_in_its_feedback(desk, open_page, text):
    unit_id, incident_id = sent(desk)
    for step in ("AcknowledgeOrder", "ReportEnRoute", "ReportArrival", "ReportHandled"):
        desk.done(step, order_id=f"{incident_id}-1")
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.watch.allow(422)
    page.locator(".choice").first.click()
    story = page.get_by_label("处警经过")
    story.fill(text)
    expect(story).to_have_value(text)
    page.locator("[data-step=GiveFeedback]").click()
    if len(text) > MAX_CHARS:
        # Refused in words of the user's own language, and nothing of it is gone.
        refusal = page.get_by_role("alert").filter(has_text="文字太长")
        expect(refusal).to_contain_text(f"最多 {MAX_CHARS} 字")
        expect(page.get_by_test_id("outbox")).to_have_count(0)
        expect(story).to_have_value(text)
        assert desk.incident(incident_id)["orders"][0]["state"] == "handled"
        story.fill(text[:MAX_CHARS])
        page.locator("[data-step=GiveFeedback]").click()
    expect(page.get_by_text("没有任务")).to_be_visible()
    expect(page.get_by_test_id("outbox")).to_have_count(0)
    order = desk.desk.live.engine.board.orders[f"{incident_id}-1"]
    assert (order.state, order.story) == ("fed_back", text[:MAX_CHARS])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_SIZE[0]


def test_a_panel_of_the_dispatcher_takes_odd_text_as_text(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page("/dispatch?map=0")
    page.locator(f"[data-incident='{incident_id}']").click()
    expect(page.locator("#incident-title")).to_contain_text(incident_id)
    page.keyboard.press("w")
    panel = page.locator("[data-testid=panel]")
    for label in ("经办人", "原因"):
        panel.get_by_label(label).fill(ODD)
    page.keyboard.press("Enter")
    expect(panel.locator("[data-print]")).to_contain_text(MARKUP)
    for label in ("报给谁", "上报内容"):
        panel.get_by_label(label).fill(ODD)
    page.keyboard.press("Enter")
    expect(panel.locator("[data-testid=reports] .text")).to_contain_text(MARKUP)
    assert panel.locator("b").count() == 0, "what was typed is text, never markup"
    row = desk.board()["views"]["majors"][incident_id]
    assert (row["reason"], row["declared_by"]) == (ODD, ODD)
    assert [(each["target"], each["text"]) for each in row["reports"]] == [(ODD, ODD)]


def test_the_administrator_searches_and_signs_with_odd_text(desk, open_page):
    page = open_page("/admin")
    page.wait_for_selector("[data-row]")
    page.keyboard.press("3")
    page.keyboard.press("/")
    page.locator("#admin-search").fill(ODD)
    expect(page.locator("[data-row]")).to_have_count(0)
    expect(page.get_by_text("没有符合的项目")).to_be_visible()
    page.locator("#admin-search").fill("")
    page.locator("[data-row='|2'] button").click()
    page.watch.allow(409, 422)
    page.locator("#field-0").fill(ODD)
    page.locator("#admin-by").fill(ODD)
    page.locator("#admin-reason").fill(ODD)
    page.keyboard.press("Enter")
    # No number of seconds: said beside the form, and nothing of it is changed.
    expect(page.locator("[role=alert].refused")).not_to_have_text("")
    expect(page.get_by_test_id("save")).to_be_disabled()
    n_before = len(desk.desk.settings.changes)
    page.locator("#field-0").fill("756")
    page.locator("#admin-reason").press("Enter")
    expect(page.get_by_test_id("save")).to_be_enabled()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("saved")).to_contain_text("已保存")
    (change,) = desk.desk.settings.changes[n_before:]
    assert (change.by, change.reason) == (ODD, ODD)
    page.keyboard.press("0")
    changes = page.get_by_test_id("changes")
    expect(changes).to_contain_text(MARKUP)
    assert changes.locator("b").count() == 0


def test_a_paper_card_may_hold_odd_text_in_every_line(desk, open_page):
    page = open_page("/paper")
    page.get_by_label("张数").fill("1")
    page.get_by_label("预留人").fill(ODD)
    page.get_by_role("button", name="预留编号").click()
    block = page.locator("[data-block]").first
    expect(block).to_contain_text(MARKUP)
    (reserved,) = desk.board()["views"]["cards"].values()
    assert reserved["by"] == ODD
    number = f"J{reserved['first_no']}"
    opened_at = datetime.fromtimestamp(
        desk.desk.clock()[0] / 1000 - 600, ZoneInfo(desk.city()["time_zone"])
    )
    called = {"day": f"{opened_at:%Y-%m-%d}", "called": f"{opened_at:%H:%M}"}
    fields = {
        "number": number,
        **called,
        "caller": ODD[:NUMBER_CHARS],
        "type": ODD,
        "narrative": ODD,
    }
    for name, text in (fields | {"address": ODD, "by": ODD}).items():
        page.locator(f"form [data-field={name}]").fill(text)
    form = page.get_by_test_id("card-form")
    form.get_by_role("textbox", name="报警人").fill(ODD)
    form.get_by_label("填单人").fill(ODD)
    page.get_by_role("button", name="补录", exact=True).click()
    said = page.get_by_test_id("card-said")
    expect(said).to_contain_text("请从候选中选定警情类别")
    page.locator("form [data-field=called]").fill(ODD)
    page.locator("form [data-field=type]").fill(desk.type_code(3))
    page.get_by_role("button", name="补录", exact=True).click()
    expect(said).to_contain_text("看不懂")
    assert number not in desk.board()["views"]["incidents"]
    page.locator("form [data-field=called]").fill(called["called"])
    page.get_by_role("button", name="补录", exact=True).click()
    expect(said).to_have_text(f"{number} 已补录")
    row = desk.incident(number)
    assert {row[name] for name in ("narrative", "address", "entered_by")} == {ODD}
    (call_id,) = row["call_ids"]
    call = desk.desk.live.engine.board.calls[call_id]
    assert (call.caller_name, call.caller_number) == (ODD, ODD[:NUMBER_CHARS])


def sent(desk):
    """(unit, incident) with an order for a unit that has none."""
    units = desk.board()["views"]["units"].values()
    unit_id = next(each["unit_id"] for each in units if not each["order_id"])
    incident_id = desk.open_incident(priority=2)
    desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
    return unit_id, incident_id


@pytest.mark.parametrize("days", [1, -1], ids=["ahead", "behind"])
def test_a_phone_a_day_off_is_taken_marked_and_loses_nothing(desk, open_page, days):
    unit_id, incident_id = sent(desk)
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE)
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    off_ms = days * DAY_MS
    page.clock.install(time=(desk.desk.clock()[0] + off_ms) / 1000)
    page.reload()
    sent_steps = []
    page.on("request", lambda request: sent_steps.append(request) if COMMAND in request.url else 0)
    expect(page.get_by_test_id("clock-off")).to_contain_text("1440 分钟")
    for step, state in (("AcknowledgeOrder", "acknowledged"), ("ReportArrival", "on_scene")):
        if step == "ReportArrival":
            page.get_by_role("button", name="直接到达").click()
        else:
            page.locator(f"[data-step={step}]").click()
        page.clock.run_for(4_000)
        page.wait_for_selector(f"[data-order][data-state={state}]")
    expect(page.get_by_test_id("outbox")).to_have_count(0)
    told_ms = [request.post_data_json.get("device_at_ms") for request in sent_steps]
    now_ms = desk.desk.clock()[0]
    # The phone has reckoned in the city's time, so that its stamps are right and none is marked.
    assert [abs(each - now_ms) < MINUTE_MS for each in told_ms] == [True, True]
    order = desk.incident(incident_id)["orders"][0]
    assert order["t4_ms"] <= order["t5_ms"] <= order["t7_ms"] <= now_ms
    assert order["device_marks"] == {}
    # One that has never heard the city's time is taken all the same, by receipt, and marked.
    order_id = order["order_id"]
    desk.done("ReportHandled", order_id=order_id, device_at_ms=now_ms + off_ms)
    order = desk.incident(incident_id)["orders"][0]
    assert order["device_marks"] == {"handled": "clock_off"}
    assert now_ms <= order["t8_ms"] <= desk.desk.clock()[0]
    steps = desk.http.get(f"/v1/incidents/{incident_id}/timeline").json()
    assert "手机时钟不准" in steps[-1]["text_zh"]
