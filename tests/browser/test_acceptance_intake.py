"""Acceptance of 接警席 (接警验收) not named elsewhere: minutes later, and after a crash."""

from __future__ import annotations

import pytest
from browser_watch import opened
from playwright.sync_api import expect

PLAIN = "/intake?map=0"
DEGREE_M = 111_320
TWO_MINUTES_MS = 120_000
AT_SPEED = 60.0


def ring(desk, page, number):
    """A call rings and is answered by key; returns its id."""
    call_id = desk.done("RegisterCall", line="110", caller_number=number)["call_id"]
    page.wait_for_selector(f"[data-call={call_id}]")
    page.keyboard.press("F2")
    page.wait_for_selector("[data-testid=narrative]")
    return call_id


def put_place(page, desk, north_m):
    lat, lon = desk.centre
    page.locator("#place").fill(f"{lon:.6f},{lat + north_m / DEGREE_M:.6f}")
    page.wait_for_selector("#place-0")
    page.keyboard.press("Enter")


def test_a_second_call_120_m_away_two_minutes_later_is_a_candidate_and_m_merges(
    chromium, serve_city
):
    with serve_city(speed=AT_SPEED) as desk, opened(chromium, desk.url) as (context, _watch):
        desk.man()
        page = context.new_page()
        page.goto(desk.url + PLAIN)
        first = ring(desk, page, "13700001111")
        page.keyboard.type("有人打架")
        page.wait_for_selector("[data-testid=type]")
        put_place(page, desk, 0)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#form-title")).to_contain_text("J1")
        page.keyboard.press("F9")
        opened_at_ms = desk.incident("J1")["opened_at_ms"]
        page.wait_for_function(
            "at => fetch('/v1/city').then(r => r.json()).then(city => city.now_ms > at)",
            arg=opened_at_ms + TWO_MINUTES_MS,
        )
        second = ring(desk, page, "13700002222")
        page.keyboard.type("路口打起来了")
        put_place(page, desk, 120)
        expect(page.locator("[data-testid=nearby] li").first).to_contain_text("J1")
        page.keyboard.press("Escape")
        page.keyboard.press("m")
        expect(page.locator("[data-testid=said]")).to_contain_text("已关联")
        calls = desk.board()["views"]["calls"]
        assert desk.incident("J1")["call_ids"] == [first, second]
        assert [calls[each]["caller_number"] for each in (first, second)] == [
            "13700001111",
            "13700002222",
        ]


@pytest.mark.parametrize("how", ["reload", "another_tab"])
def test_every_half_typed_word_is_back_after_a_crash_of_the_page(desk, open_page, how):
    page = open_page(PLAIN)
    call_id = ring(desk, page, "13900001111")
    page.keyboard.type("两车相撞，一人倒地")
    page.locator("#place").fill("人民路口")
    # A draft is kept each second, and each word of it when the page goes.
    page.wait_for_function("Object.values(localStorage).some(v => v.includes('一人倒地'))")
    page.wait_for_function("Object.values(localStorage).some(v => v.includes('人民路口'))")
    if how == "reload":
        page.reload()
    else:
        # A page that has crashed says no last word: the next one finds what was kept.
        context, url = page.context, page.url
        page.evaluate("addEventListener('pagehide', e => e.stopImmediatePropagation(), true)")
        page.close()
        page = context.new_page()
        page.goto(url)
    expect(page.locator("[data-testid=narrative]")).to_have_value("两车相撞，一人倒地")
    expect(page.locator("#place")).to_have_value("人民路口")
    expect(page.locator("#form-title")).to_contain_text(call_id)
