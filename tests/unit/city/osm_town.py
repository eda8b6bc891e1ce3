"""A small town as an OSM PBF: a grid of named streets, with water, houses, a school and shops."""

from pathlib import Path

import osmium
from osmium.osm import mutable

SOUTH, WEST = 22.5, 114.0
STEP = 0.005
N = 6


def write_town_pbf(path: Path, *, with_rules: bool = False) -> Path:
    """Streets run east as 东一路 and so on, and north as 北一街; primary ones in the middle.

    with_rules: with three turn restrictions in the south, one of them by the hour, and a gate in
    the corner of 东一路 and 北六街.
    """
    with osmium.SimpleWriter(str(path)) as writer:
        for i in range(N * N):
            at = (WEST + (i % N) * STEP, SOUTH + (i // N) * STEP)
            tags = {"barrier": "gate"} if with_rules and i + 1 == N else {}
            writer.add_node(mutable.Node(id=i + 1, location=at, tags=tags))
        _add_squares(writer)
        _add_points(writer)
        way_id = 1
        for i in range(N):
            for name, refs in (
                (f"东{'一二三四五六'[i]}路", [i * N + j + 1 for j in range(N)]),
                (f"北{'一二三四五六'[i]}街", [j * N + i + 1 for j in range(N)]),
            ):
                tags = {"highway": "primary" if i == N // 2 else "residential", "name": name}
                writer.add_way(mutable.Way(id=way_id, nodes=refs, tags=tags))
                way_id += 1
        for tags, first in (
            ({"natural": "water", "name": "镜湖"}, 1001),
            ({"amenity": "school", "name": "第一中学"}, 1005),
            ({"building": "yes"}, 1009),
        ):
            refs = [first, first + 1, first + 2, first + 3, first]
            writer.add_way(mutable.Way(id=way_id, nodes=refs, tags=tags))
            way_id += 1
        rail = {"railway": "rail", "name": "京九线"}
        writer.add_way(mutable.Way(id=way_id, nodes=[1001, 1007], tags=rail))
        if with_rules:
            _add_rules(writer)
    return path


def _add_rules(writer: osmium.SimpleWriter) -> None:
    rules = [
        ({"restriction": "no_u_turn"}, (4, 2, 4)),
        ({"restriction": "no_left_turn"}, (1, 1, 2)),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, (2, 1, 1)),
    ]
    for i, (tags, (from_way, via_node, to_way)) in enumerate(rules, start=1):
        members = [("w", from_way, "from"), ("n", via_node, "via"), ("w", to_way, "to")]
        said = {"type": "restriction", **tags}
        writer.add_relation(mutable.Relation(id=i, members=members, tags=said))


def _add_squares(writer: osmium.SimpleWriter) -> None:
    node_id = 1001
    for row, column, size in ((0, 0, 0.003), (2, 3, 0.002), (4, 1, 0.0004)):
        south, west = SOUTH + row * STEP + 0.001, WEST + column * STEP + 0.001
        for north, east in ((0, 0), (0, 1), (1, 1), (1, 0)):
            at = (west + east * size, south + north * size)
            writer.add_node(mutable.Node(id=node_id, location=at))
            node_id += 1


def _add_points(writer: osmium.SimpleWriter) -> None:
    points = [
        ({"amenity": "bank", "name": "工商银行东三路支行"}, (2, 2)),
        ({"shop": "convenience", "name": "好邻居便利店"}, (3, 1)),
        ({"place": "suburb", "name": "福田"}, (3, 3)),
        ({"highway": "bus_stop", "name": "东三路口"}, (2, 4)),
        ({"amenity": "bench"}, (1, 1)),
        ({"amenity": "bank", "name": "工商银行东三路支行"}, (2, 2)),
    ]
    for i, (tags, (row, column)) in enumerate(points):
        at = (WEST + column * STEP + 0.0003, SOUTH + row * STEP + 0.0003)
        writer.add_node(mutable.Node(id=2001 + i, location=at, tags=tags))
