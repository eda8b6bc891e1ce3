"""Turn restrictions that lead over streets (经由路段的转向限制): those streets are doubled.

Whether a car may turn at the end of such a street depends on where it came from, so the street
is driven on doubles, one for every history that counts and one for all others. Places stay on the
street itself, which nobody drives through: it is reached by all who may enter it, and who sets
out on it may turn as one who came from anywhere else.

A history is a sequence of streets: the longest end of what was driven that begins a forbidden
sequence, as in the automaton of Aho and Corasick (1975).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.junctions import Junction, Slot, Slots, Turn
from kuaifan.roads.pieces import FORWARD, Pieces
from kuaifan.roads.raw import DRIVEN, TurnRule

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
History = tuple[Slot, ...]
Passage = tuple[Slot, Slot, History]
"""A slot of a node, that of the street it stands for, and what has been driven on it."""

_SIDES = 2


@dataclass(frozen=True, slots=True)
class Way:
    """One restriction found on the map: into the first street, over some, out into the last."""

    into: Slot
    via: tuple[Slot, ...]
    out: Slot
    is_only: bool


@dataclass(frozen=True, slots=True)
class Doubles:
    """The doubles of streets (路段分身), numbered behind all pieces.

    first, last: of each double the first and the last slot of its street. history: what has been
    driven on it. ends: the nodes where it begins and ends.
    """

    first: list[Slot] = field(default_factory=list)
    last: list[Slot] = field(default_factory=list)
    history: list[History] = field(default_factory=list)
    ends: list[tuple[int, int]] = field(default_factory=list)

    def append_to(self, pieces: Pieces) -> Pieces:
        """The pieces with the doubles behind them: one-way, without length."""
        n = len(self.first)
        # Feet need no more than one of them, that of who came from anywhere else.
        is_walked = np.asarray([len(history) == 1 for history in self.history], np.bool_)
        ends = np.asarray(self.ends, np.int64).reshape(n, 2)
        lead = np.asarray([slot[0] for slot in self.first], np.int64)
        side = np.asarray([slot[1] for slot in self.first], np.int64)
        modes = np.where(is_walked, pieces.modes[side, lead], pieces.modes[side, lead] & DRIVEN)
        both = np.stack((modes, np.zeros(n))).astype(np.uint8)
        kmh = np.stack((pieces.kmh[side, lead], np.zeros(n)))
        return Pieces(
            a=np.concatenate((pieces.a, ends[:, 0])),
            b=np.concatenate((pieces.b, ends[:, 1])),
            kmh=np.concatenate((pieces.kmh, kmh), axis=1),
            way_i=np.concatenate((pieces.way_i, pieces.way_i[lead])),
            length_m=np.concatenate((pieces.length_m, np.zeros(n))),
            shape_i=np.concatenate((pieces.shape_i, np.full(n, -1, np.int64))),
            shapes=pieces.shapes,
            modes=np.concatenate((pieces.modes, both), axis=1),
        )


def find_ways(
    pieces: Pieces,
    slots: Mapping[int, Slots],
    rules: list[TurnRule],
    way_id: Ints,
    dropped: Counter[str],
) -> tuple[list[Way], int]:
    """Where the rules lead, and how many do; counts the others as not driven or ambiguous."""
    ways, n_applied = list[Way](), 0
    by_way: defaultdict[int, list[Slot]] = defaultdict(list)
    for node in sorted(slots):
        for slot in slots[node].outs:
            by_way[int(way_id[slot[0]])].append(slot)
    for rule in rules:
        # Members are not always in the order of driving.
        backwards = replace(rule, via_ways=rule.via_ways[::-1])
        known = by_way, way_id
        found = _trace(pieces, slots, rule, known) or _trace(pieces, slots, backwards, known)
        if len(found) == 1:
            ways += found
            n_applied += 1
        else:
            dropped["turn_ambiguous" if found else "turn_not_driven"] += 1
    return ways, n_applied


def list_via_nodes(pieces: Pieces, rules: list[TurnRule], way_id: Ints) -> set[int]:
    """All nodes of the streets that rules lead over."""
    via = {way for rule in rules for way in rule.via_ways}
    if not via:
        return set()
    on_via = np.isin(way_id, np.asarray(sorted(via), np.int64))
    return {*pieces.a[on_via].tolist(), *pieces.b[on_via].tolist()}


def _trace(
    pieces: Pieces,
    slots: Mapping[int, Slots],
    rule: TurnRule,
    known: tuple[Mapping[int, list[Slot]], Ints],
) -> list[Way]:
    """Every way from a rule's first street over all of its via streets into its last."""
    (by_way, way_id), found = known, list[Way]()
    for start in by_way.get(rule.via_ways[0], ()):
        at = _end(pieces, start, is_tail=True)
        ins = [slot for slot in slots[at].ins if way_id[slot[0]] == rule.from_way]
        ins = [slot for slot in ins if slot[0] != start[0]]
        for via in _follow(pieces, slots, rule, start, way_id) if ins else ():
            outs = slots[_end(pieces, via[-1])].outs
            goals = [out for out in outs if way_id[out[0]] == rule.to_way and out[0] != via[-1][0]]
            is_only = rule.kind.startswith("only_")
            found += [Way(into, via, out, is_only) for into in ins for out in goals]
    return found


def _follow(
    pieces: Pieces, slots: Mapping[int, Slots], rule: TurnRule, start: Slot, way_id: Ints
) -> list[tuple[Slot, ...]]:
    """From the first slot on over the via streets in order; every stop in the last of them."""
    order, found = rule.via_ways, list[tuple[Slot, ...]]()
    waiting: list[tuple[tuple[Slot, ...], int]] = [((start,), 0)]
    while waiting:
        via, at = waiting.pop()
        if at == len(order) - 1:
            found.append(via)
        driven = {slot[0] for slot in via}
        for slot in slots[_end(pieces, via[-1])].outs:
            for after, way in enumerate(order[at : at + 2], start=at):
                if way_id[slot[0]] == way and slot[0] not in driven:
                    waiting.append(((*via, slot), after))
    return found


def _code(slot: Slot) -> int:
    return 2 * slot[0] + slot[1]


def _end(pieces: Pieces, slot: Slot, *, is_tail: bool = False) -> int:
    piece_i, direction = slot
    ends = pieces.a if (direction == FORWARD) == is_tail else pieces.b
    return int(ends[piece_i])


class Histories:
    """The streets to be doubled, with the sequences that are forbidden (行驶历史).

    breaks: nodes where a chain of pieces ends in any case; between them pieces are one street.
    """

    def __init__(
        self, pieces: Pieces, slots: Mapping[int, Slots], ways: list[Way], breaks: set[int]
    ) -> None:
        self._pieces, self._slots = pieces, slots
        self._breaks = breaks | {_end(pieces, way.into) for way in ways}
        self._breaks |= {_end(pieces, way.via[-1]) for way in ways}
        self._first_of: dict[Slot, Slot] = {}
        self._runs: dict[Slot, Slot] = {}
        self._part_of: dict[Slot, Slot] = {}
        paths = [(way, self._cut(way.via)) for way in ways]
        self._prefixes: set[History] = set()
        self._forbidden: set[History] = set()
        for way, path in paths:
            self._forbid(way, path)
        self.doubles = Doubles()
        self._double_at: dict[tuple[Slot, History], int] = {}
        for first in sorted(self._runs):
            for history in [(first,), *sorted(p for p in self._prefixes if p[-1] == first)]:
                self._double(first, history)

    def _cut(self, via: tuple[Slot, ...]) -> list[Slot]:
        """The streets of a way, each by its first slot."""
        path = list[Slot]()
        for slot in via:
            if not path or _end(self._pieces, slot, is_tail=True) in self._breaks:
                path.append(slot)
            self._runs[path[-1]] = slot
            self._part_of[slot] = path[-1]
        for first in path:
            self._first_of[self._runs[first]] = first
        return path

    def _forbid(self, way: Way, path: list[Slot]) -> None:
        history: History = (self._first_of.get(way.into, way.into),)
        onward = [*path[1:], way.out]
        for first, after in zip(path, onward, strict=True):
            history = (*history, first)
            self._prefixes.add(history)
            if way.is_only:
                outs = self._slots[_end(self._pieces, self._runs[first])].outs
                self._forbidden |= {(*history, out) for out in outs if out != after}
        if not way.is_only:
            self._forbidden.add((*history, way.out))

    def note(self, double_of: Ints, run: Ints) -> None:
        """Write into (n,) of which street each double is, into (2, n) the parts of such streets."""
        codes = [_code(first) for first in self.doubles.first]
        n_pieces = len(self._pieces.a)
        double_of[n_pieces : n_pieces + len(codes)] = codes
        for (piece_i, direction), first in self._part_of.items():
            run[direction, piece_i] = _code(first)

    def _double(self, first: Slot, history: History) -> None:
        doubles, last = self.doubles, self._runs[first]
        self._double_at[first, history] = len(doubles.first)
        doubles.first.append(first)
        doubles.last.append(last)
        doubles.history.append(history)
        ends = _end(self._pieces, first, is_tail=True), _end(self._pieces, last)
        doubles.ends.append(ends)

    def forbid_at_ends(
        self,
        slots: Mapping[int, Slots],
        forbidden: Mapping[int, set[Turn]],
        classify: Callable[[int, Turn], int],
    ) -> dict[int, Junction]:
        """The nodes where doubles end; a turn onto one is of the class of that onto its street."""
        n_pieces = len(self._pieces.a)
        into: defaultdict[int, list[Passage]] = defaultdict(list)
        out: defaultdict[int, list[Passage]] = defaultdict(list)
        for (first, history), at in self._double_at.items():
            own = (n_pieces + at, FORWARD)
            begin, end = self.doubles.ends[at]
            out[begin].append((own, first, history))
            into[end].append((own, self._runs[first], history))
        found = {}
        for node in sorted({*into, *out}):
            plain = slots[node]
            ins: list[Passage] = [
                (slot, slot, (self._first_of.get(slot, slot),)) for slot in plain.ins
            ]
            outs: list[Passage] = [(slot, slot, ()) for slot in plain.outs]
            ins, outs = ins + into[node], outs + out[node]
            turns = {
                (one[0], other[0])
                for one in ins
                for other in outs
                if (one[1], other[1]) in forbidden.get(node, ()) or not self._leads(one[2], other)
            }
            classes = {
                (one[0], other[0]): classify(node, (one[1], other[1]))
                for one in ins
                for other in outs
            }
            here = Slots([one[0] for one in ins], [other[0] for other in outs])
            found[node] = Junction(here, turns, classes)
        return found

    def _leads(self, history: History, other: Passage) -> bool:
        """Whether who has driven a history may enter a street, and on which of its doubles."""
        driven = (*history, other[1])
        ends = [driven[at:] for at in range(len(driven) - 1)]
        if any(end in self._forbidden for end in ends):
            return False
        if not other[2]:
            return True
        after = next((end for end in ends if end in self._prefixes), (other[1],))
        return after == other[2]


def list_breaks(
    pieces: Pieces, slots: Mapping[int, Slots], nodes: set[int], fixed: set[int]
) -> set[int]:
    """Of some nodes those where pieces are not joined into one street; fixed: all of these."""
    found = fixed & nodes
    # What is only walked from there makes it a junction as well.
    n_ends = np.bincount(np.concatenate((pieces.a, pieces.b)))
    for node in nodes - fixed:
        near = slots[node].pieces
        if not len(near) == n_ends[node] == _SIDES or not _are_alike(pieces, near, node):
            found.add(node)
    return found


def _are_alike(pieces: Pieces, near: list[int], node: int) -> bool:
    one, other = near
    use = np.concatenate((pieces.kmh, pieces.modes))[:, [one, other]]
    into = [pieces.b[i] == node for i in near]
    # Into the node over one must be as out of it over the other, and the same the other way.
    turned = use[[1, 0, 3, 2], 1] if into[0] == into[1] else use[:, 1]
    is_loop = pieces.a[one] == pieces.b[one] or pieces.a[other] == pieces.b[other]
    is_same = pieces.way_i[one] == pieces.way_i[other]
    return bool(is_same and not is_loop and np.array_equal(use[:, 0], turned))
