import numpy as np
import pytest

from kuaifan.city.calls import read_calls
from kuaifan.city.calls_import import import_calls
from kuaifan.city.calls_onto import Onto
from kuaifan.geo.points import distances_m
from kuaifan.roads.build import RawWay, RawWays, build_network

MAPPING = """
kind = "kuaifan.calls_mapping"
version = 1
name = "Far city"
[columns]
time = "at"
code = "what"
lat = "lat"
lon = "lon"
[time]
format = "epoch_s"
[codes]
theft = "010206"
"""
SIDE = 11
STEP_DEG = 0.002


def grid_network():
    """A square of two-way streets around 32.6 N 117.0 E, crossing every 0.002 degree."""
    lat, lon = np.divmod(np.arange(SIDE * SIDE), SIDE)
    rows = [tuple(range(i * SIDE, (i + 1) * SIDE)) for i in range(SIDE)]
    columns = [tuple(range(i, SIDE * SIDE, SIDE)) for i in range(SIDE)]
    ways = [RawWay(i, nodes, "residential") for i, nodes in enumerate(rows + columns)]
    raw = RawWays(np.arange(SIDE * SIDE), 32.6 + lat * STEP_DEG, 117.0 + lon * STEP_DEG, ways)
    return build_network(raw)[0]


@pytest.fixture(scope="module")
def onto() -> Onto:
    return Onto("Grid city", grid_network())


def write_source(folder, lats, lons):
    rows = [f"{i},theft,{lat},{lon}" for i, (lat, lon) in enumerate(zip(lats, lons, strict=True))]
    (folder / "in.csv").write_text("\n".join(["at,what,lat,lon", *rows]) + "\n", encoding="utf-8")
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    return folder / "in.csv", folder / "m.toml", folder / "out.calls"


def test_calls_of_another_city_land_on_the_roads_of_this_one(tmp_path, onto):
    random = np.random.default_rng(5)
    files = write_source(tmp_path, random.uniform(40, 41, 300), random.uniform(-80, -79, 300))
    remapped = import_calls(*files, onto=onto).header.remapped_onto
    assert remapped is not None
    assert (remapped.city, remapped.network_hash) == ("Grid city", onto.network.content_hash())
    assert remapped.source_centre == pytest.approx((40.5, -79.5), abs=0.1)
    for row in read_calls(tmp_path / "out.calls").rows:
        off_row = abs((row.lat - 32.6) / STEP_DEG - round((row.lat - 32.6) / STEP_DEG))
        off_column = abs((row.lon - 117.0) / STEP_DEG - round((row.lon - 117.0) / STEP_DEG))
        assert min(off_row, off_column) * STEP_DEG < 1e-5  # a metre


def test_the_pattern_of_places_is_kept(tmp_path, onto):
    random = np.random.default_rng(6)
    lats, lons = random.normal(40, 0.1, 400), random.normal(-80, 0.2, 400)
    remapped = import_calls(*write_source(tmp_path, lats, lons), onto=onto)
    rows = sorted(read_calls(tmp_path / "out.calls").rows, key=lambda row: row.source_row)
    assert np.corrcoef(lats, [row.lat for row in rows])[0, 1] > 0.95
    assert np.corrcoef(lons, [row.lon for row in rows])[0, 1] > 0.95
    assert remapped.header.counts.taken == 400


def test_the_snap_distance_in_the_header_is_what_the_calls_were_moved(tmp_path, onto):
    lats, lons = np.linspace(40, 41, 101), np.linspace(-80, -79, 101)
    header = import_calls(*write_source(tmp_path, lats, lons), onto=onto).header
    remapped = header.remapped_onto
    south, west, north, east = remapped.target_box
    low, high = remapped.source_box[0], remapped.source_box[2]
    share = (lats - low) / (high - low)
    node_lat, node_lon = onto.network.node_lat, onto.network.node_lon
    wanted_lat = np.clip(south + share * (north - south), node_lat.min(), node_lat.max())
    wanted_lon = np.clip(west + share * (east - west), node_lon.min(), node_lon.max())
    rows = read_calls(tmp_path / "out.calls").rows
    moved_m = distances_m(
        wanted_lat, wanted_lon, to_lat=[row.lat for row in rows], to_lon=[row.lon for row in rows]
    )
    assert remapped.snap_median_m == pytest.approx(float(np.median(moved_m)), abs=0.5)


def test_calls_that_are_all_in_one_place_go_to_the_middle(tmp_path, onto):
    import_calls(*write_source(tmp_path, [40.0] * 5, [-80.0] * 5), onto=onto)
    rows = read_calls(tmp_path / "out.calls").rows
    assert {(row.lat, row.lon) for row in rows} == {(rows[0].lat, rows[0].lon)}
    assert rows[0].lat == pytest.approx(32.61, abs=STEP_DEG)


def test_the_summary_says_that_places_are_not_real(tmp_path, onto):
    report = import_calls(*write_source(tmp_path, [40.0, 41.0], [-80.0, -79.0]), onto=onto)
    text = "\n".join(report.summary_lines())
    assert "These calls (Far city) are remapped onto the roads of Grid city" in text
    assert "times, types and order are real, places are not" in text


def test_the_same_inputs_give_the_same_bytes(tmp_path, onto):
    files = write_source(tmp_path, [40.0, 40.2, 41.0], [-80.0, -79.7, -79.0])
    import_calls(*files, onto=onto)
    first = files[2].read_bytes()
    import_calls(*files, onto=onto)
    assert files[2].read_bytes() == first
