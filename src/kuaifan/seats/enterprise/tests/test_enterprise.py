"""The enterprise seat (护企专席), as its stories: whose incident, who read it, who ends it."""

import pytest
from toy_city import DOMESTIC, FIGHT, START_MS, Desk, corner, image

from kuaifan.board.items import find_item, list_items
from kuaifan.seats.enterprise import kinds, words
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.alarm import AlarmRaised

WAGES, TIP, THEFT = "060106", "080101", "020201"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
HERE, AWAY = corner(4, 2), corner(1, 7)
THREE = {"leader": "王局", "chief": "李所", "officer": "张警"}
PHONE = "05552000001"


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2")
    yield desk
    mine = desk.board.seats["enterprise"]
    assert all(each.owner.owner_id and each.due_at_ms for each in desk.board.items.values())
    for each in mine.cases.values():
        assert each.called_back_at_ms or find_item(desk.board, kinds.CALL_BACK, each.incident_id)
    assert image(desk.rebuilt()) == image(desk.engine.state)


def mine_of(desk):
    return desk.board.seats["enterprise"]


def firm(name="宏远纺织", place=HERE, **more):
    told = {"kind": "firm", "radius_m": 150, "phone": "0555-2000001", "by": "Li"} | THREE | more
    return words.AddFirm(name=name, lat=place[0], lon=place[1], **told)


@pytest.fixture(name="firm_id")
def fixture_firm_id(desk):
    return desk.do(firm()).events[0].firm.firm_id


def notices(desk, incident_id):
    ranks = ("leader", "chief", "officer")
    return {each: find_item(desk.board, kinds.NOTICE, f"{incident_id}/{each}") for each in ranks}


def read(desk, incident_id, rank, at_s=None):
    command = words.ReadNotice(notice_id=f"{incident_id}/{rank}", by=THREE[rank])
    return desk.do(command, at_s=at_s)


def called(incident_id, answer="satisfied", **more):
    told = {"by": "Zhao"} | more
    return words.RecordFirmCallBack(incident_id=incident_id, answer=answer, **told)


def owed(desk, incident_id):
    """Ids of what this seat owes for an incident; others may owe something too."""
    item_ids = desk.board.incidents[incident_id].item_ids
    return [each for each in item_ids if desk.board.items[each].seat_id == "enterprise"]


def alarms_of(records, item):
    found = (event for record in records for event in record.events)
    mine = (event for event in found if isinstance(event, AlarmRaised))
    return [event for event in mine if event.subject_id == item.item_id]


def sums(desk, *names):
    return [mine_of(desk).tally.sum(each, 0, 10**6) for each in names]


def test_an_incident_at_a_listed_firm_goes_to_three_people_and_is_called_back(desk, firm_id):
    incident_id = desk.opened(THEFT, HERE)
    incident = desk.board.incidents[incident_id]
    assert incident.overlays == ["enterprise"]
    assert mine_of(desk).cases[incident_id].firm_id == firm_id
    owed = notices(desk, incident_id)
    assert {rank: item.owner.owner_id for rank, item in owed.items()} == THREE
    assert {item.due_at_ms for item in owed.values()} == {START_MS + 10 * MINUTE * 1000}
    another = words.ReadNotice(notice_id=f"{incident_id}/leader", by=THREE["officer"])
    assert desk.code(another) == "not_your_notice"
    for rank in owed:
        read(desk, incident_id, rank)
    again = words.ReadNotice(notice_id=f"{incident_id}/chief", by="x")
    assert desk.code(again) == "read_already"
    assert desk.code(words.ReadNotice(notice_id="J9/chief", by="x")) == "unknown_notice"
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    close = incidents.CloseIncident(incident_id=incident_id)
    # Nothing of a firm is closed before it was called back.
    assert desk.code(close) == "items_open"
    desk.do(called(incident_id))
    assert desk.code(called(incident_id)) == "called_already"
    desk.do(close)
    assert sums(desk, "matched", "all_read", "read", "notices", "called_back") == [1, 1, 3, 3, 1]


def test_the_overlay_changes_neither_priority_nor_ranking_nor_plan():
    told = []
    for is_listed in (False, True):
        desk = Desk()
        desk.on_duty("P1", "P2", "P3")
        if is_listed:
            desk.do(firm())
        incident = desk.board.incidents[desk.opened(THEFT, HERE)]
        told.append(
            (incident.priority, incident.plan, incident.n_needed, incident.recommended_unit_ids)
        )
        assert bool(incident.overlays) is is_listed
    assert told[0] == told[1]


def test_who_does_not_read_is_passed_over_to_the_next_one_up_and_it_rings_once_a_level(
    desk, firm_id
):
    assert firm_id
    incident_id = desk.opened(THEFT, HERE)
    read(desk, incident_id, "leader")
    officer, chief = (notices(desk, incident_id)[each] for each in ("officer", "chief"))
    early = words.PassUpNotice(notice_id=f"{incident_id}/officer")
    assert desk.code(early) == "nothing_to_pass"
    records = desk.run_until(60 * MINUTE)
    assert [each.to for each in alarms_of(records, officer)] == [
        *("dispatcher", "supervisor", "leader")
    ]
    owed = notices(desk, incident_id)
    # The officer's notice went to the chief, then to the leader; the chief's to the leader.
    assert [owed[each].owner.owner_id for each in ("officer", "chief")] == ["王局", "王局"]
    passed = [
        (event.rank, event.to)
        for record in records
        for event in record.events
        if isinstance(event, words.NoticePassedUp)
    ]
    assert sorted(passed) == [("chief", "leader"), ("officer", "chief"), ("officer", "leader")]
    assert chief.due_at_ms == START_MS + 10 * MINUTE * 1000
    read(desk, incident_id, "officer")
    read(desk, incident_id, "chief")
    assert not [each for each in desk.board.alarms if each.startswith("item:")]


def test_what_is_unresolved_is_the_leaders_and_stays_open_until_the_leader_closes_it(desk, firm_id):
    assert firm_id
    incident_id = desk.opened(THEFT, HERE)
    report = words.ReportUnresolved(incident_id=incident_id, reason="道路被堵", by="张警")
    assert desk.code(words.ReportUnresolved(incident_id=incident_id, reason=" ", by="x")) == (
        "reason_needed"
    )
    desk.do(report)
    assert desk.code(report) == "with_leader"
    item = find_item(desk.board, kinds.UNRESOLVED, incident_id)
    assert (item.owner.owner_id, item.holds) == ("王局", True)
    records = desk.run_until(5 * DAY)
    assert [each.to for each in alarms_of(records, item)] == ["supervisor", "leader"]
    resolve = words.ResolveFirmCase(incident_id=incident_id, result="已协调", by="Li")
    assert desk.code(resolve) == "leader_closes"
    desk.do(called(incident_id, "not_satisfied", unresolved=True))
    # It is with the leader already: it is not owed twice.
    assert len(list_items(desk.board, "enterprise", incident_id)) == 1
    mine = words.ResolveFirmCase(incident_id=incident_id, result="已协调", by="王局（wangju）")
    desk.do(mine)
    assert desk.code(mine) == "nothing_unresolved"
    assert sums(desk, "unresolved", "resolved") == [1, 1]


def test_a_call_back_that_says_it_is_not_settled_goes_to_the_leader_by_itself(desk, firm_id):
    assert firm_id
    incident_id = desk.opened(THEFT, HERE)
    item = find_item(desk.board, kinds.CALL_BACK, incident_id)
    assert item.due_at_ms == START_MS + 24 * HOUR * 1000
    assert [each.level for each in alarms_of(desk.run_until(30 * HOUR), item)] == [1, 2, 3]
    for _ in range(5):
        desk.do(called(incident_id, "no_answer"))
    again = find_item(desk.board, kinds.CALL_BACK, incident_id)
    assert again.due_at_ms == START_MS + 34 * HOUR * 1000
    assert desk.code(called(incident_id, "no_answer")) == "tried_enough"
    desk.do(called(incident_id, "not_satisfied", unresolved=True, note="门口仍被堵"))
    assert find_item(desk.board, kinds.UNRESOLVED, incident_id).owner.owner_id == "王局"
    assert sums(desk, "called_back", "unresolved") == [1, 1]


def test_a_firm_is_known_by_its_telephone_wherever_it_happens(desk, firm_id):
    call_id = desk.rang(caller_number="0555-2000001")
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="1"))
    incident_id = desk.opened(WAGES, AWAY, call_id=call_id)
    case = mine_of(desk).cases[incident_id]
    # It is the firm itself that rings: a dispute about wages is its own matter here.
    assert (case.firm_id, case.matched_by) == (firm_id, "phone")
    other = desk.opened(THEFT, AWAY)
    assert other not in mine_of(desk).cases
    later = desk.rang(caller_number=PHONE)
    desk.do(calls.AttachCall(call_id=later, incident_id=other))
    assert mine_of(desk).cases[other].matched_by == "phone"


def test_what_somebody_tells_against_a_firm_is_not_told_to_those_who_look_after_it(desk, firm_id):
    assert firm_id
    for type_code in (WAGES, TIP, DOMESTIC):
        incident_id = desk.opened(type_code, HERE)
        assert incident_id not in mine_of(desk).cases
        assert desk.board.incidents[incident_id].overlays == []
    by_hand = words.MatchFirm(incident_id=incident_id, firm_id=firm_id, by="Li")
    assert desk.code(by_hand) == "not_for_firms"
    said = desk.opened(THEFT, HERE)
    against = words.SayAgainst(incident_id=said, by="Li")
    desk.do(against)
    assert desk.code(against) == "said_already"
    assert said not in mine_of(desk).cases
    assert desk.board.incidents[said].overlays == []
    assert not owed(desk, said)
    assert desk.code(words.MatchFirm(incident_id=said, firm_id=firm_id, by="Li")) == "against_firm"
    # Its type turns out to be such a one: nothing more is owed.
    turned = desk.opened(THEFT, HERE)
    desk.do(incidents.UpdateIncident(incident_id=turned, type_code=DOMESTIC))
    assert turned not in mine_of(desk).cases
    assert sums(desk, "matched", "lifted") == [0, 2]


def test_a_wrong_match_is_taken_off_with_a_reason_and_not_made_again(desk, firm_id):
    incident_id = desk.opened(THEFT, HERE)
    read(desk, incident_id, "leader")
    lift = words.LiftMatch(incident_id=incident_id, why="wrong_match", by="Li")
    assert desk.code(lift) == "reason_needed"
    desk.do(words.LiftMatch(incident_id=incident_id, why="wrong_match", reason="隔壁", by="Li"))
    assert desk.code(lift) == "no_match"
    assert not owed(desk, incident_id)
    assert desk.board.incidents[incident_id].overlays == []
    place = incidents.PlaceIncident(incident_id=incident_id, lat=HERE[0], lon=HERE[1])
    desk.do(place)
    assert incident_id not in mine_of(desk).cases
    assert sums(desk, "matched", "read", "all_read") == [0, 0, 0]
    # A person may say that it is one after all.
    by_hand = words.MatchFirm(incident_id=incident_id, firm_id=firm_id, by="Li")
    desk.do(by_hand)
    assert mine_of(desk).cases[incident_id].matched_by == "person"
    assert desk.code(by_hand) == "matched_already"
    assert desk.code(words.LiftMatch(incident_id="J9", why="against", by="Li")) == (
        "unknown_incident"
    )


def test_two_calls_about_one_thing_are_one_match(desk, firm_id):
    assert firm_id
    first, second = desk.opened(THEFT, HERE), desk.opened(THEFT, HERE)
    desk.do(incidents.MergeIncident(incident_id=second, into_incident_id=first))
    assert [*mine_of(desk).cases] == [first]
    assert desk.board.incidents[first].overlays == ["enterprise"]
    assert len(owed(desk, first)) == 4
    third = desk.opened(THEFT, AWAY)
    desk.do(words.MatchFirm(incident_id=third, firm_id=firm_id, by="Li"))
    other = desk.opened(FIGHT, AWAY)
    desk.do(incidents.MergeIncident(incident_id=third, into_incident_id=other))
    # The match came over with its items, and is not made a second time.
    assert len(owed(desk, other)) == 4
    desk.do(incidents.PlaceIncident(incident_id=other, lat=HERE[0], lon=HERE[1]))
    assert other not in mine_of(desk).cases
    desk.do(called(third))


def test_the_nearest_of_two_firms_has_it_and_one_that_is_not_valid_has_nothing(desk, firm_id):
    near = desk.do(firm("近邻", corner(4, 2.2), phone="")).events[0].firm.firm_id
    at = corner(4, 2.15)
    assert mine_of(desk).cases[desk.opened(THEFT, at)].firm_id == near
    change = words.ChangeFirm(firm_id=near, valid_to_ms=START_MS + 1_000, by="Li")
    desk.do(change)
    later = desk.do(incidents.OpenIncident(type_code=THEFT, lat=at[0], lon=at[1]), at_s=60)
    assert mine_of(desk).cases[later.events[0].incident_id].firm_id == firm_id
    old = desk.opened(THEFT, AWAY)
    by_hand = words.MatchFirm(incident_id=old, firm_id=near, by="Li")
    assert desk.code(by_hand) == "firm_not_valid"
    retire = words.RetireFirm(firm_id=firm_id, reason="停产", by="Li")
    desk.do(retire)
    assert desk.code(retire) == "unknown_firm"
    assert desk.opened(THEFT, at) not in mine_of(desk).cases


def test_an_outline_holds_where_a_circle_does_not_fit(desk):
    ring = (corner(0, 0), corner(0, 3), corner(3, 3), corner(3, 0))
    desk.do(firm(place=corner(1, 1), radius_m=10, ring=ring))
    assert desk.opened(THEFT, corner(2.5, 2.5)) in mine_of(desk).cases
    assert desk.opened(THEFT, corner(3.5, 2.5)) not in mine_of(desk).cases
    assert desk.code(firm("别处", place=corner(5, 5), ring=ring)) == "bad_ring"


def test_the_clocks_are_the_citys_own(desk, firm_id):
    assert firm_id
    terms = words.SetEnterpriseTerms(read_ms=5 * 60_000, by="Li")
    desk.do(terms)
    assert desk.code(terms) == "nothing_new"
    due = {each.due_at_ms for each in notices(desk, desk.opened(THEFT, HERE)).values()}
    assert due == {START_MS + 5 * MINUTE * 1000}
