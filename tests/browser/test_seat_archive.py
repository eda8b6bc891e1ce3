"""归档 of a seat's page: found by days and words, opened for a purpose, and written down."""

from __future__ import annotations

import time

import msgspec
import pytest
from browser_desk import WAIT_S
from browser_watch import opened
from door_desk import HASH, PASSWORD, QUICK
from mediation_acts import ask
from playwright.sync_api import expect

from kuaifan.app.door import DoorOptions
from kuaifan.seats.mediation.words import EndMediation
from kuaifan.store.accounts import Account
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.access import RecordRead, SearchLogged
from kuaifan.vocabulary.seat_archive import RetireSeatPapers

NEIGHBOURS, DAYS_3_S = "060103", 3 * 86_400


@pytest.fixture(name="guarded")
def fixture_guarded(serve_city):
    """A mediation that has left the board, behind a door."""
    with serve_city(door=DoorOptions(second_factor="none")) as desk:
        people = desk.service.door.people
        people.passwords = QUICK
        told = {"name": "chen", "display_name": "陈静", "password_hash": HASH}
        people.accounts.put(Account(roles=("commander",), **told))
        desk.incident_id = archived(desk)
        yield desk


def do(desk, command):
    ticket = desk.desk.submit(command, actor="seat:1", key=None, seen_seq=None)
    record = ticket.wait(WAIT_S)
    assert record.refusal is None, record.refusal
    return record


def archived(desk):
    post = next(iter(desk.reference.posts.values()))
    lat, lon = post.lat, post.lon
    about = do(desk, incidents.OpenIncident(type_code=NEIGHBOURS, lat=lat, lon=lon)).events[0]
    incident_id = about.incident_id
    command = msgspec.structs.replace(ask(incident_id), party_a="张大山")
    mediation_id = do(desk, command).events[0].mediation_id
    do(desk, EndMediation(mediation_id=mediation_id, why="withdrawn", note="不谈了", by="王警官"))
    settle = {"disposition": "by_phone", "approved_by": "值班长"}
    do(desk, incidents.SettleByPhone(incident_id=incident_id, **settle))
    do(desk, incidents.ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
    do(desk, incidents.CloseIncident(incident_id=incident_id))
    desk.pass_s(DAYS_3_S)
    board, until_s = desk.desk.live.engine.board, time.monotonic() + WAIT_S
    while incident_id in board.incidents and time.monotonic() < until_s:
        do(desk, calls.RegisterCall(line="110"))
    do(desk, RetireSeatPapers())
    assert board.seats["mediation"].cases == {}
    return incident_id


def logged(desk, kind):
    with desk.desk.open_reader() as reader:
        events = [event for record in reader.read_records() for event in record.events]
    return [each for each in events if isinstance(each, kind)]


def test_what_a_seat_kept_is_found_and_opened_with_a_purpose(guarded, chromium, find_faults):
    incident_id = guarded.incident_id
    with opened(chromium, guarded.url) as (context, watch):
        watch.allow(403, 422)
        page = context.new_page()
        page.goto(f"{guarded.url}/login?next=/seats/mediation")
        page.get_by_label("用户名").fill("chen")
        page.get_by_label("口令", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_selector("[data-testid=seat][data-ready=true]")
        page.locator("h1").click()
        page.keyboard.press("Alt+0")
        expect(page.get_by_test_id("archive-text")).to_be_focused()
        # For a complaint it takes words, too: said beside the search, and nothing is listed.
        page.get_by_test_id("archive-purpose").select_option("complaint")
        page.get_by_test_id("archive-search").click()
        expect(page.get_by_test_id("archive").get_by_role("alert")).to_contain_text("须说明案由")
        page.get_by_test_id("archive-purpose").select_option("handling")
        page.get_by_test_id("archive-reason").fill("回访前核对")
        page.get_by_test_id("archive-text").fill(incident_id)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("archive-found")).to_contain_text("归档材料 1 份")
        row = page.locator("[data-archived=M1]")
        expect(row).to_contain_text("撤回申请")
        assert "张大山" not in page.content()
        assert find_faults(page) == []
        row.get_by_role("button", name="打开").click()
        paper = page.locator("[data-paper=M1]")
        expect(paper).to_contain_text("张大山")
        expect(paper).to_contain_text("社区")
        expect(page.get_by_test_id("archive")).to_contain_text("已调阅并记入日志")
        expect(page.get_by_test_id("case")).to_have_attribute("data-incident", incident_id)
        assert find_faults(page) == []
        # No key of an action does anything to what is over.
        page.locator("h1").click()
        page.keyboard.press("O")
        expect(page.locator("form[data-command]")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("archive")).to_have_count(0)
    [searched] = logged(guarded, SearchLogged)
    assert (searched.person, searched.purpose, searched.n_found) == ("chen", "handling", 1)
    assert searched.reason == "回访前核对"
    read = [each for each in logged(guarded, RecordRead) if each.what == "seat_archive"]
    assert [(each.incident_id, each.reason) for each in read] == [(incident_id, "回访前核对")]
