"""派警席, sending: teams, diversions, withdrawals, services, emergencies, moves, two seats."""

import re

import pytest
from browser_watch import opened
from playwright.sync_api import expect

PLAIN = "/dispatch?map=0"
SAID = "[data-testid=said]"


def ranked(page):
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")


def send_line(page, text):
    page.keyboard.press("/")
    page.locator("#command-line").fill(text)
    page.keyboard.press("Enter")


def select(page, incident_id):
    page.locator(f"[data-incident='{incident_id}']").click()
    expect(page.locator("#incident-title")).to_contain_text(incident_id)


def test_a_team_goes_by_one_key_and_each_order_can_be_undone(desk, open_page):
    incident_id = desk.open_incident(type_code=desk.type_code(1, 2))
    page = open_page(PLAIN)
    ranked(page)
    plan = page.locator("[data-testid=plan]")
    expect(plan).to_contain_text("已派 0/2 组")
    expect(page.locator("[data-testid=team]")).to_contain_text("派出编组 2 组")
    wanted = desk.incident(incident_id)["recommendation"]["team"]
    page.keyboard.press("0")
    expect(page.locator(SAID)).to_contain_text("已派")
    expect(plan).to_contain_text("已派 2/2 组")
    orders = desk.incident(incident_id)["orders"]
    assert [each["unit_id"] for each in orders] == wanted
    assert {each["sent_by"] for each in orders} == {"dispatch-1"}
    page.keyboard.press("Control+z")
    expect(plan).to_contain_text("缺 1 组")
    page.keyboard.press("Control+z")
    expect(plan).to_contain_text("缺 2 组")


def test_shift_and_a_digit_sends_the_first_few_of_the_painted_list(desk, open_page):
    incident_id = desk.open_incident(type_code=desk.type_code(1, 2))
    page = open_page(PLAIN)
    ranked(page)
    listed = [
        each["unit_id"] for each in desk.incident(incident_id)["recommendation"]["candidates"]
    ]
    page.keyboard.press("Shift+Digit2")
    expect(page.locator("[data-testid=plan]")).to_contain_text("已派 2/2 组")
    orders = desk.incident(incident_id)["orders"]
    assert [(each["unit_id"], each["rank"]) for each in orders] == [(listed[0], 1), (listed[1], 2)]


def test_a_signed_order_withdrawn_waits_for_the_crew_and_the_radio_signs_it(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page(PLAIN)
    ranked(page)
    page.keyboard.press("1")
    order = page.locator(f"[data-order='{incident_id}-1']")
    expect(order).to_be_visible()
    desk.done("AcknowledgeOrder", order_id=f"{incident_id}-1")
    expect(order).to_have_attribute("data-state", "acknowledged")
    send_line(page, f"W {incident_id}-1 误报")
    expect(page.locator("[data-testid=withdrawing]")).to_contain_text("撤回中，警组未签")
    unit_id = desk.incident(incident_id)["orders"][0]["unit_id"]
    send_line(page, f"{unit_id} 收到")
    expect(page.locator("[data-testid=withdrawing]")).to_have_count(0)
    assert not desk.incident(incident_id)["orders"][0]["withdrawal_unsigned"]


def test_undo_of_an_order_signed_meanwhile_says_that_the_crew_has_to_sign(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page(PLAIN)
    ranked(page)
    page.keyboard.press("1")
    order = page.locator(f"[data-order='{incident_id}-1']")
    expect(order).to_be_visible()
    desk.done("AcknowledgeOrder", order_id=f"{incident_id}-1")
    expect(order).to_have_attribute("data-state", "acknowledged")
    page.keyboard.press("Control+z")
    expect(page.locator(SAID)).to_contain_text("待其签收撤回")
    expect(page.locator("[data-testid=withdrawing]")).to_be_visible()


def test_two_seats_want_one_unit_and_the_second_is_told_who_has_it(desk, open_page):
    first, second = desk.open_incident(priority=1), desk.open_incident(priority=2, north_m=400)
    page = open_page(PLAIN)
    ranked(page)
    page.watch.allow(409)
    top = desk.incident(second)["recommendation"]["candidates"][0]
    desk.done("AssignUnit", incident_id=second, unit_id=top["unit_id"], by="dispatch-2")
    send_line(page, f"A {top['unit_id']} {first}")
    expect(page.locator(SAID)).to_contain_text(f"已由 dispatch-2 派往警情 {second}")
    expect(page.locator("#command-line")).to_have_value(f"A {top['unit_id']} {first}")
    assert desk.incident(first)["orders"] == []


def test_a_diversion_shows_what_it_leaves_and_needs_a_reason(chromium, serve_city):
    with serve_city() as desk:
        (only,) = desk.man(1)
        light = desk.open_incident(priority=3)
        desk.done("AssignUnit", incident_id=light, unit_id=only)
        desk.done("ReportEnRoute", order_id=f"{light}-1")
        grave = desk.open_incident(type_code=desk.type_code(1, 2), north_m=300)
        with opened(chromium, desk.url) as (context, _watch):
            page = context.new_page()
            page.goto(desk.url + PLAIN)
            select(page, grave)
            offer = page.locator(f"[data-divert='{only}']")
            expect(offer).to_contain_text("半小时内无其他警力可到")
            expect(offer).to_contain_text(light)
            page.keyboard.press("Alt+Digit1")
            reason = page.get_by_label("改派原因")
            expect(reason).to_be_focused()
            page.keyboard.press("Enter")
            assert desk.incident(grave)["orders"] == []
            reason.fill("更近")
            page.keyboard.press("Enter")
            expect(page.locator(f"[data-order='{grave}-1']")).to_contain_text(f"由 {light}-1 改派")
            left = desk.incident(light)
            assert (left["n_sent"], left["state"]) == (0, "queued")


def test_back_up_a_service_and_a_reservation_are_said_as_what_they_are(desk, open_page):
    # A theft: of a kind for which no service is told by itself.
    incident_id = desk.open_incident(type_code="010206")
    page = open_page(PLAIN)
    ranked(page)
    plan = page.locator("[data-testid=plan]")
    page.keyboard.press("b")
    page.get_by_label("几组").fill("2")
    page.keyboard.press("Enter")
    expect(plan).to_contain_text("含增援 2 组")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+Digit0")
    request = page.locator("[data-request]").filter(has_text="120 急救")
    expect(request).to_contain_text("已通知，未回复")
    request.get_by_role("button", name="已受理").click()
    expect(request).to_have_attribute("data-state", "accepted")
    page.locator("#incident-panel").focus()
    unit_id = desk.incident(incident_id)["recommendation"]["candidates"][1]["unit_id"]
    send_line(page, f"K {unit_id}")
    expect(page.locator("[data-testid=reserved]")).to_contain_text("预留（未派警）")
    send_line(page, f"X {incident_id} 人多")
    expect(plan).to_contain_text("响应 1 级")
    assert desk.incident(incident_id)["orders"] == []


def test_the_bar_proposes_and_gives_the_focus_back(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    page = open_page(PLAIN)
    ranked(page)
    row = page.locator(f"[data-incident='{incident_id}']")
    row.focus()
    page.keyboard.press("/")
    line = page.locator("#command-line")
    page.keyboard.type("A ")
    expect(page.get_by_role("option").first).to_be_visible()
    top = page.locator("[data-unit]").first.locator(".who strong").text_content()
    page.keyboard.type(top[-3:])
    page.keyboard.press("Tab")
    expect(line).to_have_value(re.compile(r"^A \S+ $"))
    page.keyboard.press("Enter")
    expect(page.locator(SAID)).to_contain_text("已派")
    expect(line).to_have_value("")
    expect(line).not_to_be_focused()
    send_line(page, "divertt 012")
    expect(page.locator(SAID)).to_contain_text("是否：D 012 J71 原因")
    expect(line).to_be_focused()


def test_an_officer_emergency_stands_over_everything_until_a_second_person_ends_it(desk, open_page):
    incident_id = desk.open_incident(priority=2)
    other = desk.open_incident(priority=3, north_m=500)
    page = open_page(PLAIN)
    ranked(page)
    select(page, incident_id)
    page.keyboard.press("1")
    expect(page.locator(f"[data-incident='{other}']")).to_have_attribute("aria-current", "true")
    unit_id = desk.incident(incident_id)["orders"][0]["unit_id"]
    send_line(page, f"E {unit_id}")
    banner = page.locator("[data-emergency=E1]")
    expect(banner).to_contain_text("民警紧急求助")
    expect(banner).to_have_attribute("data-state", "declared")
    # The list under the hand has not moved.
    expect(page.locator(f"[data-incident='{other}']")).to_have_attribute("aria-current", "true")
    expect(banner.locator("[data-help]").first).to_be_visible()
    page.keyboard.press("e")
    expect(banner).to_have_attribute("data-state", "taken_up")
    page.keyboard.press("e")
    expect(banner).to_have_attribute("data-state", "in_contact")
    banner.locator("[data-help]").first.click()
    banner.get_by_role("button", name="看警情").click()
    expect(page.locator("#incident-title")).to_contain_text(incident_id)
    banner.get_by_role("button", name=f"返回 {other}").click()
    expect(page.locator("#incident-title")).to_contain_text(other)
    page.watch.allow(409)
    page.keyboard.press("e")
    banner.get_by_label("解除人").fill("dispatch-1")
    banner.get_by_label("解除理由").fill("已控制")
    page.keyboard.press("Enter")
    expect(page.locator(SAID)).to_contain_text("以外的人解除")
    banner.get_by_label("解除人").fill("王指挥长")
    banner.get_by_label("解除理由").press("Enter")
    expect(banner).to_have_count(0)


def test_a_move_up_is_shown_with_its_effect_and_taken_by_a_key(chromium, serve_city):
    # Of a dozen units none is ever free to fill what another leaves; of forty one is.
    with serve_city() as desk, opened(chromium, desk.url) as (context, _watch):
        desk.man(40)
        moves = send_until_offered(desk)
        first = min(moves.values(), key=lambda each: each["seq"])
        page = context.new_page()
        page.goto(desk.url + PLAIN)
        page.wait_for_selector("[data-testid=age][data-freshness=fresh]")
        card = page.locator(f"[data-move-up='{first['unit_id']}']")
        expect(card).to_contain_text("失守 → 有人")
        expect(page.locator("[data-move-up]")).to_have_count(len(moves))
        page.keyboard.press("y")
        expect(page.locator(SAID)).to_contain_text("补位")
        expect(card).to_have_count(0)
        assert desk.board()["views"]["units"][first["unit_id"]]["post_id"] == first["post_id"]


def send_until_offered(desk):
    """Send one unit after the other until somebody could fill a circle that was left."""
    for unit_id, unit in desk.board()["views"]["units"].items():
        incident_id = desk.open_incident(priority=3)
        if unit["order_id"] == "":
            desk.done("AssignUnit", incident_id=incident_id, unit_id=unit_id)
        if moves := desk.board()["views"]["move_ups"]:
            return moves
    raise AssertionError("nobody was ever offered")


def test_a_row_ages_in_colour_and_words_exactly_at_60_and_at_100_percent(chromium, serve_city):
    """By the server's clock; the browser's is ten minutes off."""
    with serve_city(speed=20.0) as desk, opened(chromium, desk.url) as (context, _watch):
        desk.man(1)
        context.add_init_script("{const now = Date.now; Date.now = () => now() + 600000}")
        incident_id = desk.open_incident(priority=3)
        target_s = desk.incident(incident_id)["order_target_ms"] // 1000
        page = context.new_page()
        page.goto(desk.url + PLAIN)
        row = page.locator(f"[data-incident='{incident_id}']")
        row.wait_for()
        page.evaluate(
            """id => {
                const row = document.querySelector(`[data-incident='${id}']`);
                window.seen = [];
                const note = () => window.seen.push([
                    row.dataset.stage, row.classList.contains(row.dataset.stage),
                    row.querySelector('.clock').textContent,
                    row.querySelector('.limit').innerText]);
                new MutationObserver(note).observe(
                    row, {subtree: true, attributes: true, characterData: true, childList: true});
                note();
            }""",
            incident_id,
        )
        expect(row).to_have_attribute("data-stage", "over", timeout=30_000)
        seen = page.evaluate("window.seen")
        assert {stage for stage, *_ in seen} == {"calm", "due", "over"}
        for stage, is_coloured, clock, words in seen:
            minutes, seconds = clock.split(":")
            ratio = (int(minutes) * 60 + int(seconds)) / target_s
            assert stage == ("over" if ratio >= 1 else "due" if ratio >= 0.6 else "calm"), clock
            assert is_coloured
            assert words.strip().startswith("超" if stage == "over" else "限")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_nothing_of_sending_is_out_of_reach_for_anybody(desk, open_page, find_faults, theme):
    incident_id = desk.open_incident(type_code=desk.type_code(1, 2))
    page = open_page(PLAIN, settings={"theme": theme})
    ranked(page)
    page.keyboard.press("0")
    order_id = f"{incident_id}-1"
    page.locator(f"[data-order='{order_id}']").wait_for()
    desk.done("AcknowledgeOrder", order_id=order_id)
    desk.done("WithdrawUnit", order_id=order_id, reason="误派")
    desk.done("HandOverIncident", incident_id=incident_id, to_desk_id="city", reason="跨区")
    unit_id = desk.incident(incident_id)["orders"][1]["unit_id"]
    desk.done("DeclareEmergency", unit_id=unit_id, declared_by="李警官", source="voice")
    page.locator("[data-emergency]").wait_for()
    page.locator("[data-testid=hand-over]").get_by_role("button", name="签收").wait_for()
    page.keyboard.press("h")
    page.locator("[data-testid=send-form]").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("A ")
    page.get_by_role("option").first.wait_for()
    assert find_faults(page) == []
