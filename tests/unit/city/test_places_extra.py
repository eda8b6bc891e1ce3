"""Landmarks from a table: codes found however they are typed, faults told line by line."""

import pytest

from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.city.invent import invent_city
from kuaifan.city.places_extra import EXTRA_FILE, keep_extra, read_city_extra, read_extra
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.geo.points import distance_m
from kuaifan.store.places import open_places
from kuaifan.store.places_write import PLACES_FILE

TABLE = """kind,code,name,lat,lon,datum
路灯杆,LD-0123,,32.6512,117.0123,
lift,AH 34-0077,时代广场3号梯,32.6514,117.0124,wgs84
pole,G7/12,,32.6500,117.0100,GCJ-02
公交站,,市政府站,32.6520,117.0130,
门牌,,淮海路88号,32.6530,117.0140,
"""


@pytest.fixture(name="table")
def fixture_table(tmp_path):
    path = tmp_path / "landmarks.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_table_is_read_in_either_encoding_and_any_datum(tmp_path, encoding):
    path = tmp_path / "landmarks.csv"
    path.write_text(TABLE, encoding=encoding)
    lamp, lift, pole, stop, house = read_extra(path)
    assert (lamp.kind, lamp.title) == ("lamp_post", "LD-0123")
    assert lift.title == "时代广场3号梯 AH 34-0077"
    assert 300 < distance_m(32.65, 117.01, to_lat=pole.lat, to_lon=pole.lon) < 800
    assert (stop.kind, stop.name) == ("bus_stop", "市政府站")
    assert house.house == ("淮海路", 88)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ufo,X1,,32,117,", "line 3: the kind 'ufo' is unknown"),
        ("pole,,,32,117,", "neither a code nor a name"),
        ("pole,X1,,north,117,", "give degrees"),
        ("pole,X1,,117,32.5e9,", "off the earth"),
        ("pole,X1,,nan,32,", "off the earth"),
        ("pole,X1,,32,117,mars", "datum 'mars' is unknown"),
        ("门牌,,淮海路,32,117,", "no house number"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_taken(tmp_path, line, told):
    path = tmp_path / "bad.csv"
    path.write_text(f"kind,code,name,lat,lon,datum\npole,A1,,32,117,\n{line}\n", encoding="utf-8")
    with pytest.raises(CityFolderError, match=told):
        read_extra(path)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x81\x20", b"kind,lat,lon\n"]
)
def test_a_file_that_is_no_such_table_gets_a_sentence(tmp_path, content):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CityFolderError):
        read_extra(path)
    with pytest.raises(CityFolderError, match="cannot read"):
        read_extra(tmp_path / "none.csv")


def test_what_is_kept_is_read_back_and_a_landmark_moves_rather_than_doubles(tmp_path, table):
    kept = keep_extra(tmp_path, read_extra(table))
    assert read_city_extra(tmp_path) == kept
    moved = [place._replace(lat=33.0) for place in read_extra(table)[:1]]
    again = keep_extra(tmp_path, moved)
    assert len(again) == len(kept)
    assert {place.lat for place in again if place.code == "LD-0123"} == {33.0}


def test_codes_are_found_first_and_survive_a_remake(tmp_path, table):
    city = tmp_path / "city"
    invent_city(city, seed=1, size="small", progress=lambda _: None)
    keep_extra(city, read_extra(table))
    for _ in range(2):
        make_gazetteer(city, progress=lambda _: None)
        with open_places(city / PLACES_FILE) as places:
            for query in ("LD-0123", "ld0123", "ＬＤ０１２３", "ld 0123"):
                lamp = places.find_places(query)[0]
                assert (lamp.kind, lamp.lat, lamp.confidence) == ("lamp_post", 32.6512, 1.0)
                assert lamp.uncertainty_m == 10.0
            assert places.find_places("AH340077")[0].name == "时代广场3号梯 AH 34-0077"
            assert places.find_places("市政府站")[0].kind == "bus_stop"
    assert (city / EXTRA_FILE).is_file()
