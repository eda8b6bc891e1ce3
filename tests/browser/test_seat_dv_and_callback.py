"""Two seats worked from their pages: violence to its first visit, a call-back to its answer."""

import pytest
from browser_desk import ServedCity
from seat_steps import choose_item, choose_row, do, figure, open_seat, told_no, wait_gone

from kuaifan.board.day_tally import CITY_OFFSET_MS

DV_NOW, FIGHT = "020103", "020302"
NUMBER = "13812345678"
MORNING_MIN = 10 * 60


@pytest.fixture(name="desk", scope="module")
def fixture_desk(city_dir, tmp_path_factory):
    with ServedCity(city_dir, tmp_path_factory.mktemp("seats")) as served:
        served.man(4)
        minute = (served.desk.clock()[0] + CITY_OFFSET_MS) // 60_000 % 1_440
        served.pass_s((MORNING_MIN - minute) % 1_440 * 60)
        yield served


def handled(desk, incident_id, disposition="handled", **letter):
    """A unit goes there, handles it and gives its feedback."""
    unit_id = next(iter(desk.board()["views"]["units"]))
    order_id = desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)["order_id"]
    for request in desk.incident(incident_id)["requests"]:
        desk.done("AcceptAgencyRequest", request_id=request["request_id"], by="值班")
    desk.done("ReportHandled", order_id=order_id)
    told = {"order_id": order_id, "incident_id": incident_id, "disposition": disposition}
    desk.done("GiveFeedback", **told, **letter)


def item_of(page, title):
    """The item of the list with a title, by its id."""
    return page.wait_for_selector(f"[data-item]:has-text('{title}')").get_attribute("data-item")


def test_a_case_of_violence_is_worked_from_the_page_of_its_seat(desk, open_page, find_faults):
    incident_id = desk.open_incident(type_code=DV_NOW, address="幸福里 9 栋 303")
    no_letter = {"letter": {"issued": False, "reason": "由专席出具"}}
    handled(desk, incident_id, "warned", **no_letter)
    told = {"incident_id": incident_id, "number": "告诫〔2026〕7 号", "facts": "推打致手臂淤青"}
    desk.done("IssueWarning", **told, by="沈")
    page = open_seat(open_page, "domestic_violence", role="dv_officer", size=(1366, 900))
    confirm = item_of(page, "家暴事实核实")
    choose_item(page, confirm)
    do(page, "ConfirmViolence", {"facts": ["slight_injury", "alcohol"]})
    wait_gone(page, confirm)
    letter = item_of(page, "告诫书送达")
    desk.done("ServeWarning", item_id=letter, party="victim", is_signed=True, by="沈")
    choose_item(page, letter)
    refused = {"party": "respondent", "is_signed": False}
    assert "见证人" in told_no(page, "ServeWarning", refused)
    page.keyboard.press("Escape")
    do(page, "ServeWarning", {**refused, "witness": "社区干部"})
    page.wait_for_selector(f"[data-item={letter}]:has-text('待告知')")
    do(page, "TellCommittee", {"committee": "龙泉社区", "received_by": "李主任"})
    wait_gone(page, letter)

    # The rule proposes with its reasons; an officer confirms, and the first visit is planned.
    level = item_of(page, "关注等级确认")
    page.wait_for_selector("[data-testid=table-households] :text('酒后致伤')")
    choose_item(page, level)
    do(page, "ConfirmAttention", {"level": "orange"})
    wait_gone(page, level)
    page.wait_for_selector(f"[data-row='{incident_id}-H']:has-text('橙色')")
    assert find_faults(page) == []
    visit = item_of(page, "家暴回访查访")
    choose_item(page, visit)
    do(page, "RecordSafetyVisit", {"result": "done", "is_safe": True})
    wait_gone(page, visit)
    safety = item_of(page, "家暴安全回访")
    choose_row(page, "households", f"{incident_id}-H")
    do(page, "AgreeSafeContact", {"number": NUMBER, "from_min": "480", "to_min": "1200"})
    choose_item(page, safety)
    do(page, "RecordSafetyCall", {"number": NUMBER, "is_reached": True, "is_safe": True})
    wait_gone(page, safety)
    page.wait_for_selector("[data-figure=visits_on_time]:has-text('1/1')")
    assert "1/1" in figure(page, "letter_rate")
    another_consents(desk, page, find_faults)


def another_consents(desk, page, find_faults):
    """What needs a second person is asked for by the form, and given by another on the page."""
    incident_id = desk.open_incident(type_code=DV_NOW, address="和平里 2 栋 101", north_m=2_000)
    confirm = page.wait_for_selector(f"[data-item]:has-text('{incident_id}'):has-text('事实核实')")
    item_id = confirm.get_attribute("data-item")
    choose_item(page, item_id)
    page.watch.allow(409)
    do(page, "RejectViolence", {"reason": "双方均称无肢体冲突"}, sure=True)
    page.wait_for_selector("[data-testid=requests]:has-text('家暴不成立')")
    page.fill("[data-testid=me]", "秦警官")
    page.wait_for_selector("[data-testid=requests]:has-text('双方均称无肢体冲突')")
    assert find_faults(page) == []
    page.click("[data-give]")
    wait_gone(page, item_id)


def test_a_call_back_is_made_from_its_page_and_the_caller_rates_the_rest(desk, open_page):
    term = {"name": "sample_permille", "value": 1000, "by": "王"}
    assert desk.http.post("/v1/commands/SetCallBackTerm", json=term).status_code == 200
    desk.done("SetTrackAddress", address="https://t.example.cn", key="ab" * 32, by="王")
    call_id = desk.done("RegisterCall", line="110", caller_number=NUMBER)["call_id"]
    incident_id = desk.open_incident(type_code=FIGHT, call_id=call_id)
    handled(desk, incident_id)
    page = open_seat(open_page, "callback", role="dispatcher")
    do(page, "SendTrackLink", {"incident_id": incident_id})
    desk.done("ReviewIncident", incident_id=incident_id, reviewer_id="r")
    desk.done("CloseIncident", incident_id=incident_id)
    item_id = item_of(page, "回访")
    choose_item(page, item_id)
    answers = {"number": NUMBER, "reached": "answered", "resolved": "yes"}
    assert "满意度" in told_no(page, "RecordCallBackAnswer", answers)
    page.keyboard.press("Escape")
    do(page, "RecordCallBackAnswer", {**answers, "satisfaction": "satisfied"})
    wait_gone(page, item_id)
    page.wait_for_selector("[data-figure=content]:has-text('1/1')")
    text = desk.service.desk.live.engine.board.calls[call_id].texts[-1].text
    page.goto(f"{desk.url}/track/{text.rpartition('/track/')[2]}")
    page.get_by_role("button", name="基本满意").click()
    page.wait_for_selector("h1:has-text('感谢您的评价')")
    page.watch.allow(404)
    page.goto(f"{desk.url}/track/nothing")
    page.wait_for_selector("h1:has-text('链接无效')")
