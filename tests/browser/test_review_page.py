"""The daily review's page (日评): a day is cleared, a hit is judged, nothing closes in a heap."""

import time

import pytest
from browser_desk import ServedCity
from seat_steps import begin, fill, submit

from kuaifan.board.day_tally import day_of, start_of_day

HOUR_S = 3_600


@pytest.fixture(name="desk", scope="module")
def fixture_desk(city_dir, tmp_path_factory):
    with ServedCity(city_dir, tmp_path_factory.mktemp("review")) as served:
        yield served


def a_day(desk):
    """A day with one incident closed, one sent late, two left alone; then nine of the next."""
    units = desk.man(4)
    over = desk.open_incident(priority=4)
    desk.done("SettleByPhone", incident_id=over, disposition="by_phone", approved_by="王值班")
    desk.done("ReviewIncident", incident_id=over, reviewer_id="周敏")
    desk.done("CloseIncident", incident_id=over, by="周敏")
    left = [desk.open_incident(priority=3, north_m=400 * n) for n in (1, 2)]
    desk.pass_s(1_200)
    sent = desk.open_incident(priority=2, east_m=300)
    desk.pass_s(700)
    desk.done("AssignUnit", incident_id=sent, unit_id=units[0])
    now_ms = desk.desk.clock()[0]
    nine_ms = start_of_day(day_of(now_ms) + 1) + 9 * HOUR_S * 1_000
    desk.pass_s((nine_ms - now_ms) / 1_000 + 60)
    return over, left, sent


def until_run(desk):
    """Wait until the run of the passed morning is on the seat's table."""
    ends = time.monotonic() + 20
    while True:
        seen = desk.http.get("/v1/seats/daily_clearing", params={"role": "reviewer"}).json()
        tables = {each["name"]: each["rows"] for each in seen["tables"]}
        if tables["days"] and tables["checks"] and tables["days"][0]["n_incidents"]:
            return tables
        assert time.monotonic() < ends
        desk.pass_s(1)


def test_a_reviewer_works_through_a_morning(desk, open_page, find_faults):
    over, left, sent = a_day(desk)
    tables = until_run(desk)
    assert {row["incident_id"] for row in tables["left"]} == {*left, sent}
    page = open_page("/review", size=(1366, 768))
    page.wait_for_selector("[data-testid=review][data-ready=true]")
    page.fill("[data-testid=me]", "周敏")
    for name, said in (("n_incidents", "4"), ("n_cleared", "1"), ("n_uncleared", "▲ 3")):
        assert page.inner_text(f"[data-number={name}]") == said
    assert "1/4" in page.inner_text("[data-share=cleared_share]")

    # Several are urged and handed on at once; that several are closed at once is not offered.
    for incident_id in left:
        page.check(f"[aria-label='选定 {incident_id}']")
    page.click("[data-testid=urge]")
    page.wait_for_selector("[data-testid=said]:has-text('催办 2 起')")
    for incident_id in left:
        page.check(f"[aria-label='选定 {incident_id}']")
    page.click("[data-testid=hand-on]")
    page.fill("[data-testid=hand-on-form] input >> nth=0", "刘洋")
    page.fill("[data-testid=hand-on-form] input >> nth=1", "属其辖区")
    page.click("[data-testid=hand-on-form] [type=submit]")
    page.wait_for_selector("[data-testid=left] li:has-text('刘洋') >> nth=1")

    # A dated reason; then a hit with what was advised beside what was done.
    page.click(f"[data-left={left[0]}]")
    page.wait_for_selector(f"[data-testid=case][data-incident={left[0]}] li")
    until = "2099-01-01T09:00"
    begin(page, "GiveOpenReason", {"reason": "等鉴定结果", "owner": "刘洋", "until_ms": until})
    page.watch.allow(409)
    submit(page)
    assert "不超过 30 天" in page.wait_for_selector("[data-testid=refused]").inner_text()
    page.keyboard.press("Escape")
    page.click(f"[data-check=first_order][data-of={sent}]")
    page.wait_for_selector(f"[data-testid=case][data-incident={sent}] li")
    assert "首派" in page.inner_text(f"[data-check=first_order][data-of={sent}]")
    assert find_faults(page) == []
    begin(page, "ConfirmDefect", {"to_kind": "person"})
    fill(page, "to_id", "刘洋")
    submit(page)
    page.wait_for_selector(f"[data-check=first_order][data-of={sent}]:has-text('整改中')")
    assert over not in page.inner_text("[data-testid=left]")
