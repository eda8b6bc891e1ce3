"""纸质单 and 应急看板: cards typed in after an outage, and a board that needs no server."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from kuaifan.app.continuity_keeper import ContinuityOptions

PASSPHRASE = "four words for paper"  # noqa: S105 - of a test
MINUTE_MS = 60_000


class Wall:
    """The clock on the wall as a card is written (墙钟): read once, so that no minute passes."""

    def __init__(self, desk):
        self._now_ms = desk.desk.clock()[0]
        self._zone = ZoneInfo(desk.city()["time_zone"])

    def at(self, minutes_ago):
        """Day and time of day in the city, so many minutes ago, to the minute."""
        at_ms = self._now_ms - minutes_ago * MINUTE_MS
        at = datetime.fromtimestamp(at_ms / 1000, self._zone)
        return at.strftime("%Y-%m-%d"), at.strftime("%H:%M")


def fill_card(page, desk, number, unit):
    wall = Wall(desk)
    day, called = wall.at(60)
    fields = {"number": number, "day": day, "called": called, "caller": "13800000000"}
    fields |= {
        "type": desk.type_code(3),
        "narrative": "两人争吵",
        "address": "人民路 1 号",
        "by": "钱",
    }
    for name, text in fields.items():
        page.locator(f"form [data-field={name}]").fill(text)
    page.get_by_test_id("add-order").click()
    stamps = {"sent": 58, "signed": 57, "enRoute": 56, "arrived": 50, "handled": 30}
    order = page.locator("[data-order='0']")
    order.locator("[data-field=unit]").fill(unit)
    for name, minutes_ago in stamps.items():
        order.locator(f"[data-field={name}]").fill(wall.at(minutes_ago)[1])
    order.locator("[data-field=disposition]").select_option("mediated")
    return wall


def test_a_card_is_reserved_printed_and_typed_in_with_its_true_times(desk, open_page):
    page = open_page("/paper")
    page.get_by_label("张数").fill("4")
    page.get_by_label("预留人").fill("赵")
    page.get_by_role("button", name="预留编号").click()
    block = page.locator("[data-block]").first
    expect(block).to_contain_text("J1 – J4")
    block.get_by_role("button", name="打印空白单").click()
    expect(page.get_by_test_id("cards").locator("article")).to_have_count(4)
    pages = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 4, "one page a card"

    unit = desk.reference.units[next(iter(desk.reference.units))].call_sign
    wall = fill_card(page, desk, "2", unit)
    page.reload()
    expect(page.get_by_test_id("restored").first).to_contain_text("已恢复")
    expect(page.locator("form [data-field=narrative]")).to_have_value("两人争吵")
    page.get_by_role("button", name="补录", exact=True).click()
    expect(page.get_by_test_id("card-said")).to_have_text("J2 已补录")
    expect(block).to_contain_text("未用 3 张")
    expect(page.locator("form [data-field=by]")).to_have_value("钱")
    expect(page.locator("form [data-field=narrative]")).to_have_value("")

    row = desk.incident("J2")
    order = row["orders"][0]
    assert row["state"] == "fed_back"
    assert row["entered_by"] == "钱"
    assert order["t7_ms"] - order["t4_ms"] == 8 * MINUTE_MS
    assert order["t4_ms"] - row["opened_at_ms"] == 2 * MINUTE_MS
    assert row["entered_at_ms"] - row["opened_at_ms"] > 59 * MINUTE_MS

    page.watch.allow(409)
    fill_card(page, desk, "J2", unit)
    page.get_by_role("button", name="补录", exact=True).click()
    expect(page.get_by_test_id("card-said")).to_contain_text("已补录")
    expect(page.get_by_test_id("card-said")).to_have_class(re.compile("no"))

    page.goto(page.url.replace("/paper", "/dispatch?map=0"))
    page.locator("#command-line").fill("2")
    page.get_by_role("button", name=re.compile("待反馈、评查")).click()
    page.locator("[data-incident=J2]").click()
    expect(page.get_by_test_id("paper-mark")).to_have_text("纸质补录")
    timeline = page.get_by_test_id("timeline")
    arrived = timeline.locator("li", has_text="已到场")
    expect(arrived).to_contain_text("【纸质补录】")
    expect(arrived.locator("time")).to_contain_text(wall.at(50)[1])


@pytest.fixture
def boards(tmp_path):
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    secret.chmod(0o600)
    return ContinuityOptions(passphrase_file=secret, folder=tmp_path / "boards")


def test_the_saved_board_opens_from_a_file_with_its_passphrase_only(
    serve_city, chromium, boards, tmp_path
):
    kept = tmp_path / "kept.html"
    with serve_city(boards=boards) as desk:
        desk.man()
        incident_id = desk.open_incident(priority=1, narrative="持刀")
        desk.service.boards.keep_all(desk.desk.clock()[0] / 1000)
        context = chromium.new_context(locale="zh-CN", accept_downloads=True)
        seat = context.new_page()
        seat.goto(desk.url + "/dispatch?map=0")
        with seat.expect_download() as saved:
            seat.get_by_test_id("save-board").click()
        assert re.fullmatch(r"board-city-\d{8}T\d{6}Z\.html", saved.value.suggested_filename)
        saved.value.save_as(kept)
        context.close()

    # The server is gone; the file is all there is.
    context = chromium.new_context(locale="zh-CN", offline=True)
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(kept.as_uri())
    expect(page.locator(".stamp")).to_contain_text("截至 20")
    expect(page.locator("#age")).not_to_have_text("")
    assert "持刀" not in page.content()
    page.get_by_label("口令").fill("four words for papers")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("口令不对")
    assert incident_id not in page.locator("main").inner_text()
    page.get_by_label("口令").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    board = page.locator("#board")
    expect(board).to_contain_text(incident_id)
    expect(board).to_contain_text("持刀")
    expect(page.get_by_role("button", name="打印")).to_be_focused()
    assert page.locator("#passphrase").input_value() == ""
    assert asked == [kept.as_uri()]
    assert errors == []
    context.close()


def test_a_board_left_lying_says_how_old_it_is(chromium, boards, serve_city, tmp_path):
    with serve_city(boards=boards) as desk:
        desk.service.boards.keep_all(desk.desk.clock()[0] / 1000 - 90 * 60)
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto((tmp_path / "boards" / "latest-city.html").as_uri())
    expect(page.locator("#age.old")).to_contain_text("已过去 1 小时 30 分钟")
    context.close()


def test_half_typed_forms_of_the_dispatcher_are_there_after_a_reload(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page("/dispatch?map=0")
    page.locator(f"[data-incident={incident_id}]").click()
    page.get_by_role("button", name="调级").click()
    page.get_by_label("原因", exact=True).fill("现场有人受伤")
    page.locator("#command-line").fill("A 012")
    page.reload()
    page.locator(f"[data-incident={incident_id}]").click()
    expect(page.get_by_label("原因", exact=True)).to_have_value("现场有人受伤")
    expect(page.get_by_test_id("restored")).to_be_visible()
    expect(page.locator("#command-line")).to_have_value("A 012")
    page.get_by_role("button", name="清空重填").click()
    page.reload()
    page.locator(f"[data-incident={incident_id}]").click()
    expect(page.get_by_label("原因", exact=True)).to_have_count(0)


def test_no_console_page_has_an_offline_shell(desk, open_page):
    """The phone keeps its page; a desk must not be shown yesterday's."""
    unit_id = next(iter(desk.reference.units))
    page = open_page(f"/patrol?unit={unit_id}")
    expect(page.locator("html[data-kept]")).to_be_attached()
    for path in ("/dispatch?map=0", "/intake?map=0", "/paper", "/start?map=0"):
        page.goto(desk.url + path)
        page.wait_for_selector("main")
        assert page.evaluate("navigator.serviceWorker.controller") is None, path
    kept = page.evaluate(
        "caches.keys().then(all => Promise.all(all.map(n => caches.open(n).then(c => c.keys()))))"
        ".then(lists => lists.flat().map(r => new URL(r.url).pathname))"
    )
    assert not [path for path in kept if not path.startswith("/assets/") and path != "/patrol"]
    page.watch.allow_bad_line()
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(desk.url + "/dispatch?map=0")
