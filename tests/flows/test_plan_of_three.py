"""A murder wants three cars, one of them armed: "1 of 3", "no armed car yet", then complete."""

from toy_city import MURDER, Desk, corner, image

from kuaifan.board.view_builders import incident_row
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.order import ReportHandled
from kuaifan.vocabulary.unit import SetUnitStatus


def row(desk, incident_id):
    return incident_row(desk.board, incident_id, None)


def rankings(record):
    return [event for event in record.events if isinstance(event, RecommendationMade)]


def test_a_plan_of_three_stays_in_the_queue_until_the_armed_car_is_there():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3", "P4", "S1")
    desk.do(SetUnitStatus(unit_id="P1", status="meal"))

    murder = desk.opened(MURDER, corner(6, 3), at_s=60)
    assert row(desk, murder).short == {"": 3, "armed": 1}
    made = rankings(desk.journal.records[-1])[0]
    assert len(made.team) == 3
    assert made.short == {"armed": 1}

    # One of three: sent, and still among the unsent.
    desk.sent(murder, made.team[0], at_s=70)
    shown = row(desk, murder)
    assert (shown.state, shown.n_sent, shown.n_needed) == ("dispatched", 1, 3)
    assert shown.is_waiting

    # Three of three, and no armed car yet.
    for unit_id in made.team[1:]:
        desk.sent(murder, unit_id, at_s=80)
    assert (row(desk, murder).n_sent, row(desk, murder).short) == (3, {"armed": 1})
    assert row(desk, murder).is_waiting

    # The armed car comes back from table: it is offered by itself, and completes the plan.
    back = desk.do(SetUnitStatus(unit_id="P1", status="patrolling"), at_s=120)
    (offer,) = rankings(back)
    assert (offer.n_wanted, offer.team, offer.short) == (1, ("P1",), {})
    desk.sent(murder, "P1", at_s=125)
    assert row(desk, murder).short == {}
    assert not row(desk, murder).is_waiting

    # What was there stays counted when it is done.
    desk.do(ReportHandled(order_id=desk.board.units["P1"].order_id), at_s=900)
    assert not row(desk, murder).is_waiting
    assert image(desk.rebuilt()) == image(desk.engine.state)
