"""A plan in use as a board has it (在用方案), without the two persons and the comparison."""

from kuaifan.board.plan_papers import PlanPapers, StandingPlan
from kuaifan.vocabulary.plan import Comparison, Plan, PlanPost


def plans_expecting(reference, *per_day):
    """A city's own circles as the plan in use, with the calls a day that each expects."""
    posts = tuple(
        PlanPost(
            post_id=post.post_id,
            kind="standby_post",
            name=post.post_id,
            lat=post.lat,
            lon=post.lon,
            per_day=each,
        )
        for post, each in zip(reference.circle_posts, per_day, strict=True)
    )
    comparison = Comparison(
        comparison_hash="0" * 64,
        baseline="none",
        metric="late",
        unit="%",
        n_pairs=2,
        difference=0.0,
        low=0.0,
        high=0.0,
    )
    standing = StandingPlan(
        plan_id="PL1",
        state="used",
        person="A",
        reason="a test",
        plan=Plan(name="as drawn", posts=posts),
        plan_hash="0" * 64,
        comparison=comparison,
        from_ms=0,
        proposed_at_ms=0,
        posts=(),
    )
    return PlanPapers((standing,), 1)
