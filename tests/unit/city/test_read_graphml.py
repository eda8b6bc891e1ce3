"""GraphML: OSMnx's own ways of writing a street, and what is refused."""

import gzip

import pytest

from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.read_graphml import list_values, read_graphml
from kuaifan.geo.datums import Datum, wgs84_to_gcj02

KEYS = ("x", "y", "osmid", "highway", "oneway", "maxspeed", "name", "length", "geometry", "access")
OSMNX = {"crs": "epsg:4326", "created_with": "OSMnx 1.2.2"}
NODES = {"a": (114.0, 22.50), "b": (114.01, 22.50), "c": (114.01, 22.51)}


def _data(values):
    return "".join(f'<data key="{key}">{value}</data>' for key, value in values.items())


def graphml(edges, *, graph=None, nodes=None, mode="directed", doctype=""):
    """A GraphML text; edges are (source, target, attributes)."""
    graph = OSMNX if graph is None else graph
    keys = "".join(f'<key id="{key}" attr.name="{key}"/>' for key in (*KEYS, *graph))
    node_text = "".join(
        f'<node id="{name}">{_data({"x": x, "y": y})}</node>'
        for name, (x, y) in (nodes or NODES).items()
    )
    edge_text = "".join(
        f'<edge source="{source}" target="{target}">{_data(values)}</edge>'
        for source, target, values in edges
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{doctype}'
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{keys}'
        f'<graph edgedefault="{mode}">{_data(graph)}{node_text}{edge_text}</graph></graphml>'
    )


def _read(tmp_path, text, datum=None):
    file = tmp_path / "map.graphml"
    file.write_text(text, encoding="utf-8")
    return read_graphml(file, datum)


ROAD = {"highway": "residential", "oneway": "False", "osmid": "7", "length": "1000.0"}


def test_both_directions_of_a_street_become_one_two_way_street(tmp_path):
    edges = [("a", "b", ROAD), ("b", "a", ROAD | {"length": "1000.001"})]
    raw, _ = _read(tmp_path, graphml(edges))
    (way,) = raw.ways
    assert (way.nodes, way.oneway, way.way_id, way.length_m) == ((0, 1), 0, 7, 1000.0)


def test_a_one_way_street_and_a_lone_direction_stay_one_way(tmp_path):
    edges = [("a", "b", ROAD | {"oneway": "True"}), ("b", "c", ROAD)]
    raw, _ = _read(tmp_path, graphml(edges))
    assert [way.oneway for way in raw.ways] == [1, 1]


def test_two_streets_between_the_same_nodes_pair_by_length(tmp_path):
    long = ROAD | {"length": "2000"}
    raw, _ = _read(tmp_path, graphml([("a", "b", ROAD), ("a", "b", long), ("b", "a", long)]))
    assert [(way.length_m, way.oneway) for way in raw.ways] == [(1000.0, 1), (2000.0, 0)]


def test_lists_take_the_slowest_class_and_the_lowest_speed_and_the_first_name(tmp_path):
    values = {"highway": "['service', 'primary']", "maxspeed": "['40', '50']"}
    values["name"] = "['景田路', '红荔路']"
    values["osmid"] = "[12, 5]"
    raw, notes = _read(tmp_path, graphml([("a", "b", ROAD | values)]))
    (way,) = raw.ways
    assert (way.highway, way.maxspeed_kmh, way.name, way.way_id) == ("service", 40.0, "景田路", 12)
    assert notes == []


def test_a_chain_that_is_partly_steps_is_not_driven(tmp_path):
    stairs = ROAD | {"highway": "['steps', 'residential']"}
    raw, _ = _read(tmp_path, graphml([("a", "b", ROAD), ("b", "c", stairs)]))
    assert len(raw.ways) == 1
    assert raw.dropped["not_drivable"] == 1


def test_geometry_is_kept_as_lat_lon(tmp_path):
    line = "LINESTRING (114 22.5, 114.005 22.501, 114.01 22.5)"
    raw, _ = _read(tmp_path, graphml([("a", "b", ROAD | {"geometry": line})]))
    assert raw.ways[0].shape == ((22.5, 114.0), (22.501, 114.005), (22.5, 114.01))


def test_a_file_without_speeds_takes_those_of_the_classes_and_says_so(tmp_path):
    _, notes = _read(tmp_path, graphml([("a", "b", ROAD)]))
    assert len(notes) == 1
    assert "gives no speeds" in notes[0]


@pytest.mark.parametrize("graph", [{}, {"created_with": "OSMnx 1"}, {"crs": "epsg:4326"}])
def test_a_file_that_does_not_say_its_datum_asks_for_the_flag(graph, tmp_path):
    with pytest.raises(ValueError, match="--datum wgs84, gcj02 or bd09"):
        _read(tmp_path, graphml([("a", "b", ROAD)], graph=graph))


def test_a_gcj02_map_is_moved_to_wgs84_with_its_shapes(tmp_path):
    line = "LINESTRING (114 22.5, 114.01 22.5)"
    text = graphml([("a", "b", ROAD | {"geometry": line})], graph={})
    raw, notes = _read(tmp_path, text, Datum.GCJ02)
    lat, lon = wgs84_to_gcj02(raw.node_lat, raw.node_lon)
    assert lat.tolist() == pytest.approx([22.5, 22.5, 22.51], abs=1e-8)
    assert lon.tolist() == pytest.approx([114.0, 114.01, 114.01], abs=1e-8)
    assert raw.ways[0].shape[0] == pytest.approx((raw.node_lat[0], raw.node_lon[0]), abs=1e-9)
    assert abs(raw.node_lon[0] - 114.0) > 0.003
    assert raw.attribution == ""
    assert any("attribution" in note for note in notes)


BOMB = '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (graphml([("a", "b", {"oneway": "True"})]), "no street a class"),
        (graphml([]), "no edges"),
        (graphml([("a", "b", ROAD)], mode="undirected"), "undirected"),
        (graphml([("a", "b", ROAD)], doctype=BOMB), "document type"),
        (
            graphml([("a", "b", ROAD)], graph=OSMNX | {"crs": "epsg:32650"}),
            "projected to epsg:32650",
        ),
        (graphml([("a", "b", ROAD)], nodes={"a": ("x", 1), "b": (0, 0)}), "without numbers"),
        (graphml([("a", "b", ROAD)], nodes={"a": (5e5, 1), "b": (0, 0)}), "not degrees"),
        (graphml([("a", "b", ROAD | {"geometry": "POINT (1 2)"})]), "no LINESTRING"),
        (graphml([("a", "b", ROAD | {"highway": "footway"})]), "no street that a car may drive"),
        (graphml([("a", "b", ROAD)])[:-40], "not whole GraphML"),
        ("<html/>", "holds no graph"),
        ("", "not whole GraphML"),
    ],
)
def test_what_is_no_road_map_is_refused_with_the_cause(text, reason, tmp_path):
    with pytest.raises(DamagedMapError, match=reason):
        _read(tmp_path, text)


def test_a_gzipped_file_is_read_and_a_cut_one_refused(tmp_path):
    packed = gzip.compress(graphml([("a", "b", ROAD)]).encode())
    file = tmp_path / "map.graphml.gz"
    file.write_bytes(packed)
    assert len(read_graphml(file, None)[0].ways) == 1
    file.write_bytes(packed[:-20])
    with pytest.raises(DamagedMapError, match="cut or damaged gzip"):
        read_graphml(file, None)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("residential", ["residential"]),
        ("['a', 'b']", ["a", "b"]),
        ("[True, False]", ["True", "False"]),
        ("[broken", ["[broken"]),
        ("[" * 500, ["[" * 500]),
        ("[__import__('os')]", ["[__import__('os')]"]),
    ],
)
def test_lists_in_attributes_are_read_and_never_evaluated(text, values):
    assert list_values(text) == values
