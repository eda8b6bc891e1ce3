"""One call through three seats and a phone: taken, sent, driven, done, reviewed, closed."""

from __future__ import annotations

import re

from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

LINKS = ("warn", "intake", "dispatch", "respond", "handle")


def test_a_call_is_taken_sent_handled_and_closed(desk, open_page):
    dispatch = open_page("/dispatch?map=0")
    intake = open_page("/intake")
    desk.done("RegisterCall", line="110", caller_number="13912345678")
    intake.wait_for_selector("[data-call]")
    intake.keyboard.press("F2")
    expect(intake.locator("[data-testid=narrative]")).to_be_focused()
    intake.keyboard.type("一男子持刀抢劫，往东跑了")
    intake.wait_for_selector("[data-testid=type]")
    intake.wait_for_selector("[data-testid=map][data-idle=true]", timeout=60_000)
    intake.locator("[data-testid=map] canvas").click(position={"x": 300, "y": 250})
    expect(intake.locator("[data-testid=place-state]")).to_contain_text("已定位")
    intake.keyboard.press("Control+Enter")

    row = dispatch.locator("[data-incident=J1]")
    expect(row).to_be_visible(timeout=1_000)
    dispatch.keyboard.press("ArrowDown")
    dispatch.wait_for_selector("[data-testid=recommendation] [data-unit]")
    n_needed = desk.incident("J1")["n_needed"]
    for n in range(n_needed):
        dispatch.keyboard.press(str(n + 1))
        dispatch.wait_for_selector(f"[data-order='J1-{n + 1}']")
    intake.locator("[data-testid=hang-up]").click()

    for order in desk.incident("J1")["orders"]:
        patrol = open_page(f"/patrol?unit={order['unit_id']}", size=PHONE_SIZE)
        for step in ("AcknowledgeOrder", "ReportEnRoute", "ReportArrival", "ReportHandled"):
            patrol.locator(f"[data-step={step}]").click()
        patrol.locator(".choice").first.click()
        patrol.locator("[data-step=GiveFeedback]").click()
        expect(patrol.get_by_text("没有任务")).to_be_visible()

    for link in LINKS:
        expect(dispatch.locator(f"[data-testid=links] [data-link={link}]")).to_have_class(
            re.compile("reached")
        )
    for name in ("评查", "办结"):
        dispatch.get_by_role("button", name=name, exact=True).click()
        dispatch.get_by_role("button", name="确定").click()
    expect(dispatch.locator("#incident-title")).to_contain_text("已不在办")
    assert desk.board()["views"]["incidents"] == {}
