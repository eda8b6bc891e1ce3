"""What the hand has typed or opened stays as it is, whatever happens on the board meanwhile."""

from __future__ import annotations

from browser_watch import PHONE_SIZE
from playwright.sync_api import expect

PLAIN = "/dispatch?map=0"
SAID = "[data-testid=said]"
NO_STORE = "Object.defineProperty(window, 'indexedDB', {value: undefined})"


def test_a_form_stays_while_its_row_changes_and_the_keys_rest_while_they_are_read(desk, open_page):
    incident_id = desk.open_incident(priority=3)
    page = open_page(PLAIN)
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")
    page.keyboard.press("b")
    form = page.locator("[data-testid=send-form]")
    form.locator("input[type=number]").fill("3")
    form.locator("select").select_option("armed")
    reason = form.get_by_label("原因")
    reason.press_sequentially("人多，")
    desk.done("SetPriority", incident_id=incident_id, priority=2, reason="升级")
    expect(page.locator("#incident-panel header").first).to_contain_text("2 级")
    page.keyboard.type("带刀")
    expect(reason).to_have_value("人多，带刀")
    expect(form.locator("input[type=number]")).to_have_value("3")
    expect(form.locator("select")).to_have_value("armed")
    # Closed in mid-word, it is there again as it was.
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    page.keyboard.press("b")
    expect(reason).to_have_value("人多，带刀")
    page.keyboard.press("Escape")

    row = page.locator(f"[data-incident='{incident_id}']")
    row.focus()
    page.keyboard.press("?")
    card = page.locator("dialog[open]")
    expect(card).to_be_visible()
    for key in ("1", "x", "u"):
        page.keyboard.press(key)
    expect(card).to_be_visible()
    expect(page.locator("[data-testid=panel]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(row).to_be_focused()
    assert desk.incident(incident_id)["orders"] == []
    expect(form).to_have_count(0)


def test_a_phone_that_keeps_nothing_still_calls_for_help_and_sends_what_it_holds(desk, open_page):
    unit_id = next(iter(desk.reference.units))
    incident_id = desk.open_incident(priority=2)
    desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
    page = open_page(f"/patrol?unit={unit_id}", size=PHONE_SIZE, offsets=[NO_STORE])
    page.watch.allow_bad_line()
    page.wait_for_selector("[data-step=AcknowledgeOrder]")
    page.context.set_offline(True)
    page.locator("[data-step=AcknowledgeOrder]").click()
    expect(page.get_by_test_id("unkept")).to_contain_text("请勿关闭")
    button = page.get_by_test_id("help")
    button.focus()
    page.keyboard.down("Space")
    expect(page.get_by_test_id("help-waits")).to_contain_text("立即用电台呼救")
    page.keyboard.up("Space")
    page.context.set_offline(False)
    expect(page.get_by_test_id("help-sent")).to_contain_text("已送达")
    expect(page.get_by_test_id("unkept")).to_have_count(0)
    assert desk.board()["views"]["units"][unit_id]["emergency_id"] == "E1"
    assert desk.incident(incident_id)["orders"][0]["state"] == "acknowledged"
