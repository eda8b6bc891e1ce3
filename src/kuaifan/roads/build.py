"""From a raw map to the road network (建路网): cut, fold, keep what connects, chain, number."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.chains import Chains, chain_pieces
from kuaifan.roads.junctions import Directed
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.pieces import (
    BACKWARD,
    FORWARD,
    DrivableWays,
    Pieces,
    cut_ways,
    fold_duplicates,
    select_drivable,
)
from kuaifan.roads.raw import CAR, FOOT, RawWay, RawWays
from kuaifan.roads.speeds import (
    PROFILE_MODES,
    PROFILES,
    WALK_KMH,
    motorcycle_kmh,
    siren_factors,
    travel_ms,
)
from kuaifan.roads.turn_times import TurnAngles, TurnPenalties, list_junctions, turn_ms
from kuaifan.roads.turns import TimedTurns, TurnReport, forbid_turns, list_obstacles

__all__ = ["BuildReport", "BuildStep", "RawWay", "RawWays", "build_network"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MORTON_BITS = 16
_NO_TURNS = TurnReport()


@dataclass(frozen=True, slots=True)
class BuildStep:
    """How large the network was after one step; only nodes that an arc touches are counted."""

    name: str
    n_nodes: int
    n_arcs: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of the raw map (导入报告).

    dropped: by cause. Ways: not_drivable, single_node, and the importer's own causes. References:
    missing_node. Pieces: zero_length. Arcs: duplicate_arc, outside_component, and what forbidden
    turns and barriers cut off: cut_off_by_turns. Turn rules: turn_not_driven, turn_ambiguous.
    Barriers: barrier_at_junction.
    n_speeds_assumed: drivable ways without a usable limit, driven at their class's speed.
    """

    n_ways: int
    n_ways_drivable: int
    n_speeds_assumed: int
    dropped: dict[str, int]
    steps: tuple[BuildStep, ...]
    length_km: float
    turns: TurnReport = _NO_TURNS


def build_network(
    raw: RawWays, *, turn_penalties: TurnPenalties = TurnPenalties.OFF
) -> tuple[RoadNetwork, BuildReport]:
    """Build the network of a raw map; the order of its nodes and ways does not matter.

    Its streets are those that a car drives to and fro, and what is walked from them. Raises
    BadInputError when no drivable road connects two nodes or a coordinate is not a number.
    """
    _check_nodes(raw)
    dropped = Counter(raw.dropped)
    drivable = select_drivable(raw, dropped)
    steps: list[BuildStep] = []
    pieces = cut_ways(raw, drivable, dropped) if drivable.ways else None
    if pieces is None or not len(pieces.a):
        raise BadInputError("the map holds no drivable road; import one with highway=* ways")
    steps.append(_step("read", pieces))
    pieces = fold_duplicates(pieces, dropped)
    steps.append(_step("duplicates folded", pieces))
    pieces = _keep_largest_component(pieces, len(raw.node_id), dropped)
    steps.append(_step("largest strongly connected part", pieces))
    way_id = np.asarray([way.way_id for way in drivable.ways], np.int64)[pieces.way_i]
    obstacles = list_obstacles(raw, way_id)
    timed = _time_turns(raw, drivable, pieces, turn_penalties)
    directed, turns = forbid_turns(pieces, len(raw.node_id), obstacles, dropped, timed)
    if turns.n_split or turns.n_timed:
        directed = _keep_walked(_keep_largest_part(directed, dropped))
        steps.append(_step_split(directed))
    network = _assemble(raw, drivable, directed)
    steps.append(BuildStep("chains merged", network.n_nodes, network.n_arcs))
    report = _report(raw, drivable, dropped, (tuple(steps), network))
    return network, replace(report, turns=turns)


def _time_turns(
    raw: RawWays, drivable: DrivableWays, pieces: Pieces, where: TurnPenalties
) -> TimedTurns | None:
    if where is TurnPenalties.OFF:
        return None
    order = np.argsort(raw.node_id, kind="stable")
    angles = TurnAngles(pieces, raw.node_lat[order], raw.node_lon[order])
    nodes = list_junctions(pieces, drivable.road_class[pieces.way_i], where)
    return TimedTurns(nodes, angles.classify)


def _check_nodes(raw: RawWays) -> None:
    fine = (np.abs(raw.node_lat) <= 90.0) & (np.abs(raw.node_lon) <= 180.0)  # noqa: PLR2004 - the globe
    wrong = np.flatnonzero(~fine)
    if len(wrong):
        raise BadInputError(f"node {raw.node_id[wrong[0]]} has no usable position; mend the map")
    if len(np.unique(raw.node_id)) != len(raw.node_id):
        raise BadInputError("the map gives the same node id twice; mend the map")


def _step(name: str, pieces: Pieces) -> BuildStep:
    n_nodes = len(np.unique(np.concatenate((pieces.a, pieces.b))))
    return BuildStep(name, n_nodes, pieces.n_arcs)


def _report(
    raw: RawWays,
    drivable: DrivableWays,
    dropped: Counter[str],
    built: tuple[tuple[BuildStep, ...], RoadNetwork],
) -> BuildReport:
    steps, network = built
    driven = [way for way in drivable.ways if way.modes & CAR]
    return BuildReport(
        n_ways=len(raw.ways),
        n_ways_drivable=len(driven),
        n_speeds_assumed=sum(not way.maxspeed_kmh for way in driven),
        dropped={cause: n for cause, n in sorted(dropped.items()) if n},
        steps=steps,
        length_km=float(network.length_m[network.is_driven].sum(dtype=np.float64)) / 1000.0,
    )


def _step_split(directed: Directed) -> BuildStep:
    driven = directed.pieces.kmh > 0.0
    n_nodes = len(np.unique((directed.tail[driven], directed.head[driven])))
    return BuildStep("junctions split", n_nodes, directed.pieces.n_arcs)


def _keep_largest_component(pieces: Pieces, n_nodes: int, dropped: Counter[str]) -> Pieces:
    out, back = pieces.kmh[FORWARD] > 0.0, pieces.kmh[BACKWARD] > 0.0
    tail = np.concatenate((pieces.a[out], pieces.b[back]))
    head = np.concatenate((pieces.b[out], pieces.a[back]))
    is_in = _find_largest(tail, head, n_nodes)
    is_kept = is_in[pieces.a] & is_in[pieces.b]
    rows = (pieces.way_i, pieces.length_m, pieces.shape_i, pieces.shapes)
    modes = np.where(is_kept, pieces.modes, pieces.modes & FOOT).astype(np.uint8)
    kmh = np.where(is_kept, pieces.kmh, 0.0)
    connected = Pieces(pieces.a, pieces.b, kmh, *rows, modes)
    dropped["outside_component"] += pieces.n_arcs - connected.n_arcs
    if not connected.n_arcs:
        raise BadInputError("no two places of the map can be driven to and fro; check its one-ways")
    return connected.take(_is_walked(connected, (connected.a, connected.b), n_nodes))


def _is_walked(pieces: Pieces, ends: tuple[Ints, Ints], n_nodes: int) -> NDArray[np.bool_]:
    """The pieces that are driven, or that can be walked to from one that is."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    is_used = np.any(pieces.modes, axis=0)
    tail, head = ends[0][is_used], ends[1][is_used]
    graph = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(n_nodes, n_nodes))
    _, label = connected_components(graph.tocsr(), directed=False)
    is_driven = np.any(pieces.kmh > 0.0, axis=0)
    return np.asarray(is_used & (label[ends[0]] == label[ends[0][np.argmax(is_driven)]]))


def _keep_walked(directed: Directed) -> Directed:
    """Without what cannot be walked to from the streets that are still driven."""
    # On foot all copies of a junction are one place.
    ends = directed.node_of[directed.pieces.a], directed.node_of[directed.pieces.b]
    is_walked = _is_walked(directed.pieces, ends, len(directed.node_of))
    return directed.take(is_walked)


def _keep_largest_part(directed: Directed, dropped: Counter[str]) -> Directed:
    """What is still driven to and fro once junctions are split; a street may lose one direction."""
    driven = directed.pieces.kmh > 0.0
    through = driven & (directed.run < 0)
    is_in = _find_largest(directed.tail[through], directed.head[through], len(directed.node_of))
    doubled = driven & np.isin(directed.run, _enter_doubled(directed, through, is_in))
    kept = (through & is_in[directed.tail] & is_in[directed.head]) | doubled
    dropped["cut_off_by_turns"] += int((driven & ~kept)[:, directed.is_street].sum())
    if not kept[:, directed.is_street].any():
        raise BadInputError("the map's turn restrictions leave no way to and fro; check them")
    return directed.drive(kept)


def _enter_doubled(directed: Directed, through: Bools, is_in: Bools) -> Ints:
    """Streets that are driven through on some double, by their codes; adds their ends to is_in.

    Only cars that begin or end on such a street come by there.
    """
    is_double = directed.double_of >= 0
    driven = is_double & (through & is_in[directed.tail] & is_in[directed.head]).any(axis=0)
    codes = np.unique(directed.double_of[driven])
    in_run = np.isin(directed.run, codes)
    ends = np.concatenate((directed.tail[in_run], directed.head[in_run]))
    # Within a street nothing is decided.
    is_in[ends[directed.is_decided[ends]]] = True
    return codes


def _find_largest(tail: Ints, head: Ints, n_nodes: int) -> NDArray[np.bool_]:
    """The nodes of the largest strongly connected part."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(tail), np.int8)
    graph = coo_array((ones, (tail, head)), shape=(n_nodes, n_nodes)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    return np.asarray(label == np.bincount(label).argmax())


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Directed arcs before and after they are sorted; chain_i and direction say where from."""

    tail: Ints
    head: Ints
    chain_i: Ints
    direction: Ints


def _assemble(raw: RawWays, drivable: DrivableWays, directed: Directed) -> RoadNetwork:
    order = np.argsort(raw.node_id, kind="stable")[directed.node_of]
    lat, lon = raw.node_lat[order], raw.node_lon[order]
    pieces = directed.pieces
    name_of_way, names = _number_names(drivable, pieces)
    name_i, road_class = name_of_way[pieces.way_i], drivable.road_class[pieces.way_i]
    name_i[~directed.is_street] = 0
    kind = name_i.astype(np.int64) * 256 + road_class
    # What a gate takes is not spread over the street on both sides of it.
    gated = np.flatnonzero(directed.gate_ms)
    kind[gated] = -1 - gated
    chains = chain_pieces(pieces, directed.is_decided, kind)
    lead = chains.piece_i[chains.first[:-1]]
    length_m = np.add.reduceat(pieces.length_m[chains.piece_i], chains.first[:-1])
    arcs, use = _direct(chains, directed)
    nodes = _order_nodes(np.unique(np.concatenate((arcs.tail, arcs.head))), lat, lon)
    arcs, use = _sort(arcs, use, length_m, nodes)
    first, shape_lat, shape_lon = _draw(arcs, chains, pieces.lines(lat, lon))
    arc_class, arc_m = road_class[lead][arcs.chain_i], length_m[arcs.chain_i]
    arc_ms = _time_arcs(arcs, use, (arc_m, arc_class), (directed, lead))
    hidden = _list_hidden(arcs, chains, directed)
    arc_ms = _time_hidden(arc_ms, hidden, directed.turn_class[lead][arcs.chain_i])
    return RoadNetwork(
        node_lat=lat[nodes],
        node_lon=lon[nodes],
        tail=arcs.tail.astype(np.int32),
        head=arcs.head.astype(np.int32),
        first_arc=np.searchsorted(arcs.tail, np.arange(len(nodes) + 1)).astype(np.int32),
        length_m=arc_m.astype(np.float32),
        profiles=PROFILES,
        travel_ms=arc_ms,
        road_class=arc_class,
        name_i=name_i[lead][arcs.chain_i].astype(np.int32),
        names=names,
        twin=_pair(arcs),
        shape_first=first.astype(np.int32),
        shape_lat=shape_lat,
        shape_lon=shape_lon,
        attribution=raw.attribution,
        hidden=hidden.astype(np.int32),
    )


STEP_MS = 1
"""What a step within a junction takes, so that no way round takes nothing."""

_Use = tuple[Floats, NDArray[np.uint8]]
"""Speed of a car and bits of who may go, of each arc."""


def _list_hidden(arcs: _Arcs, chains: Chains, directed: Directed) -> Ints:
    """(k, 2) doubles with the arcs of their streets, and turns that take time with -1."""
    n_chains = len(chains.first) - 1
    arc_of = np.full((2, n_chains), -1, np.int64)
    arc_of[arcs.direction, arcs.chain_i] = np.arange(len(arcs.tail))
    n_pieces = len(directed.pieces.a)
    chain_of, direction_of = np.empty(n_pieces, np.int64), np.empty(n_pieces, np.int64)
    chain_of[chains.piece_i] = np.repeat(np.arange(n_chains), np.diff(chains.first))
    direction_of[chains.piece_i] = chains.direction
    doubles = np.flatnonzero(directed.double_of >= 0)
    street, driven = np.divmod(directed.double_of[doubles], 2)
    # Driven as its chain runs, or against it.
    side = np.where(driven == direction_of[street], FORWARD, BACKWARD)
    turns = np.flatnonzero(directed.turn_class)
    rows = np.concatenate((doubles, turns))
    streets = np.concatenate((arc_of[side, chain_of[street]], np.full(len(turns), -1)))
    # Both are one-way, so that of their two sides one is an arc.
    hidden = np.stack((arc_of[:, chain_of[rows]].max(axis=0), streets), axis=1)
    return hidden[np.argsort(hidden[:, 0])]


def _time_arcs(
    arcs: _Arcs,
    use: _Use,
    measured: tuple[Floats, NDArray[np.uint8]],
    source: tuple[Directed, Ints],
) -> NDArray[np.int32]:
    """(n_profiles, n_arcs) gone, and waited at gates; no siren opens one sooner."""
    (arc_m, arc_class), (directed, lead), (kmh, modes) = measured, source, use
    driven_kmh = np.where(kmh > 0.0, kmh, 1.0)
    speeds = (
        driven_kmh,
        driven_kmh * siren_factors(arc_class),
        motorcycle_kmh(arc_class, kmh),
        np.full(len(kmh), WALK_KMH),
    )
    gone_ms = np.stack([travel_ms(arc_m, speed) for speed in speeds])
    gone_ms += directed.gate_ms[lead][arcs.chain_i].astype(np.int32)
    is_turn = directed.is_turn[lead][arcs.chain_i]
    gone_ms[:, is_turn] = np.where(kmh[is_turn] > 0.0, 0, STEP_MS)
    may = (modes & np.asarray(PROFILE_MODES, np.uint8)[:, None]) != 0
    return np.where(may, gone_ms, UNREACHABLE_MS).astype(np.int32)


def _time_hidden(
    arc_ms: NDArray[np.int32], hidden: Ints, turn_class: NDArray[np.int8]
) -> NDArray[np.int32]:
    """The times with those of doubles, which take what their streets take, and of turns."""
    double, street = hidden[hidden[:, 1] >= 0].T
    may = arc_ms < UNREACHABLE_MS
    made_ms = arc_ms.copy()
    made_ms[:, double] = arc_ms[:, street]
    made_ms += turn_ms(PROFILES, turn_class)
    return np.where(may, made_ms, UNREACHABLE_MS).astype(np.int32)


def _number_names(drivable: DrivableWays, pieces: Pieces) -> tuple[Ints, tuple[str, ...]]:
    used = np.unique(pieces.way_i).tolist()
    by_way = {way_i: " ".join(drivable.ways[way_i].name.split()) for way_i in used}
    names = ("", *sorted(set(by_way.values()) - {""}))
    number = {name: i for i, name in enumerate(names)}
    name_of_way = np.zeros(len(drivable.ways), np.int64)
    name_of_way[used] = [number[by_way[way_i]] for way_i in used]
    return name_of_way, names


def _direct(chains: Chains, directed: Directed) -> tuple[_Arcs, _Use]:
    first, last = chains.first[:-1], chains.first[1:] - 1
    lead = chains.direction[first], chains.piece_i[first]
    end = chains.direction[last], chains.piece_i[last]
    back_lead, back_end = (1 - lead[0], lead[1]), (1 - end[0], end[1])
    kmh, modes = directed.pieces.kmh, directed.pieces.modes
    along, against = np.flatnonzero(modes[lead]), np.flatnonzero(modes[back_lead])
    arcs = _Arcs(
        tail=np.concatenate((directed.tail[lead][along], directed.tail[back_end][against])),
        head=np.concatenate((directed.head[end][along], directed.head[back_lead][against])),
        chain_i=np.concatenate((along, against)),
        direction=np.repeat((FORWARD, BACKWARD), (len(along), len(against))),
    )
    both = ((lead, along), (back_lead, against))
    return arcs, (
        np.concatenate([kmh[side][rows] for side, rows in both]),
        np.concatenate([modes[side][rows] for side, rows in both]),
    )


def _order_nodes(nodes: Ints, lat: Floats, lon: Floats) -> Ints:
    """Neighbours in space become neighbours in memory (Morton order), which searches thank for."""
    key = np.zeros(len(nodes), np.int64)
    for offset, degrees in enumerate((lat[nodes], lon[nodes])):
        span = max(float(np.ptp(degrees)), 1e-9)
        cell = ((degrees - degrees.min()) / span * (2**_MORTON_BITS - 1)).astype(np.int64)
        for bit in range(_MORTON_BITS):
            key |= ((cell >> bit) & 1) << (2 * bit + offset)
    return nodes[np.lexsort((nodes, key))]


def _sort(arcs: _Arcs, use: _Use, length_m: Floats, nodes: Ints) -> tuple[_Arcs, _Use]:
    rank = np.empty(int(nodes.max()) + 1, np.int64)
    rank[nodes] = np.arange(len(nodes))
    tail, head = rank[arcs.tail], rank[arcs.head]
    # The stored length decides, so that a reader sees the order that the contract names.
    stored_m = length_m.astype(np.float32)[arcs.chain_i]
    order = np.lexsort((arcs.direction, arcs.chain_i, stored_m, head, tail))
    rows = (tail[order], head[order], arcs.chain_i[order], arcs.direction[order])
    return _Arcs(*rows), (use[0][order], use[1][order])


def _pair(arcs: _Arcs) -> NDArray[np.int32]:
    n_chains = int(arcs.chain_i.max()) + 1
    arc_of = np.full((2, n_chains), -1, np.int32)
    arc_of[arcs.direction, arcs.chain_i] = np.arange(len(arcs.tail))
    return arc_of[1 - arcs.direction, arcs.chain_i]


def _draw(
    arcs: _Arcs, chains: Chains, lines: tuple[Ints, Floats, Floats]
) -> tuple[Ints, Floats, Floats]:
    """Polylines of the arcs: each piece gives its points but the last, the last piece all."""
    first, lat, lon = lines
    point_i, line_first = _join_points(chains, first)
    counts = np.diff(line_first)[arcs.chain_i]
    arc_first = np.concatenate(([0], np.cumsum(counts)))
    step = np.arange(arc_first[-1]) - np.repeat(arc_first[:-1], counts)
    backward = np.repeat(arcs.direction == BACKWARD, counts)
    step = np.where(backward, np.repeat(counts, counts) - 1 - step, step)
    at = point_i[np.repeat(line_first[:-1][arcs.chain_i], counts) + step]
    return arc_first, lat[at], lon[at]


def _join_points(chains: Chains, first: Ints) -> tuple[Ints, Ints]:
    """Points of each chain in driving order, and where each chain's points begin."""
    counts = np.diff(first)[chains.piece_i] - 1
    counts[chains.first[1:] - 1] += 1
    slot_first = np.concatenate(([0], np.cumsum(counts)))
    step = np.arange(slot_first[-1]) - np.repeat(slot_first[:-1], counts)
    start = np.where(
        chains.direction == FORWARD, first[chains.piece_i], first[chains.piece_i + 1] - 1
    )
    sign = np.where(chains.direction == FORWARD, 1, -1)
    point_i = np.repeat(start, counts) + np.repeat(sign, counts) * step
    return point_i, slot_first[chains.first]
