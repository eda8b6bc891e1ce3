"""The what-if (反事实) on the page: another unit than the one sent, in words and with intervals."""

from __future__ import annotations

from playwright.sync_api import expect

RUN_MS = 120_000
"""A worker starts and, on a full machine, waits for the processor."""


def open_what_if(open_page):
    page = open_page("/planner?map=0")
    page.get_by_test_id("plan-new").wait_for()
    page.keyboard.press("7")
    page.get_by_test_id("what-if-form").wait_for()
    return page


def ask_for_unit(page, incident_id, unit_id):
    page.locator("#what-incident").fill(incident_id)
    page.locator("#what-unit").fill(unit_id)
    page.get_by_test_id("what-if-run").click()


def test_another_unit_than_the_one_sent_is_held_against_it_and_bad_questions_are_told_why(
    desk, open_page, find_faults
):
    incident_id = desk.open_incident(priority=2)
    units = desk.board()["views"]["units"]
    sent, other = next(iter(units)), list(units)[-1]
    desk.done("AssignUnit", incident_id=incident_id, unit_id=sent)

    page = open_what_if(open_page)
    page.watch.allow(409)
    refused = page.get_by_test_id("what-if-refused")
    page.locator("#what-at").fill("2031-01-01T08:00")
    page.get_by_test_id("what-if-run").click()
    expect(refused).to_contain_text("2031-01-01 08:00 还没有到")
    page.locator("#what-at").fill("2020-01-01T08:00")
    page.get_by_test_id("what-if-run").click()
    expect(refused).to_contain_text("日志始于")

    page.get_by_test_id("what-if-unit-kind").check()
    page.locator("#what-minutes").fill("10")
    page.locator("#what-runs").fill("10")
    ask_for_unit(page, "J999", other)
    expect(refused).to_contain_text("没有警情 J999")
    ask_for_unit(page, incident_id, "NOBODY")
    expect(refused).to_contain_text("没有警组“NOBODY”")
    ask_for_unit(page, incident_id, sent)
    expect(refused).to_contain_text("当时派的就是")

    ask_for_unit(page, incident_id, units[other]["call_sign"])
    stop = page.get_by_test_id("what-if-stop")
    stop.click()
    expect(page.get_by_test_id("what-if-form")).to_contain_text("已停止")
    page.get_by_test_id("what-if-run").click()
    answer = page.get_by_test_id("what-if-answer")
    expect(answer.locator("tr[data-figure=incident_s]")).to_have_count(1, timeout=RUN_MS)
    expect(page.get_by_test_id("what-if-sentence")).to_contain_text(f"若 {incident_id} 首派改为")
    expect(answer).to_contain_text(units[other]["call_sign"])
    assert find_faults(page) == []
