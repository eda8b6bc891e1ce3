"""Which turns the rules and barriers of a map forbid (禁止转向), and what its gates take."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.junctions import Directed, Slots, Turn, list_slots, split_junctions
from kuaifan.roads.pieces import Pieces
from kuaifan.roads.raw import BLOCKED_MS, RawWays, TurnRule

Ints = NDArray[np.int64]

_SIDES = 2
"""A barrier bars a street where two pieces of it meet; at a junction nobody knows which it bars."""


@dataclass(frozen=True, slots=True)
class TurnReport:
    """What became of turn rules and barriers (转向限制与路障).

    n_applied: rules in force. n_split: junctions of the map that are several nodes now. n_gates:
    barriers passed with a delay. n_blocked: barriers that end a street.
    """

    n_applied: int = 0
    n_split: int = 0
    n_gates: int = 0
    n_blocked: int = 0


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands in the way at nodes (通行限制): forbidden turns, and barriers with their times.

    node: rank among the sorted node ids of the map, -1 for none of them.
    way_id: (n_pieces,) the way that each piece is cut from. barrier_modes: by node, who passes a
    barrier that no car passes.
    """

    rules: list[tuple[int, TurnRule]]
    barriers: list[tuple[int, int]]
    way_id: Ints
    barrier_modes: Mapping[int, int]


def list_obstacles(raw: RawWays, way_id: Ints) -> Obstacles:
    """The rules and barriers of a map in one order, whatever the order of the source."""
    node_id = np.sort(np.asarray(raw.node_id, np.int64))
    rules = sorted(raw.turn_rules, key=lambda rule: (rule.rule_id, rule.from_way, rule.to_way))
    at = _ranks(node_id, [rule.via_node for rule in rules])
    nodes = sorted(raw.barrier_ms)
    barriers = zip(_ranks(node_id, nodes), (raw.barrier_ms[node] for node in nodes), strict=True)
    passed = _ranks(node_id, list(raw.barrier_modes))
    passing = dict(zip(passed, raw.barrier_modes.values(), strict=True))
    return Obstacles(list(zip(at, rules, strict=True)), list(barriers), way_id, passing)


def forbid_turns(
    pieces: Pieces, n_nodes: int, obstacles: Obstacles, dropped: Counter[str]
) -> tuple[Directed, TurnReport]:
    """Split the junctions where something stands in the way, and note what gates take.

    Counts into `dropped` what changes nothing: turn_not_driven, turn_ambiguous,
    barrier_at_junction.
    """
    asked = {node for node, _ in (*obstacles.rules, *obstacles.barriers)}
    slots = list_slots(pieces, asked)
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
    barred = {node for node, turns in forbidden.items() if turns} - {n for n, _ in obstacles.rules}
    passing = {node: obstacles.barrier_modes.get(node, 0) for node in barred}
    directed = split_junctions(pieces, n_nodes, slots, forbidden, passing)
    n_gates = _delay(obstacles.barriers, slots, directed.gate_ms)
    n_split = sum(map(bool, forbidden.values()))
    return directed, TurnReport(n_applied, n_split, n_gates, n_blocked)


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


def _delay(barriers: list[tuple[int, int]], slots: Mapping[int, Slots], gate_ms: Ints) -> int:
    """Add what gates take, half before and half behind each; returns how many there are."""
    n_gates = 0
    for node, ms in barriers:
        beside = slots[node].pieces
        if len(beside) == _SIDES and ms > 0:
            n_gates += 1
            gate_ms[beside] += ms // 2
    return n_gates
