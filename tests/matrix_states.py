"""States of everything a command can name (状态), each built by commands alone, on a toy desk."""

from __future__ import annotations

from copy import copy

import msgspec
from matrix_call_states import CALLS
from matrix_item_states import ITEMS
from matrix_scene import DAY_S, EAST_PLACE, FAR_PLACE, PLACE, UNIT, Scene, talking
from toy_city import (
    BURGLARY,
    DOMESTIC,
    EAST_DESK,
    FIGHT,
    LOCKSMITH,
    START_MS,
    UNITS,
    Desk,
    corner,
)

from kuaifan.vocabulary import (
    agency,
    alarm,
    broadcast,
    desk,
    emergency,
    facts,
    kinship,
    major,
    missed,
    outbox,
    premise,
    reinforce,
    voice,
)
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary import seat as seats
from kuaifan.vocabulary import unit as units

# --- incidents -------------------------------------------------------------------------------


def _opened(type_code, place=PLACE):
    def build(scene):
        scene.ids["incident_id"] = scene.desk.opened(type_code, place)

    return build


def _scheduled(scene):
    due_at_ms = START_MS + round(scene.desk.now_s + DAY_S) * 1000
    schedule = reinforce.ScheduleIncident(incident_id=scene.incident_id, due_at_ms=due_at_ms)
    scene.do(schedule)


def _incident_at(*steps):
    """An incident with an order that has gone so far."""

    def build(scene):
        _order_at(*steps)(scene)
        scene.ids.pop("order_id")

    return build


def _incident_fed_back(scene):
    scene.desk.fed_back(scene.order_id)
    scene.ids.pop("order_id")


def _reviewed(scene):
    _incident_fed_back(scene)
    scene.do(incidents.ReviewIncident(incident_id=scene.incident_id, reviewer_id="r"))


def _closed(scene):
    _reviewed(scene)
    scene.do(incidents.CloseIncident(incident_id=scene.incident_id))


def _incident_retired(scene):
    _closed(scene)
    scene.desk.run_until(scene.desk.now_s + 3 * DAY_S)


def _by_incident(*makes):
    def build(scene):
        for make in makes:
            scene.do(make(scene.incident_id))

    return build


def _merged(scene):
    merge = incidents.MergeIncident(
        incident_id=scene.incident_id, into_incident_id=scene.other_incident_id
    )
    scene.do(merge)


def _linked(scene):
    link = kinship.LinkIncidents(
        incident_id=scene.incident_id, other_incident_id=scene.other_incident_id
    )
    scene.do(link)


def _duplicate(scene):
    scene.ids["other_incident_id"] = scene.desk.opened(FIGHT, PLACE)
    _ = scene.incident_id


def _reserved_for(scene):
    scene.do(reinforce.ReserveUnit(incident_id=scene.incident_id, unit_id=scene.unit_id))


def _offer(incident_id):
    return desk.HandOverIncident(incident_id=incident_id, to_desk_id=EAST_DESK, reason="r")


def _with_calls(scene):
    first, second = talking(scene), scene.desk.rang()
    scene.ids["incident_id"] = scene.desk.opened(FIGHT, PLACE, call_id=first)
    scene.do(calls.AttachCall(call_id=second, incident_id=scene.incident_id))


def _waits_too_long(scene):
    _ = scene.incident_id
    scene.desk.run_until(scene.desk.now_s + 110)


def _major_papers(scene):
    _by_incident(
        lambda i: facts.DeclareMajor(incident_id=i, reason="many hurt", declared_by="chief"),
        lambda i: major.ReportUp(incident_id=i, target="bureau", by="Sun"),
        lambda i: major.AddAfterAction(
            incident_id=i, what="damage list", owner="Li", due_at_ms=START_MS + 10**9, by="Sun"
        ),
    )(scene)


INCIDENTS = {
    "unknown": lambda s: s.ids.update(incident_id="J99"),
    "scheduled": _scheduled,
    "unplaced": _opened(FIGHT, None),
    "registered": _opened(LOCKSMITH),
    "queued": _opened(FIGHT),
    "queued: alarmed": _waits_too_long,
    "restricted": _opened(DOMESTIC),
    "of the county": _opened(FIGHT, EAST_PLACE),
    "being handed over": _by_incident(_offer),
    "major: reported, something owed": _major_papers,
    "major": _by_incident(
        lambda i: facts.DeclareMajor(incident_id=i, reason="r", declared_by="chief")
    ),
    "with a note": _by_incident(lambda i: facts.AddNote(incident_id=i, text="a knife")),
    "with a second place": _by_incident(
        lambda i: facts.AddPossiblePlace(incident_id=i, lat=FAR_PLACE[0], lon=FAR_PLACE[1])
    ),
    "with two calls": _with_calls,
    "duplicate suggested": _duplicate,
    "linked": _linked,
    "reserved for": _reserved_for,
    "dispatched": _incident_at(),
    "acknowledged": _incident_at(orders.AcknowledgeOrder),
    "en_route": _incident_at(orders.ReportEnRoute),
    "on_scene": _incident_at(orders.ReportArrival),
    "handled": _incident_at(orders.ReportHandled),
    "settled by phone": lambda s: s.do(
        incidents.SettleByPhone(incident_id=s.incident_id, disposition="d", approved_by="chief")
    ),
    "fed_back": _incident_fed_back,
    "reviewed": _reviewed,
    "closed": _closed,
    "merged": _merged,
    "retired": _incident_retired,
}

# --- orders and units ------------------------------------------------------------------------


def _order_at(*steps):
    def build(scene):
        for step in steps:
            scene.do(step(order_id=scene.order_id))
        _ = scene.order_id

    return build


def _amended(scene):
    _order_at(orders.ReportEnRoute)(scene)
    lat, lon = FAR_PLACE
    scene.do(incidents.PlaceIncident(incident_id=scene.incident_id, lat=lat, lon=lon))


def _unsigned(scene):
    _ = scene.order_id
    scene.desk.run_until(scene.desk.now_s + 100)


def _withdrawn_signed(scene):
    scene.do(orders.AcknowledgeOrder(order_id=scene.order_id))
    scene.do(orders.WithdrawUnit(order_id=scene.order_id, reason="r"))


ORDERS = {
    "unknown": lambda s: s.ids.update(order_id="J99-1"),
    "dispatched": _order_at(),
    "dispatched: alarmed": _unsigned,
    "acknowledged": _order_at(orders.AcknowledgeOrder),
    "en_route": _order_at(orders.ReportEnRoute),
    "en_route: amended": _amended,
    "on_scene": _order_at(orders.ReportArrival),
    "handled": _order_at(orders.ReportHandled),
    "fed_back": lambda s: s.desk.fed_back(s.order_id),
    "withdrawn": lambda s: s.do(orders.WithdrawUnit(order_id=s.order_id, reason="r")),
    "withdrawn: to be signed": _withdrawn_signed,
}


def _doing(status):
    def build(scene):
        scene.do(units.SetUnitStatus(unit_id=UNIT, status=status))

    return build


def _bound(*steps):
    """A unit with an order of its own, which no command about the unit names."""

    def build(scene):
        order_id = scene.desk.sent(scene.desk.opened(BURGLARY, corner(6, 2)), UNIT)
        for step in steps:
            scene.do(step(order_id=order_id))

    return build


def _moved_up(scene):
    scene.do(units.MoveUp(unit_id=UNIT, post_id="SB-N", reason="empty"))


def _placed_by_voice(scene):
    scene.do(
        voice.EnterVoiceReport(
            text=f"call {UNIT} 在 Row 1", entered_by="Sun", lat=FAR_PLACE[0], lon=FAR_PLACE[1]
        )
    )


def _seen_again(scene):
    """The fix of a unit off duty moves its marker and is no news."""
    _placed_by_voice(scene)
    scene.do(units.EndShift(unit_id=UNIT))
    scene.desk.fix(UNIT, *PLACE, at_s=scene.desk.now_s + 1)


def _alone_in_its_circle(scene):
    """P2 holds the northern circle alone; two others stand together at the southern one."""
    scene.desk = Desk(scene.desk.reference)
    scene.desk.on_duty("P2", "P3", "T2")
    scene.ids["unit_id"] = "P2"


def _suggested_to_move(scene):
    _alone_in_its_circle(scene)
    scene.desk.sent(scene.desk.opened(BURGLARY, corner(7, 2)), "P2")
    scene.ids["unit_id"] = "P3"


def _without_gps(scene):
    reference = copy(scene.desk.reference)
    profile = msgspec.structs.replace(reference.units[UNIT], has_gps=False)
    reference.units = {**reference.units, UNIT: profile}
    scene.desk = Desk(reference)
    scene.desk.on_duty(*(unit_id for unit_id in UNITS if unit_id != UNIT))
    scene.do(units.StartShift(unit_id=UNIT, n_officers=2))


UNITS_STATES = {
    "unknown": lambda s: s.ids.update(unit_id="X9"),
    "off_duty": lambda s: s.do(units.EndShift(unit_id=UNIT)),
    **{
        status: _doing(status)
        for status in (
            *("standby", "at_post", "patrolling", "returning"),
            *("meal", "training", "elsewhere"),
        )
    },
    "moved up": _moved_up,
    "placed by voice": _placed_by_voice,
    "off_duty: seen again": _seen_again,
    "alone in its circle": _alone_in_its_circle,
    "suggested to move up": _suggested_to_move,
    "without GPS": _without_gps,
    "reserved": _reserved_for,
    "assigned": _bound(),
    "signed": _bound(orders.AcknowledgeOrder),
    "en_route": _bound(orders.ReportEnRoute),
    "on_scene": _bound(orders.ReportArrival),
    "in emergency": lambda s: s.do(
        emergency.DeclareEmergency(unit_id=UNIT, declared_by="button of P4")
    ),
}

# --- seats, services, emergencies, alarms, the rest ------------------------------------------


def _seat_talks(scene):
    scene.do(calls.AnswerCall(call_id=scene.desk.rang(), seat_id=scene.seat_id))


def _seat_writes_up(scene):
    scene.do(seats.LogOnSeat(seat_id=scene.seat_id, person="Zhao", after_call_s=60))
    call_id = scene.desk.rang()
    scene.do(calls.AnswerCall(call_id=call_id, seat_id=scene.seat_id))
    scene.do(calls.HangUpCall(call_id=call_id))


def _seat_offers(scene):
    scene.do(seats.HandOverSeat(seat_id=scene.seat_id, to_person="Qian"))


SEATS = {
    "off": lambda s: s.ids.update(seat_id="S7"),
    "idle": lambda s: s.seat_id,
    "rings": lambda s: (s.seat_id, s.desk.rang()),
    "talking": _seat_talks,
    "after a call": _seat_writes_up,
    "paused": lambda s: s.do(seats.PauseSeat(seat_id=s.seat_id, reason="tea")),
    "being handed over": _seat_offers,
    "logged off": lambda s: s.do(seats.LogOffSeat(seat_id=s.seat_id)),
}
REQUESTS = {
    "unknown": lambda s: s.ids.update(request_id="J99-A1"),
    "told": lambda s: s.request_id,
    "accepted": lambda s: s.do(agency.AcceptAgencyRequest(request_id=s.request_id, by="b")),
    "refused": lambda s: s.do(
        agency.RefuseAgencyRequest(request_id=s.request_id, by="b", reason="r")
    ),
    "arrived": lambda s: s.do(agency.ReportAgencyArrival(request_id=s.request_id)),
    "called_off": lambda s: s.do(agency.CallOffAgency(request_id=s.request_id, reason="r")),
}


def _in_contact(scene):
    scene.do(emergency.TakeUpEmergency(emergency_id=scene.emergency_id, by="Zhao"))
    scene.do(emergency.ConfirmVoiceContact(emergency_id=scene.emergency_id, by="Zhao"))


def _ended(scene):
    _in_contact(scene)
    end = emergency.EndEmergency(emergency_id=scene.emergency_id, by="Qian", reason="safe")
    scene.do(end)


EMERGENCIES = {
    "unknown": lambda s: s.ids.update(emergency_id="E99"),
    "declared": lambda s: s.emergency_id,
    "taken_up": lambda s: s.do(emergency.TakeUpEmergency(emergency_id=s.emergency_id, by="Zhao")),
    "in_contact": _in_contact,
    "ended": _ended,
}


def _clock_alarm(scene):
    _waits_too_long(scene)
    scene.ids["alarm_id"] = f"queue:{scene.incident_id}"


def _clock_taken_up(scene):
    _clock_alarm(scene)
    scene.do(alarm.TakeUpAlarm(alarm_id=scene.alarm_id, by="Sun"))


ALARMS = {
    "none": lambda s: s.ids.update(alarm_id="queue:J99"),
    "news": lambda s: s.alarm_id,
    "clock": _clock_alarm,
    "clock: taken up": _clock_taken_up,
}
LIMITS = {
    "unknown": lambda s: s.ids.update(limit_id="L99"),
    "running": lambda s: s.limit_id,
    "lifted": lambda s: s.do(missed.LiftCallerLimit(limit_id=s.limit_id, approved_by="chief")),
    "run out": lambda s: (s.limit_id, s.desk.run_until(s.desk.now_s + 7_200)),
}


def _under_way(scene):
    """P1 drives along the main road to the scene."""
    scene.ids["closure_id"] = "R99"
    scene.do(orders.ReportEnRoute(order_id=scene.order_id))


CLOSURES = {
    "unknown": lambda s: s.ids.update(closure_id="R99"),
    "none, a unit under way": _under_way,
    "closed": lambda s: s.closure_id,
    "opened": lambda s: s.do(roads.OpenRoad(closure_id=s.closure_id, by="Sun")),
    "run out": lambda s: (s.closure_id, s.desk.run_until(s.desk.now_s + 7_200)),
}
PREMISES = {
    "unknown": lambda s: s.ids.update(note_id="N99"),
    "stands": lambda s: s.note_id,
    "ended": lambda s: s.do(premise.EndPremiseNote(note_id=s.note_id, by="Sun", reason="gone")),
    "run out": lambda s: (s.note_id, s.desk.run_until(s.desk.now_s + 31 * 86_400)),
}
BROADCASTS = {
    "unknown": lambda s: s.ids.update(broadcast_id="B99"),
    "holds": lambda s: s.broadcast_id,
    "holds: read": lambda s: s.do(
        broadcast.ReadBroadcast(broadcast_id=s.broadcast_id, unit_id=UNIT)
    ),
    "ended": lambda s: s.do(broadcast.EndBroadcast(broadcast_id=s.broadcast_id, by="Sun")),
    "run out": lambda s: (s.broadcast_id, s.desk.run_until(s.desk.now_s + 3_600)),
}
LETTERS = {
    "unknown": lambda s: s.ids.update(effect_id="9-9-9"),
    "waits for a person": lambda s: s.effect_id,
    "repeated": lambda s: s.do(outbox.RepeatEffect(effect_id=s.effect_id)),
    "repeated: arrived": lambda s: (
        s.do(outbox.RepeatEffect(effect_id=s.effect_id)),
        s.do(outbox.ReportDelivered(effect_id=s.effect_id)),
    ),
    "dismissed": lambda s: s.do(outbox.DismissEffect(effect_id=s.effect_id, why="not_needed")),
}
POLICIES = {
    "nobody chose": lambda _s: None,
    "another holds": lambda s: s.do(desk.UsePolicy(policy="nearest", approved_by="chief")),
    "the desk is at work": lambda s: s.incident_id,
}


def _order_followed(scene):
    scene.ids["seq"] = _assigned(scene)
    order_id = next(reversed(scene.desk.board.orders))
    scene.do(orders.AcknowledgeOrder(order_id=order_id))


def _assigned(scene):
    command = orders.AssignUnit(incident_id=scene.incident_id, unit_id="P1")
    return scene.do(command).seq


ACTIONS = {
    "nothing to take back": lambda s: s.ids.update(seq=1),
    "status set": lambda s: s.seq,
    "unit assigned": lambda s: s.ids.update(seq=_assigned(s)),
    "unit assigned: order signed": _order_followed,
    "too late": lambda s: (s.seq, s.desk.run_until(s.desk.now_s + 11)),
}
STATES = {
    "call": ("call_id", "Calls 来电", CALLS),
    "incident": ("incident_id", "Incidents 警情", INCIDENTS),
    "order": ("order_id", "Orders 派警单", ORDERS),
    "unit": ("unit_id", "Units 警力单元", UNITS_STATES),
    "seat": ("seat_id", "Seats 席位", SEATS),
    "request": ("request_id", "Requests to other services 联动请求单", REQUESTS),
    "emergency": ("emergency_id", "Officer emergencies 民警紧急求助", EMERGENCIES),
    "alarm": ("alarm_id", "Alarms 告警", ALARMS),
    "limit": ("limit_id", "Limits of callers 限呼", LIMITS),
    "closure": ("closure_id", "Closures of roads 封路", CLOSURES),
    "premise": ("note_id", "Dangers of places 场所危险提示", PREMISES),
    "broadcast": ("broadcast_id", "Broadcasts 广播", BROADCASTS),
    "item": ("item_id", "Items 事项", ITEMS),
    "letter": ("effect_id", "Undelivered letters 未送达件", LETTERS),
    "policy": ("", "Dispatch policies 派警策略", POLICIES),
    "action": ("seq", "Actions just done 可撤销动作", ACTIONS),
}
"""Kind of subject -> the field of a command that names it, its heading, and its states."""


def build_scene(kind, state):
    """A scene with its subject in a state; fails with the command that was refused."""
    scene = Scene()
    STATES[kind][2][state](scene)
    return scene
