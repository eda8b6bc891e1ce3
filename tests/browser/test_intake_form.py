"""The form of a call in a browser: history, duplicates, places, sending ahead, endings, drafts."""

from __future__ import annotations

import shutil

from browser_desk import ServedCity
from browser_watch import opened
from playwright.sync_api import expect

from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.city.folder import read_city
from kuaifan.city.places_extra import EXTRA_FILE

PLAIN = "/intake?map=0"
DEGREE_M = 111_320


def answer(desk, page, number="13900001111"):
    """A call rings and is answered by key; returns its id."""
    call_id = desk.done("RegisterCall", line="110", caller_number=number)["call_id"]
    page.wait_for_selector(f"[data-call={call_id}]")
    page.keyboard.press("F2")
    page.wait_for_selector("[data-testid=narrative]")
    return call_id


def talked(desk, number):
    """A call that another seat has talked; returns its id."""
    call_id = desk.done("RegisterCall", line="110", caller_number=number)["call_id"]
    desk.done("AnswerCall", call_id=call_id, seat_id="intake-9")
    desk.done("HangUpCall", call_id=call_id)
    return call_id


def offset(desk, north_m):
    """A place in the middle of the city, or so far north of it."""
    lat, lon = desk.centre
    return {"lat": lat + north_m / DEGREE_M, "lon": lon}


def only_incident(desk):
    (incident,) = desk.board()["views"]["incidents"].values()
    return incident


def said(page):
    return page.locator("[data-testid=said]")


def test_initials_find_the_bank(city_dir, tmp_path, chromium):
    """Gsyh finds 工商银行, branches of the map and of the city's own table alike."""
    city = tmp_path / "city"
    shutil.copytree(city_dir, city)
    meta = read_city(city).meta
    lat, lon = meta.centre_lat, meta.centre_lon
    (city / EXTRA_FILE).write_text(
        f"kind,code,name,lat,lon,datum\nlandmark,,工商银行解放北路支行,{lat},{lon},wgs84\n",
        encoding="utf-8",
    )
    make_gazetteer(city, progress=lambda _text: None)
    with ServedCity(city, tmp_path) as desk, opened(chromium, desk.url) as (context, _watch):
        page = context.new_page()
        page.goto(desk.url + PLAIN)
        answer(desk, page)
        page.locator("#place").fill("gsyh")
        expect(page.locator("#place-0")).to_contain_text("工商银行")
        page.locator("#place").fill("gsyhjfbl")
        expect(page.locator("#place-0")).to_contain_text("工商银行解放北路支行")


def test_a_second_call_near_and_soon_is_a_candidate_that_m_attaches(desk, open_page):
    first = talked(desk, "13700001111")
    incident_id = desk.open_incident(priority=2, call_id=first)
    page = open_page(PLAIN)
    second = answer(desk, page, number="13700002222")
    page.keyboard.type("有人打架，好多人")
    near = offset(desk, 120)
    page.locator("#place").fill(f"{near['lon']:.6f},{near['lat']:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")
    line = page.locator("[data-testid=nearby] li").first
    expect(line).to_contain_text(incident_id)
    expect(line).to_contain_text("120 米")
    assert desk.incident(incident_id)["call_ids"] == [first]
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(said(page)).to_contain_text("已关联")
    row = desk.incident(incident_id)
    assert row["call_ids"] == [first, second]
    calls = desk.board()["views"]["calls"]
    assert [calls[each]["caller_number"] for each in row["call_ids"]] == [
        "13700001111",
        "13700002222",
    ]
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("记录")
    row = desk.incident(incident_id)
    assert row["narrative"] == "测试警情"
    assert [note["text"] for note in row["notes"]] == ["有人打架，好多人"]


def test_another_matter_is_dismissed_by_one_key_and_stays_dismissed(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("打架")
    page.wait_for_selector("[data-testid=type]")
    near = offset(desk, 60)
    page.locator("#place").fill(f"{near['lon']:.6f},{near['lat']:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-attach={incident_id}]")).to_be_visible()
    page.keyboard.press("Alt+b")
    expect(page.locator(f"[data-attach={incident_id}]")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("已立案")
    page.wait_for_selector("[data-testid=sent]")
    expect(page.locator("[data-testid=nearby]")).not_to_contain_text(incident_id)
    # The word to the server follows the save.
    page.wait_for_function(
        """async id => {
            const board = await (await fetch("/v1/board?role=dispatcher")).json();
            return board.views.incidents[id].duplicate_ids.length === 0;
        }""",
        arg="J2",
    )


def test_f4_sends_ahead_while_typing_goes_on(desk, open_page):
    page = open_page(PLAIN)
    dispatcher = open_page("/dispatch?map=0")
    call_id = answer(desk, page)
    page.keyboard.press("F4")
    expect(said(page)).to_contain_text("先派后补还缺")
    near = offset(desk, 0)
    page.locator("#place").fill(f"{near['lon']:.6f},{near['lat']:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")
    page.locator("fieldset label", has_text="1").click()
    page.locator("[data-testid=narrative]").focus()
    page.keyboard.type("有人持")
    page.keyboard.press("F4")
    expect(dispatcher.locator("[data-incident=J1]").first).to_be_visible()
    page.keyboard.type("刀，往东跑")
    expect(page.locator("[data-testid=narrative]")).to_have_value("有人持刀，往东跑")
    expect(page.locator("[data-testid=sent]")).to_contain_text("已预推派警席")
    expect(page.locator("[data-testid=narrative]")).to_be_focused()
    assert desk.incident("J1")["priority"] == 1
    assert desk.board()["views"]["calls"][call_id]["state"] == "talking"
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("已补充")
    assert desk.incident("J1")["narrative"] == "有人持刀，往东跑"


def test_a_record_without_a_place_is_saved_and_its_clock_shown(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("持刀抢劫")
    page.wait_for_selector("[data-testid=type]")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("没有地点")
    expect(page.locator("[data-testid=unplaced]")).to_contain_text("未定位")
    incident = only_incident(desk)
    assert (incident["is_placed"], incident["address"]) == (False, "")


def test_the_alarm_of_an_incident_without_a_place_says_so_at_both_seats(serve_city, chromium):
    with serve_city(speed=60) as desk, opened(chromium, desk.url) as (context, _watch):
        call_id = desk.done("RegisterCall", line="110", caller_number="13900001111")["call_id"]
        desk.done("AnswerCall", call_id=call_id, seat_id="intake-1")
        desk.done("OpenIncident", type_code=desk.type_code(1), call_id=call_id, narrative="x")
        intake, dispatcher = context.new_page(), context.new_page()
        intake.goto(desk.url + PLAIN)
        dispatcher.goto(desk.url + "/dispatch?map=0")
        expect(dispatcher.get_by_text("尚未定位，无法派警").first).to_be_visible()
        expect(intake.locator("[data-testid=sent]")).to_contain_text("尚未定位，无法派警")
        expect(intake.locator("[data-testid=unplaced]")).to_contain_text("未定位")
        expect(intake.locator("[data-testid=narrative]")).to_have_value("x")


def test_the_circle_of_the_caller_is_a_place_only_if_they_are_there(desk, open_page):
    page = open_page(PLAIN)
    call_id = answer(desk, page)
    spot = {**offset(desk, 300), "uncertainty_m": 600, "source": "cell"}
    desk.done("LocateCaller", call_id=call_id, **spot)
    circle = page.locator("[data-testid=caller-spot]")
    expect(circle).to_contain_text("±600 米（基站）")
    expect(circle).to_contain_text("报警人在现场吗")
    page.keyboard.press("Alt+n")
    expect(circle).to_contain_text("不在现场，不作候选")
    expect(page.locator("[data-testid=possible]")).to_have_count(0)
    desk.done("LocateCaller", call_id=call_id, **{**spot, "uncertainty_m": 30, "source": "handset"})
    expect(circle).to_contain_text("报警人在现场吗")
    page.keyboard.press("Alt+y")
    expect(page.locator("[data-testid=possible] li")).to_contain_text("报警人位置 ±30 米")
    page.keyboard.press("Alt+l")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=place-state]")).to_contain_text("已定位")


def test_several_places_are_listed_ruled_out_and_chosen_by_key(desk, open_page, find_faults):
    names = [name for name in desk.reference.network.names if name]
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("持刀抢劫")
    page.wait_for_selector("[data-testid=type]")
    page.locator("#place").fill(names[0])
    page.wait_for_selector("#place-1")
    page.keyboard.press("Alt+p")
    page.keyboard.press("Alt+p")
    expect(page.locator("[data-testid=possible] li")).to_have_count(2)
    page.reload()
    expect(page.locator("[data-testid=possible] li")).to_have_count(2)
    for theme in ("浅色", "深色"):
        assert find_faults(page) == []
        page.get_by_role("button", name=theme).click()
    page.keyboard.press("Alt+l")
    page.keyboard.press("x")
    expect(page.locator("[data-testid=possible] li").first).to_contain_text("已排除")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("已立案")
    expect(page.locator("[data-testid=possible] li[data-no='2']")).to_be_visible()
    places = desk.incident("J1")["places"]
    assert [place["ruled_out"] for place in places] == [True, False]
    page.keyboard.press("Alt+l")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("已补充")
    assert desk.incident("J1")["is_placed"]


def test_the_four_boxes_answer_by_key_and_are_facts_of_the_incident(desk, open_page):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("吵架")
    page.wait_for_selector("[data-testid=type]")
    page.keyboard.press("Alt+x")
    expect(page.locator("[data-fact=weapon]")).to_have_attribute("data-answer", "yes")
    page.keyboard.press("Alt+c")
    page.keyboard.press("Alt+c")
    expect(page.locator("[data-fact=injury]")).to_have_attribute("data-answer", "no")
    page.reload()
    expect(page.locator("[data-fact=weapon]")).to_have_attribute("data-answer", "yes")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("已立案")
    expect(page.locator("[data-testid=sent]")).to_be_visible()
    page.keyboard.press("Alt+v")
    expect(page.locator("[data-fact=danger]")).to_have_attribute("data-answer", "yes")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("没有新的内容")
    assert desk.incident("J1")["facts"] == {"weapon": "yes", "injury": "no", "danger": "yes"}


def test_the_seventh_caller_gets_the_short_form_and_one_key_ends_it(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    for i in range(5):
        each = talked(desk, f"1370000000{i}")
        desk.done("AttachCall", call_id=each, incident_id=incident_id)
    page = open_page(PLAIN)
    answer(desk, page, number="13700000000")
    expect(page.locator(f"[data-attach={incident_id}]")).to_be_visible()
    page.keyboard.press("Alt+m")
    short = page.locator("[data-testid=short-form]")
    expect(short).to_contain_text(f"{incident_id} 已有 6 个来电")
    expect(page.locator("[data-testid=different]")).to_be_focused()
    page.keyboard.type("往南跑了一个")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("来电处理完毕")
    assert [note["text"] for note in desk.incident(incident_id)["notes"]] == ["往南跑了一个"]
    answer(desk, page, number="13700000001")
    expect(page.locator(f"[data-attach={incident_id}]")).to_be_visible()
    page.keyboard.press("Alt+m")
    expect(short).to_contain_text("已有 7 个来电")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("没有新情况")
    assert len(desk.incident(incident_id)["notes"]) == 1


def test_a_number_and_a_place_say_what_they_had_before(desk, open_page):
    incident_id = desk.open_incident(priority=3, call_id=talked(desk, "13900001111"))
    page = open_page(PLAIN)
    answer(desk, page)
    expect(page.locator("[data-testid=history-number]")).to_contain_text("90 天内第 2 次来电")
    expect(page.locator("[data-testid=history]")).to_contain_text(incident_id)
    here = offset(desk, 20)
    page.locator("#place").fill(f"{here['lon']:.6f},{here['lat']:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=history-place]")).to_contain_text("1 起警情")
    # What this very call has opened is not a thing of the past; the server counts both by now.
    page.locator("fieldset label", has_text="1").click()
    page.locator("[data-testid=narrative]").fill("有人打架")
    page.keyboard.press("F4")
    expect(page.locator("[data-testid=sent]")).to_contain_text("已预推派警席")
    there = {"lat": here["lat"] + 0.0001, "lon": here["lon"]}
    page.locator("#place").fill(f"{there['lon']:.6f},{there['lat']:.6f}")
    page.wait_for_selector("#place-0")
    with page.expect_response("**/v1/history"):
        page.locator("#place").press("Enter")
    told = desk.http.post("/v1/history", json=there, headers={"X-Kuaifan-Role": "call_taker"})
    assert told.json()["place"]["n_incidents"] == 2
    expect(page.locator("[data-testid=history-place]")).to_contain_text("1 起警情")
    expect(page.locator("[data-testid=history]")).not_to_contain_text("J2")


def test_a_danger_of_the_place_is_told_before_and_after_saving_and_to_the_dispatcher(
    desk, open_page
):
    here = offset(desk, 0)
    note = {"kind": "dog", "text": "院内大型犬", "radius_m": 100, "by": "王警官", "days": 30}
    desk.done("AddPremiseNote", **here, **note)
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("持刀抢劫")
    page.wait_for_selector("[data-testid=type]")
    page.locator("#place").fill(f"{here['lon']:.6f},{here['lat']:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=premises]")).to_contain_text("院内大型犬")
    page.get_by_text("登记此处的危险").click()
    page.get_by_label("危险是什么").fill("住户有前科")
    page.watch.allow(409)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(said(page)).to_contain_text("不写人")
    page.get_by_label("危险是什么").fill("三楼楼梯无灯")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("[data-testid=premises]")).to_contain_text("三楼楼梯无灯")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text("已立案")
    dispatcher = open_page("/dispatch?map=0")
    dispatcher.locator("[data-incident=J1]").first.click()
    expect(dispatcher.locator("[data-testid=premises]")).to_contain_text("院内大型犬")


def test_a_call_ends_at_12345_or_as_invalid_by_key_with_a_reason_and_nothing_is_deleted(
    desk, open_page
):
    page = open_page(PLAIN)
    answer(desk, page)
    page.keyboard.type("路灯坏了")
    page.keyboard.press("Alt+j")
    form = page.locator("[data-testid=end-form]")
    expect(form).to_contain_text("记录保留")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("写明原因")
    page.locator("[data-testid=end-reason]").fill("市政设施，不涉警")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("已转 12345")
    incident = desk.incident("J1")
    assert incident["settled"]
    assert [note["text"] for note in incident["notes"]] == ["市政设施，不涉警"]
    assert [each["agency"] for each in incident["requests"]] == ["12345"]
    page.keyboard.press("F9")
    answer(desk, page, number="13900002222")
    page.keyboard.press("Alt+k")
    page.locator("[data-testid=end-reason]").fill("儿童误拨")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator("[data-testid=narrative]")).to_be_focused()
    page.keyboard.press("Alt+k")
    page.locator("[data-testid=end-reason]").fill("儿童误拨")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("无效报警结束")
    assert desk.incident("J2")["class_key"] == "invalid"


def test_a_half_written_form_waits_in_the_list_of_this_seat(desk, open_page):
    page = open_page(PLAIN)
    first = answer(desk, page)
    page.keyboard.type("说到一半")
    page.keyboard.press("F9")
    expect(said(page)).to_contain_text("已挂断")
    second = answer(desk, page, number="13900002222")
    expect(page.locator(f"[data-draft={first}]")).to_contain_text("说到一半")
    page.locator(f"[data-draft={first}]").click()
    expect(page.locator("[data-testid=narrative]")).to_have_value("说到一半")
    expect(page.locator(f"[data-draft={second}]")).to_have_count(0)
    page.evaluate("localStorage['kuaifan.seat'] = '2'")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("main")
    expect(other.locator("[data-testid=drafts]")).to_have_count(0)
