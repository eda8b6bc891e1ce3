"""Fixes onto the way that was driven (地图匹配): a Markov model after Newson and Krumm (2009).

A fix is weighed against the nearest streets in both directions: how far off they are, whether its
heading goes along, and whether the way by road from the fix before fits the beeline and the time.
One by one as they come in, or a whole track at once with what came later weighed in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from kuaifan.geo.points import METRES_PER_DEGREE, distance_m
from kuaifan.roads.lines import PPM
from kuaifan.roads.matching_tables import (
    Layer,
    MatchModel,
    make_room,
    make_streets,
    new_layer,
)
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition

OK: Final = 0
OFF_ROAD: Final = 1
JUMP: Final = 2
REVERSED: Final = 3
"""How plausible a fix is (定位合理性): no street near; not to be reached by road in the time since
the fix before; against the direction of a one-way street."""

MAX_GAP_MS: Final = 300_000
"""After a longer silence a track begins anew; nothing is said of how the car got there."""
MAX_DOUBT_MS: Final = 30_000
"""So long a chain is kept beside one that jumped away from it."""


class Fix(NamedTuple):
    """One position as received (定位); heading_deg -1 where it is unknown."""

    at_ms: int
    lat: float
    lon: float
    heading_deg: float = -1.0
    speed_mps: float = 0.0


class Matched(NamedTuple):
    """Where a fix lies on the roads (匹配结果); code: OK, OFF_ROAD, JUMP or REVERSED."""

    position: RoadPosition
    distance_m: float
    code: int


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A fix with its weighed candidates, chained to the link before; None where a chain begins."""

    fix: Fix
    layer: Layer
    before: Link | None
    fix_i: int = 0


class Trace(NamedTuple):
    """What is remembered of one unit between two fixes (轨迹状态).

    doubted: a chain that began with a jump; the next fix decides between it and `link`.
    """

    link: Link | None = None
    doubted: Link | None = None


NO_TRACE: Final = Trace()


class Matcher:
    """Matches fixes of any number of units to one network; not for two threads at once.

    Imports its kernels, so that it is best made in a thread. Never changes the network: closed
    streets are driven by those who closed them.
    """

    def __init__(
        self, snapper: Snapper, *, model: MatchModel | None = None, profile: int = 0
    ) -> None:
        from kuaifan.roads.matching_near_kernel import find_candidates
        from kuaifan.roads.matching_step_kernel import step

        self.snapper, self.model = snapper, model or MatchModel()
        self._find_candidates, self._step = find_candidates, step
        self._streets, self._room = make_streets(snapper, profile), make_room(snapper.network)
        self._scratch = new_layer()

    def match_next(self, trace: Trace, fix: Fix) -> tuple[Matched, Trace]:
        """Match the next fix of a unit by what is known so far, and what to remember of it.

        Fixes come in the order of their times; one not later than the last is matched alone.
        Raises ValueError for a point off the globe.
        """
        code, link, trace = self._follow(trace, fix, 0)
        # Only a whole track is walked back; a unit on duty for weeks must not fill the memory.
        trace = Trace(*(each and replace(each, before=None) for each in trace))
        if link is None:
            return self._match_off_road(fix), trace
        return self._say(link, int(np.argmax(link.layer.score)), code), trace

    def match_track(self, fixes: Iterable[Fix]) -> list[Matched]:
        """Match all fixes of one unit, each by all of them: the most likely way (维特比)."""
        trace, codes, links = NO_TRACE, list[int](), list[Link | None]()
        track = list(fixes)
        for fix_i, fix in enumerate(track):
            code, link, trace = self._follow(trace, fix, fix_i)
            codes.append(code)
            links.append(link)
        chosen = _walk_back(links)
        return [
            self._match_off_road(fix) if link is None else self._say(link, candidate, code)
            for fix, code, link, candidate in zip(track, codes, links, chosen, strict=True)
        ]

    def _follow(self, trace: Trace, fix: Fix, fix_i: int) -> tuple[int, Link | None, Trace]:
        """Plausibility of the next fix by the chains so far, its link, and what to remember."""
        layer = self._layer_of(fix)
        if layer is None:
            return OFF_ROAD, None, trace
        for before in (trace.link, trace.doubted):
            if before is not None and self._leads(before, fix, layer):
                link = Link(fix, layer, before, fix_i)
                return OK, link, Trace(link)
        link = Link(fix, layer, None, fix_i)
        last = trace.link
        if last is None or not 0 < fix.at_ms - last.fix.at_ms <= MAX_GAP_MS:
            return OK, link, Trace(link)
        if fix.at_ms - last.fix.at_ms <= MAX_DOUBT_MS:
            return JUMP, link, Trace(last, link)
        return JUMP, link, Trace(link)

    def _layer_of(self, fix: Fix) -> Layer | None:
        """The candidates of a fix alone, None where no street is near."""
        if not (abs(fix.lat) <= 90.0 and abs(fix.lon) <= 180.0):  # noqa: PLR2004 - degrees
            raise ValueError(f"a fix at {fix.lat}, {fix.lon} is not on the globe")
        says_heading = fix.heading_deg >= 0.0 and fix.speed_mps >= self.model.heading_speed_mps
        east_m = METRES_PER_DEGREE * max(math.cos(math.radians(fix.lat)), 1e-6)
        n_found = self._find_candidates(
            self._streets,
            (float(fix.lat), float(fix.lon), east_m),
            float(fix.heading_deg) if says_heading else math.nan,
            self.model,
            self._scratch,
        )
        if not n_found:
            return None
        return Layer._make(column[:n_found].copy() for column in self._scratch)

    def _leads(self, before: Link, fix: Fix, layer: Layer) -> bool:
        gap_ms = fix.at_ms - before.fix.at_ms
        if not 0 < gap_ms <= MAX_GAP_MS:
            return False
        last = before.fix
        beeline_m = distance_m(last.lat, last.lon, to_lat=fix.lat, to_lon=fix.lon)
        gap = (beeline_m, float(gap_ms))
        found: bool = self._step(self._streets, before.layer, layer, gap, self.model, self._room)
        return found

    def _say(self, link: Link, candidate: int, code: int) -> Matched:
        layer = link.layer
        position = RoadPosition(
            int(layer.arc[candidate]), round(float(layer.share[candidate]) * PPM)
        )
        is_reversed = code == OK and layer.reversed_[candidate]
        off_m = float(layer.distance_m[candidate])
        return Matched(position, off_m, REVERSED if is_reversed else code)

    def _match_off_road(self, fix: Fix) -> Matched:
        position, off_m = self.snapper.snap_one(fix.lat, fix.lon)
        return Matched(position, off_m, OFF_ROAD)


def _walk_back(links: Sequence[Link | None]) -> list[int]:
    """The candidate of every fix on the most likely chains, from the last fix of each chain."""
    chosen = [-1] * len(links)
    for last in reversed(links):
        if last is None or chosen[last.fix_i] >= 0:
            continue
        candidate, link = int(np.argmax(last.layer.score)), last
        while chosen[link.fix_i] < 0:
            chosen[link.fix_i] = candidate
            if link.before is None:
                break
            candidate, link = int(link.layer.before[candidate]), link.before
    return chosen
