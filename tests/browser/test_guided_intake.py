"""接警席 guided: type and level out of the words, questions by key, advice, a seat proposed."""

from __future__ import annotations

from playwright.sync_api import expect

PLAIN = "/intake?map=0"


def answer(desk, page, number="13900001111"):
    """A call rings and is answered by key; returns its id."""
    call_id = desk.done("RegisterCall", line="110", caller_number=number)["call_id"]
    page.wait_for_selector(f"[data-call={call_id}]")
    page.keyboard.press("F2")
    page.wait_for_selector("[data-testid=narrative]")
    return call_id


def is_weapon_recorded(response):
    """Answers follow the opening one by one: true of the one about the weapon."""
    request = response.request
    return request.url.endswith("/RecordFact") and "weapon" in (request.post_data or "")


def level(page, number):
    return page.locator(f"fieldset[data-level='{number}']")


def test_words_give_type_and_level_and_leave_a_manual_choice_alone(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("两个人打架，有人持刀")
    expect(page.locator("[data-testid=type]")).to_contain_text("按叙述建议")
    expect(level(page, 1)).to_be_visible()
    fight = next(t.code for t in desk.reference.types.values() if t.key == "fight_in_progress")
    page.locator("#type").fill(fight)
    page.keyboard.press("Enter")
    # The type of a hand stays; the weapon still raises its level, and says so.
    expect(page.locator("[data-testid=level-why]")).to_contain_text("叙述“持刀”")
    expect(level(page, 1)).to_be_visible()
    page.locator("label", has_text="2").locator("input[name=priority]").check(force=True)
    expect(level(page, 2)).to_be_visible()
    page.locator("[data-testid=narrative]").fill("两个人打架，有人持刀，还捅了人")
    expect(page.locator("ul.suggestions button").first).to_contain_text("捅")
    expect(level(page, 2)).to_be_visible()
    expect(page.locator("[data-testid=type]")).to_have_attribute("data-code", fight)


def test_a_question_answered_by_key_raises_the_level_and_stands_in_the_record(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("门口有人打架")
    expect(level(page, 2)).to_be_visible()
    page.wait_for_selector("[data-testid=questions] [data-asks=weapon]")
    page.keyboard.press("Alt+q")
    asked = page.locator("[data-testid=questions] li")
    facts = [each or "" for each in asked.evaluate_all("items => items.map(i => i.dataset.asks)")]
    for fact in facts[: facts.index("weapon")]:
        assert fact
        page.keyboard.press("u")
    page.keyboard.press("y")
    expect(level(page, 1)).to_be_visible()
    expect(page.locator("[data-testid=level-why]")).to_contain_text("凶器 按问句回答")
    page.locator("#place").fill("老桥")
    with page.expect_response(is_weapon_recorded):
        page.keyboard.press("Control+Enter")
    expect(page.locator("#form-title")).to_contain_text("J1")
    expect(page.locator("[data-testid=said]")).to_contain_text("已立案")
    row = desk.incident("J1")
    assert row["priority"] == 1
    assert row["facts"]["weapon"] == "yes"
    # Once it is open, an answer goes to the record as it is given.
    page.keyboard.press("Alt+q")
    page.keyboard.press("n")
    open_fact = next(fact for fact in facts if fact and fact not in row["facts"])
    expect(page.locator(f"[data-asks={open_fact}] [aria-pressed=true]")).to_contain_text("否")


def test_violence_at_home_proposes_its_seat_and_says_what_to_tell(desk, open_page, find_faults):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("我老公在打我，孩子也在家")
    expect(page.locator("[data-testid=seats]")).to_contain_text("建议专席：反家暴")
    expect(page.locator("[data-testid=advice]")).to_contain_text("孩子")
    page.keyboard.press("Alt+q")
    page.locator("[data-testid=questions] li", has_text="安全的房间").locator("button").click()
    expect(page.locator("[data-testid=narrative]")).to_be_focused()
    page.keyboard.type("邻居家座机")
    expect(page.locator("[data-testid=narrative]")).to_have_value(
        "我老公在打我，孩子也在家\n安全联系方式：邻居家座机"
    )
    assert find_faults(page) == []
