"""The planner's story (规划): a scenario is drawn, solved, compared, adopted by two, and stands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

RUN_MS = 180_000
"""A worker starts, loads its kernels and, on a full machine, waits for the processor."""


@pytest.fixture(name="desk")
def fixture_desk(planned_desk):
    return planned_desk


def draw(page, name, model="by_hand"):
    page.keyboard.press("n")
    page.locator("#plan-name").fill(name)
    page.locator("#plan-model").select_option(model)


def save_and_solve(page, name):
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("plan-said")).to_contain_text("已保存")
    page.get_by_test_id("plan-solve").click()
    line = page.locator(f"[data-scenario='{name}']")
    expect(line).to_have_attribute("data-state", "done", timeout=RUN_MS)
    expect(page.get_by_test_id("plan-solved")).to_be_visible()


def try_on_the_twin(page, name):
    page.locator("#plan-days").fill("2")
    page.get_by_test_id("plan-twin").click()
    line = page.locator(f"[data-scenario='{name}']")
    expect(line).to_contain_text("已试跑 2 天", timeout=RUN_MS)
    # The run that the twin's figures came from is over, too: only then may another begin.
    expect(line).to_have_attribute("data-state", "done", timeout=RUN_MS)


def ask_and_agree(page):
    """One asks, another agrees; the one alone cannot."""
    page.keyboard.press("3")
    page.locator("#adopt-person").fill("李工")
    page.locator("#adopt-reason").fill("少六处驻点")
    page.get_by_test_id("plan-propose").click()
    expect(page.get_by_test_id("plan-said")).to_contain_text("F1")
    page.get_by_test_id("plan-publish").click()
    expect(page.locator("[role=alert].refused")).to_contain_text("不能批准自己的方案")
    page.locator("#adopt-person").fill("王局")
    page.get_by_test_id("plan-publish").click()
    expect(page.locator("[data-plan=F1]")).to_have_attribute("data-state", "used")


def test_a_plan_is_drawn_solved_compared_and_adopted_by_two_and_the_desk_goes_by_it(
    desk, open_page, find_faults
):
    dispatch = open_page("/dispatch?map=0")
    circles = dispatch.locator("[data-count=circles]")
    expect(circles).to_contain_text("/31")

    page = open_page("/planner?map=0")
    page.get_by_test_id("plan-new").wait_for()
    draw(page, "现状")
    save_and_solve(page, "现状")
    try_on_the_twin(page, "现状")

    # Posts are bound by keys alone, and the answer keeps to it.
    draw(page, "二十五点", "p_median")
    page.locator("#plan-n").fill("25")
    page.locator("[data-choose=SP01]").focus()
    page.keyboard.press("l")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-choose=SP02]")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("tr[data-post=SP01]")).to_have_attribute("data-bound", "locked")
    expect(page.locator("tr[data-post=SP02]")).to_have_attribute("data-bound", "forbidden")
    assert find_faults(page) == []
    save_and_solve(page, "二十五点")
    sites = page.get_by_test_id("plan-sites")
    expect(sites.locator("tbody tr")).to_have_count(25)
    expect(sites.locator("[data-site=SP01]")).to_have_attribute("data-locked", "true")
    expect(sites.locator("[data-site=SP02]")).to_have_count(0)

    # Nothing is held against what was not tried; then the sentence says what the table says.
    page.keyboard.press("2")
    page.locator("#plan-baseline").select_option(label="现状")
    page.watch.allow(409)
    expect(page.locator("[role=alert].refused")).to_contain_text("还没有运行孪生")
    page.keyboard.press("1")
    try_on_the_twin(page, "二十五点")
    page.keyboard.press("2")
    sentence = page.get_by_test_id("plan-sentence")
    expect(sentence).to_contain_text("只试跑了 2 个相同的仿真日")
    p90 = page.locator("tr[data-figure=p90_s]").first
    said = float(re.search(r"90 分位到场(?:差 |少 |多 )([+-]?[\d.]+) 秒", sentence.inner_text())[1])
    shown = float(p90.locator("td").nth(2).inner_text())
    assert abs(said) == abs(shown)
    assert find_faults(page) == []

    ask_and_agree(page)
    assert find_faults(page) == []

    # From this moment the desk goes by it, and what it promised is on the books.
    expect(circles).to_contain_text("/25")
    assert {post.post_id for post in desk.reference.circle_posts} >= {"SP01"}
    page.keyboard.press("4")
    expect(page.get_by_test_id("plan-ledger").locator("[data-post=SP01]").first).to_contain_text(
        "尚无警情"
    )
