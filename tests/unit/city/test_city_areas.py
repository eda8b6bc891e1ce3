"""Areas drawn by road density, and GeoJSON that reads back the same."""

import json
from itertools import pairwise

import numpy as np
import pytest

from kuaifan.city.areas import draw_areas, measure_density, pack_areas, unpack_areas
from kuaifan.city.check_ground import list_tile_faults
from kuaifan.city.placement import list_standing
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.roads.build import RawWay, RawWays, build_network


def _grid(n, step_deg):
    ids = np.arange(n * n, dtype=np.int64)
    lines = [tuple(range(i * n, i * n + n)) for i in range(n)]
    lines += [tuple(range(i, n * n, n)) for i in range(n)]
    ways = [RawWay(way_id=i, nodes=nodes, highway="tertiary") for i, nodes in enumerate(lines)]
    lat, lon = (ids // n) * step_deg, (ids % n) * step_deg
    return build_network(RawWays(node_id=ids, node_lat=lat, node_lon=lon, ways=ways))[0]


def _is_in(ring, lat, lon):
    inside = False
    for (a_lat, a_lon), (b_lat, b_lon) in pairwise(ring):
        if (a_lat > lat) != (b_lat > lat):
            inside ^= lon < (b_lon - a_lon) * (lat - a_lat) / (b_lat - a_lat) + a_lon
    return inside


def test_a_dense_town_is_core_and_a_sparse_one_rural():
    dense, sparse = _grid(20, 0.001), _grid(6, 0.02)
    assert {area.area_class for area in draw_areas(dense)[1:-1]} == {"core"}
    assert {area.area_class for area in draw_areas(sparse)[1:-1]} <= {"suburban", "rural"}


def test_density_is_street_length_by_ground_inside_the_map():
    # A street every 111 m in both directions makes 18 km of street a square kilometre.
    density = measure_density(list_standing(_grid(20, 0.001)))
    assert np.median(list(density.values())) == pytest.approx(18.0, rel=0.15)


def test_every_crossing_lies_in_one_ground_of_a_class_and_in_the_jurisdiction():
    network = _grid(12, 0.003)
    jurisdiction, *grounds, _ = draw_areas(network)
    inner = slice(0, None, 7)
    for lat, lon in zip(network.node_lat[inner], network.node_lon[inner], strict=True):
        n_in = sum(_is_in(ring, lat, lon) for area in grounds for ring in area.polygons)
        assert n_in == 1
    middle = (float(np.mean(network.node_lat)), float(np.mean(network.node_lon)))
    assert _is_in(jurisdiction.polygons[0], *middle)
    assert jurisdiction.polygons[0][0] == jurisdiction.polygons[0][-1]


def test_all_of_a_map_is_one_district():
    network = _grid(12, 0.003)
    district = draw_areas(network)[-1]
    assert (district.kind, district.level, district.area_id) == ("district", "district", "D1")
    assert list_tile_faults([district], network) == []


def test_areas_read_back_the_same(tmp_path):
    areas = draw_areas(_grid(12, 0.003))
    assert unpack_areas(pack_areas(areas), tmp_path) == areas


def test_a_plain_polygon_is_read_too(tmp_path):
    ring = [[114.0, 22.0], [114.1, 22.0], [114.1, 22.1], [114.0, 22.0]]
    feature = {
        "id": "J01",
        "properties": {"kind": "jurisdiction", "name": "辖区"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (area,) = unpack_areas(json.dumps({"features": [feature]}).encode(), tmp_path)
    assert (area.polygons[0][1], area.drawn_by) == ((22.0, 114.1), "given")
    feature["properties"] |= {"kind": "district"}
    assert unpack_areas(json.dumps({"features": [feature]}).encode(), tmp_path)[0].level
    feature["properties"] |= {"level": "province"}
    with pytest.raises(CityFolderError, match="neither district nor county"):
        unpack_areas(json.dumps({"features": [feature]}).encode(), tmp_path)
    feature["properties"] |= {"level": "county"}
    feature["geometry"]["coordinates"] = [ring, ring]
    with pytest.raises(CityFolderError, match="feature 1 is no area"):
        unpack_areas(json.dumps({"features": [feature]}).encode(), tmp_path)
    feature["geometry"]["coordinates"] = [ring[:3]]
    with pytest.raises(CityFolderError, match="not closed"):
        unpack_areas(json.dumps({"features": [feature]}).encode(), tmp_path)
