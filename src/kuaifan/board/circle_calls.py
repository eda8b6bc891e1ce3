"""Calls expected at each circle (各圈预期警情), by the plan in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board

DAYS_PER_WEEK: Final = 7


def known_calls(board: Board) -> NDArray[np.int64] | None:
    """Calls a week that each circle's post is nearest to (各圈每周警情); None without a plan."""
    return calls_by_plan(board.plans, board.reference)


def calls_by_plan(plans: PlanPapers, reference: Reference) -> NDArray[np.int64] | None:
    """(n_circles,), a post that the plan in use does not name has one; None where none is."""
    plan = plans.in_use()
    if plan is None:
        return None
    return weekly_calls({post.post_id: post.per_day for post in plan.plan.posts}, reference)


def weekly_calls(per_day: Mapping[str, float], reference: Reference) -> NDArray[np.int64]:
    """(n_circles,) calls a week of each circle, one at the least; per_day: by post."""
    posts = reference.circle_posts
    found = [round(DAYS_PER_WEEK * per_day.get(post.post_id, 0.0)) for post in posts]
    return np.maximum(np.array(found, np.int64), 1)
