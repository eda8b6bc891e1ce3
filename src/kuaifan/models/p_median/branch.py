"""Lagrangian branch and bound of the p-median (拉格朗日分支定界).

The price u_j that a demand pays for being served splits the problem by site: each site saves
s_i = Σ_j w_j min(0, c_ij - u_j), the p best are opened, and Σ w_j u_j + Σ s_i bounds every plan
from below. Sites that could not be left out, or put in, without passing the value known are fixed;
what the root leaves is a much smaller problem. Of few posts it is branched on. Of many, bounds are
nearly met: whether there is a plan within a little of the bound is a program small enough for
HiGHS, and of a little more, until one is found or the value known is reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.highs import InfeasibleError, Program, minimize
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.solving import Progress, Watch, go_on

from . import kernel
from .residual import Medians, keep_up_to, pose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int8s = NDArray[np.int8]
Bools = NDArray[np.bool_]

ROOT_ROUNDS: Final = 40
ROOT_STEPS: Final = 25
ROOT_STRIDE: Final = 1.5
LAST_STRIDE: Final = 0.02
NODE_STEPS: Final = 150
KICK_ROUNDS: Final = 60
PATIENT_KICKS: Final = 6
PATIENT_OF_MANY: Final = 1
N_KICKS: Final = 25
FEW_KICKED: Final = 2
MORE_KICKED: Final = 4
NODE_STRIDE: Final = 0.2
FEW: Final = 20
"""Up to so many posts branches are many and bounds wide: short work for each is best."""
FEW_STEPS: Final = 60
FEW_STRIDE: Final = 0.4
MOST_ROWS: Final = 6_000
ROWS_A_POST: Final = 60
"""A program of more rows than either is branched on instead: few posts make it a hard one."""
FIRST_SHARE: Final = 8
FEWEST_UNITS: Final = 2
"""The first limit above the bound: this part of the gap, or so many units."""
NEAR: Final = 1.01
"""A plan met on the way is polished if it is within this factor of the best."""
ROUNDING: Final = 1e-9
TINY: Final = 1e-6


@dataclass(slots=True)
class _Node:
    bound: float
    state: Int8s
    price: Floats
    share: Floats


class Branching:
    """One search (一次搜索): `value`, `bound`, `is_open` hold the best so far."""

    def __init__(
        self, cost: Floats, weight: Floats, state: Int8s, n_open: int, *, gap: float
    ) -> None:
        self._cost, self._weight, self._n_open, self._gap = cost, weight, n_open, gap
        self._is_whole = bool((cost == np.rint(cost)).all() and (weight == np.rint(weight)).all())
        self._n_sites, self._state = len(state), state
        self._keep: Ints = np.arange(len(cost))
        self._lists = kernel.sort_sites(cost)
        self._seen: set[bytes] = set()
        self.is_open: Bools = state == 1
        kernel.add_greedily(cost, weight, self.is_open, state, n_open)
        self.value = kernel.interchange(cost, weight, self.is_open, state)
        self.bound, self.is_done, self.n_nodes = 0.0, False, 0

    @property
    def _target(self) -> float:
        """A bound above this ends a node: nothing below it is worth having."""
        unit = 1 - TINY if self._is_whole else ROUNDING * abs(self.value)
        return self.value - max(unit, self._gap * self.value)

    def run(self, watch: Watch) -> None:
        """Search until it is proven or the watch says stop."""
        stack = self._root(watch)
        if stack and self._n_open > FEW:
            stack = self._settle(stack[0], watch)
        while stack:
            if not watch(Progress(self.value, self.bound, self.n_nodes)):
                break
            node = stack.pop()
            if node.bound <= self._target:
                stack += self._branch(node)
        self.is_done = not stack
        exact = self.value if self._gap * self.value < self._unit() else self._target
        self.bound = max(0.0, min([exact, *(node.bound for node in stack)]))

    def _unit(self) -> float:
        return 1.0 if self._is_whole else TINY * abs(self.value)

    def _root(self, watch: Watch) -> list[_Node]:
        """Raise the bound at the root; return what is left to branch on, its sites cut down."""
        n_sites = len(self._cost)
        rank = min(n_sites - 1, max(1, n_sites // self._n_open // 2))
        price = self._lists[1][:, rank].copy()
        node = _Node(-kernel.FAR, self._state.copy(), price, np.zeros(n_sites))
        stride, stale = ROOT_STRIDE, 0
        for turn in range(KICK_ROUNDS):
            if not self._raise_root(node, stride, watch):
                return [] if node.bound > self._target else [node]
            known = self.value
            self._kick(node, turn)
            stale = 0 if self.value < known else stale + 1
            if stale > (PATIENT_KICKS if self._n_open <= FEW else PATIENT_OF_MANY):
                break
            stride = NODE_STRIDE
        return [node]

    def _settle(self, node: _Node, watch: Watch) -> list[_Node]:
        """Ask for a plan up to ever higher limits while that is a small program; what is left."""
        problem = Medians(self._cost, self._weight, node.state, self._n_open)
        most = min(MOST_ROWS, ROWS_A_POST * self._n_open)
        step = max(FEWEST_UNITS * self._unit(), (self._target - node.bound) / FIRST_SHARE)
        while node.bound <= self._target:
            limit = min(self._target, node.bound + step)
            limit = float(np.floor(limit)) if self._is_whole else limit
            program = pose(problem, keep_up_to(problem, node.price, limit), most=most)
            if program is None or not self._ask(program, watch):
                return [node]
            if self.value <= limit + ROUNDING * abs(limit):
                return []
            node.bound = limit + (1 - TINY if self._is_whole else 0.0)
            self.bound = max(self.bound, min(node.bound, self.value))
            step *= 2
            if limit >= self._target - ROUNDING * abs(limit):
                return []
        return []

    def _ask(self, program: Program, watch: Watch) -> bool:
        """Solve a program and keep its plan if it is better; False where the watch stopped it."""

        def look(seen: Progress) -> bool:
            return watch(Progress(self.value, self.bound, self.n_nodes + seen.n_nodes))

        try:
            found = minimize(
                program,
                gap=0.0,
                infeasible="no better plan is left",
                watch=watch if watch is go_on else look,
            )
        except InfeasibleError:
            return True
        except ProblemError:
            return False
        chosen: Bools = found.x[: len(self._cost)] > 0.5  # noqa: PLR2004 - open or not
        self._keep_better(float(self._cost[chosen].min(axis=0) @ self._weight), chosen)
        self.n_nodes += found.n_nodes
        return found.is_proven

    def _raise_root(self, node: _Node, stride: float, watch: Watch) -> bool:
        """Raise the root's bound as far as it goes, cut it down; whether to go on."""
        for _ in range(ROOT_ROUNDS):
            stride = self._raise(node, stride, ROOT_STEPS)
            self.bound = max(self.bound, min(node.bound, self.value))
            is_on = watch(Progress(self.value, self.bound, self.n_nodes))
            if node.bound > self._target or not is_on:
                return False
            if stride < LAST_STRIDE:
                break
        self._cut_down(node)
        return True

    def _kick(self, node: _Node, turn: int) -> None:
        """Look for a better plan round the best one, by sites that a better one can hold."""
        is_open = self.is_open[self._keep] | (node.state == 1)
        if is_open.sum() != self._n_open:
            return
        effort = (N_KICKS, FEW_KICKED + turn % MORE_KICKED, 1 + 77 * turn)
        value = kernel.kick(self._cost, self._weight, is_open, node.state, effort)
        self._keep_better(value, is_open)

    def _raise(self, node: _Node, stride: float, n_steps: int) -> float:
        """Raise a node's bound, try the plan it ends with; return the stride reached."""
        chosen = np.zeros(len(node.state), np.bool_)
        bound, stride = kernel.raise_bound(
            self._cost,
            self._lists,
            self._weight,
            self._n_open,
            (node.state, node.price, node.share, chosen),
            (self.value, self._target, stride, n_steps),
        )
        node.bound = max(node.bound, bound)
        if bound <= self._target:
            self._try(chosen)
        return stride

    def _try(self, chosen: Bools) -> None:
        """Polish a plan that is new and near the best, and keep it if it is better."""
        key = chosen.tobytes()
        if key in self._seen:
            return
        self._seen.add(key)
        value = float(self._cost[chosen].min(axis=0) @ self._weight)
        if value > NEAR * self.value:
            return
        value = kernel.interchange(self._cost, self._weight, chosen, self._state)
        self._keep_better(value, chosen)

    def _keep_better(self, value: float, chosen: Bools) -> None:
        """Keep a plan of the sites left if it is better."""
        if value < self.value - ROUNDING * abs(self.value):
            self.value = value
            self.is_open = np.zeros(self._n_sites, np.bool_)
            self.is_open[self._keep[chosen]] = True

    def _cut_down(self, node: _Node) -> None:
        """Forget the sites that no better plan can hold."""
        kept = np.flatnonzero(node.state >= 0)
        if len(kept) == len(node.state):
            return
        self._keep = self._keep[kept]
        self._cost = np.ascontiguousarray(self._cost[kept])
        self._lists = kernel.sort_sites(self._cost)
        self._seen.clear()
        node.state, node.share = node.state[kept], node.share[kept]
        self._state = self._state[kept]

    def _branch(self, node: _Node) -> list[_Node]:
        """Bound a node; split it at the site that is chosen about half of the time."""
        self.n_nodes += 1
        is_few = self._n_open <= FEW
        stride, n_steps = (FEW_STRIDE, FEW_STEPS) if is_few else (NODE_STRIDE, NODE_STEPS)
        self._raise(node, stride, n_steps)
        if node.bound > self._target:
            return []
        n_opened = int((node.state == 1).sum())
        free = np.flatnonzero(node.state == 0)
        if n_opened == self._n_open or n_opened + len(free) == self._n_open:
            if n_opened < self._n_open:
                node.state[free] = 1
            self._try(node.state == 1)
            return []
        site = free[np.argmin(np.abs(node.share[free] - 0.5))]
        return [self._child(node, int(site), value) for value in (-1, 1)]

    def _child(self, node: _Node, site: int, value: int) -> _Node:
        state = node.state.copy()
        state[site] = value
        return _Node(node.bound, state, node.price.copy(), node.share.copy())
