"""Calls expected at each circle (各圈预期警情), by the plan in use."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.state import Board

DAYS_PER_WEEK: Final = 7


def known_calls(board: Board) -> NDArray[np.int64] | None:
    """Calls a week that each circle's post is nearest to (各圈每周警情); None without a plan.

    (n_circles,), one at the least; a post that the plan does not name has that one.
    """
    plan = board.plans.in_use()
    if plan is None:
        return None
    per_day = {post.post_id: post.per_day for post in plan.plan.posts}
    posts = board.reference.circle_posts
    found = [round(DAYS_PER_WEEK * per_day.get(post.post_id, 0.0)) for post in posts]
    return np.maximum(np.array(found, np.int64), 1)
