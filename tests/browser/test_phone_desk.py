"""The line itself in a browser: a ring pops up, is held, passed on, missed, silent, guarded."""

from __future__ import annotations

from playwright.sync_api import expect

PLAIN = "/intake?map=0"


def seated(open_page, number, person):
    """A page of a seat, a person logged on by the dialog."""
    page = open_page(PLAIN, settings={"seat": str(number)})
    # What the rules refuse is said on the page.
    page.watch.allow(409)
    page.locator("[data-testid=seat]").click()
    page.locator("[data-testid=person]").fill(person)
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-testid=seat]")).to_contain_text(person)
    return page


def calls(desk):
    return desk.board()["views"]["calls"]


def test_a_ring_is_answered_held_passed_on_and_a_missed_one_is_called_back(
    desk, open_page, find_faults
):
    one, two = seated(open_page, 1, "王磊"), seated(open_page, 2, "李敏")

    call_id = desk.done("RegisterCall", line="122", caller_number="13900001111")["call_id"]
    row = one.locator(f"[data-call={call_id}]")
    expect(row).to_contain_text("分配给本席")
    expect(row).to_contain_text("122")
    expect(two.locator(f"[data-call={call_id}]")).to_contain_text("分配 接警 1 席")
    one.keyboard.press("F2")
    expect(one.locator("[data-testid=control]")).to_contain_text("13900001111")

    one.keyboard.press("F3")
    expect(one.locator("[data-testid=control]")).to_contain_text("已保持")
    one.locator("[data-testid=hang-up]").click()
    expect(one.locator("[data-testid=said]")).to_contain_text("正在保持，请先取回")
    one.keyboard.press("F3")
    one.keyboard.press("F6")
    one.locator("[data-testid=transfer-to]").select_option("intake-2")
    one.locator("[data-testid=transfer-do]").click()
    expect(one.locator("[data-testid=control]")).to_contain_text("转接 intake-2，待签收")
    assert calls(desk)[call_id]["seat_id"] == "intake-1"
    two.locator(f"[data-accept={call_id}]").click()
    expect(two.locator("[data-testid=control]")).to_contain_text("13900001111")
    assert calls(desk)[call_id]["seat_id"] == "intake-2"

    missed_id = desk.done("RegisterCall", line="110", caller_number="13900002222")["call_id"]
    desk.done("HangUpCall", call_id=missed_id)
    one.locator(f"[data-call-back={missed_id}]").click()
    one.locator(f"[data-missed={missed_id}] [data-outcome=no_answer]").click()
    expect(one.locator(f"[data-missed={missed_id}]")).to_contain_text("已回拨 1 次")
    one.locator(f"[data-call-back={missed_id}]").click()
    one.locator(f"[data-missed={missed_id}] [data-outcome=talked]").click()
    expect(one.locator("[data-testid=control]")).to_contain_text("13900002222")
    assert calls(desk)[missed_id]["state"] == "talking"
    assert find_faults(one) == []


def test_a_silent_caller_is_taken_step_by_step_and_only_a_person_ends_it(
    desk, open_page, find_faults
):
    page = seated(open_page, 1, "王磊")
    call_id = desk.done("RegisterCall", line="110", caller_number="13900003333")["call_id"]
    expect(page.locator(f"[data-call={call_id}]")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("[data-testid=control]")).to_contain_text("13900003333")
    page.keyboard.press("F7")
    page.locator("[data-testid=silence]").click()
    steps = page.locator("[data-testid=silent-steps]")
    expect(steps.locator("[aria-current=step]")).to_contain_text("听")
    page.locator("[data-testid=clear]").click()
    expect(page.locator("[data-testid=phone-said]")).to_contain_text("须填写理由")
    page.locator("[data-sign=keypad_yes]").click()
    expect(steps.locator("[aria-current=step]")).to_contain_text("派一组")
    expect(page.locator("[data-testid=control]")).to_contain_text("禁止回拨")
    assert calls(desk)[call_id]["never_ring"]
    # A rule has opened the incident: the form completes it.
    expect(page.locator("#form-title")).to_contain_text("补充 J1")
    page.keyboard.press("F8")
    page.get_by_label("写给报警人").fill("您安全吗")
    page.locator("[data-testid=send-text]").click()
    expect(page.locator("[data-testid=phone-said]")).to_contain_text("禁止回拨")
    page.keyboard.press("Alt+t")
    page.get_by_label("姓名、单位或语种").fill("维语译员")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=parties]")).to_contain_text("维语译员")
    page.keyboard.press("Alt+g")
    page.locator("[data-testid=guard-why]").fill("辱骂")
    page.locator("[data-testid=limit]").click()
    expect(page.locator("[data-testid=phone-said]")).to_contain_text("值班领导")
    assert find_faults(page) == []


def test_a_seat_is_paused_and_handed_over_with_a_signature(desk, open_page, find_faults):
    page = seated(open_page, 1, "王磊")
    page.locator("[data-testid=seat]").click()
    page.get_by_label("暂离原因").fill("用餐")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=seats]")).to_contain_text("用餐")
    page.locator("[data-testid=resume-seat]").click()
    page.get_by_label("接班人").fill("李敏")
    page.get_by_label("交班说明").fill("C1 等译员")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=hand-over]")).to_contain_text("C1 等译员")
    assert find_faults(page) == []
    page.locator("[data-testid=sign-seat]").click()
    expect(page.locator("[data-testid=seats]")).to_contain_text("李敏")
    page.locator("[data-testid=log-off]").click()
    expect(page.locator("[data-testid=log-on]")).to_be_visible()
    assert desk.board()["views"]["seats"] == {}
