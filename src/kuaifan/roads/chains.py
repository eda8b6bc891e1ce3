"""Chains of pieces through nodes where nothing is decided (合并二度节点) become one arc."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.pieces import BACKWARD, FORWARD, Pieces

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chains:
    """Pieces in driving order, chain after chain.

    first: (n_chains + 1,) where each chain begins in the two others.
    piece_i, direction: the piece and whether it is passed FORWARD (a to b) or BACKWARD.
    """

    first: Ints
    piece_i: Ints
    direction: Ints


def chain_pieces(pieces: Pieces, is_decided: NDArray[np.bool_], kind: Ints) -> Chains:
    """Join the pieces that meet two by two in a node and are alike there.

    is_decided: (n_nodes,) nodes that end a chain whatever meets there.
    kind: (n_pieces,) equal where class and name are; the speeds of both directions must be equal
    too, as must be who may go, so that a fraction of an arc's time is the same fraction of its
    length. A network that is
    one ring without any junction is cut at its first piece. O(pieces).
    """
    ends = _Ends(pieces, is_decided)
    partner = ends.partners(pieces, kind).tolist()
    taken = bytearray(len(pieces.a))
    walk = _Walk(partner, taken)
    anchored = np.flatnonzero(np.asarray(partner).reshape(-1, 2).min(axis=1) < 0)
    # Chains begin at a piece with an end that joins nothing; what is left over are rings.
    for piece_i in [*anchored.tolist(), *range(len(pieces.a))]:
        if not taken[piece_i]:
            walk.follow(piece_i)
    first = np.asarray(walk.first, np.int64)
    slots = np.asarray(walk.slots, np.int64)
    return Chains(first, slots // 2, slots % 2)


class _Ends:
    """Both ends of all pieces sorted by node; end 2 * i is at a of piece i, 2 * i + 1 at its b."""

    def __init__(self, pieces: Pieces, is_decided: NDArray[np.bool_]) -> None:
        node_of_end = np.stack((pieces.a, pieces.b), axis=1).ravel()
        self.n_ends = len(node_of_end)
        self.by_node = np.argsort(node_of_end, kind="stable")
        self.first = np.searchsorted(node_of_end[self.by_node], np.arange(len(is_decided) + 1))
        self.is_decided = is_decided

    def partners(self, pieces: Pieces, kind: Ints) -> Ints:
        """For each end, the end of the one other piece it joins without a decision, or -1."""
        is_quiet = np.diff(self.first) == 2  # noqa: PLR2004 - one piece in, one out
        quiet = np.flatnonzero(is_quiet & ~self.is_decided)
        one = self.by_node[self.first[quiet]]
        other = self.by_node[self.first[quiet] + 1]
        p, q = one // 2, other // 2
        # Into the node over p must be as out of it over q, and the same the other way round.
        alike = (p != q) & (kind[p] == kind[q])
        alike &= pieces.kmh[1 - one % 2, p] == pieces.kmh[other % 2, q]
        alike &= pieces.kmh[one % 2, p] == pieces.kmh[1 - other % 2, q]
        alike &= pieces.modes[1 - one % 2, p] == pieces.modes[other % 2, q]
        alike &= pieces.modes[one % 2, p] == pieces.modes[1 - other % 2, q]
        partner = np.full(self.n_ends, -1, np.int64)
        partner[one[alike]], partner[other[alike]] = other[alike], one[alike]
        return partner


class _Walk:
    def __init__(self, partner: list[int], taken: bytearray) -> None:
        self.partner, self.taken = partner, taken
        self.first = [0]
        self.slots: list[int] = []

    def follow(self, piece_i: int) -> None:
        """Take one chain from its free end to its other end; slot = 2 * piece + direction."""
        only_b_free = self.partner[2 * piece_i] >= 0 and self.partner[2 * piece_i + 1] < 0
        direction = BACKWARD if only_b_free else FORWARD
        while not self.taken[piece_i]:
            self.taken[piece_i] = 1
            self.slots.append(2 * piece_i + direction)
            entered = self.partner[2 * piece_i + 1 - direction]
            if entered < 0:
                break
            piece_i, direction = entered // 2, entered % 2
        self.first.append(len(self.slots))
