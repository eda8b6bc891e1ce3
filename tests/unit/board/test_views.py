"""Rows for the screens (视图): what is shown, what is late, and that changes add up."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from item_lives import item_life, live_items
from random_lives import life, live, renamings
from toy_city import FIGHT, LOCKSMITH, MURDER, RIDER, START_MS, UNITS, corner, toy_reference
from watched_desk import Watched

from kuaifan.board.fold_reinforce import MAX_OFFERS
from kuaifan.board.versions import version_of
from kuaifan.board.view_builders import ABANDONED_SHOWN_MS, ENDED_SHOWN_MS
from kuaifan.board.view_rows import ROW_TYPES, VIEW_NAMES
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import facts, missed, outbox, setting
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.alarm import TakeUpAlarm
from kuaifan.vocabulary.approval import AskApproval, GiveApproval
from kuaifan.vocabulary.emergency import DeclareEmergency


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(life)
def test_a_snapshot_and_the_changes_after_it_are_a_fresh_snapshot(drawn):
    desk = Watched()
    desk.on_duty("P1", "P2", "S1", "T1")
    for _ in live(desk, drawn):
        desk.apply(desk.views.on_time(desk.board, desk.inbox.now_ms()))
        assert desk.seen == desk.fresh()
    for renaming in [*renamings(desk.board)]:
        desk.do(renaming)
    assert desk.seen == desk.fresh()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(item_life)
def test_so_they_are_for_what_is_owed_and_asked_for_while_cases_come_and_go(drawn):
    desk = Watched()
    desk.on_duty("P1", "P2")
    for _ in live_items(desk, drawn):
        desk.apply(desk.views.on_time(desk.board, desk.inbox.now_ms()))
        assert desk.seen == desk.fresh()


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(life)
def test_every_row_is_what_it_says_and_can_be_sent(drawn):
    desk = Watched()
    for _ in live(desk, drawn):
        pass
    for (view, key), shown in desk.seen.items():
        assert type(shown.row) is ROW_TYPES[view]
        assert key in msgspec.to_builtins(shown.row).values()
        assert msgspec.json.decode(msgspec.json.encode(shown.row), type=ROW_TYPES[view])


def test_a_call_stays_while_its_incident_is_open_and_leaves_with_it():
    desk = Watched()
    call_id = desk.rang(at_s=1)
    assert desk.row("calls", call_id).state == "ringing"
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="s1"), at_s=5)
    incident_id = desk.opened(LOCKSMITH, call_id=call_id)
    desk.do(calls.HangUpCall(call_id=call_id), at_s=60)
    desk.pass_time(9_000)
    assert desk.row("calls", call_id).incident_id == incident_id
    desk.do(incidents.SettleByPhone(incident_id=incident_id, disposition="by_phone"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert desk.keys("incidents") == desk.keys("calls") == []


def test_a_call_that_ended_without_an_incident_stays_for_the_work_after_it():
    desk = Watched()
    call_id = desk.rang(at_s=0)
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="s1"), at_s=5)
    desk.do(calls.HangUpCall(call_id=call_id), at_s=10)
    desk.pass_time(10 + ENDED_SHOWN_MS / 1000 - 1)
    assert desk.keys("calls") == [call_id]
    desk.pass_time(10 + ENDED_SHOWN_MS / 1000)
    assert desk.keys("calls") == []


def test_a_missed_call_alarms_until_a_person_clears_it_or_it_has_an_incident():
    desk = Watched()
    first, second = desk.rang(at_s=0), desk.rang(at_s=0)
    for call_id in (first, second):
        desk.do(calls.HangUpCall(call_id=call_id), at_s=10)
    alarm = desk.row("alarms", f"abandoned:{first}")
    assert (alarm.kind, alarm.since_ms) == ("abandoned", START_MS + 10_000)
    desk.opened(FIGHT, corner(3, 3), call_id=second, at_s=20)
    assert f"abandoned:{second}" not in desk.keys("alarms")
    desk.pass_time(20 + ABANDONED_SHOWN_MS / 1000)
    assert desk.keys("calls") == [first, second]
    assert f"call_back:{first}" in desk.keys("alarms")
    desk.do(missed.ClearMissedCall(call_id=first, cleared_by="李", reason="rang again"))
    assert desk.keys("calls") == [second]
    assert not {f"abandoned:{first}", f"call_back:{first}"} & set(desk.keys("alarms"))


def test_an_incident_row_says_what_was_promised_sent_and_recommended():
    desk = Watched()
    desk.on_duty("P1", "P2")
    incident_id = desk.opened(MURDER, corner(4, 5), at_s=100)
    row, target_ms = desk.row("incidents", incident_id), desk.reference.target_ms(1, "urban")
    assert (row.n_needed, row.n_sent, row.is_waiting, row.state) == (3, 0, True, "queued")
    assert (row.order_target_ms, row.arrival_target_ms) == (30_000, target_ms)
    best = row.recommendation.candidates[0]
    assert best.call_sign == f"call {best.unit_id}"
    order_id = desk.sent(incident_id, best.unit_id, at_s=110)
    row = desk.row("incidents", incident_id)
    order = row.orders[0]
    assert (row.n_sent, row.is_waiting, order.rank, order.state) == (1, True, 1, "dispatched")
    assert order.eta_at_ms == START_MS + 110_000 + best.travel_ms
    desk.do(orders.ReportEnRoute(order_id=order_id), at_s=130)
    order = desk.row("incidents", incident_id).orders[0]
    assert order.eta_at_ms == START_MS + 130_000 + best.travel_ms
    desk.do(orders.ReportArrival(order_id=order_id), at_s=300)
    row = desk.row("incidents", incident_id)
    assert (row.orders[0].eta_at_ms, row.orders[0].t7_source) == (0, "button")
    assert row.seq == desk.journal.records[-1].seq


def test_a_unit_shows_what_it_does_for_its_order_and_leaves_at_the_end_of_its_shift():
    desk = Watched()
    desk.on_duty("P1")
    assert desk.row("units", "P1").state == "at_post"
    incident_id = desk.opened(FIGHT, corner(4, 5))
    order_id = desk.sent(incident_id, "P1")
    row = desk.row("units", "P1")
    assert (row.state, row.order_id, row.incident_id) == ("assigned", order_id, incident_id)
    desk.do(orders.ReportEnRoute(order_id=order_id))
    assert desk.row("units", "P1").state == "en_route"
    desk.do(orders.ReportArrival(order_id=order_id))
    assert desk.row("units", "P1").state == "on_scene"
    desk.fed_back(order_id)
    assert desk.row("units", "P1").state == "returning"
    desk.do(units.EndShift(unit_id="P1"))
    assert desk.keys("units") == []


def test_an_unsigned_order_alarms_louder_and_stops_when_it_is_signed():
    desk = Watched()
    desk.on_duty("P1")
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 5), at_s=0), "P1", at_s=0)
    key = f"unsigned:{order_id}"
    levels = []
    for at_s in (29, 30, 60, 90):
        desk.pass_time(at_s)
        alarm = desk.row("alarms", key)
        levels.append(alarm and alarm.level)
    assert levels == [None, 1, 2, 3]
    assert desk.row("alarms", key).since_ms == START_MS
    desk.do(orders.AcknowledgeOrder(order_id=order_id))
    assert key not in desk.keys("alarms")


def test_late_feedback_alarms_until_it_is_given():
    desk = Watched()
    desk.on_duty("P1")
    incident_id = desk.opened(FIGHT, corner(4, 5), at_s=0)
    order_id = desk.sent(incident_id, "P1", at_s=0)
    desk.do(orders.ReportHandled(order_id=order_id), at_s=100)
    desk.pass_time(100 + 1_800)
    alarm = desk.row("alarms", f"feedback:{order_id}")
    assert (alarm.since_ms, alarm.incident_id) == (START_MS + 100_000, incident_id)
    assert desk.row("incidents", incident_id).orders[0].feedback_overdue
    desk.do(orders.GiveFeedback(order_id=order_id, incident_id=incident_id, disposition="handled"))
    assert desk.keys("alarms") == []


@pytest.mark.parametrize("place", [corner(4, 5), None])
def test_an_incident_nobody_was_sent_to_alarms_at_a_share_of_its_target_and_at_all_of_it(place):
    desk = Watched()
    desk.on_duty("P1")
    incident_id = desk.opened(FIGHT, place, at_s=0)
    levels = []
    for at_s in (107, 108, 179, 180, 10_000):
        desk.pass_time(at_s)
        alarm = desk.row("alarms", f"queue:{incident_id}")
        levels.append(alarm and alarm.level)
    assert levels == [None, 1, 1, 2, 2]
    alarm = desk.row("alarms", f"queue:{incident_id}")
    assert (alarm.to, alarm.since_ms) == ("supervisor", START_MS)
    desk.do(TakeUpAlarm(alarm_id=alarm.key, by="chief Wang"))
    assert desk.row("alarms", alarm.key).taken_up_by == "chief Wang"
    desk.do(incidents.PlaceIncident(incident_id=incident_id, lat=corner(4, 5)[0], lon=117.01))
    desk.sent(incident_id, "P1")
    assert f"queue:{incident_id}" not in desk.keys("alarms")


def test_circles_follow_the_units_that_move():
    desk = Watched()
    assert {row.state for row in map(desk.circle, desk.keys("circles"))} == {"lost"}
    desk.on_duty("P1")
    assert desk.circle("KS-M").n_units == 1
    assert desk.circle("SB-N").state == "edge"
    desk.fix("P1", *corner(0, 8), at_s=desk.now_s + 5)
    assert desk.circle("SB-N").state == "lost"


def test_only_crews_sent_to_an_incident_may_see_it_and_its_calls():
    desk = Watched()
    desk.on_duty(*UNITS)
    call_id = desk.rang()
    incident_id = desk.opened(FIGHT, corner(4, 5), call_id=call_id)
    assert desk.seen["incidents", incident_id].unit_ids == ()
    order_id = desk.sent(incident_id, "P1")
    desk.sent(incident_id, "P2")
    for place in (("incidents", incident_id), ("calls", call_id)):
        assert desk.seen[place].unit_ids == ("P1", "P2")
    assert desk.seen["units", "P1"].unit_ids == ("P1",)
    desk.do(orders.WithdrawUnit(order_id=order_id, reason="r"))
    assert desk.seen["calls", call_id].unit_ids == ("P2",)


def test_the_version_of_a_command_is_the_last_record_that_touched_its_subject():
    desk = Watched()
    desk.on_duty("P1")
    call_id = desk.rang()
    incident_id = desk.opened(FIGHT, corner(4, 5), call_id=call_id)
    order_id = desk.sent(incident_id, "P1")
    desk.do(orders.AcknowledgeOrder(order_id=order_id))
    seq = desk.journal.records[-1].seq
    about = [
        orders.ReportArrival(order_id=order_id),
        incidents.CloseIncident(incident_id=incident_id),
        units.EndShift(unit_id="P1"),
    ]
    assert [version_of(desk.board, command) for command in about] == [
        seq,
        seq,
        desk.board.units["P1"].seq,
    ]
    ended = desk.do(calls.HangUpCall(call_id=desk.rang()))
    assert version_of(desk.board, calls.HangUpCall(call_id="C2")) == ended.seq
    assert version_of(desk.board, calls.HangUpCall(call_id="C9")) == 0


def test_letters_and_approvals_have_versions_too_and_a_request_that_of_what_it_asks_for():
    desk = Watched()
    incident_id = desk.opened(FIGHT, corner(4, 5))
    asked = AskApproval(
        person="li", what=incidents.SetPriority(incident_id=incident_id, priority=4, reason="r")
    )
    assert version_of(desk.board, asked) == desk.board.incidents[incident_id].seq
    waiting = desk.do(asked)
    give = GiveApproval(approval_id="AP1", person="chen")
    assert version_of(desk.board, give) == waiting.seq
    letter = {"effect_id": "1-0-1", "channel": "phone", "what": "text", "why": "late"}
    told = desk.do(outbox.ReportUndelivered(**letter))
    repeat = outbox.RepeatEffect(effect_id="1-0-1")
    assert version_of(desk.board, repeat) == told.seq
    repeated = desk.do(repeat)
    assert version_of(desk.board, repeat) == repeated.seq > told.seq


def test_a_new_name_is_read_wherever_it_stands():
    desk = Watched()
    desk.on_duty(*UNITS)
    incident_id = desk.opened(FIGHT, corner(4, 5), at_s=0)
    order_id = desk.sent(incident_id, "P1", at_s=0)
    desk.do(facts.DeclareMajor(incident_id=incident_id, reason="r", declared_by="p"))
    emergency_id = desk.do(DeclareEmergency(unit_id="P1", declared_by="o")).events[0].emergency_id
    desk.pass_time(40)
    signed = {"by": "Li", "reason": "order 12"}
    desk.do(setting.ChangeIncidentType(code=FIGHT, name_cn="斗殴", **signed))
    desk.do(setting.ChangeUnitProfile(unit_id="P1", call_sign="巡逻 777", **signed))
    assert desk.row("majors", incident_id).type_name == "斗殴"
    assert "巡逻 777" in desk.row("alarms", f"unsigned:{order_id}").text_zh
    assert "巡逻 777" in desk.row("alarms", f"emergency:{emergency_id}").text_zh
    assert desk.row("emergencies", emergency_id).call_sign == "巡逻 777"
    assert desk.row("incidents", incident_id).orders[0].call_sign == "巡逻 777"
    ranked = desk.row("incidents", incident_id).recommendation.candidates[0].unit_id
    desk.do(setting.ChangeUnitProfile(unit_id=ranked, call_sign="巡逻 778", **signed))
    again = desk.row("incidents", incident_id).recommendation.candidates[0]
    assert (again.unit_id, again.call_sign) == (ranked, "巡逻 778")
    assert desk.seen == desk.fresh()


def test_the_oldest_move_leaves_the_screens_when_there_are_too_many():
    desk = Watched(toy_reference(RIDER))
    moved = [*UNITS, RIDER.unit_id]
    assert len(moved) == MAX_OFFERS + 1
    desk.on_duty(*moved)
    for unit_id in moved:
        desk.fix(unit_id, *corner(0, 8), at_s=desk.now_s + 5)
    for unit_id in moved:
        suggested = units.MoveUpSuggested(
            unit_id=unit_id,
            post_id="SB-N" if unit_id == moved[0] else "KS-M",
            travel_ms=300_000,
            n_lost_before=1,
            n_lost_after=0,
            reasons=(),
        )
        desk.told(suggested)
        assert desk.row("move_ups", moved[0]) or unit_id == moved[-1]
    assert moved[0] not in desk.keys("move_ups")
    assert desk.seen == desk.fresh()


def test_all_views_are_there_from_the_start():
    desk = Watched()
    desk.on_duty("P1")
    assert set(VIEW_NAMES) == set(ROW_TYPES)
    assert {view for view, _ in desk.seen} == {"circles", "units"}
