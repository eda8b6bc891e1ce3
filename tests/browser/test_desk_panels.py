"""派警席, panels under the map: boards, layers, kinship, search, plans, major, broadcast, card."""

import re

import pytest
from playwright.sync_api import expect

PLAIN = "/dispatch?map=0"
SAID = "[data-testid=said]"
PANEL = "[data-testid=panel]"
KEYS = "UPGJSDWVC"


def send_line(page, text):
    page.keyboard.press("/")
    page.locator("#command-line").fill(text)
    page.keyboard.press("Enter")


def select(page, incident_id):
    page.locator(f"[data-incident='{incident_id}']").click()
    expect(page.locator("#incident-title")).to_contain_text(incident_id)


def opened_panel(page, key):
    page.keyboard.press("Escape")
    page.keyboard.press(key)
    expect(page.locator(PANEL)).to_be_visible()
    return page.locator(PANEL)


def closed(desk, incident_id):
    by_phone = {"disposition": "by_phone", "approved_by": "chief"}
    desk.done("SettleByPhone", incident_id=incident_id, **by_phone)
    for request in desk.incident(incident_id)["requests"]:
        desk.done("AcceptAgencyRequest", request_id=request["request_id"], by="b")
    desk.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    desk.done("CloseIncident", incident_id=incident_id)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_panel_opens_by_its_key_without_a_fault_of_access(
    desk, open_page, find_faults, theme
):
    near = desk.open_incident(priority=2)
    desk.open_incident(priority=2, north_m=60)
    major = {"incident_id": near, "by": "d"}
    desk.done("DeclareMajor", incident_id=near, reason="r", declared_by="chief")
    desk.done("ReportUp", target="bureau", **major)
    desk.done("AddAfterAction", what="w", owner="o", due_at_ms=10**13, **major)
    desk.done("Broadcast", text="留意白色面包车", by="d", minutes=30)
    page = open_page(PLAIN)
    page.wait_for_selector(f"[data-incident='{near}']")
    if theme == "light":
        page.get_by_role("button", name="浅色").click()
    select(page, near)
    for key in KEYS:
        opened_panel(page, key)
        assert find_faults(page) == [], key
        assert page.evaluate("document.activeElement.closest('[data-testid=panel]') !== null"), key
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_have_count(0)


def test_the_unit_board_stands_still_under_the_hand(desk, open_page):
    units = list(desk.board()["views"]["units"].values())
    page = open_page(PLAIN)
    board = opened_panel(page, "U")
    rows = board.locator("[data-unit-row]")
    expect(rows).to_have_count(len(units))
    page.keyboard.press("ArrowDown")
    before = rows.evaluate_all("rows => rows.map(row => row.dataset.unitRow)")
    desk.done("SetUnitStatus", unit_id=before[0], status="meal")
    expect(rows.first).to_contain_text("用餐")
    assert rows.evaluate_all("rows => rows.map(row => row.dataset.unitRow)") == before
    page.keyboard.press("Enter")
    sign = next(each["call_sign"] for each in units if each["unit_id"] == before[0])
    expect(page.locator("#unit-title")).to_contain_text(sign)
    board.locator("input").fill("用餐")
    expect(rows).to_have_count(1)
    board.locator("input").fill("")
    page.locator("#queue-title").click()
    expect(rows.last).to_contain_text("用餐")
    posts = opened_panel(page, "P")
    posts.locator("input").fill(sign)
    expect(posts.locator("[data-post-row]")).to_have_count(1)


def test_layers_survive_a_reload(open_page):
    page = open_page(PLAIN)
    switch = "[data-layer=circles]"
    opened_panel(page, "G").locator(switch).click()
    expect(page.locator(switch)).to_have_attribute("aria-checked", "false")
    page.reload()
    page.wait_for_selector("#queue-title")
    opened_panel(page, "G")
    expect(page.locator(switch)).to_have_attribute("aria-checked", "false")
    expect(page.locator("[data-layer=units]")).to_have_attribute("aria-checked", "true")


def test_a_merge_says_what_it_changes_and_the_closed_one_is_found_and_goes_on(desk, open_page):
    first, second = desk.open_incident(), desk.open_incident(north_m=60)
    done = desk.open_incident(priority=3, east_m=900)
    closed(desk, done)
    page = open_page(PLAIN)
    page.wait_for_selector(f"[data-incident='{second}']")
    send_line(page, f"M {second} {first}")
    does = page.locator("[data-testid=consequences]")
    expect(does).to_contain_text(f"{second} 离开队列，并入 {first}")
    page.get_by_role("button", name="确认并案").click()
    expect(page.locator(SAID)).to_contain_text(f"{second} 已并入 {first}")
    expect(page.locator(f"[data-incident='{second}']")).to_have_count(0)
    opened_panel(page, "S").locator("[data-testid=search-field]").fill(second[1:])
    row = page.locator(f"[data-found='{second}']")
    expect(row).to_contain_text(f"已并案 → {first}")
    page.locator("[data-testid=search-field]").fill(done)
    page.locator(f"[data-found='{done}']").click()
    page.keyboard.type("又打起来了")
    page.keyboard.press("Enter")
    expect(page.locator("#incident-title")).to_contain_text(done)
    assert desk.incident(done)["state"] == "queued"


def test_two_are_linked_by_the_list_and_one_is_split(desk, open_page):
    first, second = desk.open_incident(), desk.open_incident(north_m=60)
    call_id = desk.done("RegisterCall", line="110")["call_id"]
    desk.done("AnswerCall", call_id=call_id, seat_id="s1")
    desk.done("AttachCall", call_id=call_id, incident_id=first)
    page = open_page(PLAIN)
    page.wait_for_selector(f"[data-incident='{second}']")
    select(page, first)
    panel = opened_panel(page, "J")
    panel.locator("[data-kin=link]").click()
    panel.locator(f"[data-other='{second}']").click()
    panel.get_by_role("button", name="确认关联").click()
    expect(page.locator(SAID)).to_contain_text(f"{first} 已与 {second} 关联")
    assert desk.incident(second)["linked_ids"] == [first]
    panel = opened_panel(page, "J")
    panel.locator("[data-kin=split]").click()
    panel.get_by_label(f"来电 {call_id}").check()
    panel.get_by_label("警情类别").fill(desk.type_code(2))
    panel.get_by_label("原因").fill("两件事")
    expect(page.locator("[data-testid=consequences]")).to_contain_text(f"移出来电：{call_id}")
    panel.get_by_role("button", name="确认拆分").click()
    expect(page.locator(SAID)).to_contain_text(f"{first} 已拆分")
    assert desk.incident(first)["call_ids"] == []


def test_what_is_put_off_starts_by_itself_and_what_a_unit_finds_is_on_scene(desk, open_page):
    later = desk.open_incident()
    page = open_page(PLAIN)
    select(page, later)
    panel = opened_panel(page, "D")
    panel.get_by_role("button", name=f"改为预约：{later}").click()
    expect(page.locator("[data-testid=coming]")).to_contain_text(later)
    expect(page.locator(f"[data-incident='{later}']")).to_have_count(0)
    desk.done("ScheduleIncident", incident_id=later, due_at_ms=desk.desk.clock()[0] + 1_500)
    expect(page.locator(f"[data-incident='{later}']")).to_have_count(1)
    expect(page.locator("[data-testid=coming]")).not_to_contain_text(later)
    unit = next(iter(desk.board()["views"]["units"].values()))
    form = panel.locator("[data-testid=self]")
    form.get_by_label("发现警力").fill(unit["unit_id"])
    form.get_by_label("警情类别").fill(desk.type_code(3))
    form.get_by_role("button").click()
    expect(page.locator(SAID)).to_contain_text(f"{unit['call_sign']} 自行发现警情")
    found = page.locator("#incident-title").inner_text().split()[0]
    assert desk.incident(found)["orders"][0]["state"] == "on_scene"


def test_a_major_incident_is_reported_up_with_receipt_and_what_is_owed_is_ticked(desk, open_page):
    incident_id = desk.open_incident()
    page = open_page(PLAIN)
    select(page, incident_id)
    panel = opened_panel(page, "W")
    panel.get_by_label("经办人").fill("赵")
    panel.get_by_label("原因").fill("多人受伤")
    page.keyboard.press("Enter")
    banner = page.locator("[data-testid=major-banner]")
    expect(banner).to_contain_text("记录员未指定")
    panel.get_by_label("报给谁").fill("市局值班领导")
    page.keyboard.press("Enter")
    expect(banner).to_contain_text("已上报 1 次，未签收 1")
    panel.get_by_label("第 1 条上报的签收人").fill("吴局")
    panel.get_by_role("button", name="登记回执").click()
    expect(panel.locator("[data-testid=receipt]")).to_contain_text("吴局 于")
    panel.locator("[data-testid=keeper] input").fill("李警官")
    page.keyboard.press("Enter")
    expect(banner).to_contain_text("记录员 李警官")
    panel.get_by_label("事项", exact=True).fill("调取监控")
    panel.get_by_label("责任人").fill("王")
    panel.get_by_role("button", name="登记后续事项").click()
    expect(panel.locator("[data-testid=after]")).to_contain_text("调取监控")
    panel.get_by_role("button", name="解除重大").click()
    expect(banner).to_have_count(0)
    closed(desk, incident_id)
    page.locator(f"[data-owed='{incident_id}']").click()
    page.locator("[data-testid=after] input").click()
    expect(page.locator(f"[data-owed='{incident_id}']")).to_have_count(0)


def test_a_broadcast_is_read_on_the_phone_and_counted_at_the_desk(desk, open_page):
    incident_id = desk.open_incident()
    units = desk.board()["views"]["units"]
    unit_id = next(iter(units))
    page = open_page(PLAIN)
    select(page, incident_id)
    panel = opened_panel(page, "V")
    panel.get_by_label("内容类型").select_option("person")
    panel.get_by_label("体貌特征").fill("高个，红外套")
    panel.get_by_role("button", name="发布广播").click()
    counted = panel.locator("[data-testid=read]")
    expect(counted).to_have_text(f"已阅 0 / {len(units)}")
    phone = open_page(f"/patrol?unit={unit_id}&map=0", size=(390, 844))
    told = phone.locator("[data-testid=crew-broadcasts]")
    expect(told).to_contain_text("高个，红外套")
    told.get_by_role("button", name="已阅").click()
    expect(counted).to_have_text(f"已阅 1 / {len(units)}")
    closed(desk, incident_id)
    expect(told).to_have_count(0)
    page.watch.allow(409)
    send_line(page, "播 13800001111")
    page.get_by_role("button", name="发布广播").click()
    expect(page.locator(SAID)).to_contain_text("不得含手机号")


def test_the_card_is_one_page_and_the_only_thing_on_it(desk, open_page):
    incident_id = desk.open_incident()
    desk.done("AddNote", incident_id=incident_id, text="穿红外套")
    page = open_page(PLAIN)
    select(page, incident_id)
    opened_panel(page, "C")
    card = page.locator("[data-testid=card]")
    expect(card).to_contain_text(incident_id)
    expect(card).to_contain_text("穿红外套")
    expect(card.locator("[data-testid=card-near]")).to_have_text(re.compile(r".{2,}"))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".paper")).to_contain_text("穿红外套")
    expect(page.locator("#queue-title")).not_to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".paper")).to_have_count(0)
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
