"""The seam of travel times (行车时间): what an engine answers, whatever it does inside."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.lines import PPM
from kuaifan.roads.network import UNREACHABLE_MS

__all__ = ["PPM", "UNREACHABLE_MS", "Path", "RoadPosition", "TravelTimes"]

Int32s = NDArray[np.int32]


class RoadPosition(NamedTuple):
    """A place on the road (路上位置): an arc and the millionths of its time from its tail.

    On a two-way street (twin, 1,000,000 - fraction_ppm) is the same place.
    """

    arc: int
    fraction_ppm: int


class Path(NamedTuple):
    """A way to drive (路径): the arcs from the origin's to the target's, both included.

    The first arc is entered at `first_fraction_ppm`, the last left at `last_fraction_ppm`; the
    parts so driven add up to `travel_ms`. A path of one arc runs straight along it; where there
    is no way, `arcs` is empty and `travel_ms` is UNREACHABLE_MS.
    """

    travel_ms: int
    arcs: tuple[int, ...]
    first_fraction_ppm: int
    last_fraction_ppm: int

    def on_streets(self, street_of: Int32s) -> "Path":
        """The same way with the streets themselves in place of their doubles."""
        return self._replace(arcs=tuple(street_of[list(self.arcs)].tolist()))


class Places(NamedTuple):
    """Many places, each with the profile that it is left by (各行其道); all (n,).

    arc: -1 where a place is not known, which is then not asked for. profile: int8. is_asked: others
    are passed over.
    """

    arc: Int32s
    fraction_ppm: Int32s
    profile: NDArray[np.int8]
    is_asked: NDArray[np.bool_]


class TravelTimes(Protocol):
    """Exact travel times between places on one network, in whole milliseconds.

    Every answer above `bound_ms` is UNREACHABLE_MS, and the search stops there. Wrong arcs,
    fractions or profiles raise ValueError.
    """

    def change_arcs(self, arcs: ArrayLike, travel_ms: ArrayLike) -> None:
        """Put other times of some arcs in force, (n_profiles, k); UNREACHABLE_MS closes one."""
        ...

    def use_weights(self, travel_ms: ArrayLike) -> None:
        """Put other times of all arcs in force, (n_profiles, n_arcs)."""
        ...

    def to_one(
        self,
        arcs: ArrayLike,
        fractions_ppm: ArrayLike,
        target: RoadPosition,
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(k,) from each of k places to one target."""
        ...

    def to_one_each(
        self, places: Places, target: RoadPosition, *, bound_ms: int = UNREACHABLE_MS
    ) -> Int32s:
        """(n,) from each place asked for to one target, by its own profile; others unreachable."""
        ...

    def from_one(
        self,
        origin: RoadPosition,
        arcs: ArrayLike,
        fractions_ppm: ArrayLike,
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(k,) from one origin to each of k places."""
        ...

    def path(self, origin: RoadPosition, target: RoadPosition, *, profile: int = 0) -> Path:
        """The fastest way; of equally fast ones always the same."""
        ...

    def to_node_ms(
        self, target: RoadPosition, *, profile: int = 0, bound_ms: int = UNREACHABLE_MS
    ) -> Int32s:
        """(n_nodes,) from every node to one target: what a post's rings are drawn from."""
        ...

    def to_nodes_ms(
        self,
        targets: Sequence[RoadPosition],
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(n_nodes, k) from every node to each of k targets."""
        ...
