"""Calls of one city laid over the roads of another (移植): an affine map, then the nearest road.

Times, types and their order stay real; places keep their pattern (who is north of whom, what
is dense) but are no longer where the calls were, and the call file says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kuaifan.city import calls_flags as flag
from kuaifan.city.calls import CallsError, Remapping

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kuaifan.city.calls_rows import Draft
    from kuaifan.roads.network import RoadNetwork

METHOD = "affine map of the box of the middle 96 % of the calls onto that of the road junctions"
LOW, HIGH = 0.02, 0.98
FAR_M = 500.0


@dataclass(frozen=True, slots=True)
class Onto:
    """The city whose roads take the calls."""

    city_name: str
    network: RoadNetwork


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of the map: [low, high] of the source goes to [low, high] of the target."""

    source: tuple[float, float]
    target: tuple[float, float]
    bounds: tuple[float, float]

    def map(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        width = self.source[1] - self.source[0]
        if width <= 0.0:  # all calls in one line: it goes through the middle
            return np.full_like(values, sum(self.target) / 2.0)
        share = (values - self.source[0]) / width
        mapped = self.target[0] + share * (self.target[1] - self.target[0])
        return np.clip(mapped, *self.bounds)


def remap_drafts(drafts: list[Draft], onto: Onto) -> Remapping:
    """Move every draft onto a road of the other city and say how; flags those moved far."""
    from kuaifan.roads.snap import Snapper

    network = onto.network
    if network.n_arcs == 0:
        raise CallsError(f"the city {onto.city_name} has no roads; import its map again")
    lat = np.array([draft.lat for draft in drafts], np.float64)
    lon = np.array([draft.lon for draft in drafts], np.float64)
    lats, lons = _axis(lat, network.node_lat), _axis(lon, network.node_lon)
    snapper = Snapper(network)
    snapped = snapper.snap(lats.map(lat), lons.map(lon))
    far = np.flatnonzero(snapped.distance_m > FAR_M)
    for draft, arc, fraction_ppm in zip(
        drafts, snapped.arc.tolist(), snapped.fraction_ppm.tolist(), strict=True
    ):
        draft.lat, draft.lon = snapper.point_at(arc, fraction_ppm)
    for draft_i in far.tolist():
        drafts[draft_i].flags.append(flag.SNAPPED_FAR)
    return Remapping(
        city=onto.city_name,
        method=METHOD,
        network_hash=network.content_hash(),
        source_centre=(round(float(np.median(lat)), 6), round(float(np.median(lon)), 6)),
        source_box=_box(lats.source, lons.source),
        target_box=_box(lats.target, lons.target),
        snap_median_m=round(float(np.median(snapped.distance_m)), 1),
        snap_p90_m=round(float(np.quantile(snapped.distance_m, 0.9)), 1),
        far_m=FAR_M,
        far_share=round(len(far) / len(drafts), 6),
    )


def _axis(calls: NDArray[np.float64], nodes: NDArray[np.float64]) -> _Axis:
    return _Axis(
        source=_middle(calls),
        target=_middle(nodes),
        bounds=(float(nodes.min()), float(nodes.max())),
    )


def _middle(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(values, (LOW, HIGH)).tolist()
    return low, high


def _box(lats: tuple[float, float], lons: tuple[float, float]) -> tuple[float, float, float, float]:
    return round(lats[0], 6), round(lons[0], 6), round(lats[1], 6), round(lons[1], 6)
