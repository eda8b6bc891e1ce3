"""The life of an incident (警情的一生): from the ring to the close, in the order of the work."""

from toy_city import (
    DOMESTIC,
    FIGHT,
    LOCKSMITH,
    START_MS,
    UNITS,
    Desk,
    corner,
    image,
    names,
    tables_of,
)

from kuaifan.vocabulary.call import AnswerCall, AttachCall, HangUpCall
from kuaifan.vocabulary.incident import (
    CloseIncident,
    MergeIncident,
    OpenIncident,
    PlaceIncident,
    RecommendationMade,
    ReviewIncident,
    SettleByPhone,
    UpdateIncident,
)
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    AssignUnit,
    GiveFeedback,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
)


def seconds(*instants_ms):
    return [(at_ms - START_MS) / 1000 for at_ms in instants_ms]


def test_one_whole_life_from_the_ring_to_the_close():
    """A shop owner calls about a fight; one car goes; every stamp is there and in order."""
    desk = Desk()
    desk.on_duty(*UNITS)
    place = corner(4, 6)

    # 接警: the phone rings, a seat answers, the type is clear before the place is.
    call_id = desk.rang(at_s=60)
    desk.do(AnswerCall(call_id=call_id, seat_id="seat-3"), at_s=64)
    opening = OpenIncident(type_code=FIGHT, call_id=call_id, narrative="两人在店内互殴")
    incident_id = desk.do(opening, at_s=85).events[0].incident_id
    placed = PlaceIncident(incident_id=incident_id, lat=place[0], lon=place[1], address="中山路8号")
    record = desk.do(placed, at_s=95)
    assert names(record) == ["IncidentPlaced", "RecommendationMade"]
    best = record.events[-1].candidates[0]
    assert best.reasons[0].code == "nearest_by_road"

    # 派警: the dispatcher sends the first of the list while the call goes on.
    send = AssignUnit(incident_id=incident_id, unit_id=best.unit_id, painted_seq=record.seq)
    assigned = desk.do(send, at_s=105).events[0]
    assert (assigned.rank, assigned.travel_ms) == (1, best.travel_ms)
    desk.do(HangUpCall(call_id=call_id), at_s=120)

    # 出警: signed, wheels, there; position first, button after it.
    order_id = assigned.order_id
    desk.do(AcknowledgeOrder(order_id=order_id), at_s=122)
    desk.do(ReportEnRoute(order_id=order_id), at_s=140)
    desk.fix(best.unit_id, *corner(4, 5), speed_mps=11.0, at_s=180)
    desk.fix(best.unit_id, *place, speed_mps=0.5, at_s=240)
    desk.do(ReportArrival(order_id=order_id), at_s=250)

    # 处警: done, fed back; 评查: looked at and closed.
    desk.do(ReportHandled(order_id=order_id), at_s=1_200)
    feedback = GiveFeedback(order_id=order_id, incident_id=incident_id, disposition="mediated")
    desk.do(feedback, at_s=1_500)
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="reviewer"), at_s=5_000)
    desk.do(CloseIncident(incident_id=incident_id), at_s=5_100)

    call, order = desk.board.calls[call_id], desk.board.orders[order_id]
    incident = desk.board.incidents[incident_id]
    assert seconds(call.t0_ms, call.t1_ms, call.t2_ms, call.t3_ms) == [60, 64, 64, 120]
    assert seconds(incident.tp_ms, order.t4_ms, order.t5_ms, order.t6_ms) == [95, 105, 122, 140]
    assert seconds(order.t7_ms, order.t7_gps_ms, order.t7_button_ms) == [240, 240, 250]
    assert seconds(order.t8_ms, order.t9_ms, incident.t10_ms) == [1_200, 1_500, 5_100]
    assert (incident.state, incident.disposition) == ("closed", "mediated")
    assert not desk.board.waiting
    timers = [timer.timer_id for timer in desk.engine.state.timers.save()]
    assert timers == [f"retire:{incident_id}"], "every clock has stopped"
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_two_callers_about_one_place_become_one_incident():
    """Two neighbours report the same fight; a person sees it, and one car goes, not two."""
    desk = Desk()
    desk.on_duty(*UNITS)
    first, second, third = desk.rang(), desk.rang(), desk.rang()
    main = desk.opened(FIGHT, corner(4, 4), call_id=first)
    child = desk.opened(FIGHT, corner(4, 4.3), call_id=second)
    assert list(desk.board.waiting) == [main, child]
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    desk.do(AttachCall(call_id=third, incident_id=main))

    board = desk.board
    assert board.incidents[main].call_ids == [first, second, third]
    assert {board.calls[c].incident_id for c in (first, second, third)} == {main}
    assert list(board.waiting) == [main]
    assert desk.code(AssignUnit(incident_id=child, unit_id="P1")) == "incident_over"
    desk.fed_back(desk.sent(main, "P1"))
    desk.do(ReviewIncident(incident_id=main, reviewer_id="r"))
    desk.do(CloseIncident(incident_id=main))
    assert board.incidents[child].merged_into == main


def test_what_the_desk_can_settle_closes_without_a_car():
    """A locksmith is wanted; the call-taker helps by phone."""
    desk = Desk()
    desk.on_duty(*UNITS)
    incident_id = desk.opened(LOCKSMITH, corner(4, 4), call_id=desk.rang())
    assert incident_id not in desk.board.waiting
    desk.do(SettleByPhone(incident_id=incident_id, disposition="referred to a locksmith"))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(CloseIncident(incident_id=incident_id))
    assert desk.board.incidents[incident_id].disposition == "referred to a locksmith"


def test_a_fight_that_turns_out_to_be_at_home_becomes_grave_and_restricted():
    """The second sentence of the caller changes type, priority, plan and who may read it."""
    desk = Desk(plugins=())
    desk.on_duty(*UNITS)
    call_id = desk.rang()
    incident_id = desk.opened(FIGHT, corner(4, 4), call_id=call_id)
    desk.sent(incident_id, "P1")
    assert incident_id not in desk.board.waiting
    record = desk.do(UpdateIncident(incident_id=incident_id, type_code=DOMESTIC))
    told = ["AgencyTold", "AgencyTold"]
    assert [name for name in names(record) if name not in {"OrderAmended", "AlarmRaised"}] == [
        *("IncidentUpdated", "PrioritySet", *told, "RecommendationMade")
    ]
    assert record.events[-1].n_wanted == 1
    incident = desk.board.incidents[incident_id]
    assert (incident.priority, incident.record_class) == (1, "restricted")
    assert incident_id in desk.board.waiting
    kept = {key: value for key, value in desk.journal.tables.items() if key[0] == "calls"}
    assert kept["calls", call_id][0].record_class == "restricted"
    assert tables_of(desk.board)["calls", call_id][0] == ("ST-E", "restricted")


def test_the_ranking_stays_in_the_log_to_be_compared_with_what_people_chose():
    """The dispatcher sends the third of the list; log and order both say so."""
    desk = Desk()
    desk.on_duty(*UNITS)
    incident_id = desk.opened(FIGHT, corner(7, 2))
    made = [e for r in desk.journal.records for e in r.events if isinstance(e, RecommendationMade)]
    third = made[-1].candidates[2].unit_id
    order_id = desk.sent(incident_id, third)
    assert desk.board.orders[order_id].rank == 3
    assert desk.board.orders[order_id].travel_ms == made[-1].candidates[2].travel_ms
