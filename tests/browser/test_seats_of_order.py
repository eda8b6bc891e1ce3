"""Stories of three seats (校园、合成作战、两清) at their pages, from beginning to end."""

import pytest
from browser_desk import ServedCity
from playwright.sync_api import expect
from seat_steps import (
    begin,
    choose_item,
    choose_row,
    do,
    fill,
    open_seat,
    submit,
    told_no,
    wait_gone,
)


@pytest.fixture(name="desk", scope="module")
def fixture_desk(city_dir, tmp_path_factory):
    with ServedCity(city_dir, tmp_path_factory.mktemp("order")) as served:
        served.man(6)
        yield served


def register_school(page, desk):
    """A school in the middle of the city, by its form: by keys alone, and told what is wrong."""
    lat, lon = desk.centre
    # Off the name field: a letter is a key only where nobody types.
    page.get_by_test_id("items").focus()
    page.keyboard.press("n")
    page.wait_for_selector("form[data-command=RegisterSchool]")
    for name, value in {"school_id": "X1", "name": "田家庵一小", "kind": "primary"}.items():
        fill(page, name, value)
    fill(page, "plan", "封闭校门\n学生进教室")
    add_row(page, "gates", {"gate_id": "G1", "name": "东门", "lat": "132", "lon": lon})
    add_row(page, "gates", {"gate_id": "G2"})
    add_row(page, "contacts", {"place": "门卫室", "phone": "0554-2660110"})
    submit(page)
    faults = page.locator("[data-testid=fault]")
    expect(faults.first).to_have_text("▲ 第 1 行 纬度：纬度须在 -90 至 90 之间")
    expect(page.locator("[data-field='gates.0.lat']")).to_be_focused()
    fill(page, "gates.0.lat", lat)
    page.locator("[data-remove='gates.1']").press("Enter")
    expect(page.locator("[data-row-of=gates]")).to_have_count(1)


def add_row(page, name, values):
    """One more row of a list, by its button and the keyboard."""
    page.locator(f"[data-add={name}]").press("Enter")
    i = page.locator(f"[data-row-of={name}]").count() - 1
    expect(page.locator(f"[data-row-of={name}]").nth(i).locator("input").first).to_be_focused()
    for each, value in values.items():
        fill(page, f"{name}.{i}.{each}", value)


def change_calendar(page):
    """A day off is added to the calendar, which begins with what holds."""
    choose_row(page, "calendar", "calendar")
    begin(page, "SetSchoolCalendar", {"first_day": "2026-09-01", "last_day": "2027-01-20"})
    add_row(page, "days_off", {"": "2026-10-01"})
    submit(page)
    page.wait_for_selector("[data-testid=table-calendar] [data-row]:has-text('2026-10-01')")
    choose_row(page, "calendar", "calendar")
    begin(page, "SetSchoolCalendar")
    expect(page.locator("[data-field='days_off.0.']")).to_have_value("2026-10-01")
    page.keyboard.press("Escape")


def place_at_school(desk):
    """A key and a guard post at its gate."""
    placed = {"school_id": "X1", "gate_id": "G1", "by": "管理员"}
    desk.done("AddSchoolKey", key_id="K1", kind="device", **placed)
    owner = {"owner_kind": "desk", "owner_id": "city", "periods": ["morning", "afternoon"]}
    desk.done("AddGuardPost", post_id="H1", **owner, **placed)


def item_of(page, words):
    """The id of the open item with these words, once it is there."""
    item = page.wait_for_selector(f"[data-item]:has-text('{words}')")
    return item.get_attribute("data-item")


def test_a_school_alarm_is_cleared_only_once_somebody_was_there(desk, open_page, find_faults):
    page = open_seat(open_page, "school", role="commander", size=(1366, 768))
    register_school(page, desk)
    assert find_faults(page) == []
    submit(page)
    page.wait_for_selector("[data-testid=table-schools] [data-row=X1]:has-text('东门')")
    change_calendar(page)
    place_at_school(desk)
    page.reload()
    page.wait_for_selector("[data-testid=seat][data-ready=true]")
    choose_row(page, "keys", "K1")
    do(page, "PressSchoolKey", sure=True)
    page.wait_for_selector("[data-testid=table-alarms] [data-row]:has-text('田家庵一小')")
    choose_item(page, item_of(page, "校园报警"))
    said = {"outcome": "mistaken", "note": "学生误触"}
    assert "尚无人到场" in told_no(page, "ClearSchoolAlarm", said, sure=True)
    page.keyboard.press("Escape")
    (incident_id,) = (row["incident_id"] for row in desk.board()["views"]["incidents"].values())
    unit_id = next(iter(desk.reference.units))
    order_id = desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)["order_id"]
    desk.done("ReportArrival", order_id=order_id)
    assert find_faults(page) == []
    item_id = item_of(page, "校园报警")
    do(page, "ClearSchoolAlarm", said, sure=True)
    wait_gone(page, item_id)
    page.wait_for_selector("[data-figure=ordered_share]:has-text('/1')")


def test_branches_are_asked_take_it_and_answer(desk, open_page, find_faults):
    incident_id = desk.open_incident(priority=3, type_code="010203", north_m=600)
    page = open_seat(open_page, "joint_task", role="commander", size=(1366, 768))
    asked = {"what": "请勘查比对", "lead": "周敏", "urgency": "usual", "branches": ["forensics"]}
    do(page, "OpenJointTask", {"incident_id": incident_id, **asked})
    item_id = item_of(page, "警种答复")
    choose_item(page, item_id)
    do(page, "AcceptBranch", {"officer": "孙杰"})
    page.wait_for_selector(f"[data-item={item_id}]:has-text('孙杰')")
    choose_item(page, item_of(page, "合成作战"))
    assert "刑事技术" in told_no(page, "CloseJointTask", {"summary": "已破"}, sure=True)
    page.keyboard.press("Escape")
    choose_item(page, item_id)
    do(page, "AnswerBranch", {"result": "指纹比中"})
    wait_gone(page, item_id)
    page.wait_for_selector("[data-testid=table-parts] [data-row]:has-text('已答复')")
    assert find_faults(page) == []
    task_id = item_of(page, "合成作战")
    choose_item(page, task_id)
    do(page, "CloseJointTask", {"summary": "已破案"}, sure=True)
    wait_gone(page, task_id)


def test_a_theft_is_watched_and_its_case_filed(desk, open_page, find_faults):
    incident_id = desk.open_incident(priority=3, type_code="010205", east_m=500)
    page = open_seat(open_page, "daily_clearing", role="reviewer", size=(1366, 768))
    small = page.wait_for_selector(f"[data-item]:has-text('民生小案'):has-text('{incident_id}')")
    item_id = small.get_attribute("data-item")
    choose_item(page, item_id)
    step = {"done": "to_watch", "officer": "刘洋", "note": "调取监控"}
    do(page, "StepSmallCase", step)
    page.wait_for_selector(f"[data-item={item_id}]:has-text('待勘查')")
    number = {"kind": "criminal", "number": "A-17", "officer": "刘洋"}
    begin(page, "LinkCase", number)
    submit(page)
    case_id = item_of(page, "关联案件")
    choose_item(page, case_id)
    do(page, "FileCase", sure=True)
    page.wait_for_selector("[data-testid=table-cases] [data-row]:has-text('已立案')")
    assert find_faults(page) == []
    do(page, "EndCase", {"outcome": "cleared"}, sure=True)
    wait_gone(page, case_id)
