"""Junctions where turns are forbidden become several nodes (拆分路口), joined by turn arcs.

A car that comes from one side of such a junction may leave it only over some of its streets. So
the streets in are grouped by what they may turn into, the streets out by what may turn into them;
each group gets its own copy of the node, and an arc of no length and no time leads from each copy
in to each copy out that may follow. Where of a group in and a group out one has no other partner,
they share a copy: a single forbidden turn costs one node and one arc. A turn that takes time is an
arc as well. No place is ever doubled, so that a place on a street stays one place, from whichever
side it is reached; only what is driven through may be, see `via_ways`.

Whoever walks is bound by no turn: between the first copy and every other a step leads to and fro,
for those on foot only. A step takes a millisecond, so that no way round takes none; on foot, a
split junction so costs two milliseconds at most. Where a barrier is what forbids, those who pass
it nonetheless, a motorcycle between bollards, step likewise.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.pieces import BACKWARD, FORWARD, Pieces
from kuaifan.roads.raw import CAR, DRIVEN, FOOT

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Slot = tuple[int, int]
"""A piece and the direction it is driven in."""
Turn = tuple[Slot, Slot]
TURN_CLASSES = ("", "right", "left", "u_turn")
"""Turns that may take time; straight on never does."""


@dataclass(frozen=True, slots=True)
class Directed:
    """Pieces with the nodes that each of their directions begins and ends at (有向路段).

    tail, head: (2, n) by direction. is_turn: (n,) the arcs within a junction. gate_ms: (n,) what
    gates on the piece take. node_of: (n_nodes,) the node of the map that each node lies at; those
    of the map come first, as themselves. is_decided: (n_nodes,) the copies of split junctions.
    double_of: (n,) of the double of a street its first slot, as 2 * piece + direction, else -1.
    run: (2, n) the same of the parts of such a street, -1 of what is passed through.
    turn_class: (n,) which of TURN_CLASSES a turn arc is, 0 for what is none. A turn arc that no
    car may use is a step.
    """

    pieces: Pieces
    tail: Ints
    head: Ints
    is_turn: Bools
    gate_ms: Ints
    node_of: Ints
    is_decided: Bools
    double_of: Ints
    run: Ints
    turn_class: NDArray[np.int8]

    @property
    def is_street(self) -> Bools:
        """(n,) neither turn nor double."""
        return ~self.is_turn & (self.double_of < 0)

    def drive(self, kept: Bools) -> "Directed":
        """Only the directions of a (2, n) mask are driven; the others may still be walked."""
        pieces = self.pieces
        is_lost = (pieces.kmh > 0.0) & ~kept
        modes = np.where(is_lost, pieces.modes & FOOT, pieces.modes).astype(np.uint8)
        kmh = np.where(kept, pieces.kmh, 0.0)
        return replace(self, pieces=replace(pieces, kmh=kmh, modes=modes))

    def take(self, rows: Bools) -> "Directed":
        """Only some of the pieces."""
        place = np.cumsum(rows) - 1
        codes = [
            np.where(c >= 0, 2 * place[c // 2] + c % 2, -1) for c in (self.double_of, self.run)
        ]
        return Directed(
            self.pieces.take(rows),
            self.tail[:, rows],
            self.head[:, rows],
            self.is_turn[rows],
            self.gate_ms[rows],
            self.node_of,
            self.is_decided,
            codes[0][rows],
            codes[1][:, rows],
            self.turn_class[rows],
        )


@dataclass(frozen=True, slots=True)
class Slots:
    """The directions of pieces that lead into one node and out of it."""

    ins: list[Slot]
    outs: list[Slot]

    @property
    def pieces(self) -> list[int]:
        """The pieces that meet in the node."""
        return sorted({piece_i for piece_i, _ in (*self.ins, *self.outs)})


@dataclass(frozen=True, slots=True)
class Junction:
    """What leads into a node and out of it, the turns forbidden there, and those that take time.

    classes: index into TURN_CLASSES, where it is not 0.
    """

    slots: Slots
    forbidden: set[Turn]
    classes: Mapping[Turn, int]


def list_slots(pieces: Pieces, asked: set[int]) -> defaultdict[int, Slots]:
    """What leads into and out of some nodes, in the order of the pieces."""
    slots: defaultdict[int, Slots] = defaultdict(lambda: Slots([], []))
    wanted = np.asarray(sorted(asked), np.int64)
    near = np.flatnonzero(np.isin(pieces.a, wanted) | np.isin(pieces.b, wanted))
    for piece_i in near.tolist():
        ends = (int(pieces.a[piece_i]), int(pieces.b[piece_i]))
        for direction in (FORWARD, BACKWARD):
            if pieces.kmh[direction, piece_i] > 0.0:
                slots[ends[direction]].outs.append((piece_i, direction))
                slots[ends[1 - direction]].ins.append((piece_i, direction))
    return slots


def split_junctions(
    pieces: Pieces,
    n_nodes: int,
    junctions: Mapping[int, "Junction"],
    passing: Mapping[int, int],
) -> Directed:
    """Split every node at which turns differ; the others stay as they are.

    passing: node to the bits of who passes there nonetheless; on foot, where it is not named.
    """
    split = _Copies(n_nodes)
    anybody = int(np.bitwise_or.reduce(pieces.modes, axis=None))
    for node in sorted(junctions):
        if junctions[node].forbidden or any(junctions[node].classes.values()):
            split.add(node, junctions[node], stepping=passing.get(node, FOOT) & anybody)
    return split.build(pieces)


class _Copies:
    """Copies of nodes, numbered after the nodes of the map, and the turn arcs between them.

    turns: for each its two copies, a piece of the street it turns out of, and its class; the steps
    likewise, with who takes them.
    """

    def __init__(self, n_nodes: int) -> None:
        self.node_of = list(range(n_nodes))
        self.decided: list[int] = []
        self.turns: list[tuple[int, int, int, int]] = []
        self.steps: list[tuple[int, int, int, int]] = []
        self.tail: dict[Slot, int] = {}
        self.head: dict[Slot, int] = {}

    def add(self, node: int, junction: Junction, *, stepping: int) -> None:
        """Give each group of streets at a node its copy; the first copy is the node itself.

        stepping: who may step between the copies.
        """
        turns = _classify(junction)
        slots = junction.slots
        ins = _group({one: _row(turns, [(one, out) for out in slots.outs]) for one in slots.ins})
        outs = _group({out: _row(turns, [(one, out) for one in slots.ins]) for out in slots.outs})
        classes = np.array([[turns.get((one[0], out[0]), -1) for out in outs] for one in ins])
        classes = classes.reshape(len(ins), len(outs))
        allowed = classes >= 0
        in_copy, out_copy = self._number(node, classes)
        for group, copy in zip(ins, in_copy, strict=True):
            self.head |= dict.fromkeys(group, copy)
        for group, copy in zip(outs, out_copy, strict=True):
            self.tail |= dict.fromkeys(group, copy)
        self.turns += [
            (in_copy[in_i], out_copy[out_i], ins[in_i][0][0], int(classes[in_i, out_i]))
            for in_i, out_i in np.argwhere(allowed).tolist()
            if in_copy[in_i] != out_copy[out_i]
        ]
        others = sorted({*in_copy, *out_copy} - {node}) if stepping else []
        self.steps += [(node, copy, slots.pieces[0], stepping) for copy in others]

    def build(self, pieces: Pieces) -> Directed:
        """The pieces and the turn arcs behind them, with their nodes."""
        n_pieces, n_turns = len(pieces.a), len(self.turns) + len(self.steps)
        anybody = int(np.bitwise_or.reduce(pieces.modes, axis=None))
        turns = [(*turn, anybody & (DRIVEN | FOOT), 0) for turn in self.turns]
        steps = [(*step[:3], 0, step[3], step[3]) for step in self.steps]
        begin, end, beside, classes, *modes = np.asarray(turns + steps, np.int64).reshape(-1, 6).T
        modes_both = np.stack(modes).astype(np.uint8)
        kmh = np.where(modes_both & CAR, 1.0, 0.0)
        a, b = np.concatenate((pieces.a, begin)), np.concatenate((pieces.b, end))
        joined = Pieces(
            a=a,
            b=b,
            kmh=np.concatenate((pieces.kmh, kmh), axis=1),
            way_i=np.concatenate((pieces.way_i, pieces.way_i[beside])),
            length_m=np.concatenate((pieces.length_m, np.zeros(n_turns))),
            shape_i=np.concatenate((pieces.shape_i, np.full(n_turns, -1, np.int64))),
            shapes=pieces.shapes,
            modes=np.concatenate((pieces.modes, modes_both), axis=1),
        )
        tail, head = np.stack((a, b)), np.stack((b, a))
        for ends, copies in ((tail, self.tail), (head, self.head)):
            for (piece_i, direction), copy in copies.items():
                ends[direction, piece_i] = copy
        is_decided = np.zeros(len(self.node_of), np.bool_)
        is_decided[self.decided] = True
        is_turn = np.arange(n_pieces + n_turns) >= n_pieces
        gate_ms = np.zeros(n_pieces + n_turns, np.int64)
        nodes = np.asarray(self.node_of, np.int64), is_decided
        none = np.full(n_pieces + n_turns, -1, np.int64)
        turn_class = np.concatenate((np.zeros(n_pieces, np.int8), classes.astype(np.int8)))
        run = np.stack((none, none))
        return Directed(joined, tail, head, is_turn, gate_ms, *nodes, none, run, turn_class)

    def _number(self, node: int, classes: Ints) -> tuple[list[int], list[int]]:
        """The copy of each group in and of each group out."""
        in_copy = [self._new_copy(node, is_first=in_i == 0) for in_i in range(classes.shape[0])]
        shared = {out_i: in_copy[in_i] for in_i, out_i in _list_shared(classes)}
        out_copy = [
            shared[out_i] if out_i in shared else self._new_copy(node, is_first=not in_copy)
            for out_i in range(classes.shape[1])
        ]
        return in_copy, out_copy

    def _new_copy(self, node: int, *, is_first: bool) -> int:
        copy = node if is_first else len(self.node_of)
        if not is_first:
            self.node_of.append(node)
        self.decided.append(copy)
        return copy


def _classify(junction: Junction) -> dict[Turn, int]:
    """The class of every turn that is allowed."""
    slots, classes = junction.slots, junction.classes
    every = ((one, out) for one in slots.ins for out in slots.outs)
    return {turn: classes.get(turn, 0) for turn in every if turn not in junction.forbidden}


def _row(turns: dict[Turn, int], asked: list[Turn]) -> tuple[int, ...]:
    return tuple(turns.get(turn, -1) for turn in asked)


def _group(sides: dict[Slot, tuple[int, ...]]) -> list[list[Slot]]:
    """Streets together that may turn into the same ones at the same price."""
    groups: defaultdict[tuple[int, ...], list[Slot]] = defaultdict(list)
    for slot, others in sides.items():
        groups[others].append(slot)
    return list(groups.values())


def _list_shared(classes: Ints) -> list[tuple[int, int]]:
    """Groups in and out that can share a copy: one of the two has no other partner.

    As all groups differ, none is in two such pairs, and no turn arc follows another. A turn that
    takes time needs an arc of its own.
    """
    allowed = classes >= 0
    alone = (allowed.sum(axis=1) == 1)[:, None] | (allowed.sum(axis=0) == 1)[None, :]
    return [(in_i, out_i) for in_i, out_i in np.argwhere((classes == 0) & alone).tolist()]
