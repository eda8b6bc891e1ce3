"""A plan is adopted by two persons, on a comparison, and the board goes by it from its moment."""

from __future__ import annotations

import msgspec
import pytest
from toy_city import START_MS, Desk, corner, image

from kuaifan.app.rules import new_board
from kuaifan.board.plan_papers import hash_plan
from kuaifan.board.views import Views
from kuaifan.vocabulary.plan import (
    Comparison,
    Plan,
    PlanPost,
    ProposePlan,
    PublishPlan,
    RejectPlan,
    UnitStand,
    UsePlan,
)

COMPARED = Comparison(
    comparison_hash="c" * 64,
    baseline="today",
    metric="late",
    unit="share",
    n_pairs=30,
    difference=-0.1,
    low=-0.2,
    high=-0.05,
)
HOUR_S = 3_600


def post(post_id, row, col):
    lat, lon = corner(row, col)
    return PlanPost(post_id=post_id, kind="standby_post", name=f"post {post_id}", lat=lat, lon=lon)


PLAN = Plan(
    name="two posts",
    posts=(post("SB-N", 6, 1), post("NEW", 2, 7)),
    stands=(UnitStand("P3", "NEW"),),
)


def asked(plan=PLAN, **fields):
    said = {"person": "li", "reason": "fewer late", "comparison": COMPARED}
    return ProposePlan(**{**said, "plan": plan, "plan_hash": hash_plan(plan), **fields})


@pytest.fixture
def desk():
    return Desk()


def agreed(desk, plan=PLAN, **fields):
    record = desk.do(asked(plan, **fields))
    plan_id = record.events[0].plan_id
    return desk.do(PublishPlan(plan_id=plan_id, person="wang")), plan_id


def test_from_its_moment_circles_and_homes_are_those_of_the_plan(desk):
    desk.on_duty("P1")
    _, plan_id = agreed(desk, from_ms=START_MS + HOUR_S * 1000)
    circles = [post.post_id for post in desk.board.reference.circle_posts]
    assert circles == ["KS-M", "SB-N", "SB-S"]
    assert desk.board.plans.find(plan_id).state == "published"

    desk.run_until(HOUR_S + 1)
    assert desk.board.plans.in_use().plan_id == plan_id
    circles = {post.post_id: post for post in desk.board.reference.circle_posts}
    assert list(circles) == ["NEW", "SB-N"]
    assert (circles["SB-N"].lat, circles["SB-N"].lon) == corner(6, 1)
    assert desk.board.coverage.circle_ids == ("NEW", "SB-N")
    units = desk.board.units
    # As the plan says; at its post; at the nearest one of a post that is given up; at a station.
    assert units["P3"].home_post_id == units["P3"].post_id == "NEW"
    assert units["P2"].home_post_id == "SB-N"
    assert units["P1"].home_post_id in {"NEW", "SB-N"}
    assert units["S1"].home_post_id == "ST-W"
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_a_snapshot_of_the_board_knows_the_plan_in_use(desk):
    agreed(desk)
    again = new_board(desk.reference)
    again.load(desk.board.snapshot())
    assert again.coverage.circle_ids == ("NEW", "SB-N")
    assert again.plans == desk.board.plans
    assert again.units["P3"].home_post_id == "NEW"


def test_the_screens_show_the_circles_of_the_plan_and_no_others(desk):
    views = Views()
    views.load(desk.board, desk.inbox.now_ms(), {})
    record, _ = agreed(desk)
    views.on_record(desk.board, record)
    fresh = Views()
    fresh.load(desk.board, desk.inbox.now_ms(), {})
    assert {key for view, key in views.rows if view == "circles"} == {"NEW", "SB-N"}
    assert views.rows == fresh.rows


def test_another_plan_takes_its_place_and_so_undoes_it(desk):
    _, first_id = agreed(desk)
    own = {post_id: desk.reference.posts[post_id] for post_id in ("KS-M", "SB-N", "SB-S")}
    back = Plan(
        name="as before",
        posts=tuple(
            PlanPost(post_id=p.post_id, kind=p.kind, name=p.name, lat=p.lat, lon=p.lon)
            for p in own.values()
        ),
        stands=tuple(
            UnitStand(unit_id, profile.home_post_id)
            for unit_id, profile in desk.reference.units.items()
        ),
    )
    agreed(desk, back)
    assert desk.board.plans.find(first_id).state == "replaced"
    homes = {unit_id: unit.home_post_id for unit_id, unit in desk.board.units.items()}
    assert homes == {unit_id: unit.home_post_id for unit_id, unit in desk.reference.units.items()}
    circles = {post.post_id: post for post in desk.board.reference.circle_posts}
    assert circles == own
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_nobody_agrees_to_its_own_plan_nor_twice(desk):
    plan_id = desk.do(asked()).events[0].plan_id
    assert desk.code(PublishPlan(plan_id=plan_id, person=" LI ")) == "own_plan"
    assert desk.code(UsePlan(plan_id=plan_id)) == "not_published"
    desk.do(PublishPlan(plan_id=plan_id, person="wang"))
    assert desk.code(PublishPlan(plan_id=plan_id, person="zhou")) == "already_decided"
    assert desk.code(RejectPlan(plan_id=plan_id, person="zhou", reason="no")) == "plan_in_use"
    assert desk.code(PublishPlan(plan_id="F9", person="zhou")) == "unknown_plan"


def test_a_plan_that_is_called_off_before_its_moment_is_not_used(desk):
    _, plan_id = agreed(desk, from_ms=START_MS + HOUR_S * 1000)
    desk.do(RejectPlan(plan_id=plan_id, person="zhou", reason="a road was closed"))
    desk.run_until(2 * HOUR_S)
    assert desk.board.plans.in_use() is None
    assert desk.board.plans.find(plan_id).state == "rejected"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"comparison": None}, "no_comparison"),
        ({"comparison": msgspec.structs.replace(COMPARED, n_pairs=0)}, "no_comparison"),
        ({"plan_hash": "0" * 64}, "plan_was_changed"),
        ({"reason": " "}, "reason_needed"),
        ({"person": " "}, "no_name"),
        ({"from_ms": START_MS - HOUR_S * 1000}, "date_is_past"),
        ({"from_ms": START_MS + 10**12}, "date_too_far"),
    ],
)
def test_what_is_missing_or_wrong_in_a_proposal_is_said(desk, fields, code):
    assert desk.code(asked(**fields)) == code


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Plan(name="none", posts=()), "no_posts"),
        (Plan(name="twice", posts=(post("A", 1, 1), post("A", 2, 2))), "post_twice"),
        (Plan(name="sea", posts=(post("A", 60, 60),)), "off_street"),
        (Plan(name="station", posts=(post("ST-W", 1, 1),)), "not_a_circle_post"),
        (
            Plan(name="who", posts=(post("A", 1, 1),), stands=(UnitStand("X9", "A"),)),
            "unknown_unit",
        ),
        (
            Plan(name="where", posts=(post("A", 1, 1),), stands=(UnitStand("P1", "B"),)),
            "unknown_post",
        ),
    ],
)
def test_a_plan_that_cannot_stand_is_refused_in_words(desk, plan, code):
    assert desk.code(asked(plan)) == code


def test_the_same_plan_is_not_asked_for_twice(desk):
    desk.do(asked())
    assert desk.code(asked(person="zhou")) == "already_proposed"
