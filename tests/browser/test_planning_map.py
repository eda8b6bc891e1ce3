"""The planner's map (规划图): rings and squares follow the posts, and the words say the same."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

MAP_MS = 60_000
READ_MS = 30_000


@pytest.fixture(name="desk")
def fixture_desk(planned_desk):
    return planned_desk


def opened(open_page, address="/planner"):
    page = open_page(address)
    page.get_by_test_id("plan-new").wait_for()
    return page


def shares(page):
    """Share of the calls by ring, as the legend says it once it is not being worked out."""
    bar = page.get_by_test_id("plan-layers")
    expect(bar).to_have_attribute("data-reading", "false", timeout=READ_MS)
    lines = bar.locator("li[data-ring]")
    said = {line.get_attribute("data-ring"): line.inner_text() for line in lines.all()}
    return {ring: float(re.search(r"([\d.]+)%", text)[1]) for ring, text in said.items()}


def asked_of(page, act):
    """What the server answered to what an act made the page ask."""
    with page.expect_response("**/v1/plans/rings", timeout=READ_MS) as answered:
        act()
    return answered.value


def test_the_map_draws_rings_and_what_they_leave_out_and_follows_every_post(open_page):
    page = opened(open_page)
    page.wait_for_selector("[data-testid=plan-map][data-idle=true]", timeout=MAP_MS)
    plan_map = page.get_by_test_id("plan-map")
    expect(plan_map).to_have_attribute("data-streets", "3")
    now = shares(page)
    assert 0 < now["1"] <= now["3"] <= now["5"]
    assert now["5"] + now["beyond"] == pytest.approx(100, abs=0.11)

    # Every post but one is forbidden: less is reached, and the rest is drawn as squares.
    page.keyboard.press("n")
    posts = page.locator("[data-choose]")
    for i in range(1, posts.count()):
        posts.nth(i).focus()
        page.keyboard.press("x")
    expect(page.locator("tr[data-bound=free]")).to_have_count(1)
    few = shares(page)
    assert few["5"] < now["5"]
    squares = int(plan_map.get_attribute("data-squares"))
    assert squares > 0
    page.locator("summary").first.click()
    rows = page.get_by_test_id("layer-squares").locator("tbody tr")
    expect(rows).to_have_count(min(squares, 50))
    expect(rows.first).to_contain_text("5 分钟外")

    # The one that is left is dragged away: asked once it is let go, and answered for that place.
    posts.first.click()
    marker = page.locator(".plan-mark.chosen")
    expect(marker).to_have_count(1)
    box = marker.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag():
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y, steps=4)
        page.mouse.up()

    answer = asked_of(page, drag)
    assert len(answer.request.post_data_json["posts"]) == 1
    assert answer.ok
    bands = {f"{band['ring_min']:g}": band for band in answer.json()["bands"]}
    moved = shares(page)
    for ring, band in bands.items():
        assert moved[ring] == pytest.approx(100 * band["share"], abs=0.051)
    expect(page.locator("tr[data-post] td").nth(1)).to_contain_text("已移动")


def test_calls_are_shaded_and_one_post_is_looked_at_alone(open_page, find_faults):
    page = opened(open_page)
    page.wait_for_selector("[data-testid=plan-map][data-idle=true]", timeout=MAP_MS)
    plan_map = page.get_by_test_id("plan-map")
    whole = shares(page)
    page.keyboard.press("n")
    page.locator("[data-choose]").first.click()
    alone = asked_of(page, page.get_by_test_id("only-one").check)
    assert len(alone.request.post_data_json["posts"]) == 1
    one = shares(page)
    assert one["5"] < whole["5"]
    # What one post does not reach another may: nothing is said to be out of reach.
    assert "beyond" not in one
    expect(plan_map).to_have_attribute("data-squares", "0")

    page.locator("[data-choice=calls]").click()
    expect(plan_map).to_have_attribute("data-streets", "0")
    counts = page.get_by_test_id("layer-legend").locator("li").all_inner_texts()
    in_words = sum(int(re.search(r"(\d+) 格", text)[1]) for text in counts)
    expect(plan_map).to_have_attribute("data-squares", str(in_words))
    assert find_faults(page) == []
    page.locator("[data-choice=none]").click()
    expect(plan_map).to_have_attribute("data-squares", "0")
    expect(page.get_by_test_id("layer-legend")).to_have_count(0)


def test_without_a_map_the_words_and_the_table_say_the_same_and_what_cannot_be_is_said(
    open_page, find_faults
):
    page = opened(open_page, "/planner?map=0")
    assert shares(page)["5"] > 0
    page.locator("summary").first.click()
    assert find_faults(page) == []
    page.keyboard.press("n")
    page.watch.allow(409)
    posts = page.locator("[data-choose]")
    for i in range(posts.count()):
        posts.nth(i).focus()
        page.keyboard.press("x")
    refused = page.get_by_test_id("plan-layers").locator("[role=alert]")
    expect(refused).to_contain_text("方案没有驻点")
    expect(page.get_by_test_id("layer-legend")).to_have_count(0)
    # One is let stand again, and what it reaches is there again.
    page.keyboard.press("x")
    expect(refused).to_have_count(0)
    assert 0 < shares(page)["5"] < 100


def test_a_draft_begun_before_the_posts_are_there_waits_for_them(desk, open_page):
    page = open_page("/start")
    held, let_go = [], []

    def hold(route):
        if let_go:
            route.continue_()
        else:
            held.append(route)

    page.route("**/v1/plans", hold)
    with page.expect_request("**/v1/plans"):
        page.goto(desk.url + "/planner?map=0")
    page.get_by_test_id("plan-new").wait_for()
    page.keyboard.press("n")
    expect(page.locator("[data-choose]")).to_have_count(0)
    let_go.append(True)
    for route in held:
        route.continue_()
    expect(page.locator("[data-choose]")).to_have_count(len(desk.reference.circle_posts))
