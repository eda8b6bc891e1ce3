"""Plans and shortfall (预案与缺口): what keeps an incident waiting, and what its ranking says."""

import pytest
from policy_proofs import proof
from toy_city import DOMESTIC, FIGHT, JAM, MURDER, UNITS, Desk, corner, image

from kuaifan.board.shortfall import shortfall_of
from kuaifan.board.view_builders import incident_row, recommendation_row
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.incident import RecommendationMade, RecommendUnits, UpdateIncident
from kuaifan.vocabulary.order import ReportEnRoute, ReportHandled
from kuaifan.vocabulary.unit import SetUnitStatus

HERE = corner(4, 4)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def ranked(desk, incident_id):
    return ranking(desk.do(RecommendUnits(incident_id=incident_id)))


def ranking(record):
    return next(event for event in record.events if isinstance(event, RecommendationMade))


def lacks(desk, incident_id):
    return shortfall_of(desk.board, desk.board.incidents[incident_id]).as_counts()


def of_plan(desk, plan):
    """A type of a plan that sends one unit."""
    found = (c for c, t in desk.reference.types.items() if t.plan == plan and t.min_units == 1)
    return next(found)


def test_the_team_is_chosen_for_its_skills_as_well_as_its_road(desk):
    incident_id = desk.opened(MURDER, corner(7, 2))
    made = ranked(desk, incident_id)
    assert made.n_wanted == 3
    assert len(made.team) == 3
    assert "P1" in made.team
    armed = next(c for c in made.candidates if c.unit_id == "P1")
    assert ("fills_skill", "armed") in {(r.code, r.subject) for r in armed.reasons}


def test_three_without_a_gun_are_not_the_plan(desk):
    incident_id = desk.opened(MURDER, HERE)
    assert lacks(desk, incident_id) == {"": 3, "armed": 1}
    for unit_id in ("P2", "P3", "P4"):
        desk.sent(incident_id, unit_id)
    assert lacks(desk, incident_id) == {"armed": 1}
    assert incident_id in desk.board.waiting
    desk.sent(incident_id, "P1")
    assert lacks(desk, incident_id) == {}
    assert incident_id not in desk.board.waiting


def test_once_the_number_is_there_the_missing_skill_is_asked_for_by_itself(desk):
    incident_id = desk.opened(MURDER, HERE)
    for unit_id in ("P2", "P3"):
        desk.sent(incident_id, unit_id)
    was = desk.board.incidents[incident_id].recommended_seq
    desk.sent(incident_id, "P4")
    incident = desk.board.incidents[incident_id]
    assert incident.recommended_seq > was
    assert incident.recommended_unit_ids[0] == "P1"


def test_a_skill_that_nobody_free_has_asks_for_nobody_and_says_so(desk):
    desk.do(SetUnitStatus(unit_id="P1", status="meal"))
    incident_id = desk.opened(MURDER, HERE)
    for unit_id in ("P2", "P3", "P4"):
        desk.sent(incident_id, unit_id)
    made = ranked(desk, incident_id)
    assert (made.n_wanted, made.team, made.short) == (0, (), {"armed": 1})
    free = desk.do(SetUnitStatus(unit_id="T1", status="patrolling"))
    assert not any(isinstance(event, RecommendationMade) for event in free.events)
    assert ranking(desk.do(SetUnitStatus(unit_id="P1", status="patrolling"))).team == ("P1",)


def test_a_wish_decides_between_units_and_keeps_nothing_waiting(desk):
    incident_id = desk.opened(DOMESTIC, HERE)
    made = ranked(desk, incident_id)
    assert "P3" in made.team
    assert lacks(desk, incident_id) == {"": made.n_wanted}
    for unit_id in ("P1", "P2")[: made.n_wanted]:
        desk.sent(incident_id, unit_id)
    assert incident_id not in desk.board.waiting


def test_traffic_waits_for_a_traffic_unit_where_people_are_hurt_only(desk):
    hurt, jam = desk.opened(of_plan(desk, "T1"), HERE), desk.opened(JAM, HERE)
    # A patrol first, and the traffic police with it.
    assert ranked(desk, hurt).team == ("P1", "T1")
    for incident_id, unit_id in ((hurt, "P1"), (jam, "P2")):
        desk.sent(incident_id, unit_id)
    assert hurt in desk.board.waiting
    assert jam not in desk.board.waiting
    desk.sent(hurt, "T1")
    assert hurt not in desk.board.waiting


def test_a_skill_that_was_there_counts_until_it_is_called_back(desk):
    incident_id = desk.opened(MURDER, HERE)
    done = desk.sent(incident_id, "P1")
    for unit_id in ("P2", "P3"):
        desk.sent(incident_id, unit_id)
    desk.do(ReportHandled(order_id=done))
    assert incident_id not in desk.board.waiting


def test_a_graver_type_asks_for_its_skills_too(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.sent(incident_id, "P2")
    made = ranking(desk.do(UpdateIncident(incident_id=incident_id, type_code=MURDER)))
    assert lacks(desk, incident_id) == {"": 2, "armed": 1}
    assert made.short == {}


def test_the_screens_say_what_is_missing_and_who_goes_together(desk):
    incident_id = desk.opened(MURDER, HERE)
    desk.sent(incident_id, "P2")
    record = desk.do(RecommendUnits(incident_id=incident_id))
    shown = recommendation_row(desk.board, ranking(record), seq=record.seq, at_ms=record.at_ms)
    row = incident_row(desk.board, incident_id, shown)
    assert (row.n_sent, row.n_needed, row.short) == (1, 3, {"": 2, "armed": 1})
    assert set(row.recommendation.team) <= {c.unit_id for c in row.recommendation.candidates}


# --- policies, owners, diversions ------------------------------------------------------------


def test_the_policy_in_force_ranks(desk):
    incident_id = desk.opened(FIGHT, corner(1, 1))
    assert ranked(desk, incident_id).candidates[0].unit_id != "S1"
    desk.do(UsePolicy(policy="station_first", approved_by="s", proof=proof("station_first")))
    made = ranked(desk, incident_id)
    assert made.policy == "station_first"
    assert made.candidates[0].unit_id == "S1"
    assert "own_station" in {reason.code for reason in made.candidates[0].reasons}
    held = proof("nearest", present="station_first")
    desk.do(UsePolicy(policy="nearest", approved_by="s", proof=held))
    assert ranked(desk, incident_id).policy == "nearest"


def busy_elsewhere(desk):
    """P2 drives to a fight beside the place; everybody else is at table."""
    light = desk.opened(FIGHT, corner(7, 3))
    desk.do(ReportEnRoute(order_id=desk.sent(light, "P2")))
    for unit_id in UNITS:
        if unit_id != "P2":
            desk.do(SetUnitStatus(unit_id=unit_id, status="meal"))


def test_where_nobody_is_free_a_unit_under_way_to_less_is_offered_for_a_diversion(desk):
    busy_elsewhere(desk)
    made = ranked(desk, desk.opened(MURDER, corner(7, 2)))
    assert not made.candidates
    assert [c.unit_id for c in made.diversions] == ["P2"]
    codes = {reason.code for reason in made.diversions[0].reasons}
    assert "diverts_from_priority" in codes


def test_what_is_not_urgent_diverts_nobody(desk):
    busy_elsewhere(desk)
    assert ranked(desk, desk.opened(FIGHT, corner(7, 2))).diversions == ()


def test_who_is_there_in_time_leaves_everybody_on_their_way(desk):
    desk.do(ReportEnRoute(order_id=desk.sent(desk.opened(FIGHT, corner(4, 5)), "P4")))
    made = ranked(desk, desk.opened(of_plan(desk, "A2"), HERE))
    assert made.candidates[0].travel_ms <= desk.reference.target_ms(1, "urban")
    assert made.diversions == ()


def test_where_only_the_skill_is_missing_a_unit_without_it_is_not_worth_a_diversion(desk):
    incident_id = desk.opened(MURDER, corner(7, 2))
    desk.do(ReportEnRoute(order_id=desk.sent(desk.opened(FIGHT, HERE), "P1")))
    desk.do(ReportEnRoute(order_id=desk.sent(desk.opened(FIGHT, corner(7, 3)), "P2")))
    for unit_id in ("P3", "P4", "S1"):
        desk.sent(incident_id, unit_id)
    made = ranked(desk, incident_id)
    assert (made.n_wanted, made.short) == (0, {"armed": 1})
    assert [c.unit_id for c in made.diversions] == ["P1"]
