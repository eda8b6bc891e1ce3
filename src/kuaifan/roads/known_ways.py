"""Ways already found (已知路径): what is left of one from any place along it, without a search.

What remains of a fastest way is a fastest way itself, so the rest of the time follows exactly from
how far somebody has come along it, whoever asks and whoever found it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.travel import PPM, Path, RoadPosition

MAX_ENDS: Final = 512
"""So many targets are kept, and the one known longest is given up first."""

End = tuple[int, int, int]
"""Arc, fraction and profile."""


class _Stretch(NamedTuple):
    """An arc of a way between two fractions; left_ms: from its tail to the way's end."""

    first_ppm: int
    last_ppm: int
    arc_ms: int
    left_ms: int


class KnownWays:
    """Fastest ways by the weights of one moment; whoever changes weights clears them (已知路径).

    A way is laid out arc by arc only when somebody asks for the rest of one to its end.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._noted: dict[End, list[tuple[Path, NDArray[np.integer]]]] = {}
        self._laid: dict[End, dict[int, _Stretch]] = {}
        self._may_follow: NDArray[np.bool_] | None = None

    def clear(self) -> None:
        """Other weights are in force."""
        self._noted, self._laid = {}, {}

    def note(
        self, target: RoadPosition, profile: int, path: Path, arcs_ms: NDArray[np.integer]
    ) -> None:
        """A fastest way to a place, and what each of its arcs takes."""
        end = (*target, profile)
        if end not in self._noted and len(self._noted) >= MAX_ENDS:
            oldest = next(iter(self._noted))
            self._noted.pop(oldest, None)
            self._laid.pop(oldest, None)
        self._noted.setdefault(end, []).append((path, arcs_ms))

    def find_ms(self, place: RoadPosition, target: RoadPosition, profile: int) -> int | None:
        """The time from a place to another, None where the place is on no way known to lead there.

        The same integer as a search gives.
        """
        end = (*target, profile)
        noted = self._noted.get(end)
        if noted is None:
            return None
        laid = self._laid.setdefault(end, {})
        while noted:
            self._lay(laid, target, *noted.pop())
        stretch = laid.get(place.arc)
        if stretch is None or not stretch.first_ppm <= place.fraction_ppm <= stretch.last_ppm:
            return None
        return stretch.left_ms - stretch.arc_ms * place.fraction_ppm // PPM

    def _lay(
        self,
        laid: dict[int, _Stretch],
        target: RoadPosition,
        path: Path,
        arcs_ms: NDArray[np.integer],
    ) -> None:
        twin = int(self._network.twin[target.arc])
        if {target.arc, twin} & set(path.arcs[:-1]):
            # Around the block to a place behind: the same street at two times of one way.
            return
        n_arcs, times_ms = len(path.arcs), arcs_ms.tolist()
        last_ms = times_ms[-1] * path.last_fraction_ppm // PPM
        ahead_ms = np.cumsum(arcs_ms[:-1][::-1], dtype=np.int64)[::-1] + last_ms
        may_follow = self._which_follow()[list(path.arcs)].tolist()
        first_ppm = [path.first_fraction_ppm, *[0] * (n_arcs - 1)]
        last_ppm = [*[PPM] * (n_arcs - 1), path.last_fraction_ppm]
        left_ms = [*ahead_ms.tolist(), last_ms]
        stretches = map(_Stretch, first_ppm, last_ppm, times_ms, left_ms)
        laid.update(
            (arc, stretch)
            for arc, stretch, follows in zip(path.arcs, stretches, may_follow, strict=True)
            if follows
        )

    def _which_follow(self) -> NDArray[np.bool_]:
        """(n_arcs,) false where a car in mid-street can do what it cannot from the street's tail.

        Where turns are forbidden, who turns round within a street may come to another copy of the
        junction than that it came from; and a street with doubles is driven on one of those.
        """
        if self._may_follow is None:
            network = self._network
            # Of a one-way street the twin is -1, and what that looks up is not asked.
            comes_back = network.head[network.twin] == network.tail
            self._may_follow = network.is_through & ((network.twin < 0) | comes_back)
        return self._may_follow
