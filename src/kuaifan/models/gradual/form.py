"""How gradual covering is written down (渐变覆盖算例)."""

from __future__ import annotations

from kuaifan.plan.forms import SiteForm, costs_of
from kuaifan.plan.siting import ProblemError, check_costs
from kuaifan.plan.worth import fade, steps

from .solve import GradualCover


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cover that fades (渐变覆盖算例): by steps of limit and worth, or along a line.

    full: cost up to which cover is whole; nothing: from which on there is none.
    """

    n_open: int
    steps: list[tuple[float, float]] | None = None
    full: float | None = None
    nothing: float | None = None


def pose(form: Instance) -> GradualCover:
    """The problem that a form means."""
    cost, weight = costs_of(form)
    check_costs(cost, weight)
    if form.steps is not None and form.full is None and form.nothing is None:
        worth_by_cost = steps(form.steps)
    elif form.steps is None and form.full is not None and form.nothing is not None:
        worth_by_cost = fade(form.full, form.nothing)
    else:
        raise ProblemError("give either steps, or both full and nothing for a line between them")
    return GradualCover(
        worth=worth_by_cost(cost),
        weight=weight,
        n_open=form.n_open,
        locked=form.locked,
        forbidden=form.forbidden,
    )
