"""Mediation, hand-overs and complaints, each from call to closed by its page's own forms."""

import pytest
from browser_desk import ServedCity
from seat_steps import choose_item, do, figure, open_seat, told_no, wait_gone

NEIGHBOURS, LAMP, NOISE, NOW = "060103", "100102", "020303", "090101"


@pytest.fixture(name="desk", scope="module")
def fixture_desk(city_dir, tmp_path_factory):
    with ServedCity(city_dir, tmp_path_factory.mktemp("seats")) as served:
        served.man(4)
        yield served


def item_of(page, kind):
    """The one open item of a kind, by the words of its title."""
    found = page.wait_for_selector(f"[data-item]:has-text('{kind}')")
    return found.get_attribute("data-item")


def close(desk, incident_id, **more):
    """Settle, review and close an incident over the wire."""
    desk.done("SettleByPhone", incident_id=incident_id, disposition="by_phone", **more)
    desk.done("ReviewIncident", incident_id=incident_id, reviewer_id="评查")
    desk.done("CloseIncident", incident_id=incident_id)


def test_a_quarrel_is_mediated_from_the_page_until_it_is_performed(desk, open_page, find_faults):
    incident_id = desk.open_incident(type_code=NEIGHBOURS)
    page = open_seat(open_page, "mediation", role="dispatcher")
    asked = {
        "incident_id": incident_id,
        "basis": "civil",
        "partner_kind": "community",
        "partner": "洞山社区",
        "party_a": "张某",
        "party_b": "李某",
    }
    told = told_no(page, "OpenMediation", {**asked, "gang": True})
    assert "第179条第（二）项" in told
    do(page, "OpenMediation", {"gang": False})
    case = item_of(page, "调解案")
    choose_item(page, case)
    for side in ("a", "b"):
        do(page, "RecordMediationConsent", {"side": side, "consents": True, "how": "签字"})
    tried = {"where": "老骥调解室", "mediator": "老骥"}
    do(page, "HoldMediation", {**tried, "outcome": "failed"})
    page.wait_for_selector(f"[data-item={case}]:has-text('待再次调解')")
    do(page, "HoldMediation", {**tried, "outcome": "agreed"})
    agreed = {"terms": "赔偿 800 元", "perform_by_ms": "2099-01-01", "signed_a": True}
    assert "乙方、主持人" in told_no(page, "SignMediation", agreed)
    do(page, "SignMediation", {"perform_by_ms": "", **signed(page)})
    check = item_of(page, "协议履行核查")
    assert find_faults(page) == []
    choose_item(page, check)
    do(page, "CheckPerformance", {"performed": True})
    wait_gone(page, check)
    close(desk, incident_id, approved_by="值班长")
    page.wait_for_selector("[data-figure=mediated]:has-text('1/1')")
    assert "1/1" in figure(page, "agreed")


def signed(page):
    """What is still to be filled of an agreement: a day that is near, and two names."""
    day = page.evaluate("() => new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)")
    return {"perform_by_ms": day, "signed_b": True, "signed_mediator": True}


def test_a_lamp_is_handed_over_returned_and_answered_from_the_page(desk, open_page, find_faults):
    incident_id = desk.open_incident(type_code=LAMP)
    page = open_seat(open_page, "hotline", role="dispatcher")
    asked = {"incident_id": incident_id, "to": "12345", "kind": "help", "what": "路灯不亮"}
    do(page, "OfferTicket", asked)
    choose_item(page, item_of(page, "移交待签收"))
    do(page, "ReturnTicket", {"code": "too_little", "reason": "缺杆号"})
    choose_item(page, item_of(page, "退回待处理"))
    do(page, "ReofferTicket", {"to": "urban_mgmt", "what": "杆号 17"})
    choose_item(page, item_of(page, "移交待签收"))
    do(page, "UrgeTicket", {"text": "请签收"})
    assert "刚刚催办过" in told_no(page, "UrgeTicket", {"text": "请签收"})
    page.keyboard.press("Escape")
    do(page, "AcceptTicket", {"their_id": "CG-9"})
    close(desk, incident_id)
    work = item_of(page, "移交后跟踪")
    choose_item(page, work)
    do(page, "StartTicket", sure=True)
    do(page, "AnswerTicket", {"answer": "已修复"})
    page.wait_for_selector(f"[data-item={work}]:has-text('已答复待回访')")
    assert find_faults(page) == []
    do(page, "CallBackTicket", {"result": "satisfied"})
    do(page, "CloseTicket", sure=True)
    wait_gone(page, work)
    page.wait_for_selector("[data-figure=in_time]:has-text('1/1')")
    assert "1/2" in figure(page, "returned")


def test_misconduct_now_gets_inspection_and_an_answer_from_the_page(desk, open_page, find_faults):
    incident_id = desk.open_incident(type_code=NOW)
    units = list(desk.reference.units)[:2]
    desk.done("NameComplainedOf", incident_id=incident_id, unit_ids=units[:1])
    page = open_seat(open_page, "complaints", role="commander")
    attend = item_of(page, "督察到场")
    choose_item(page, attend)
    assert "不是督察警组" in told_no(page, "SendInspection", {"unit_id": units[0]})
    page.keyboard.press("Escape")
    do(page, "SendInspector", {"inspector": "督察员甲"})
    wait_gone(page, attend)
    inquiry = item_of(page, "投诉核查")
    choose_item(page, inquiry)
    do(page, "BeginInquiry", {"inspector": "督察员甲"})
    do(page, "ConcludeComplaint", {"finding": "unfounded", "account": "调阅记录仪，处置规范"})
    page.wait_for_selector(f"[data-item={inquiry}]:has-text('待答复')")
    assert find_faults(page) == []
    do(page, "AnswerComplainant", {"answer": "已查明", "how": "电话"})
    wait_gone(page, inquiry)
    close(desk, incident_id, approved_by="值班长")
    page.wait_for_selector("[data-figure=answered_in_time]:has-text('1/1')")
    assert "1/1" in figure(page, "attended")
