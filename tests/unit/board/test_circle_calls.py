"""Calls expected at each circle, by the plan in use (各圈预期警情)."""

import pytest
from plans_in_use import plans_expecting
from toy_city import BURGLARY, Desk, corner

from kuaifan.board.circle_calls import known_calls
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.incident import OpenIncident, RecommendationMade


def test_without_a_plan_nobody_knows_and_with_one_each_circle_has_a_call_at_least():
    desk = Desk()
    assert known_calls(desk.board) is None
    desk.board.plans = plans_expecting(desk.reference, 0.0, 10.2, 300.0)
    assert known_calls(desk.board).tolist() == [1, 71, 2_100]


@pytest.mark.parametrize("per_day", [0.0, 30_000.0])
def test_under_mixed_a_recommendation_names_what_the_calls_to_come_lose(per_day):
    desk = Desk()
    desk.do(UsePolicy(policy="mixed", approved_by="chief"))
    desk.board.plans = plans_expecting(desk.reference, per_day, per_day, per_day)
    desk.on_duty(min(desk.reference.units))
    lat, lon = corner(4, 5)
    record = desk.do(OpenIncident(type_code=BURGLARY, lat=lat, lon=lon))
    [made] = [event for event in record.events if isinstance(event, RecommendationMade)]
    assert made.candidates
    numbers = {
        reason.number
        for each in made.candidates
        for reason in each.reasons
        if reason.code in {"leaves_circle_lost", "leaves_circle_edge", "next_calls_wait"}
    }
    assert 45_000 not in numbers
    assert (max(numbers, default=0) > 60_000) == (per_day > 0)
