"""Reads the streets of a GraphML file as OSMnx saves it (路网图), in any of the three datums."""

import ast
from collections import Counter
from pathlib import Path

import numpy as np

from kuaifan.city.drivable import find_obstacle, get_street_name
from kuaifan.city.graphml_pairs import Stretch, join_directions
from kuaifan.city.graphml_stream import GraphEdge, Graphml, read_stream
from kuaifan.city.passage import find_modes
from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.read_osm import OSM_ATTRIBUTION
from kuaifan.city.shp_row import find_provider, refuse_to_guess
from kuaifan.geo.datums import Datum, to_wgs84
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.raw import RawWay, RawWays
from kuaifan.roads.speeds import parse_maxspeed_kmh

_WANTED = frozenset({
    "x", "y", "osmid", "highway", "oneway", "maxspeed", "speed_kph", "name", "name:zh", "ref",
    "length", "geometry", "access", "motor_vehicle", "motorcar", "vehicle", "service",
    "emergency", "area",
})  # fmt: skip
_GEOGRAPHIC = frozenset({"epsg:4326", "wgs84", "ogc:crs84", "epsg:4979"})
MAX_LIST_CHARS = 20_000


def read_graphml(path: Path, datum: Datum | None) -> tuple[RawWays, list[str]]:
    """Read the drivable streets; return them in WGS-84 with what the user should know.

    datum: what the coordinates are in; None asks the file.
    Raises BadInputError naming `--datum` if neither says, DamagedMapError for what is no road map.
    """
    graph = read_stream(path, _WANTED)
    if not graph.is_directed:
        raise DamagedMapError(
            f"{path} is an undirected graph, so its one-way streets are lost: save the directed "
            "graph (OSMnx: before get_undirected)"
        )
    _check_edges(path, graph)
    datum = datum or _find_datum(path, graph)
    nodes = _Nodes(path, graph, datum)
    dropped: Counter[str] = Counter()
    stretches = [edge for edge in (_stretch(e, nodes, dropped) for e in graph.edges) if edge]
    ways = _to_ways(join_directions(stretches), nodes)
    if not ways:
        raise DamagedMapError(f"{path} holds no street that a car may drive: give another map")
    is_osm = "osmnx" in graph.attributes.get("created_with", "").lower()
    raw = RawWays(
        node_id=np.arange(len(nodes.lat), dtype=np.int64),
        node_lat=nodes.lat,
        node_lon=nodes.lon,
        ways=ways,
        dropped=dropped,
        attribution=OSM_ATTRIBUTION if is_osm else "",
    )
    return raw, _list_notes(ways, is_osm=is_osm)


def _check_edges(path: Path, graph: Graphml) -> None:
    if not graph.edges:
        raise DamagedMapError(f"{path} holds no edges, so no streets: give another map")
    if not any("highway" in edge.attributes for edge in graph.edges):
        raise DamagedMapError(
            f"{path} gives no street a class (no `highway` on its edges): save it with OSMnx "
            "with the highway tag kept"
        )


def _find_datum(path: Path, graph: Graphml) -> Datum:
    provider = find_provider(name.lower() for name in graph.names)
    if provider:
        raise BadInputError(refuse_to_guess(str(path), provider))
    crs = graph.attributes.get("crs", "").strip().lower()
    if crs and crs not in _GEOGRAPHIC:
        raise DamagedMapError(
            f"{path} is projected to {crs[:80]}: project it back to EPSG:4326 and save it again"
        )
    if not crs or "osmnx" not in graph.attributes.get("created_with", "").lower():
        raise BadInputError(
            f"{path} does not say what datum its coordinates are in: add --datum wgs84, gcj02 or "
            "bd09 (a wrong one moves the map by half a kilometre)"
        )
    return Datum.WGS84


class _Nodes:
    """The nodes' places in WGS-84, and each one's number."""

    def __init__(self, path: Path, graph: Graphml, datum: Datum) -> None:
        self.datum = datum
        self.path = path
        self.number = {node_id: node_i for node_i, node_id in enumerate(graph.nodes)}
        try:
            x = np.array([float(node["x"]) for node in graph.nodes.values()], np.float64)
            y = np.array([float(node["y"]) for node in graph.nodes.values()], np.float64)
        except (KeyError, ValueError):
            raise DamagedMapError(
                f"{path} has a node without numbers x and y: save it again with OSMnx"
            ) from None
        if not ((np.abs(y) <= 90.0) & (np.abs(x) <= 180.0)).all():  # noqa: PLR2004 - degrees
            raise DamagedMapError(
                f"{path} has coordinates that are not degrees: project it to EPSG:4326 first"
            )
        self.lat, self.lon = to_wgs84(y, x, datum)

    def shape_of(self, geometry: str) -> tuple[tuple[float, float], ...] | None:
        """The LINESTRING as (lat, lon) in WGS-84; None where the street is straight."""
        if not geometry:
            return None
        head, _, body = geometry.partition("(")
        try:
            points = [tuple(map(float, point.split())) for point in body.rstrip(") ").split(",")]
            x, y = zip(*(point[:2] for point in points), strict=True)
        except ValueError:
            x = y = ()
        if head.strip().upper() not in {"LINESTRING", "LINESTRING Z"} or len(x) < 2:  # noqa: PLR2004 - a line has two ends
            raise DamagedMapError(
                f"{self.path} has a geometry that is no LINESTRING ({geometry[:60]!r}): "
                "save it again with OSMnx"
            )
        lat, lon = to_wgs84(y, x, self.datum)
        return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def _stretch(edge: GraphEdge, nodes: _Nodes, dropped: Counter[str]) -> Stretch | None:
    source, target = nodes.number.get(edge.source), nodes.number.get(edge.target)
    if source is None or target is None:
        dropped["missing_node"] += 1
        return None
    obstacle = _find_edge_obstacle(edge.attributes)
    if obstacle is not None:
        dropped[obstacle] += 1
        return None
    return Stretch(
        source=source,
        target=target,
        attributes=edge.attributes,
        way_ids=tuple(sorted(list_values(edge.attributes.get("osmid", "")))),
        length_m=_find_number(edge.attributes.get("length", "")),
        is_oneway=edge.attributes.get("oneway", "").lower() in {"true", "yes", "1", "-1"},
    )


def _find_edge_obstacle(attributes: dict[str, str]) -> str | None:
    """The first obstacle on any of the classes and tags that OSMnx merged into this edge.

    Every class is asked with every access: a chain that is partly steps cannot be driven.
    """
    single = {key: list_values(value) for key, value in attributes.items() if key != "geometry"}
    for highway in single.get("highway", [""]):
        tags = {key: values[0] for key, values in single.items() if values}
        for key in ("access", "motor_vehicle", "motorcar", "vehicle", "service"):
            for value in single.get(key, [""]):
                asked = tags | {"highway": highway} | ({key: value} if value else {})
                obstacle = find_obstacle(asked)
                if obstacle is not None:
                    return obstacle
    return None


def _class_of(stretch: Stretch) -> str:
    return _slowest(list_values(stretch.attributes["highway"]))


def _to_ways(stretches: list[tuple[Stretch, bool]], nodes: _Nodes) -> list[RawWay]:
    return [
        RawWay(
            way_id=_way_id(stretch.way_ids),
            nodes=(stretch.source, stretch.target),
            highway=_class_of(stretch),
            oneway=0 if is_both_ways else 1,
            maxspeed_kmh=_find_speed(stretch.attributes),
            name=_name(stretch.attributes),
            length_m=stretch.length_m,
            modes=find_modes({"highway": _class_of(stretch)}, None),
            shape=nodes.shape_of(stretch.attributes.get("geometry", "")),
        )
        for stretch, is_both_ways in stretches
    ]


def list_values(text: str) -> list[str]:
    """The values of an attribute: OSMnx writes several as "['40', '50']"; never evaluated."""
    text = text.strip()
    if not text.startswith("[") or len(text) > MAX_LIST_CHARS:
        return [text] if text else []
    try:
        values = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return [text]
    return [str(value) for value in values]


def _slowest(classes: list[str]) -> str:
    """Of several classes in one chain the least: a street is not promised faster than it is."""
    return max(classes, key=_CLASS_ORDER.index)


_CLASS_ORDER = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "busway", "tertiary", "tertiary_link", "unclassified", "road",
    "residential", "living_street", "service",
)  # fmt: skip


def _find_speed(attributes: dict[str, str]) -> float | None:
    signed = parse_maxspeed_kmh(attributes.get("maxspeed", ""))
    return _find_number(attributes.get("speed_kph", "")) if signed is None else signed


def _find_number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 < value < float("inf") else None


def _name(attributes: dict[str, str]) -> str:
    values = [list_values(attributes.get(key, "")) for key in ("name:zh", "name", "ref")]
    return get_street_name({"name": next((names[0] for names in values if names), "")})


def _way_id(way_ids: tuple[str, ...]) -> int:
    return next((int(way_id) for way_id in way_ids if way_id.lstrip("-").isdecimal()), 0)


def _list_notes(ways: list[RawWay], *, is_osm: bool) -> list[str]:
    notes = []
    n_signed = sum(way.maxspeed_kmh is not None for way in ways)
    if not n_signed:
        notes.append(
            f"the file gives no speeds (neither maxspeed nor speed_kph): all {len(ways):,} streets "
            "take the default speed of their class"
        )
    if not is_osm:
        notes.append("the file does not say who made the map: add its attribution to city.toml")
    return notes
