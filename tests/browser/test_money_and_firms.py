"""The pages of the fraud and the enterprise seat (反诈、护企专席页面), each from call to closed."""

from datetime import UTC, datetime, timedelta

import pytest
from browser_desk import ServedCity
from seat_steps import choose_item, choose_row, do, figure, open_seat, told_no, wait_gone

PAYABLE, THEFT = "010301", "020201"
REGISTER = "kind,name,lat,lon,radius_m,phones,leader,chief,officer\n"


@pytest.fixture(name="desk", scope="module")
def fixture_desk(city_dir, tmp_path_factory):
    with ServedCity(city_dir, tmp_path_factory.mktemp("seats")) as served:
        served.man(4)
        yield served


def item_of(page, title):
    """The id of the item of a kind, once it is listed."""
    found = page.wait_for_selector(f"[data-item]:has-text('{title}')")
    return found.get_attribute("data-item")


def choose(page, title):
    choose_item(page, item_of(page, title))


def row_has(page, table, row_id, text):
    page.wait_for_selector(f"[data-testid=table-{table}] [data-row='{row_id}']:has-text('{text}')")


def minutes_ago(minutes):
    """As a field for an instant takes it, in the city's own time."""
    then = datetime.now(UTC) + timedelta(hours=8, minutes=-minutes)
    return then.strftime("%Y-%m-%dT%H:%M")


def test_lost_money_is_followed_from_the_call_to_its_return(desk, open_page, find_faults):
    case = desk.open_incident(type_code=PAYABLE)
    page = open_seat(open_page, "anti_fraud", role="commander", size=(1366, 768))
    choose(page, "发出止付请求")
    told = {"number": "6217 0012 3456 7890", "bank": "工商银行", "amount_fen": "50000"}
    when = {"transferred_at_ms": minutes_ago(12), "channel": "bank_app"}
    do(page, "AddTransfer", told | when)
    account = f"{case}-1"
    choose_row(page, "accounts", account)
    do(page, "RequestStop")
    choose_row(page, "accounts", account)
    assert "已发出，待银行反馈" in told_no(page, "RequestStop")
    page.keyboard.press("Escape")
    choose_row(page, "requests", f"{account}-1")
    do(page, "TakeBankAnswer", {"answer": "stopped", "amount_fen": "30000"})
    row_has(page, "accounts", account, "30,000.00")
    # Wrong order: nothing is frozen before the case is filed.
    choose(page, "出具冻结通知")
    assert "尚未立案" in told_no(page, "FreezeMoney", {"notice_no": "D001"})
    page.keyboard.press("Escape")
    choose(page, "立案")
    do(page, "FileFraudCase", {"file_no": "A001"})
    choose(page, "出具冻结通知")
    do(page, "FreezeMoney", {"notice_no": "D001"})
    choose_row(page, "accounts", account)
    do(page, "ReturnMoney", {"amount_fen": "30000", "source": "frozen"}, sure=True)
    page.wait_for_selector("[data-figure=recovery]:has-text('60.0%')")
    assert "50,000.00" in figure(page, "lost")
    assert find_faults(page) == []
    owed = item_of(page, "追赃挽损")
    choose_row(page, "cases", case)
    do(page, "CloseFraudCase", {"outcome": "done"}, sure=True)
    wait_gone(page, owed)
    page.wait_for_selector(f"[data-row='{account}']", state="detached")


def test_a_firms_trouble_is_read_by_three_called_back_and_closed_by_its_leader(
    desk, open_page, find_faults
):
    lat, lon = desk.centre
    page = open_seat(open_page, "enterprise", role="commander", size=(1366, 768))
    line = f"firm,宏远纺织,{lat + 0.01},{lon},200,0555-2000001,王局,李所,张警"
    do(page, "ImportFirms", {"table": REGISTER + line})
    row_has(page, "firms", "F1", "宏远纺织")
    case = desk.open_incident(type_code=THEFT, north_m=1_112)
    assert desk.incident(case)["overlays"] == ["enterprise"]
    for who in ("王局", "李所", "张警"):
        item = page.wait_for_selector(f"[data-item]:has-text('一警三派'):has-text('{who}')")
        item_id = item.get_attribute("data-item")
        choose_item(page, item_id)
        page.fill("[data-testid=me]", who)
        do(page, "ReadNotice", sure=True)
        wait_gone(page, item_id)
    page.wait_for_selector("[data-figure=all_read]:has-text('1/1')")
    page.fill("[data-testid=me]", "赵回访")
    choose(page, "企业回访")
    do(page, "RecordFirmCallBack", {"answer": "not_satisfied", "unresolved": True})
    choose(page, "当场未办结")
    assert "须由 王局 本人办结" in told_no(page, "ResolveFirmCase", {"result": "已协调"})
    page.keyboard.press("Escape")
    assert find_faults(page) == []
    page.fill("[data-testid=me]", "王局")
    left = item_of(page, "当场未办结")
    choose_item(page, left)
    do(page, "ResolveFirmCase", {"result": "已协调"})
    wait_gone(page, left)
    page.wait_for_selector("[data-figure=resolved]:has-text('1/1')")
    page.wait_for_selector("[data-figure=called_back]:has-text('1/1')")
