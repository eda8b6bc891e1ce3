"""The gate of a policy on the page (策略): compared with what holds, refused without, then used."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

RUN_MS = 240_000
"""A worker starts, loads its kernels and, on a full machine, waits for the processor."""


def switch_shadow(page, desk):
    """A shadow is refused where it is what holds, runs, and is counted beside a recommendation."""
    said = page.get_by_test_id("shadow-said")
    page.get_by_test_id("shadow-run").click()
    expect(said).to_contain_text("请填写经办人和理由")
    page.locator("#shadow-by").fill("李工")
    for policy, reply in (("patrol_first", "就是现行策略"), ("station_first", "从下一次推荐起")):
        page.locator("#shadow-policy").select_option(policy)
        page.locator("#shadow-reason").fill("东区试算")
        page.watch.allow(409)
        page.get_by_test_id("shadow-run").click()
        expect(said).to_contain_text(reply)
    desk.open_incident(priority=3, north_m=300)
    expect(page.get_by_test_id("shadow-recommended")).to_be_visible()


@pytest.fixture(name="desk")
def fixture_desk(planned_desk):
    return planned_desk


def test_a_policy_is_compared_with_what_holds_and_only_then_goes_live(desk, open_page, find_faults):
    desk.open_incident(priority=3)
    bare = desk.http.post(
        "/v1/commands/UsePolicy",
        json={"policy": "nearest", "approved_by": "王局"},
        headers={"Idempotency-Key": "bare"},
    )
    assert (bare.status_code, bare.json()["code"]) == (409, "no_comparison")

    page = open_page("/planner?map=0")
    page.get_by_test_id("plan-new").wait_for()
    page.keyboard.press("5")
    switch_shadow(page, desk)
    page.locator("#policy-id").select_option("nearest")
    page.locator("#policy-turns").uncheck()
    page.locator("#policy-days").fill("5")
    page.get_by_test_id("policy-run").click()
    line = page.locator("[data-trial]")
    expect(line).to_contain_text("nearest:turns=no")
    expect(line).to_have_attribute("data-state", "done", timeout=RUN_MS)
    expect(line.locator(".sentence")).to_contain_text("5 个相同的仿真日")
    expect(line.locator("tr[data-figure=late_urgent]")).to_have_count(1)
    assert find_faults(page) == []

    page.locator("#policy-person").fill("王局")
    page.locator("#policy-reason").fill("东区试行")
    page.watch.allow(409)
    page.get_by_test_id("policy-use").click()
    # What it shows to be worse is another person's matter; else it holds at once.
    ask, now = page.get_by_test_id("policy-ask"), page.get_by_test_id("policy-now")
    in_force = now.get_by_text("nearest:turns=no").first
    expect(ask.or_(in_force)).to_be_visible()
    if ask.is_visible():
        ask.click()
        expect(page.get_by_test_id("policy-said")).to_contain_text("AP1")
        desk.done("GiveApproval", approval_id="AP1", person="李局")
        page.reload()
        page.get_by_test_id("plan-new").wait_for()
        page.keyboard.press("5")
    expect(in_force).to_be_visible()
