"""Plans of where to stand: one plausible command each (布警方案命令样例)."""

from matrix_row import row
from toy_city import corner

from kuaifan.board.plan_papers import hash_plan
from kuaifan.vocabulary import plan

COMPARED = plan.Comparison(
    comparison_hash="c" * 64,
    baseline="today",
    metric="late",
    unit="share",
    n_pairs=30,
    difference=-0.1,
    low=-0.2,
    high=-0.05,
)


def _plan():
    lat, lon = corner(4, 4)
    post = plan.PlanPost(post_id="KS-M", kind="street_station", name="middle", lat=lat, lon=lon)
    return plan.Plan(name="one post", posts=(post,))


def _proposal(**fields):
    drawn = _plan()
    said = {"person": "li", "reason": "fewer late", "comparison": COMPARED}
    return plan.ProposePlan(**{**said, "plan": drawn, "plan_hash": hash_plan(drawn), **fields})


def _asked(scene):
    scene.do(_proposal())
    return scene.desk.board.plans.plans[-1].plan_id


def _agreed(scene):
    """Two persons want it, from a moment that has not come."""
    ahead_ms = scene.desk.inbox.now_ms() + 3_600_000
    scene.do(_proposal(from_ms=ahead_ms))
    plan_id = scene.desk.board.plans.plans[-1].plan_id
    scene.do(plan.PublishPlan(plan_id=plan_id, person="wang"))
    return plan_id


PLAN_ROWS = (
    row(plan.ProposePlan, lambda _s: _proposal(), "", "policy"),
    row(plan.ProposePlan, lambda _s: _proposal(comparison=None), "held against nothing", "policy"),
    row(
        plan.PublishPlan, lambda s: plan.PublishPlan(plan_id=_asked(s), person="wang"), "", "policy"
    ),
    row(
        plan.PublishPlan,
        lambda s: plan.PublishPlan(plan_id=_asked(s), person="li"),
        "one's own",
        "policy",
    ),
    row(
        plan.RejectPlan,
        lambda s: plan.RejectPlan(plan_id=_asked(s), person="wang", reason="too few"),
        "",
        "policy",
    ),
    row(
        plan.RejectPlan,
        lambda _s: plan.RejectPlan(plan_id="F9", person="wang", reason="too few"),
        "unknown",
        "policy",
    ),
    row(plan.UsePlan, lambda s: plan.UsePlan(plan_id=_agreed(s)), "", "policy"),
    row(plan.UsePlan, lambda s: plan.UsePlan(plan_id=_asked(s)), "not agreed to", "policy"),
)
