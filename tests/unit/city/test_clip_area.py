"""Clipping to drawn areas: what is kept, where it is cut, and that nothing else changes."""

from collections import Counter

import numpy as np
import pytest
import shapely

from kuaifan.city.clip_area import clip_to_area, read_clip
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.raw import RawWay, RawWays

SQUARE = shapely.box(0.0, 0.0, 1.0, 1.0)


def _raw(places, ways):
    lat, lon = np.array(places, np.float64).T
    ids = np.arange(10, 10 + len(places))
    return RawWays(ids, lat, lon, ways, Counter(area=1), "a bureau")


def _way(*nodes, **more):
    return RawWay(way_id=7, nodes=nodes, highway="residential", name="人民路", **more)


def _place(raw, node):
    (at,) = np.flatnonzero(raw.node_id == node)
    return float(raw.node_lat[at]), float(raw.node_lon[at])


def test_a_street_is_kept_whole_cut_or_left_out():
    places = [(0.2, 0.2), (0.8, 0.2), (0.8, 1.4), (3.0, 3.0), (4.0, 4.0)]
    raw = _raw(places, [_way(10, 11), _way(10, 11, 12, length_m=9.0), _way(13, 14)])
    clipped, report = clip_to_area(raw, SQUARE)
    assert (report.n_whole, report.n_cut, report.n_outside) == (1, 1, 1)
    whole, cut = clipped.ways
    assert whole is raw.ways[0]
    assert cut.nodes[:2] == (10, 11)
    assert (cut.name, cut.length_m) == ("人民路", None)
    assert _place(clipped, cut.nodes[2]) == pytest.approx((0.8, 1.0), abs=1e-9)
    assert sorted(clipped.node_id) == [10, 11, 15]
    assert clipped.dropped == {"area": 1, "outside_clip": 1}
    assert clipped.attribution == "a bureau"


def test_a_street_that_leaves_and_comes_back_becomes_two():
    places = [(0.5, 0.5), (0.5, 1.5), (0.7, 1.5), (0.7, 0.5)]
    clipped, report = clip_to_area(_raw(places, [_way(10, 11, 12, 13, oneway=1)]), SQUARE)
    assert report.n_cut == 1
    assert [len(way.nodes) for way in clipped.ways] == [2, 2]
    assert [way.oneway for way in clipped.ways] == [1, 1]
    assert _place(clipped, clipped.ways[1].nodes[0]) == pytest.approx((0.7, 1.0), abs=1e-9)


def test_two_streets_over_the_same_border_meet_there():
    raw = _raw([(0.5, 0.5), (0.5, 1.5)], [_way(10, 11), _way(11, 10)])
    clipped, _ = clip_to_area(raw, SQUARE)
    assert set(clipped.ways[0].nodes) == set(clipped.ways[1].nodes)


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_drawn_street_is_cut_along_its_drawing(is_turned):
    shape = ((0.5, 0.5), (0.6, 0.8), (0.6, 1.2), (0.5, 1.5))
    nodes = (11, 10) if is_turned else (10, 11)
    way = _way(*nodes, shape=shape[::-1] if is_turned else shape, length_m=99.0)
    clipped, _ = clip_to_area(_raw([shape[0], shape[-1]], [way]), SQUARE)
    (cut,) = clipped.ways
    points = cut.shape[::-1] if is_turned else cut.shape
    assert points[:2] == shape[:2]
    assert points[2] == pytest.approx((0.6, 1.0), abs=1e-9)
    assert len(points) == 3
    assert cut.nodes.index(10) == int(is_turned)


def test_a_hole_is_outside():
    area = SQUARE.difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    clipped, report = clip_to_area(_raw([(0.5, 0.5), (0.5, 0.9)], [_way(10, 11)]), area)
    assert report.n_cut == 1
    assert _place(clipped, clipped.ways[0].nodes[0]) == pytest.approx((0.5, 0.6), abs=1e-9)


def test_no_street_inside_is_refused_with_the_extent_of_the_map():
    with pytest.raises(BadInputError, match=r"spans 3\.0000,3\.0000,4\.0000,4\.0000"):
        clip_to_area(_raw([(3.0, 3.0), (4.0, 4.0)], [_way(10, 11)]), SQUARE)


def test_areas_are_read_from_a_collection_a_feature_or_a_geometry(tmp_path):
    ring = "[[[0,0],[2,0],[2,1],[0,1],[0,0]]]"
    polygon = f'{{"type":"Polygon","coordinates":{ring}}}'
    feature = f'{{"type":"Feature","properties":null,"geometry":{polygon}}}'
    empty = '{"type":"Feature","properties":null,"geometry":null}'
    texts = (
        polygon,
        feature,
        f'{{"type":"FeatureCollection","features":[{empty},{feature},{feature}]}}',
        f'{{"type":"GeometryCollection","geometries":[{polygon}]}}',
    )
    for text in texts:
        (tmp_path / "a.geojson").write_text(text, encoding="utf-8")
        assert read_clip(tmp_path / "a.geojson").bounds == (0.0, 0.0, 2.0, 1.0)
