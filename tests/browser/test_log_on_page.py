"""登录: the first start, a log-on, a session that ends in mid-work, and the way out."""

from __future__ import annotations

import re

import pytest
from browser_watch import opened
from door_desk import HASH, PASSWORD, QUICK
from playwright.sync_api import expect

from kuaifan.app.door import DoorOptions
from kuaifan.app.second_factor import code_at
from kuaifan.store.accounts import Account


@pytest.fixture(name="guarded")
def fixture_guarded(serve_city):
    with serve_city(door=DoorOptions()) as desk:
        desk.service.door.people.passwords = QUICK
        yield desk


def log_on(page, name, password=PASSWORD):
    page.get_by_label("用户名").fill(name)
    page.get_by_label("口令", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def test_the_first_administrator_comes_in_by_the_link_and_sets_up_a_phone(
    guarded, chromium, find_faults
):
    people = guarded.service.door.people
    with opened(chromium, guarded.url) as (context, _watch):
        page = context.new_page()
        page.goto(f"{guarded.url}/login#link={people.first_link()}&first=1")
        expect(page.get_by_text("首次启动")).to_be_visible()
        assert "link" not in page.url
        page.get_by_label("用户名").fill("chen")
        page.get_by_label("姓名").fill("陈静")
        page.get_by_label("新口令").fill(PASSWORD)
        page.get_by_label("再输一次").fill(PASSWORD)
        assert find_faults(page) == []
        page.get_by_role("button", name="设置口令").click()
        log_on(page, "chen")
        # An administrator's account asks for a second factor before anything else.
        page.get_by_test_id("secret").filter(has_text=re.compile(r"\w{4}")).wait_for()
        secret = people._begun["chen"]
        page.get_by_label("六位验证码").fill(code_at(secret, people.now_ms() // 30_000))
        page.get_by_role("button", name="确定").click()
        expect(page.get_by_role("listitem")).to_have_count(10)
        page.get_by_role("button", name="已抄下").click()
        page.wait_for_url("**/security")
        expect(page.get_by_test_id("who")).to_have_text("陈静")
        expect(page.get_by_test_id("accounts")).to_contain_text("安全管理员")
    assert people.first_link() is None


def test_a_session_that_ends_in_mid_work_keeps_what_was_typed(guarded, chromium):
    people = guarded.service.door.people
    fields = {"name": "li", "display_name": "李明", "password_hash": HASH}
    people.accounts.put(Account(roles=("dispatcher", "call_taker"), **fields))
    with opened(chromium, guarded.url) as (context, watch):
        watch.allow(401)
        watch.allow_bad_line()
        page = context.new_page()
        page.goto(f"{guarded.url}/paper")
        page.wait_for_url("**/login?next=*")
        log_on(page, "li")
        page.wait_for_url("**/paper")
        expect(page.get_by_test_id("who")).to_have_text("李明")
        page.get_by_label("填单人").fill("赵")
        people.end_all("li")
        expect(page.get_by_text("登录已过期")).to_be_visible(timeout=15_000)
        log_on(page, "li")
        expect(page.get_by_text("登录已过期")).to_be_hidden()
        expect(page.get_by_label("填单人")).to_have_value("赵")
        page.get_by_test_id("who").click()
        page.get_by_test_id("log-off").click()
        page.wait_for_url("**/login")
        page.goto(f"{guarded.url}/paper")
        page.wait_for_url("**/login?next=*")
