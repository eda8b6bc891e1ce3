"""A crew asks for help, and the nearest car is on its way to something lighter (增援与改派)."""

from toy_city import BURGLARY, FIGHT, MURDER, Desk, corner, image

from kuaifan.vocabulary.facts import RecordFact
from kuaifan.vocabulary.incident import RecommendUnits
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportArrival, ReportEnRoute, ReportHandled
from kuaifan.vocabulary.reinforce import (
    AcknowledgeAmendment,
    DivertUnit,
    EscalateIncident,
    RequestBackup,
    ReserveUnit,
)


def under_way(desk, incident_id, unit_id, *, at_s):
    """A unit sent, signed and on its way."""
    order_id = desk.sent(incident_id, unit_id, at_s=at_s)
    desk.do(AcknowledgeOrder(order_id=order_id), at_s=at_s + 5)
    desk.do(ReportEnRoute(order_id=order_id), at_s=at_s + 30)
    return order_id


def test_a_crew_asks_for_help_and_a_car_is_turned_round_for_it():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3")

    # Two incidents, two cars on their way; a third car is kept for a burglary.
    fight = desk.opened(FIGHT, corner(4, 5), at_s=100)
    on_fight = under_way(desk, fight, "P1", at_s=110)
    burglary = desk.opened(BURGLARY, corner(6, 2), at_s=150)
    on_burglary = under_way(desk, burglary, "P2", at_s=160)
    theft = desk.opened(BURGLARY, corner(1, 6), at_s=170)
    desk.do(ReserveUnit(incident_id=theft, unit_id="P3"))
    assert theft in desk.board.waiting

    # On scene the crew meets knives: the fact reaches it, and it asks for an armed car.
    desk.do(ReportArrival(order_id=on_fight), at_s=200)
    desk.do(RecordFact(incident_id=fight, fact="weapon", answer="yes"), at_s=205)
    told = desk.board.orders[on_fight]
    desk.do(AcknowledgeAmendment(order_id=on_fight, amendment_no=told.amendment_no), at_s=210)
    assert told.amendment_signed_no == told.amendment_no > 0
    desk.do(RequestBackup(incident_id=fight, order_id=on_fight, reason="two with knives"))
    incident = desk.board.incidents[fight]
    assert incident.priority <= 2
    assert fight in desk.board.waiting

    # The only free car is kept for the theft: the list says so, and offers to turn P2 round.
    desk.do(RecommendUnits(incident_id=fight), at_s=215)
    assert "P3" in incident.recommended_unit_ids
    desk.do(DivertUnit(unit_id="P2", incident_id=fight, reason="knives"), at_s=220)
    board = desk.board
    assert board.orders[on_burglary].state == "withdrawn"
    assert burglary in board.waiting
    assert fight not in board.waiting
    on_help = board.units["P2"].order_id
    assert board.orders[on_help].diverted_from == on_burglary

    # It signs anew and arrives; the desk opens the next ring, and the leader knows.
    desk.do(AcknowledgeOrder(order_id=on_help), at_s=230)
    desk.do(ReportArrival(order_id=on_help), at_s=300)
    desk.do(EscalateIncident(incident_id=fight, reason="crowd gathers"), at_s=310)
    assert board.alarms[f"leader_told:{fight}"].to == "leader"
    assert fight in board.waiting

    # When the cars free, what was left is offered again, to the car that left it too.
    desk.do(ReportHandled(order_id=on_help), at_s=900)
    assert "P2" in board.incidents[burglary].recommended_unit_ids
    assert board.incidents[theft].reserved_unit_ids == ["P3"]
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_a_grave_call_takes_a_car_from_a_lighter_one_and_both_crews_are_on_paper():
    desk = Desk()
    desk.on_duty("P1", "P2")
    light = desk.opened(FIGHT, corner(7, 3), at_s=10)
    on_light = under_way(desk, light, "P2", at_s=20)
    grave = desk.opened(MURDER, corner(7, 2), at_s=60)
    desk.do(DivertUnit(unit_id="P2", incident_id=grave, reason="murder next door"), at_s=70)
    left, now = desk.board.orders[on_light], desk.board.orders[f"{grave}-1"]
    assert (left.withdrawn_reason, left.withdrawn_at_ms) == (f"diverted to {grave}", now.t4_ms)
    assert {light, grave} <= set(desk.board.waiting)
    desk.sent(light, "P1", at_s=80)
    assert light not in desk.board.waiting
    assert image(desk.rebuilt()) == image(desk.engine.state)
