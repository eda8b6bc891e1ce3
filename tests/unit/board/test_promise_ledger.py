"""The promise ledger: each ring's promised share against what the log shows, with intervals."""

from __future__ import annotations

from datetime import UTC

import pytest
from matrix_plan_rows import COMPARED
from toy_city import BURGLARY, Desk, corner

from kuaifan.board.plan_papers import hash_plan
from kuaifan.board.promise_ledger import PromiseReader, wilson
from kuaifan.twin.trial import nearest_circles
from kuaifan.vocabulary.order import AcknowledgeOrder, AssignUnit, ReportArrival, ReportEnRoute
from kuaifan.vocabulary.plan import Plan, PlanPost, ProposePlan, PublishPlan, RingPromise


def test_wilson_intervals_are_those_of_the_books():
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def _post(post_id, row, col):
    lat, lon = corner(row, col)
    rings = (RingPromise(1.0, 0.9), RingPromise(5.0, 1.0))
    return PlanPost(
        post_id=post_id, kind="standby_post", name=post_id, lat=lat, lon=lon, rings=rings
    )


def test_an_incident_counts_for_the_nearest_post_and_for_the_rings_it_was_reached_in():
    desk = Desk()
    plan = Plan(name="two", posts=(_post("SB-N", 7, 2), _post("SB-S", 1, 6)))
    said = {"person": "li", "reason": "r", "comparison": COMPARED}
    asked = desk.do(ProposePlan(**said, plan=plan, plan_hash=hash_plan(plan)))
    desk.do(PublishPlan(plan_id=asked.events[0].plan_id, person="wang"))
    desk.on_duty("P2")
    incident_id = desk.opened(BURGLARY, corner(6, 2))
    order_id = desk.do(AssignUnit(incident_id=incident_id, unit_id="P2")).events[0].order_id
    desk.do(AcknowledgeOrder(order_id=order_id))
    desk.do(ReportEnRoute(order_id=order_id))
    desk.do(ReportArrival(order_id=order_id), at_s=desk.now_s + 120)

    reader = PromiseReader()
    for record in desk.journal.records:
        reader.add(record)
    ledger = reader.judge(
        desk.board.plans.in_use(),
        lambda places: nearest_circles(desk.board.reference, places)[0],
        to_ms=desk.inbox.now_ms(),
        zone=UTC,
    )
    rows = {(row.post_id, row.ring_min): row for row in ledger.circles}
    north_1, north_5 = rows["SB-N", 1.0], rows["SB-N", 5.0]
    assert (north_1.n, north_1.n_kept, north_1.promised) == (1, 0, 0.9)
    assert (north_5.n, north_5.n_kept, north_5.share) == (1, 1, 1.0)
    # One incident is no proof that a promise is broken.
    assert north_1.is_broken is (wilson(0, 1)[1] < 0.9)
    assert rows["SB-S", 5.0].share is None
    assert len(ledger.days) == 1
    assert [row.n for row in ledger.days[0].rows] == [1, 1]
