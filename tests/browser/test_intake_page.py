"""接警席 in a browser: written while listening, no word lost, saved on place and type."""

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


def test_the_cursor_is_in_the_story_and_the_type_is_suggested(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    expect(page.locator("[data-testid=narrative]")).to_be_focused()
    page.keyboard.type("有人持刀")
    expect(page.locator("[data-testid=type]")).to_be_visible()
    code = page.locator("[data-testid=type]").get_attribute("data-code")
    suggested = desk.http.post("/v1/suggest", json={"text": "有人持刀"}).json()
    assert code == suggested["types"][0]["code"]


def test_a_suggestion_leaves_a_manual_choice_alone(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    chosen = desk.type_code(4)
    page.locator("#type").fill(chosen)
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=type]")).to_have_attribute("data-code", chosen)
    page.locator("[data-testid=narrative]").fill("有人持刀")
    page.wait_for_selector("ul.suggestions button")
    expect(page.locator("[data-testid=type]")).to_have_attribute("data-code", chosen)


def test_ctrl_enter_saves_on_type_and_words_for_a_place_flagged_unverified(desk, open_page):
    page = open_page(PLAIN)
    call_id = answer(desk, page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=said]")).to_contain_text("还缺")
    page.keyboard.type("持刀抢劫")
    page.wait_for_selector("[data-testid=type]")
    page.locator("#place").fill("查无此地的老桥下面")
    expect(page.locator("[data-testid=place-state]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=said]")).to_contain_text("待核实")
    incident = next(iter(desk.board()["views"]["incidents"].values()))
    assert incident["call_ids"] == [call_id]
    assert incident["address"] == "查无此地的老桥下面"
    assert not incident["is_placed"]


def test_what_is_learned_later_completes_the_incident(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("持刀抢劫")
    page.wait_for_selector("[data-testid=type]")
    page.locator("#place").fill("老桥")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#form-title")).to_contain_text("J1")
    page.locator("[data-testid=narrative]").fill("持刀抢劫，往东跑了")
    page.get_by_label("报警人姓名").fill("李某")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=said]")).to_contain_text("已补充")
    assert desk.incident("J1")["narrative"] == "持刀抢劫，往东跑了"
    assert desk.board()["views"]["calls"]["C1"]["caller_name"] == "李某"


def test_a_reload_in_mid_call_brings_every_word_back(desk, open_page):
    page = open_page(PLAIN)
    call_id = answer(desk, page)
    page.keyboard.type("两车相撞")
    page.locator("#place").fill("人民路口")
    page.get_by_label("报警人姓名").fill("王某")
    page.reload()
    expect(page.locator("[data-testid=narrative]")).to_have_value("两车相撞")
    expect(page.locator("#place")).to_have_value("人民路口")
    expect(page.get_by_label("报警人姓名")).to_have_value("王某")
    expect(page.locator("#form-title")).to_contain_text(call_id)


def test_a_call_about_an_open_incident_is_attached_by_hand_only(desk, open_page):
    incident_id = desk.open_incident(priority=2, call_id="")
    first = desk.done("RegisterCall", line="110", caller_number="13700001111")["call_id"]
    desk.done("AttachCall", call_id=first, incident_id=incident_id)
    desk.done("HangUpCall", call_id=first)
    page = open_page(PLAIN)
    second = answer(desk, page, number="13700001111")
    expect(page.locator(f"[data-attach={incident_id}]")).to_be_visible()
    assert desk.incident(incident_id)["call_ids"] == [first]
    page.keyboard.press("Alt+m")
    expect(page.locator("[data-testid=said]")).to_contain_text("已关联")
    assert desk.incident(incident_id)["call_ids"] == [first, second]


def test_a_walk_in_is_registered_and_in_the_form_at_once(desk, open_page):
    page = open_page(PLAIN)
    page.get_by_text("登记来电").click()
    page.locator("[data-testid=register]").click()
    expect(page.locator("[data-testid=narrative]")).to_be_focused()
    assert desk.board()["views"]["calls"]["C1"]["line"] == "walk_in"
    page.locator("[data-testid=hang-up]").click()
    expect(page.locator("[data-testid=hang-up]")).to_contain_text("离开")
    assert desk.board()["views"]["calls"]["C1"]["state"] == "ended"


def test_composing_with_an_input_method_triggers_no_shortcut(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    page.locator("[data-testid=narrative]").dispatch_event(
        "keydown", {"key": "Enter", "ctrlKey": True, "isComposing": True, "bubbles": True}
    )
    page.locator("#place").dispatch_event(
        "keydown", {"key": "1", "altKey": True, "isComposing": True, "bubbles": True}
    )
    # The Enter that ends a composition chooses nothing of the list below the field.
    field = page.locator("#type")
    field.fill("盗")
    page.wait_for_selector("#type-0")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(page.locator("#type-0")).to_be_visible()
    expect(field).to_have_value("盗")
    expect(page.locator("[data-testid=said]")).not_to_contain_text("还缺")
    assert desk.board()["views"]["incidents"] == {}


def test_a_place_is_found_as_one_types_and_chosen_by_alt_and_its_number(desk, open_page):
    street = next(name for name in desk.reference.network.names if name)
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("持刀抢劫")
    page.wait_for_selector("[data-testid=type]")
    state = page.locator("[data-testid=place-state]")
    page.watch.allow_bad_line()
    page.route("**/v1/places", lambda asked: asked.abort())
    page.locator("#place").fill(street)
    expect(state).to_contain_text("没有应答")
    page.unroute("**/v1/places")
    page.wait_for_selector("#place-0")
    expect(state).not_to_contain_text("没有应答")
    page.keyboard.press("Alt+1")
    expect(state).to_contain_text("已定位")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#form-title")).to_contain_text("J1")
    assert desk.incident("J1")["is_placed"]
    assert street in desk.incident("J1")["address"]
