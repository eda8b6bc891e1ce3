"""Who goes together (编组派警): the cheapest team that meets what the plan requires.

The choice is joint: one unit may fulfil several requirements, and the best single units need not
be the best team. It is exact, by three exchanges of one unit for a cheaper one:

- the best units go in any case, all but as many as the requirements ask for;
- of the others only the best come into question, and of those who fulfil the same requirements
  the best, as many as these ask for;
- over these few, the least cost from each size and each count of fulfilled requirements onward
  says, unit by unit, who goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.need import Requirement
from kuaifan.policy.scoring import Int

HARD_SHIFT: Final = 52
WISH_SHIFT: Final = 8
"""One integer per team: requirements unmet, then milliseconds, then wishes unmet."""
NEVER: Final = 1 << 61


class TeamWish(NamedTuple):
    """What a team is chosen for: its size, its skills, and the price of a wish left unmet."""

    n_wanted: int
    requirements: tuple[Requirement, ...]
    wish_ms: int


def choose_team(
    ranked: NDArray[np.int64], score_ms: Int, skills: Int, wish: TeamWish
) -> tuple[int, ...]:
    """Choose the units that go together, best score first (联合选择).

    ranked: units that can go, best first; score_ms and skills: (n_units,). First as few
    requirements unmet as can be, then the least total score with `wish_ms` for each wish unmet,
    then fewer wishes unmet, then the first ids.
    """
    n_team = min(wish.n_wanted, len(ranked))
    if n_team <= 0:
        return ()
    best = ranked[:n_team]
    # No team has a lower sum, and of those with the same none has earlier ids.
    if n_team == len(ranked) or _is_met(skills[best].tolist(), wish.requirements):
        return tuple(best.tolist())
    n_sure = max(0, n_team - sum(required.n for required in wish.requirements))
    sure, others = ranked[:n_sure], ranked[n_sure:]
    left = wish._replace(
        n_wanted=n_team - n_sure, requirements=_left(skills[sure], wish.requirements)
    )
    pool = others[_pool(_fulfils(skills[others], left.requirements), left)]
    team = [*sure.tolist(), *_cheapest(np.sort(pool), score_ms, skills, left)]
    return tuple(sorted(team, key=lambda unit_i: (int(score_ms[unit_i]), unit_i)))


def unmet(team: Sequence[int], skills: Int, wish: TeamWish) -> tuple[tuple[int, int], ...]:
    """List what a team leaves unmet: skills and how many units with them; 0 stands for any unit."""
    n_missing = wish.n_wanted - len(team)
    if not wish.requirements:
        return ((0, n_missing),) if n_missing > 0 else ()
    counts = _fulfils(skills[list(team)], wish.requirements).sum(axis=1).tolist()
    short = [
        (required.skill_mask, required.n - n)
        for required, n in zip(wish.requirements, counts, strict=True)
        if not required.is_wish and n < required.n
    ]
    return (*short, (0, n_missing)) if n_missing > 0 else tuple(short)


def filled_skills(
    team: Sequence[int], skills: Int, requirements: Sequence[Requirement]
) -> dict[int, int]:
    """Which skills each unit is in the team for, as bits; units there for none are left out."""
    filled: dict[int, int] = {}
    for required in requirements:
        mask = required.skill_mask
        able = [unit_i for unit_i in team if int(skills[unit_i]) & mask == mask]
        for unit_i in able[: required.n]:
            filled[unit_i] = filled.get(unit_i, 0) | mask
    return filled


def _is_met(skills: Sequence[int], requirements: Sequence[Requirement]) -> bool:
    """Whether some units leave nothing to fulfil, no wish either."""
    return all(sum(has & mask == mask for has in skills) >= n for mask, n, _is_wish in requirements)


def _fulfils(skills: Int, requirements: Sequence[Requirement]) -> NDArray[np.bool_]:
    """Which units fulfil which requirements, (n_requirements, n_units)."""
    masks = np.array([required.skill_mask for required in requirements], np.int64)[:, None]
    fulfils: NDArray[np.bool_] = (skills[None, :] & masks) == masks
    return fulfils


def _left(skills: Int, requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Return what some units leave to fulfil."""
    counts = _fulfils(skills, requirements).sum(axis=1).tolist()
    return tuple(
        required._replace(n=required.n - n)
        for required, n in zip(requirements, counts, strict=True)
        if n < required.n
    )


def _pool(fulfils: NDArray[np.bool_], wish: TeamWish) -> NDArray[np.bool_]:
    """Units that may be in the best team, (n_ranked,): see the head of this module."""
    kind = (1 << np.arange(len(wish.requirements))) @ fulfils
    pool = np.zeros(len(kind), np.bool_)
    pool[: wish.n_wanted] = True
    for some in np.unique(kind):
        n_asked = sum(required.n for i, required in enumerate(wish.requirements) if some >> i & 1)
        pool[np.flatnonzero(kind == some)[:n_asked]] = True
    return pool


class _Steps:
    """The sizes and counts a team can have, and where one more unit leads from each (状态).

    limits: the size and each requirement's number, at which a count stops.
    """

    def __init__(self, wish: TeamWish) -> None:
        numbers = [min(required.n, wish.n_wanted) for required in wish.requirements]
        self.limits = np.array([wish.n_wanted, *numbers])[:, None]
        self.shape = tuple((self.limits[:, 0] + 1).tolist())
        self.counts = np.indices(self.shape).reshape(len(self.shape), -1)
        self.is_full = self.counts[0] == wish.n_wanted
        self._next: dict[bytes, NDArray[np.int64]] = {}

    def after(self, fulfils: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Where a unit that fulfils these requirements leads from each state."""
        key = fulfils.tobytes()
        if key not in self._next:
            one_more = np.concatenate(([True], fulfils))[:, None]
            counts = np.minimum(self.counts + one_more, self.limits)
            self._next[key] = np.ravel_multi_index(tuple(counts), self.shape)
        return self._next[key]

    def end_cost(self, wish: TeamWish) -> NDArray[np.int64]:
        """What a finished team of each state lacks; a team of another size never is finished."""
        missing = (self.limits - self.counts)[1:]
        is_wish = np.array([required.is_wish for required in wish.requirements], np.bool_)
        n_wishes = missing[is_wish].sum(axis=0)
        cost = (missing[~is_wish].sum(axis=0) << HARD_SHIFT) + n_wishes
        cost += (n_wishes * wish.wish_ms) << WISH_SHIFT
        return np.where(self.is_full, cost, NEVER)


def _cheapest(pool: NDArray[np.int64], score_ms: Int, skills: Int, wish: TeamWish) -> list[int]:
    """Choose from few units in the order of their ids: between equal teams the first ids go."""
    steps, n_pool = _Steps(wish), len(pool)
    onward = [steps.after(fulfils) for fulfils in _fulfils(skills[pool], wish.requirements).T]
    price = score_ms[pool].astype(np.int64) << WISH_SHIFT
    cost = np.empty((n_pool + 1, len(steps.is_full)), np.int64)
    cost[n_pool] = steps.end_cost(wish)
    for i in range(n_pool - 1, -1, -1):
        taken = np.where(steps.is_full, NEVER, price[i] + cost[i + 1][onward[i]])
        cost[i] = np.minimum(cost[i + 1], taken)
    team, state = list[int](), 0
    for i in range(n_pool):
        if (
            len(team) < wish.n_wanted
            and price[i] + cost[i + 1][onward[i][state]] <= cost[i + 1][state]
        ):
            team.append(int(pool[i]))
            state = int(onward[i][state])
    return team
