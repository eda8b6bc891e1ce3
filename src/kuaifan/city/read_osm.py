"""Reads the streets of an OSM PBF file (开放街图), once sure that it is whole."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kuaifan.city.barriers import pass_ms
from kuaifan.city.clip import keep_runs
from kuaifan.city.drivable import find_obstacle, get_direction, get_street_name
from kuaifan.city.passage import find_barrier_modes, find_modes
from kuaifan.city.pbf_blocks import DamagedMapError, list_blocks
from kuaifan.city.pbf_whole import MapCensus, check_whole
from kuaifan.city.turns_osm import Member, is_restriction, read_restriction
from kuaifan.roads.raw import BLOCKED_MS, CAR, RawWay, RawWays, TurnRule
from kuaifan.roads.speeds import parse_maxspeed_kmh

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from osmium.osm import Node, Relation, Way

OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL"


@dataclass(slots=True)
class _Gathered:
    """What one pass over the file collects."""

    node_id: "array[int]" = field(default_factory=lambda: array("q"))
    lat: "array[float]" = field(default_factory=lambda: array("d"))
    lon: "array[float]" = field(default_factory=lambda: array("d"))
    is_tagged: "array[int]" = field(default_factory=lambda: array("b"))
    refs: "array[int]" = field(default_factory=lambda: array("q"))
    ways: list[RawWay] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    barrier_ms: dict[int, int] = field(default_factory=dict)
    barrier_modes: dict[int, int] = field(default_factory=dict)
    way_id: "array[int]" = field(default_factory=lambda: array("q"))
    restrictions: list[tuple[int, dict[str, str], list[Member]]] = field(default_factory=list)
    n_ways: int = 0
    n_relations: int = 0


def read_osm(path: Path) -> tuple[RawWays, list[str]]:
    """Read the streets of an OSM PBF file; return them with the warnings about the file.

    Coordinates are WGS-84 by definition of the format. Streets that leave the file are kept up to
    its edge. Raises DamagedMapError if the file is cut or holds no drivable street.
    """
    list_blocks(path)
    gathered = _gather(path)
    known = np.unique(np.frombuffer(gathered.node_id, dtype=np.int64))
    census = _census(gathered, known)
    doubts = check_whole(path, census)
    ways = gathered.ways
    if census.n_missing:
        ways, gathered.dropped["missing_node"] = keep_runs(ways, frozenset(known.tolist()))
    if not any(way.modes & CAR for way in ways):
        raise DamagedMapError(f"{path} holds no street that a car may drive: give another map")
    return _pack(gathered, ways), doubts


def _gather(path: Path) -> _Gathered:
    # osmium is a heavy module that `serve` never needs.
    import osmium

    gathered = _Gathered()
    try:
        for thing in osmium.FileProcessor(str(path)):
            if isinstance(thing, osmium.osm.Node):
                _take_node(gathered, thing)
            elif isinstance(thing, osmium.osm.Way):
                _take_way(gathered, thing)
            elif isinstance(thing, osmium.osm.Relation):
                _take_relation(gathered, thing)
    except RuntimeError as error:
        raise DamagedMapError(f"{path} is damaged ({error}): download the map again") from error
    return gathered


def _take_node(gathered: _Gathered, node: "Node") -> None:
    location = node.location
    if not location.valid():
        gathered.dropped["node_without_place"] += 1
        return
    gathered.node_id.append(node.id)
    gathered.lat.append(location.lat)
    gathered.lon.append(location.lon)
    gathered.is_tagged.append(1 if len(node.tags) else 0)
    if "barrier" in node.tags:
        tags = {tag.k: tag.v for tag in node.tags}
        ms = pass_ms(tags)
        if ms:
            gathered.barrier_ms[node.id] = ms
        if ms == BLOCKED_MS:
            gathered.barrier_modes[node.id] = find_barrier_modes(tags)


def _take_way(gathered: _Gathered, way: "Way") -> None:
    gathered.n_ways += 1
    refs = tuple(node.ref for node in way.nodes)
    gathered.refs.extend(refs)
    gathered.way_id.append(way.id)
    if "highway" not in way.tags:
        gathered.dropped["ferry"] += way.tags.get("route") == "ferry"
        return
    tags = {tag.k: tag.v for tag in way.tags}
    obstacle = find_obstacle(tags)
    modes = find_modes(tags, obstacle)
    if not modes:
        gathered.dropped[obstacle or "access_no"] += 1
        return
    gathered.ways.append(
        RawWay(
            way_id=way.id,
            nodes=refs,
            highway=tags["highway"],
            oneway=get_direction(tags),
            maxspeed_kmh=parse_maxspeed_kmh(tags.get("maxspeed", "")),
            name=get_street_name(tags),
            length_m=None,
            shape=None,
            modes=modes,
        )
    )


def _take_relation(gathered: _Gathered, relation: "Relation") -> None:
    gathered.n_relations += 1
    tags = {tag.k: tag.v for tag in relation.tags}
    if is_restriction(tags):
        members = [Member(member.type, member.ref, member.role) for member in relation.members]
        gathered.restrictions.append((relation.id, tags, members))


def _read_restrictions(gathered: _Gathered) -> tuple[TurnRule, ...]:
    """The turn restrictions, once all of the file is known; counts those left out."""
    if not gathered.restrictions:
        return ()
    known = frozenset(gathered.node_id), frozenset(gathered.way_id)
    rules: list[TurnRule] = []
    for rule_id, tags, members in gathered.restrictions:
        stated = read_restriction(rule_id, tags, members, known)
        if isinstance(stated, str):
            gathered.dropped[stated] += 1
        else:
            rules.extend(stated)
    return tuple(rules)


def _census(gathered: _Gathered, known: "NDArray[np.int64]") -> MapCensus:
    used = np.frombuffer(gathered.refs, dtype=np.int64)
    node_id = np.frombuffer(gathered.node_id, dtype=np.int64)
    is_tagged = np.frombuffer(gathered.is_tagged, dtype=np.int8).astype(bool)
    driven = [way for way in gathered.ways if way.modes & CAR]
    refs = np.array([ref for way in driven for ref in way.nodes], dtype=np.int64)
    is_missing = ~np.isin(refs, known)
    return MapCensus(
        n_nodes=len(node_id),
        n_ways=gathered.n_ways,
        n_relations=gathered.n_relations,
        n_unused=int((~np.isin(node_id, used) & ~is_tagged).sum()),
        n_refs=len(refs),
        n_missing=int(is_missing.sum()),
        n_holes=_count_holes(driven, is_missing),
    )


def _count_holes(ways: list[RawWay], is_missing: "NDArray[np.bool_]") -> int:
    """Count the missing references that lie between two known ones of the same way."""
    n_holes, start = 0, 0
    for way in ways:
        missing = is_missing[start : start + len(way.nodes)]
        start += len(way.nodes)
        at = np.flatnonzero(~missing)
        if len(at) and missing.any():
            n_holes += int(missing[at[0] : at[-1]].sum())
    return n_holes


def _pack(gathered: _Gathered, ways: list[RawWay]) -> RawWays:
    """Hand over the streets with only the nodes they use, in order of id."""
    node_id, first = np.unique(np.frombuffer(gathered.node_id, dtype=np.int64), return_index=True)
    used = np.isin(node_id, np.array([ref for way in ways for ref in way.nodes], dtype=np.int64))
    at = first[used]
    return RawWays(
        node_id=node_id[used],
        node_lat=np.frombuffer(gathered.lat, dtype=np.float64)[at],
        node_lon=np.frombuffer(gathered.lon, dtype=np.float64)[at],
        ways=ways,
        dropped=gathered.dropped,
        attribution=OSM_ATTRIBUTION,
        turn_rules=_read_restrictions(gathered),
        barrier_ms=gathered.barrier_ms,
        barrier_modes=gathered.barrier_modes,
    )
