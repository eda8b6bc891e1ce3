"""Rings of several forces (多圈层布警问题), and what is bad in it, said in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.crews import MAX_CREWS, check_room
from kuaifan.plan.siting import ProblemError, check_choice, check_costs, check_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Force:
    """Crews of one kind (一类警力): street stations, standby posts, moving patrols, men on foot.

    cost: sites by demands, as this force goes there; infinite where it cannot. presence: the share
    of its time that it is where it is said to be; a patrol that moves about is there less than 1.
    """

    name: str
    cost: Floats
    n_crews: int
    presence: float = 1.0
    locked: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ring:
    """A promise of a ring (圈层): such demand has a crew of these forces within a limit.

    weight: of each demand, 0 where it is not of this ring's site class. worth: of covering all of
    it, beside other rings. promise: the least share to cover, where one is promised. forces: which
    count, by number.
    """

    name: str
    limit: float
    weight: Floats
    worth: float = 1.0
    promise: float = 0.0
    forces: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RingPlan:
    """Where crews of each force stand (圈层布警). room: crews that a site holds, of all forces."""

    forces: tuple[Force, ...]
    rings: tuple[Ring, ...]
    room: Ints

    @property
    def n_sites(self) -> int:
        """How many sites there are."""
        return len(self.room)


def check_rings(problem: RingPlan) -> None:
    """Raise ProblemError for a problem that is empty, absurd or cannot be solved at all."""
    if not problem.forces or not problem.rings:
        raise ProblemError("give at least one force and one ring")
    for what, names in (
        ("force", [force.name for force in problem.forces]),
        ("ring", [ring.name for ring in problem.rings]),
    ):
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ProblemError(f"two {what}s are called {twice!r}: give each a name of its own")
    n_demands = problem.forces[0].cost.shape[-1]
    for force in problem.forces:
        _check_force(force, n_demands, problem.n_sites)
    check_room(problem.room, problem.n_sites)
    n_crews = sum(force.n_crews for force in problem.forces)
    if n_crews > problem.room.sum():
        raise ProblemError(
            f"{n_crews} crews are to stand but sites have room for {problem.room.sum()}: "
            "add sites or room"
        )
    for ring in problem.rings:
        _check_ring(ring, n_demands, len(problem.forces))


def _check_force(force: Force, n_demands: int, n_sites: int) -> None:
    if len(force.cost) != n_sites:
        raise ProblemError(
            f"force {force.name} has costs of {len(force.cost)} sites, room is given for {n_sites}"
        )
    try:
        check_costs(force.cost, np.ones(n_demands))
        check_choice(n_sites, min(force.n_crews, n_sites), force.locked, force.forbidden)
    except ProblemError as error:
        raise ProblemError(f"force {force.name}: {error}") from error
    if not 0 < force.presence <= 1:
        raise ProblemError(
            f"force {force.name} is present {force.presence:g} of its time: give above 0, at most 1"
        )
    if force.n_crews > MAX_CREWS:
        raise ProblemError(f"force {force.name}: {force.n_crews} crews, {MAX_CREWS} are taken")


def _check_ring(ring: Ring, n_demands: int, n_forces: int) -> None:
    try:
        check_weights(ring.weight, n_demands)
    except ProblemError as error:
        raise ProblemError(f"ring {ring.name}: {error}") from error
    if not 0 < ring.limit < np.inf:
        raise ProblemError(f"ring {ring.name}: the limit is {ring.limit:g}: give one above 0")
    if not 0 <= ring.promise <= 1:
        raise ProblemError(f"ring {ring.name} promises {ring.promise:g}: give a share, 0 to 1")
    if not 0 <= ring.worth < np.inf:
        raise ProblemError(f"ring {ring.name} is worth {ring.worth:g}: give 0 or more")
    if not ring.forces:
        raise ProblemError(f"no force counts in ring {ring.name}: name at least one")
    if bad := [force for force in ring.forces if not 0 <= force < n_forces]:
        raise ProblemError(f"ring {ring.name} names force {bad[0]}, there are {n_forces}")
