"""How good an imported map is (导入质量): parts, dead ends, strange speeds, doubles, the datum."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.datums import Datum, is_in_china
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.pieces import (
    BACKWARD,
    FORWARD,
    Pieces,
    cut_ways,
    fold_duplicates,
    select_drivable,
)
from kuaifan.roads.raw import RawWays

Ints = NDArray[np.int64]
SaidBy = Literal["the format", "the file", "--datum"]

FAST_KMH, SLOW_KMH = 130.0, 5.0
"""Nobody drives faster in a Chinese city than the motorway's 120 allows, nor slower than a walk."""

_MIN_TIMED_M = 1.0
"""Below a metre the whole milliseconds of the travel time tell no speed."""

_SAME_PLACE_PER_DEG = 10_000_000
_MAX_EXAMPLES = 5
_KMH_PER_M_PER_MS = 3_600.0


@dataclass(frozen=True, slots=True)
class MapPart:
    """How much of the map something is."""

    nodes: int
    street_km: float


@dataclass(frozen=True, slots=True)
class DatumDoubt:
    """What the datum was taken for, who said so, and whether that can be (坐标系可信度).

    doubt: a sentence with the cure, '' without one.
    """

    datum: str
    said_by: SaidBy
    is_in_china: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class ImportQuality:
    """What to look at before believing the map; counted before plain points are merged.

    n_parts: parts within which every node reaches every other (强连通分量), turns aside. The
    largest is kept; dropped is all else, largest_dropped its largest part.
    n_dead_ends: nodes of the city with one neighbour. n_fast_arcs, n_slow_arcs: driven above
    FAST_KMH or below SLOW_KMH without siren, some by name in strange_speeds.
    n_duplicate_nodes: nodes in the place of another. n_zero_length_ways: all in one place.
    """

    n_parts: int
    kept: MapPart
    dropped: MapPart
    largest_dropped: MapPart
    n_dead_ends: int
    n_fast_arcs: int
    n_slow_arcs: int
    strange_speeds: tuple[str, ...]
    n_duplicate_nodes: int
    n_zero_length_ways: int
    datum: DatumDoubt


def judge_import(raw: RawWays, network: RoadNetwork, datum: DatumDoubt) -> ImportQuality:
    """Judge a map that was built into a network; costs about as much as cutting its streets."""
    unused: Counter[str] = Counter()
    pieces = fold_duplicates(cut_ways(raw, select_drivable(raw, unused), unused), unused)
    pieces = pieces.take(np.any(pieces.kmh > 0.0, axis=0))
    n_parts, kept, dropped, largest_dropped = _measure_parts(pieces, len(raw.node_id))
    n_fast, n_slow, examples = _judge_speeds(network)
    return ImportQuality(
        n_parts=n_parts,
        kept=kept,
        dropped=dropped,
        largest_dropped=largest_dropped,
        n_dead_ends=_count_dead_ends(network),
        n_fast_arcs=n_fast,
        n_slow_arcs=n_slow,
        strange_speeds=examples,
        n_duplicate_nodes=_count_duplicates(raw),
        n_zero_length_ways=_count_zero_length(raw),
        datum=datum,
    )


def judge_datum(raw: RawWays, datum: Datum, *, said_by: SaidBy, is_certain: bool) -> DatumDoubt:
    """Say so where the datum may be wrong; is_certain: OpenStreetMap, in WGS-84 everywhere."""
    lat, lon = float(np.median(raw.node_lat)), float(np.median(raw.node_lon))
    is_inside = bool(is_in_china(lat, lon))
    doubt = ""
    if is_inside and datum is Datum.WGS84 and not is_certain:
        doubt = (
            f"the map lies in China and {said_by} says WGS-84, which many maps there say and are "
            "not: compare one crossing with a GPS fix, and if it is off by half a kilometre import "
            "again with --datum gcj02 or bd09"
        )
    elif not is_inside and datum is not Datum.WGS84:
        doubt = (
            f"the map lies outside China, where nothing is in {datum}: if it is in WGS-84, import "
            "again with --datum wgs84"
        )
    return DatumDoubt(datum.value, said_by, is_inside, doubt)


def _measure_parts(pieces: Pieces, n_nodes: int) -> tuple[int, MapPart, MapPart, MapPart]:
    """How many parts; the kept one, all others, and the largest of these."""
    label = _label_parts(pieces, n_nodes)
    touched = np.unique(np.concatenate((pieces.a, pieces.b)))
    n_of = np.bincount(label[touched], minlength=int(label.max()) + 1)
    is_within = label[pieces.a] == label[pieces.b]
    of_part = label[pieces.a][is_within]
    km_of = np.bincount(of_part, pieces.length_m[is_within], len(n_of)) / 1000.0
    kept_i = int(n_of.argmax())
    all_km = float(pieces.length_m.sum()) / 1000.0
    kept = _part(n_of[kept_i], km_of[kept_i])
    dropped = _part(len(touched) - n_of[kept_i], all_km - km_of[kept_i])
    n_of[kept_i], km_of[kept_i] = 0, 0.0
    next_i = int(n_of.argmax())
    largest = _part(n_of[next_i], km_of[next_i])
    return int(np.count_nonzero(n_of)) + 1, kept, dropped, largest


def _part(nodes: int, street_km: float) -> MapPart:
    return MapPart(int(nodes), round(float(street_km), 3))


def _label_parts(pieces: Pieces, n_nodes: int) -> Ints:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    out, back = pieces.kmh[FORWARD] > 0.0, pieces.kmh[BACKWARD] > 0.0
    tail = np.concatenate((pieces.a[out], pieces.b[back]))
    head = np.concatenate((pieces.b[out], pieces.a[back]))
    graph = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(n_nodes, n_nodes))
    _, label = connected_components(graph.tocsr(), directed=True, connection="strong")
    return np.asarray(label, np.int64)


def _count_dead_ends(network: RoadNetwork) -> int:
    ends = np.sort(np.stack((network.tail, network.head))[:, network.is_driven], axis=0)
    ends = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    n_neighbours = np.bincount(ends.ravel(), minlength=network.n_nodes)
    return int(np.count_nonzero(n_neighbours == 1))


def _judge_speeds(network: RoadNetwork) -> tuple[int, int, tuple[str, ...]]:
    """Arcs that are too fast, too slow, and some of both by name."""
    length_m = network.length_m.astype(np.float64)
    # A turn has no length and takes no time; it is never judged.
    kmh = length_m / np.maximum(network.travel_ms[0], 1) * _KMH_PER_M_PER_MS
    is_timed = (length_m >= _MIN_TIMED_M) & network.is_driven
    is_fast, is_slow = is_timed & (kmh > FAST_KMH), is_timed & (kmh < SLOW_KMH)
    examples = dict.fromkeys(
        f"{network.names[network.name_i[arc]] or 'a street without a name'} {kmh[arc]:.0f} km/h"
        for arc in np.flatnonzero(is_fast | is_slow).tolist()
    )
    return int(is_fast.sum()), int(is_slow.sum()), tuple(examples)[:_MAX_EXAMPLES]


def _count_duplicates(raw: RawWays) -> int:
    grid = np.column_stack((raw.node_lat, raw.node_lon)) * _SAME_PLACE_PER_DEG
    places = np.unique(np.round(grid).astype(np.int64), axis=0)
    return len(raw.node_id) - len(places)


def _count_zero_length(raw: RawWays) -> int:
    rows = zip(raw.node_id.tolist(), raw.node_lat.tolist(), raw.node_lon.tolist(), strict=True)
    place = {node: (lat, lon) for node, lat, lon in rows}
    return sum(
        len(way.nodes) > 1
        and len({place.get(node) for node in way.nodes}) == 1
        and len(set(way.shape or ())) < 2  # noqa: PLR2004 - a line has two ends
        for way in raw.ways
    )


def list_quality_lines(quality: ImportQuality) -> list[str]:
    """The report for a person, what is nothing left out."""
    kept, dropped, largest = quality.kept, quality.dropped, quality.largest_dropped
    lines = [
        f"kept {kept.nodes:,} nodes and {kept.street_km:,.1f} km of streets as one connected part",
        f"{quality.n_dead_ends:,} dead ends",
    ]
    if dropped.nodes:
        lines.insert(
            1,
            f"dropped {dropped.nodes:,} nodes and {dropped.street_km:,.1f} km in "
            f"{quality.n_parts - 1:,} other parts, the largest of {largest.nodes:,} nodes and "
            f"{largest.street_km:,.1f} km",
        )
    if quality.strange_speeds:
        lines.append(
            f"suspicious speeds: {quality.n_fast_arcs:,} arcs above {FAST_KMH:.0f} km/h, "
            f"{quality.n_slow_arcs:,} below {SLOW_KMH:.0f}: {'; '.join(quality.strange_speeds)}"
        )
    if quality.n_duplicate_nodes:
        lines.append(f"{quality.n_duplicate_nodes:,} nodes lie in the very place of another")
    if quality.n_zero_length_ways:
        lines.append(f"{quality.n_zero_length_ways:,} streets have no length")
    lines.append(f"datum {quality.datum.datum}, as {quality.datum.said_by} says")
    return lines + ([f"datum in doubt: {quality.datum.doubt}"] if quality.datum.doubt else [])
