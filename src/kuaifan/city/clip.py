"""Cuts ways to the nodes that are there: at the edge of a clip and at the edge of a box (裁剪)."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.raw import RawWay, RawWays


@dataclass(frozen=True, slots=True)
class Box:
    """A box in WGS-84 degrees (范围); raises BadInputError if it is empty or no box."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        is_lat = -90.0 <= self.south < self.north <= 90.0  # noqa: PLR2004 - degrees
        is_lon = -180.0 <= self.west < self.east <= 180.0  # noqa: PLR2004 - degrees
        if not (is_lat and is_lon):
            raise BadInputError(
                f"the box {self.south},{self.west},{self.north},{self.east} is none: give "
                "south,west,north,east in degrees"
            )


def keep_runs(ways: list[RawWay], known: Container[int]) -> tuple[list[RawWay], int]:
    """Cut each way into its runs of known nodes; also count the references cut away."""
    kept: list[RawWay] = []
    n_cut = 0
    for way in ways:
        runs = [tuple(run) for is_in, run in groupby(way.nodes, known.__contains__) if is_in]
        if runs == [way.nodes]:
            kept.append(way)
            continue
        n_cut += len(way.nodes) - sum(map(len, runs))
        kept += [replace(way, nodes=run, length_m=None, shape=None) for run in runs if len(run) > 1]
    return kept, n_cut


def clip_to_box(raw: RawWays, box: Box) -> RawWays:
    """Keep what lies in the box; raises BadInputError if no street does."""
    is_in = (raw.node_lat >= box.south) & (raw.node_lat <= box.north)
    is_in &= (raw.node_lon >= box.west) & (raw.node_lon <= box.east)
    ways, n_cut = keep_runs(raw.ways, frozenset(raw.node_id[is_in].tolist()))
    if not ways:
        south, north = float(raw.node_lat.min()), float(raw.node_lat.max())
        west, east = float(raw.node_lon.min()), float(raw.node_lon.max())
        raise BadInputError(
            f"no street lies in the box: the map spans {south:.4f},{west:.4f},{north:.4f},"
            f"{east:.4f} (south,west,north,east)"
        )
    used = np.array([node for way in ways for node in way.nodes], dtype=np.int64)
    keep = np.isin(raw.node_id, used)
    return replace(
        raw,
        node_id=raw.node_id[keep],
        node_lat=raw.node_lat[keep],
        node_lon=raw.node_lon[keep],
        ways=ways,
        dropped=raw.dropped + Counter({"outside_box": n_cut}),
    )
