"""Acceptance of 派警席 (派警验收) not named elsewhere: 60 calls, two seats, a hundred events."""

from __future__ import annotations

from browser_watch import opened
from playwright.sync_api import expect

PLAIN = "/dispatch?map=0"
N_CALLS = 60
SAID = "[data-testid=said]"


def ranked(page):
    page.wait_for_selector("[data-testid=recommendation] [data-unit]")


def seated(context, desk, number):
    """A page of a dispatcher's seat of its own."""
    page = context.new_page()
    page.add_init_script(f"localStorage['kuaifan.seat'] = '{number}'")
    page.goto(desk.url + PLAIN)
    ranked(page)
    return page


def expected_order(desk, group):
    """Incidents of a group as the rule has them, of what the API says now."""
    city = desk.city()
    rows = [
        row
        for row in desk.board()["views"]["incidents"].values()
        if (row["n_sent"] < row["n_needed"]) == (group == "unsent") and row["n_needed"]
    ]

    def ratio(row):
        return (city["now_ms"] - row["tp_ms"]) / row["order_target_ms"]

    rows.sort(key=lambda row: (row["priority"], -ratio(row), int(row["incident_id"][1:])))
    return [row["incident_id"] for row in rows]


def painted_order(page, group):
    rows = page.locator(f"[data-group={group}] [data-incident]")
    return rows.evaluate_all("rows => rows.map(row => row.dataset.incident)")


def test_sixty_calls_stand_in_the_order_of_the_rule(chromium, serve_city):
    """Undispatched first, then level, then waited over target: the page against the API's rows."""
    with serve_city() as desk, opened(chromium, desk.url) as (context, _watch):
        free = desk.man(20)
        codes = {priority: desk.type_code(priority) for priority in (1, 2, 3, 4)}
        for i in range(N_CALLS):
            priority = 1 + (i * 7) % 4
            place = {"north_m": i * 9 - 270, "east_m": (i * 37) % 400 - 200}
            incident_id = desk.open_incident(type_code=codes[priority], **place)
            if i % 3 == 0:
                desk.done("AssignUnit", incident_id=incident_id, unit_id=free.pop())
        page = context.new_page()
        page.goto(desk.url + PLAIN)
        expect(page.locator("[data-incident]")).to_have_count(N_CALLS)
        unsent, sent = painted_order(page, "unsent"), painted_order(page, "sent")
        assert unsent == expected_order(desk, "unsent")
        assert sent == expected_order(desk, "sent")
        assert (len(unsent), len(sent)) == (40, 20)
        every = page.locator("[data-incident]").evaluate_all(
            "all => all.map(e => e.dataset.incident)"
        )
        assert every == unsent + sent


def test_of_two_seats_that_press_one_at_once_one_wins_and_the_other_hears_by_whom(desk, chromium):
    incident_id = desk.open_incident(priority=1)
    desk.open_incident(priority=2, north_m=400)
    with opened(chromium, desk.url) as (context, watch):
        watch.allow(409)
        one, two = seated(context, desk, 1), seated(context, desk, 2)
        held = []

        def hold(route):
            held.append(route)

        two.route("**/v1/commands/AssignUnit", hold)
        # The second seat's key is on its way while the first one's arrives.
        with two.expect_request("**/v1/commands/AssignUnit"):
            two.keyboard.press("1")
        one.keyboard.press("1")
        expect(one.locator(SAID)).to_contain_text("已派")
        (order,) = desk.incident(incident_id)["orders"]
        assert len(held) == 1
        held[0].continue_()
        expect(two.locator(SAID)).to_contain_text("dispatch-1")
        expect(two.locator(SAID)).to_contain_text(incident_id)
        assert [each["order_id"] for each in desk.incident(incident_id)["orders"]] == [
            order["order_id"]
        ]
        assert order["sent_by"] == "dispatch-1"


def test_the_selection_stays_on_a_hundred_events(desk, open_page):
    incident_id = desk.open_incident(priority=3)
    page = open_page(PLAIN)
    ranked(page)
    for i in range(80):
        desk.done("RegisterCall", line="110", caller_number=f"139{i:08d}")
    others = [desk.open_incident(priority=1 + i % 3, north_m=i * 20) for i in range(20)]
    expect(page.locator(f"[data-incident='{others[-1]}']")).to_be_visible()
    chosen = page.locator("[data-incident][aria-current=true]")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-incident", incident_id)
    expect(page.locator("#incident-title")).to_contain_text(incident_id)
