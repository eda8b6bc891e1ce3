"""What is not urgent waits while few units are free (预留警力)."""

from __future__ import annotations

from toy_city import BURGLARY, MURDER, Desk, corner

from kuaifan.policy.policies import get_policy
from kuaifan.policy.reserve_urgent import N_KEPT
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.incident import RecommendationMade, RecommendUnits

POLICY = get_policy("reserve_urgent")


def test_the_last_units_are_kept_for_what_is_urgent():
    assert POLICY.n_spared(3, 4, 3) == 4 - N_KEPT
    assert POLICY.n_spared(1, N_KEPT, 4) == 0
    assert POLICY.n_spared(3, N_KEPT, 2) == 3


def test_other_policies_keep_nobody():
    assert get_policy("patrol_first").n_spared(3, 1, 5) == 3


def advice(desk, incident_id):
    record = desk.do(RecommendUnits(incident_id=incident_id))
    return next(event for event in record.events if isinstance(event, RecommendationMade))


def test_a_desk_that_reserves_offers_nobody_for_a_calm_matter_and_somebody_for_a_grave_one():
    desk = Desk()
    desk.on_duty("P1", "P2")
    desk.do(UsePolicy(policy="reserve_urgent", approved_by="指挥长"))
    calm = desk.opened(BURGLARY, corner(4, 4))
    assert desk.board.incidents[calm].priority > 2
    assert calm in desk.board.waiting
    assert advice(desk, calm).team == ()
    assert advice(desk, desk.opened(MURDER, corner(4, 4))).team
    desk.on_duty("P3")
    assert len(advice(desk, calm).team) == 1
