"""Words of the timeline (时间线): every event of an incident has some, in both languages."""

import re

import pytest
from plans_in_use import plans_expecting
from toy_city import BURGLARY, FIGHT, UNITS, Desk, corner, toy_reference

from kuaifan import vocabulary
from kuaifan.vocabulary import (
    access,
    alarm,
    approval,
    broadcast,
    desk,
    keeping,
    outbox,
    paper,
    plan,
    premise,
    road,
    seat,
    setting,
    voice,
)
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.call import CallAnswered
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.seat_archive import SeatPapersSwept
from kuaifan.vocabulary.talk import TransferOffered
from kuaifan.vocabulary.undo import ActionUndone
from kuaifan.vocabulary.unit import EVENTS as UNIT_EVENTS
from kuaifan.web.timeline import TELLERS, Teller, list_steps
from kuaifan.web.viewer import Viewer

DISPATCHER = Viewer("dispatcher")
UNTOLD = {
    *(*UNIT_EVENTS, voice.UnitPlaced, voice.PositionConfirmed, *seat.EVENTS),
    *(road.RoadClosed, road.RoadOpened, road.WeightsUsed, desk.PolicyUsed),
    *(alarm.AlarmTakenUp, alarm.AlarmCleared, ActionUndone),
    *(*premise.EVENTS, *setting.EVENTS, paper.CardNumbersReserved),
    *(broadcast.BroadcastRead, broadcast.BroadcastEnded),
    *(set(access.EVENTS) - {access.RecordRead}),
    *(outbox.DeliveryNoted, approval.ApprovalEnded),
    *(*keeping.EVENTS, *plan.EVENTS, SeatPapersSwept),
}
"""Of a unit, a seat, a place, the roads or all incidents, not of one; alarms are told once, when
they ring; and what an undo does follows in the same record."""


def test_every_event_of_an_incident_or_call_is_told():
    assert set(vocabulary.EVENTS) == TELLERS.keys() | UNTOLD


def steps_of(desk, incident_id):
    return list_steps(desk.journal.records, Teller(toy_reference(), DISPATCHER), incident_id)


def test_words_are_in_both_languages_and_name_no_person():
    desk = Desk()
    desk.on_duty(*UNITS)
    call_id = desk.rang(caller_number="13800000000")
    opened = incidents.OpenIncident(type_code=FIGHT, call_id=call_id, narrative="secret")
    incident_id = desk.do(opened).events[0].incident_id
    lat, lon = corner(4, 5)
    desk.do(incidents.PlaceIncident(incident_id=incident_id, lat=lat, lon=lon, address="secret"))
    desk.do(incidents.UpdateIncident(incident_id=incident_id, narrative="secret"))
    order_id = desk.sent(incident_id, "P1")
    desk.do(orders.WithdrawUnit(order_id=order_id, reason="undo"))
    order_id = desk.sent(incident_id, "P2")
    desk.run_until(desk.now_s + 40)
    desk.fed_back(order_id)
    desk.do(orders.ReturnFeedback(order_id=order_id, reason="short"))
    desk.run_until(desk.now_s + 4_000)
    steps = steps_of(desk, incident_id)
    assert {"OrderUnsigned", "OrderWithdrawn", "FeedbackOverdue"} <= {step.type for step in steps}
    for step in steps:
        assert re.search(r"[\u4e00-\u9fff]", step.text_zh)
        assert step.text_en.isascii() or step.type in {"IncidentOpened", "IncidentUpdated"}
        assert "secret" not in step.text_zh + step.text_en
        assert "138" not in step.text_zh + step.text_en
    withdrawn = next(step for step in steps if step.type == "OrderWithdrawn")
    assert withdrawn.text_zh == "撤回 call P1：撤销派警"


def test_what_was_asked_for_and_what_was_not_told_is_told_of_its_case_without_a_reason():
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 5))
    lower = incidents.SetPriority(incident_id=incident_id, priority=4, reason="secret")
    for number in (1, 2):
        desk.do(approval.AskApproval(person="li", what=lower))
        answer = {"approval_id": f"AP{number}", "person": "chen"}
        desk.do(approval.RefuseApproval(reason="secret", **answer))
    letter = {"effect_id": "1-0-1", "channel": "119", "what": "request", "why": "late"}
    for command in (
        outbox.ReportUndelivered(**letter, incident_id=incident_id, request_id="J1-A1"),
        outbox.RepeatEffect(effect_id="1-0-1"),
        outbox.ReportDelivered(effect_id="1-0-1"),
    ):
        desk.do(command)
    steps = [step for step in steps_of(desk, incident_id) if step.type != "AlarmRaised"]
    told = [step.text_zh for step in steps]
    assert told[-3:] == [
        "未送达：消防救援（request）",
        "未送达件 1-0-1 已重发",
        "重发件 1-0-1 已送达",
    ]
    assert "申请 AP2 未获批准" in told
    assert "secret" not in "".join(told)


def test_seats_are_called_what_the_screens_call_them():
    teller = Teller(toy_reference(), DISPATCHER)
    answered = CallAnswered(call_id="C1", seat_id="seat-4")
    assert teller.tell(answered)[1] == ("4 席接听", "answered at seat 4")
    at_desk = CallAnswered(call_id="C1", seat_id="dispatch-12")
    assert teller.tell(at_desk)[1] == ("派警 12 席接听", "answered at dispatch seat 12")
    passed_on = TransferOffered(call_id="C1", to_kind="seat", to_id="A", reason="")
    assert teller.tell(passed_on)[1] == ("转接 A 席，待签收", "offered to seat A")


def test_what_a_record_did_to_another_incident_is_not_told():
    desk = Desk()
    desk.on_duty("P1")
    first, second = desk.opened(FIGHT, corner(4, 5)), desk.opened(FIGHT, corner(1, 1))
    order_id = desk.sent(first, "P1")
    # The unit is free again: the same record ranks it for the other incident.
    desk.do(orders.WithdrawUnit(order_id=order_id, reason="r"))
    record = desk.journal.records[-1]
    told = {
        each: [step for step in steps_of(desk, each) if step.seq == record.seq]
        for each in (first, second)
    }
    assert "OrderWithdrawn" in [step.type for step in told[first]]
    assert [step.type for step in told[second]] == ["RecommendationMade"]


@pytest.mark.parametrize("code", ["nonsense", ""])
def test_a_disposition_of_ones_own_is_told_as_it_is(code):
    event = incidents.IncidentClosed(incident_id="J1", disposition=code)
    _, (text_zh, text_en) = Teller(toy_reference(), DISPATCHER).tell(event)
    assert text_zh == f"办结：{code or '—'}"
    assert text_en == f"closed: {code or 'none given'}"


@pytest.mark.parametrize("role", ["dispatcher", "crew", "commander", "wall"])
def test_reasons_in_ones_own_words_are_told_to_who_may_see_them_and_codes_to_all(role):
    letter = WarningLetter(issued=False, reason="王某拒签")
    fed_back = orders.FeedbackGiven(
        order_id="J1-1",
        incident_id="J1",
        disposition="handled",
        story="",
        parties=(),
        n_caught=0,
        n_rescued=0,
        letter=letter,
    )
    about = {"order_id": "J1-1", "incident_id": "J1"}
    events = (
        orders.OrderWithdrawn(**about, unit_id="P1", reason="王某已自行离开"),
        orders.FeedbackReturned(**about, reason="王某未登记"),
        incidents.IncidentClosed(incident_id="J1", disposition="王某道歉"),
        fed_back,
    )
    teller = Teller(toy_reference(), Viewer(role, "P1"))
    told = [teller.tell(event)[1][0] for event in events]
    is_open = role in {"dispatcher", "crew"}
    assert [("王某" in each) for each in told] == [is_open] * len(events)
    assert [("—" in each) for each in told] == [not is_open] * len(events)
    assert "现场处置完毕" in told[-1]
    undone = orders.OrderWithdrawn(**about, unit_id="P1", reason="undo")
    assert teller.tell(undone)[1][0] == "撤回 call P1：撤销派警"


@pytest.mark.parametrize("per_day", [None, 30_000.0])
def test_what_a_recommendation_costs_the_calls_to_come_is_told_where_a_plan_says_what_to_expect(
    per_day,
):
    desk = Desk()
    desk.do(UsePolicy(policy="mixed", approved_by="chief"))
    if per_day is not None:
        desk.board.plans = plans_expecting(desk.reference, per_day, per_day, per_day)
    desk.on_duty(min(desk.reference.units))
    lat, lon = corner(4, 5)
    opened = incidents.OpenIncident(type_code=BURGLARY, lat=lat, lon=lon)
    incident_id = desk.do(opened).events[0].incident_id
    [(zh, en)] = [
        (step.text_zh, step.text_en)
        for step in steps_of(desk, incident_id)
        if step.text_en.startswith("recommended")
    ]
    assert bool(re.search(r"，日后警情预计共多等 [1-9]\d* 秒$", zh)) == (per_day is not None)
    assert bool(re.search(r", costs calls to come [1-9]\d* s$", en)) == (per_day is not None)
