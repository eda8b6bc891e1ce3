"""The administrator's page (管理): a change is looked at, saved, followed by others, taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from kuaifan.vocabulary.outbox import ReportUndelivered


def fill_and_preview(page, values, reason):
    for name, text in values.items():
        page.locator(f"#{name}").fill(text)
    page.locator("#admin-by").fill("李工")
    page.locator("#admin-reason").fill(reason)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("preview-box")).to_be_visible()


def test_a_target_is_changed_with_a_preview_and_the_dispatchers_clock_follows(
    desk, open_page, find_faults
):
    incident_id = desk.open_incident(priority=2)
    dispatch = open_page("/dispatch?map=0")
    row = dispatch.locator(f"[data-incident={incident_id}]")
    expect(row).to_contain_text("限")
    head = desk.desk.live.engine.state.head.seq

    admin = open_page("/admin")
    admin.wait_for_selector("[data-row]")
    admin.keyboard.press("3")
    admin.locator("[data-row='|2'] button").click()
    expect(admin.locator("#field-0")).to_be_focused()
    fill_and_preview(admin, {"field-0": "754"}, "演练：二级首派放宽")
    box = admin.get_by_test_id("preview-box")
    expect(box.locator("[data-effect=other_target]")).to_have_attribute("data-n", "1")
    expect(box.locator("[data-effect=other_target]")).to_contain_text(incident_id)
    expect(box).to_contain_text("754")
    # A look leaves no record; the target is what it was.
    assert desk.desk.live.engine.state.head.seq == head
    assert find_faults(admin) == []

    # A form that differs from what was looked at cannot be saved.
    admin.locator("#field-0").fill("755")
    expect(admin.get_by_test_id("save")).to_be_disabled()
    admin.keyboard.press("Enter")
    expect(admin.get_by_test_id("save")).to_be_enabled()
    admin.keyboard.press("Control+Enter")
    expect(admin.get_by_test_id("saved")).to_contain_text("已保存")
    expect(row).to_contain_text("12:35")

    # Taking it back is one more change.
    admin.keyboard.press("0")
    changes = admin.get_by_test_id("changes")
    expect(changes).to_contain_text("李工")
    expect(changes).to_contain_text("全市 P2")
    changes.get_by_role("button", name="改回").click()
    admin.locator("#admin-reason").press("Enter")
    expect(admin.get_by_test_id("save")).to_be_enabled()
    admin.get_by_test_id("save").click()
    expect(admin.get_by_test_id("saved")).to_contain_text("已保存")
    expect(row).not_to_contain_text("12:35")
    assert len(desk.desk.settings.changes) == 2


def test_a_new_unit_is_added_by_keyboard_and_a_bad_one_is_refused_in_words(desk, open_page):
    page = open_page("/admin")
    page.wait_for_selector("[data-row]")
    page.keyboard.press("6")
    page.keyboard.press("n")
    expect(page.locator("#key-0")).to_be_focused()
    page.watch.allow(409)
    page.keyboard.type("P901")
    page.keyboard.press("Tab")
    page.keyboard.type(next(iter(desk.reference.units.values())).call_sign)
    page.locator("#field-5").fill("2")
    page.get_by_label("持械").check()
    page.locator("#admin-by").fill("李工")
    page.locator("#admin-reason").fill("新增一车")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert].refused")).to_contain_text("已由")
    page.locator("#field-0").fill("巡特901")
    page.locator("#admin-reason").press("Enter")
    expect(page.get_by_test_id("preview-box")).to_contain_text("全市有 持械 的警力")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-row=P901]")).to_contain_text("巡特901")
    assert desk.reference.units["P901"].skills == ("armed",)


def test_what_could_not_be_told_is_repeated_or_dismissed(desk, open_page, find_faults):
    told = {"why": "silent", "n_attempts": 14}
    for n, (channel, what) in enumerate((("phone", "hold"), ("119", "request")), start=1):
        about = {"channel": channel, "what": what, "request_id": "J1-A1", **told}
        report = ReportUndelivered(effect_id=f"{n}-0-1", **about)
        desk.desk.live.submit(report, actor="outbox").wait(20)
    admin = open_page("/admin")
    admin.wait_for_selector("[data-row]")
    admin.keyboard.press("l")
    letters = admin.get_by_test_id("letters").locator("li")
    expect(letters).to_have_count(2)
    expect(letters.nth(0)).to_contain_text("话机系统 保持")
    expect(letters.nth(1)).to_contain_text("消防救援 联动请求 J1-A1")
    assert find_faults(admin) == []
    letters.nth(1).get_by_role("button", name="重发").click()
    expect(letters.nth(1).get_by_role("button", name="正在重发")).to_be_disabled()
    letters.nth(0).get_by_role("button", name="已另行告知").click()
    expect(letters).to_have_count(1)
    assert list(desk.desk.live.engine.board.outbox.letters) == ["2-0-1"]
