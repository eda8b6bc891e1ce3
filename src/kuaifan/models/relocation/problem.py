"""Posts that may be moved (迁移布点问题), and what is bad in it, said in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import MAX_COST, ProblemError, check_choice, check_weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relocation:
    """Move posts so that the plan gains most (迁移布点问题).

    worth: (sites, demands) 0 to 1, what each cover is worth. existing: sites that posts stand at.
    n_open: posts from now on. keep: existing ones to leave at least. move_cost: of each move, or
    (existing, sites), infinite where it cannot be; price: demand covered that a unit of it is
    worth; budget: of all moves. A post closed for good and one built anew is no move.
    """

    worth: Floats
    weight: Floats
    existing: tuple[int, ...]
    n_open: int
    max_moves: int | None = None
    keep: int = 0
    move_cost: float | Floats = 1.0
    price: float = 0.0
    budget: float | None = None
    locked: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()

    def costs(self) -> Floats:
        """(existing, sites) of moving each post to each site."""
        if isinstance(self.move_cost, np.ndarray):
            return self.move_cost
        return np.full((len(self.existing), len(self.worth)), self.move_cost)


def check_relocation(problem: Relocation) -> None:
    """Raise ProblemError for a problem that is empty, absurd or asks for what cannot be."""
    if problem.worth.ndim != 2 or not problem.worth.size:  # noqa: PLR2004 - sites by demands
        raise ProblemError("what covers are worth must be a table of sites by demands")
    n_sites = len(problem.worth)
    check_weights(problem.weight, problem.worth.shape[1])
    _check_existing(problem, n_sites)
    check_choice(n_sites, problem.n_open, problem.locked, problem.forbidden)
    _check_counts(problem)
    costs = problem.costs()
    if costs.shape != (len(problem.existing), n_sites):
        raise ProblemError(
            f"costs of moving are {costs.shape[0]} by {costs.shape[1]}: give a row an existing "
            f"post, {len(problem.existing)}, and a number a site, {n_sites}"
        )
    if np.isnan(costs).any() or (costs < 0).any() or (costs[np.isfinite(costs)] > MAX_COST).any():
        raise ProblemError(f"costs of moving go from 0 to {MAX_COST:g}")
    for what, value in (("price", problem.price), ("budget", problem.budget or 0.0)):
        if not 0 <= value < np.inf:
            raise ProblemError(f"the {what} is {value:g}: give 0 or more")


def _check_existing(problem: Relocation, n_sites: int) -> None:
    if not problem.existing:
        raise ProblemError("no post stands yet: name the sites that posts stand at")
    for site in problem.existing:
        if not 0 <= site < n_sites:
            raise ProblemError(f"there is no site {site}: sites are numbered 0 to {n_sites - 1}")
    if len(set(problem.existing)) < len(problem.existing):
        raise ProblemError("a site is named twice among the existing posts: name each once")


def _check_counts(problem: Relocation) -> None:
    n_existing = len(problem.existing)
    most = min(n_existing, problem.n_open)
    if not 0 <= problem.keep <= most:
        raise ProblemError(f"{problem.keep} posts are to be kept: give 0 to {most}")
    if problem.max_moves is not None and problem.max_moves < 0:
        raise ProblemError(f"{problem.max_moves} moves are allowed: give 0 or more")
    stay = len(set(problem.existing) - set(problem.forbidden))
    if problem.keep > stay:
        raise ProblemError(
            f"{problem.keep} posts are to be kept but only {stay} stand where they may stay: "
            "keep fewer or allow their sites"
        )
