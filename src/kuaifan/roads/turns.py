"""Which turns the rules and barriers of a map forbid (禁止转向), and what its gates take."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.junctions import (
    Directed,
    Junction,
    Slots,
    Turn,
    list_slots,
    split_junctions,
)
from kuaifan.roads.pieces import Pieces
from kuaifan.roads.raw import BLOCKED_MS, FOOT, RawWays, TurnRule
from kuaifan.roads.via_ways import Histories, find_ways, list_breaks, list_via_nodes

Ints = NDArray[np.int64]

_SIDES = 2
"""A barrier bars a street where two pieces of it meet; at a junction nobody knows which it bars."""


@dataclass(frozen=True, slots=True)
class TurnReport:
    """What became of turn rules and barriers (转向限制与路障).

    n_applied: rules in force. n_split: junctions of the map that are several nodes now. n_gates:
    barriers passed with a delay. n_blocked: barriers that end a street. n_via_ways: of the rules
    those that lead over streets. n_timed: junctions where turning takes time.
    """

    n_applied: int = 0
    n_split: int = 0
    n_gates: int = 0
    n_blocked: int = 0
    n_via_ways: int = 0
    n_timed: int = 0


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands in the way at nodes (通行限制): forbidden turns, and barriers with their times.

    node: rank among the sorted node ids of the map, -1 for none of them.
    way_id: (n_pieces,) the way that each piece is cut from. via_rules: those over streets.
    barrier_modes: by node, who passes a barrier that no car passes.
    """

    rules: list[tuple[int, TurnRule]]
    barriers: list[tuple[int, int]]
    way_id: Ints
    via_rules: list[TurnRule]
    barrier_modes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class TimedTurns:
    """Where turning takes time (耗时路口), and of which class a turn is."""

    nodes: set[int]
    class_of: Callable[[Turn], int]

    def classify(self, node: int, turn: Turn) -> int:
        """The class of one turn at a node, 0 where it takes no time."""
        return self.class_of(turn) if node in self.nodes else 0

    def classify_all(self, node: int, slots: Slots) -> dict[Turn, int]:
        """The class of every turn at a node that takes time."""
        if node not in self.nodes:
            return {}
        turns = {(one, out): self.class_of((one, out)) for one in slots.ins for out in slots.outs}
        return {turn: cls for turn, cls in turns.items() if cls}


def list_obstacles(raw: RawWays, way_id: Ints) -> Obstacles:
    """The rules and barriers of a map in one order, whatever the order of the source."""
    node_id = np.sort(np.asarray(raw.node_id, np.int64))
    every = sorted(raw.turn_rules, key=lambda rule: (rule.rule_id, rule.from_way, rule.to_way))
    rules = [rule for rule in every if not rule.via_ways]
    at = _ranks(node_id, [rule.via_node for rule in rules])
    nodes = sorted(raw.barrier_ms)
    barriers = zip(_ranks(node_id, nodes), (raw.barrier_ms[node] for node in nodes), strict=True)
    over_ways = [rule for rule in every if rule.via_ways]
    passed = _ranks(node_id, list(raw.barrier_modes))
    passing = dict(zip(passed, raw.barrier_modes.values(), strict=True))
    return Obstacles(list(zip(at, rules, strict=True)), list(barriers), way_id, over_ways, passing)


def forbid_turns(
    pieces: Pieces,
    n_nodes: int,
    obstacles: Obstacles,
    dropped: Counter[str],
    timed: TimedTurns | None = None,
) -> tuple[Directed, TurnReport]:
    """Split junctions where something stands in the way or turns take time; note what gates take.

    Counts into `dropped` what changes nothing: turn_not_driven, turn_ambiguous,
    barrier_at_junction.
    """
    asked = {node for node, _ in (*obstacles.rules, *obstacles.barriers)}
    via_nodes = list_via_nodes(pieces, obstacles.via_rules, obstacles.way_id)
    timed = timed or TimedTurns(set(), lambda _turn: 0)
    slots = list_slots(pieces, asked | via_nodes | timed.nodes)
    forbidden: defaultdict[int, set[Turn]] = defaultdict(set)
    n_applied = 0
    for node, rule in obstacles.rules:
        turns = _find_turns(slots[node], rule, obstacles.way_id)
        if isinstance(turns, str):
            dropped[turns] += 1
            continue
        n_applied += 1
        forbidden[node] |= turns
    n_blocked = _block(obstacles.barriers, slots, forbidden, dropped)
    gated = _list_gated(obstacles.barriers, slots)
    passing = _list_passing(obstacles, forbidden)
    junctions = {
        node: Junction(slots[node], forbidden[node], timed.classify_all(node, slots[node]))
        for node in sorted({*forbidden, *timed.nodes})
    }
    ways, n_via = find_ways(pieces, slots, obstacles.via_rules, obstacles.way_id, dropped)
    fixed = asked.union(*(_ends_of(pieces, beside) for beside, _ in gated))
    histories = Histories(pieces, slots, ways, list_breaks(pieces, slots, via_nodes, fixed))
    ends = histories.forbid_at_ends(slots, forbidden, timed.classify)
    junctions |= ends
    # Who rides past a barrier is bound by what leads over the streets around it.
    passing |= {node: passing[node] & FOOT for node in ends if node in passing}
    with_doubles = histories.doubles.append_to(pieces)
    directed = split_junctions(with_doubles, n_nodes, junctions, passing)
    histories.note(directed.double_of, directed.run)
    for beside, ms in gated:
        directed.gate_ms[beside] += ms // 2
    n_split = sum(bool(junction.forbidden) for junction in junctions.values())
    report = TurnReport(n_applied + n_via, n_split, len(gated), n_blocked)
    return directed, replace(report, n_via_ways=n_via, n_timed=len(timed.nodes))


def _list_passing(obstacles: Obstacles, forbidden: Mapping[int, set[Turn]]) -> dict[int, int]:
    """By node, who passes a barrier there that no car passes, and where no rule stands as well."""
    barred = {node for node, turns in forbidden.items() if turns} - {n for n, _ in obstacles.rules}
    return {node: obstacles.barrier_modes.get(node, 0) for node in barred}


def _ranks(node_id: Ints, nodes: list[int]) -> list[int]:
    asked = np.asarray(nodes, np.int64)
    rank = np.minimum(np.searchsorted(node_id, asked), len(node_id) - 1)
    found: list[int] = np.where(node_id[rank] == asked, rank, -1).tolist()
    return found


def _find_turns(slots: Slots, rule: TurnRule, way_id: Ints) -> set[Turn] | str:
    """The turns that a rule forbids, or why it is left out."""
    ins = [slot for slot in slots.ins if way_id[slot[0]] == rule.from_way]
    outs = [slot for slot in slots.outs if way_id[slot[0]] == rule.to_way]
    if not ins or not outs:
        return "turn_not_driven"
    if rule.kind == "no_u_turn" and rule.from_way == rule.to_way:
        back = {(slot, (slot[0], 1 - slot[1])) for slot in ins}
        return {turn for turn in back if turn[1] in outs} or "turn_not_driven"
    if len(ins) > 1 or len(outs) > 1:
        # The way goes on beyond the junction: which of its two sides is meant is not said.
        return "turn_ambiguous"
    if rule.kind.startswith("only_"):
        return {(ins[0], out) for out in slots.outs if out != outs[0]}
    return {(ins[0], outs[0])}


def _block(
    barriers: list[tuple[int, int]],
    slots: Mapping[int, Slots],
    forbidden: defaultdict[int, set[Turn]],
    dropped: Counter[str],
) -> int:
    """Forbid to pass what no car passes; a car may still turn round there."""
    n_blocked = 0
    for node, ms in barriers:
        near = slots[node]
        dropped["barrier_at_junction"] += len(near.pieces) > _SIDES
        if len(near.pieces) == _SIDES and ms == BLOCKED_MS:
            n_blocked += 1
            every = ((one, other) for one in near.ins for other in near.outs)
            forbidden[node] |= {turn for turn in every if turn[0][0] != turn[1][0]}
    return n_blocked


def _list_gated(
    barriers: list[tuple[int, int]], slots: Mapping[int, Slots]
) -> list[tuple[list[int], int]]:
    """The pieces before and behind each gate, and what it takes; each bears half of it."""
    gates = ((slots[node].pieces, ms) for node, ms in barriers if ms > 0)
    return [(beside, ms) for beside, ms in gates if len(beside) == _SIDES]


def _ends_of(pieces: Pieces, rows: list[int]) -> set[int]:
    return {*pieces.a[rows].tolist(), *pieces.b[rows].tolist()}
