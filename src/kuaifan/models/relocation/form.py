"""How a relocation is written down (迁移布点算例)."""

from __future__ import annotations

from kuaifan.plan.forms import SiteForm, Table, costs_of, table_of
from kuaifan.plan.siting import ProblemError, check_costs
from kuaifan.plan.worth import steps

from .problem import Relocation


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Posts to move (迁移布点算例).

    existing: the sites that posts stand at. n_open: posts from now on, as many as now if left out.
    Cover is by one limit, or by steps of limit and worth. move_cost: of any move, or a row an
    existing post and a number a site, null where it cannot be moved to. price: what a unit of it is
    worth, in demand covered.
    """

    existing: tuple[int, ...]
    n_open: int | None = None
    limit: float | None = None
    steps: list[tuple[float, float]] | None = None
    max_moves: int | None = None
    keep: int = 0
    move_cost: float | Table = 1.0
    price: float = 0.0
    budget: float | None = None


def pose(form: Instance) -> Relocation:
    """The problem that a form means."""
    cost, weight = costs_of(form)
    check_costs(cost, weight)
    if (form.limit is None) == (form.steps is None):
        raise ProblemError("give either a limit or steps of limit and worth")
    pairs = form.steps if form.steps is not None else [(form.limit or 0.0, 1.0)]
    move_cost = form.move_cost
    return Relocation(
        worth=steps(pairs)(cost),
        weight=weight,
        existing=form.existing,
        n_open=len(form.existing) if form.n_open is None else form.n_open,
        max_moves=form.max_moves,
        keep=form.keep,
        move_cost=table_of(move_cost) if isinstance(move_cost, list) else float(move_cost),
        price=form.price,
        budget=form.budget,
        locked=form.locked,
        forbidden=form.forbidden,
    )
