"""Runs the fast kernel (快速仿真): features and rules in, assignments and times out."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.fleet import AT_POST
from kuaifan.policy.ranking import Policy
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_city import KernelCity

Int64s = NDArray[np.int64]
WAYS = {
    "none": 0,
    "circles": at.BY_CIRCLES,
    "dmexclp": at.BY_COVERAGE,
    "all_circles": at.BY_ALL_CIRCLES,
}


class KernelRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the people of the kernel do (快速仿真规则), beside the policy.

    move_up: as in `policy.move_ups`. max_moves, shift_moves: of one unit and of all in eight hours,
    0 for any number. sample_ms: how often it is looked which circles are empty, 0 for never.
    """

    can_divert: bool = True
    can_move_up: bool = True
    move_up: str = "circles"
    max_moves: int = 0
    shift_moves: int = 0
    sample_ms: int = 0


class KernelResult(NamedTuple):
    """What came of a run (快速仿真结果).

    orders: (n, 4) call, unit, ms from the first call, how. sent_ms, there_ms: (n_calls,), first
    order and first arrival, -1 where none. busy_ms: (n_units,). lost_ms: (n_circles,).
    """

    orders: Int64s
    sent_ms: Int64s
    there_ms: Int64s
    busy_ms: Int64s
    lost_ms: Int64s
    counts: Int64s

    @property
    def n_waiting(self) -> int:
        """Calls still short of units at the end."""
        return int(self.counts[at.N_QUEUED])


def new_sim(
    city: KernelCity,
    calls: Int64s,
    line_ms: Int64s,
    *,
    policy: Policy,
    rules: KernelRules,
    warm_up_ms: int = 0,
) -> at.Sim:
    """Lay out a run: everybody at the home post, nobody waiting.

    warm_up_ms: before it neither work nor empty circles are counted.
    """
    from kuaifan.twin.kernel_tree import new_tree

    units, n_units, n_calls = city.units.copy(), city.units.shape[1], calls.shape[1]
    n_circles = len(city.post_places)
    units[at.STATE], units[at.POST] = AT_POST, units[at.HOME]
    units[at.FROM] = units[at.TO] = units[at.HOME]
    units[[at.CALL, at.CIRCLE]] = -1
    told = np.zeros(at.N_RULES, np.int64)
    told[at.PAYS_CIRCLES], told[at.N_KEPT] = policy.pays_circles, policy.n_kept
    told[at.LOST_MS], told[at.EDGE_MS] = policy.lost_ms, policy.edge_ms
    told[at.AWAY_MS] = 0 if city.demand is None else policy.away_ms
    told[at.LATE_MS], told[at.TURNS_IN_TIME] = policy.late_ms, policy.turns_in_time
    told[at.CAN_DIVERT], told[at.MAX_SHIFT_MOVES] = rules.can_divert, rules.shift_moves
    if rules.can_move_up:
        told[at.CAN_MOVE_UP] = WAYS[rules.move_up]
    told[at.MAX_MOVES], told[at.SAMPLE_MS] = rules.max_moves, rules.sample_ms
    told[at.WARM_UP_MS] = warm_up_ms
    counts = np.zeros(at.N_COUNTS, np.int64)
    counts[at.SAMPLED_MS] = warm_up_ms
    n_orders = 4 * int(calls[at.N_NEEDED].sum()) + 4 * n_units + 1_000
    return at.Sim(
        # What belongs to one call lies side by side: each is touched as a whole, in any order.
        calls=np.asfortranarray(calls).copy(order="F"),
        units=units,
        travel_ms=city.travel_ms,
        within=city.within,
        post_places=city.post_places,
        reach=city.reach,
        rules=told,
        weights=np.array(policy.weights, np.int64),
        line_ms=line_ms,
        crews=np.full((n_calls, at.MAX_TEAM), -1, np.int64),
        tree=new_tree(2 * n_units),
        queue=np.zeros(n_calls + 1, np.int64),
        scratch=np.zeros((at.N_SCRATCH, max(n_units, 2 * at.MAX_TEAM)), np.int64),
        masks=np.zeros((3, city.within.shape[2]), np.uint64),
        counts=counts,
        orders=np.zeros((n_orders, 4), np.int64),
        lost_ms=np.zeros(n_circles, np.int64),
        demand=np.ones(n_circles, np.int64) if city.demand is None else city.demand,
        cover=np.zeros((3, max(n_circles, n_units + 1)), np.int64),
        # Another layout is another type, for which a minute of compiling begins.
        wait_ms=np.ascontiguousarray(city.wait_ms),
    )


def run_sim(sim: at.Sim) -> KernelResult:
    """Run to the last unit back at its post. O(calls x units)."""
    from kuaifan.twin.kernel_full import run

    if not run(sim):
        raise ValueError("more orders than the kernel has room for; this is a fault of its layout")
    return KernelResult(
        orders=sim.orders[: sim.counts[at.N_ORDERS]],
        sent_ms=sim.calls[at.SENT_AT],
        there_ms=sim.calls[at.THERE_AT],
        busy_ms=sim.units[at.BUSY_MS],
        lost_ms=sim.lost_ms,
        counts=sim.counts,
    )
