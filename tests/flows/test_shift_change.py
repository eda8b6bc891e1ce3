"""Shift change in the middle of an incident (警情处置中交接班): the papers go to the next crew."""

from toy_city import FIGHT, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    GiveFeedback,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
)
from kuaifan.vocabulary.unit import EndShift, HandOverShift, StartShift

EVENING = HandOverShift(
    unit_id="P1", n_officers=3, handed_by="Wang", taken_by="Zhao", notes="camera 2 is empty"
)
RELIEF = HandOverShift(
    unit_id="P1", n_officers=3, handed_by="Wang", taken_by="Zhao", approved_by="Chief"
)


def test_the_evening_crew_takes_over_on_scene_and_writes_all_the_feedback():
    desk = Desk()
    desk.on_duty(*UNITS)
    # Shortly before six the day crew has one fight behind it, and no time to write.
    first = desk.sent(desk.opened(FIGHT, corner(4, 2), at_s=0), "P1", at_s=10)
    desk.do(ReportArrival(order_id=first), at_s=100)
    desk.do(ReportHandled(order_id=first), at_s=400)
    second = desk.sent(desk.opened(FIGHT, corner(4, 6), at_s=410), "P1", at_s=420)

    # On the way nobody gets out, whoever allows it, and nobody goes home.
    for step in (AcknowledgeOrder, ReportEnRoute):
        desk.do(step(order_id=second), at_s=430)
        assert desk.code(RELIEF) == "under_way"
    assert desk.code(EndShift(unit_id="P1")) == "order_open"

    # On scene it is a relief: the supervisor says so, and both crews are named.
    desk.do(ReportArrival(order_id=second), at_s=500)
    assert desk.code(EVENING, at_s=510) == "supervisor_needed"
    event = desk.do(RELIEF, at_s=520).events[0]
    assert event.order_ids == (second, first)
    unit = desk.board.units["P1"]
    assert (unit.crew_name, unit.n_officers, unit.order_id) == ("Zhao", 3, second)
    assert desk.board.orders[second].state == "on_scene"

    # The evening crew ends the incident and owes both feedbacks; the clock of the first ran on.
    desk.do(ReportHandled(order_id=second), at_s=900)
    late = [name for record in desk.run_until(2_300) for name in names(record)]
    assert late.count("FeedbackOverdue") == 1
    assert desk.board.orders[first].feedback_overdue
    for order_id in (first, second):
        incident_id = desk.board.orders[order_id].incident_id
        given = GiveFeedback(order_id=order_id, incident_id=incident_id, disposition="warned")
        assert desk.do(given, at_s=2_310).refusal is None

    # Nothing is owed any more when the evening crew goes home.
    assert desk.do(EndShift(unit_id="P1"), at_s=2_400).events[0].order_ids == ()
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_a_crew_that_goes_home_owing_feedback_is_named_and_may_still_write_it():
    desk = Desk()
    desk.do(StartShift(unit_id="P1", n_officers=2, crew_name="Wang"))
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 2)), "P1", at_s=10)
    desk.do(ReportHandled(order_id=order_id), at_s=400)
    assert desk.do(EndShift(unit_id="P1"), at_s=410).events[0].order_ids == (order_id,)
    late = [name for record in desk.run_until(2_300) for name in names(record)]
    assert late.count("FeedbackOverdue") == 1
    given = GiveFeedback(order_id=order_id, incident_id="J1", disposition="warned")
    assert desk.do(given, at_s=2_310).refusal is None
    assert desk.board.incidents["J1"].state == "fed_back"
    assert image(desk.engine.state) == image(desk.rebuilt())
