"""三员与批准: consent by another's own act; accounts, sessions, audit, each to its own."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from browser_watch import opened
from door_desk import HASH, PASSWORD, QUICK
from playwright.sync_api import expect

from kuaifan.app.door import DoorOptions
from kuaifan.store.accounts import Account
from kuaifan.vocabulary.approval import AskApproval
from kuaifan.vocabulary.incident import OpenIncident
from kuaifan.vocabulary.unit import HandOverShift

PEOPLE = {
    "li": ("李明", "dispatcher", "call_taker"),
    "chen": ("陈静", "commander"),
    "sun": ("孙洁", "security_admin"),
    "zhou": ("周岚", "audit_admin"),
    "zhao": ("赵强", "crew"),
}
COMPLAINT = "090102"


@pytest.fixture(name="guarded")
def fixture_guarded(serve_city):
    with serve_city(door=DoorOptions(second_factor="none")) as desk:
        people = desk.service.door.people
        people.passwords = QUICK
        for name, (display_name, *roles) in PEOPLE.items():
            about = {"name": name, "display_name": display_name, "password_hash": HASH}
            people.accounts.put(Account(roles=tuple(roles), **about))
        post = next(iter(desk.reference.posts.values()))
        for code, words in ((desk.type_code(2), "两人争吵"), (COMPLAINT, "反映出警慢")):
            told = {"type_code": code, "narrative": words, "lat": post.lat, "lon": post.lon}
            opening = OpenIncident(**told)
            ticket = desk.desk.submit(opening, actor="test", key=None, seen_seq=None)
            assert ticket.wait(20).refusal is None
        yield desk


@pytest.fixture(name="page_of")
def fixture_page_of(guarded, chromium):
    """A function: a page of a person who is logged on, each in a browser of its own."""
    stack = ExitStack()

    def open_one(name, path, unit_id=""):
        context, watch = stack.enter_context(opened(chromium, guarded.url))
        watch.allow(403, 409)
        page = context.new_page()
        page.goto(f"{guarded.url}/login?next={path}")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("口令", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        if unit_id:
            page.get_by_label("本班警力编号").fill(unit_id)
            page.get_by_role("button", name="确定").click()
        expect(page.get_by_test_id("who")).to_have_text(PEOPLE[name][0])
        return page

    with stack:
        yield open_one


def test_a_lower_level_happens_when_the_supervisor_consents(page_of, find_faults):
    li = page_of("li", "/dispatch?map=0")
    li.locator("[data-incident]").first.click()
    li.get_by_role("button", name="调级").click()
    li.get_by_role("combobox", name="调级").select_option("4")
    li.get_by_label("原因").fill("已平息")
    # Nobody types the supervisor's name.
    expect(li.get_by_placeholder("提交后由值班领导批准")).not_to_be_editable()
    li.get_by_role("button", name="确定").click()
    expect(li.get_by_text("已代为申请").first).to_be_visible()
    expect(li.get_by_test_id("notices")).to_contain_text("本人申请 1")
    chen = page_of("chen", "/records")
    expect(chen.get_by_test_id("notices")).to_contain_text("待批准 1")
    request = chen.locator("main [data-approval]")
    expect(request).to_contain_text("已平息")
    chen.get_by_role("button", name="说明事由后调阅").click()
    chen.get_by_label("说明（入档）").fill("核查")
    chen.get_by_role("button", name="调阅", exact=True).click()
    expect(chen.get_by_test_id("opened-words")).to_have_text("反映出警慢")
    chen.get_by_test_id("hold-form").get_by_label("编号").fill("J999")
    chen.get_by_test_id("hold-form").get_by_label("理由").fill("法院调卷")
    chen.get_by_label("保全至").fill("2099-01-01")
    chen.get_by_role("button", name="新增保全").click()
    expect(chen.get_by_text("没有 J999")).to_be_visible()
    assert find_faults(chen) == []
    request.get_by_role("button", name="批准并执行").click()
    expect(request).to_have_count(0)
    expect(li.get_by_test_id("notices")).to_contain_text("本人申请 1")
    expect(li.locator("#incident-panel")).to_contain_text("4")
    li.get_by_test_id("notices").click()
    expect(li.get_by_text("已由 chen 批准")).to_be_visible()


def test_a_crew_reads_on_its_phone_what_was_said_to_what_it_asked_for(guarded, page_of):
    unit_id = next(iter(guarded.reference.units))
    relief = HandOverShift(unit_id=unit_id, n_officers=2, handed_by="赵强", taken_by="钱进")
    asked = AskApproval(person="zhao", what=relief)
    guarded.desk.submit(asked, actor="user:zhao", key=None, seen_seq=None).wait(20)
    chen = page_of("chen", "/records")
    zhao = page_of("zhao", f"/patrol?unit={unit_id}", unit_id)
    expect(zhao.get_by_test_id("crew-approvals")).to_have_text("在现场换班 等待值班领导答复")
    request = chen.locator("main [data-approval]")
    request.get_by_label("不批准的理由").fill("先等增援")
    request.get_by_role("button", name="不予批准").click()
    expect(zhao.get_by_test_id("crew-approvals")).to_contain_text("chen 未批准：先等增援")


def test_each_administrator_has_its_own_page_and_hears_of_broken_glass(page_of, find_faults):
    sun, zhou = page_of("sun", "/security"), page_of("zhou", "/audit")
    li = page_of("li", "/dispatch?map=0")
    li.get_by_test_id("who").click()
    li.get_by_label("理由").fill("走失儿童")
    li.get_by_role("button", name="紧急授权").click()
    # Told over the stream: nobody asked again.
    expect(sun.get_by_test_id("glass-review")).to_contain_text("走失儿童")
    expect(zhou.get_by_test_id("glass-review")).to_contain_text("走失儿童")
    sun.get_by_label("复核结论").fill("属实")
    sun.get_by_role("button", name="已复核").click()
    expect(zhou.get_by_test_id("glass-review")).to_have_count(0)
    sun.get_by_role("button", name="li", exact=True).click()
    expect(sun.get_by_test_id("sessions").get_by_role("listitem")).to_have_count(1)
    sun.get_by_role("button", name="新增账号").first.click()
    sun.get_by_label("用户名").fill("wang")
    form = sun.get_by_test_id("account-form")
    form.get_by_role("checkbox", name="接警员").check()
    form.get_by_role("button", name="新增账号").click()
    expect(sun.get_by_test_id("link")).to_contain_text("/login#link=")
    assert find_faults(sun) == []
    sun.get_by_role("button", name="浅色").click()
    assert find_faults(sun) == []
    zhou.get_by_role("button", name="刷新").click()
    expect(zhou.locator("[data-step=GlassReviewed]")).to_contain_text("属实")
    expect(zhou.locator("[data-step=AccountChanged]")).to_contain_text("wang：新增")
    assert find_faults(zhou) == []
