"""The gazetteer: found by characters, pinyin, initials, crossing and position, or not at all."""

import sqlite3
import sys
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.geo.place_names import fold_name, split_name
from kuaifan.store.places import open_places
from kuaifan.store.places_query import list_corners, list_spellings
from kuaifan.store.places_write import PlacesError, write_places

ROWS = [
    ("淮州", "place_label", 32.0500, 117.2500, 1, "", "huai zhou", "h z"),
    ("解放北路", "street", 32.0600, 117.2500, 2, "城中区", "jie fang bei lu", "j f b l"),
    ("和平路", "street", 32.0610, 117.2600, 3, "城中区", "he ping lu", "h p l"),
    ("重庆路", "street", 32.0700, 117.2700, 3, "", "chong qing lu", "c q l"),
    (
        "中国工商银行解放北路支行",
        "bank",
        32.0602,
        117.2502,
        4,
        "城中区解放北路",
        "zhong guo gong shang yin hang jie fang bei lu zhi hang",
        "z g g s y h j f b l z h",
    ),
    ("工商银行", "bank", 32.0800, 117.2900, 4, "重庆路", "gong shang yin hang", "g s y h"),
    ("工商银行", "bank", 32.0400, 117.2400, 4, "和平路", "gong shang yin hang", "g s y h"),
    ("天天KTV", "leisure", 32.0612, 117.2602, 5, "和平路", "tian tian ktv", "t t k t v"),
    (
        "解放北路与和平路交叉口",
        "crossing",
        32.0605,
        117.2550,
        5,
        "城中区",
        "jie fang bei lu he ping lu",
        "j f b l h p l",
    ),
    ("Rua São João", "street", 32.0901, 117.3001, 3, "", "", ""),
    ("Av. Ipiranga", "street", 32.0902, 117.3002, 3, "", "", ""),
    ("Av. Ipiranga & Rua São João", "crossing", 32.0903, 117.3003, 5, "", "", ""),
]


@pytest.fixture(name="path")
def fixture_path(tmp_path):
    path = tmp_path / "places.sqlite"
    assert write_places(path, ROWS, made_from="abc") == len(ROWS)
    return path


@pytest.fixture(name="places")
def fixture_places(path):
    with open_places(path) as places:
        yield places


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("解放北路", "解放北路"),
        ("解放 北路", "解放北路"),
        ("解放北路附近", "解放北路"),
        ("解放北路120号", "解放北路"),
        ("gsyh", "工商银行"),
        ("GSYH", "工商银行"),
        ("ｇｓｙｈ", "工商银行"),
        ("gongshang", "工商银行"),
        ("gongshangyinhang", "工商银行"),
        ("gong shang yin h", "工商银行"),
        ("jiefangb", "解放北路"),
        ("chongqing", "重庆路"),
        ("jfbl", "解放北路"),
        ("工行", "工商银行"),
        ("解放北路工商银行", "中国工商银行解放北路支行"),
        ("城中区 银行", "中国工商银行解放北路支行"),
        ("ktv", "天天KTV"),
        ("解放北路与和平路", "解放北路与和平路交叉口"),
        ("和平路和解放北路路口", "解放北路与和平路交叉口"),
        ("解放北路 & 和平路", "解放北路与和平路交叉口"),
        ("解放北路/和平路交叉口", "解放北路与和平路交叉口"),
        ("jfblhpl", "解放北路与和平路交叉口"),
        ("sao joao", "Rua São João"),
        ("RUA SÃO JO", "Rua São João"),
        ("ipiranga", "Av. Ipiranga"),
        ("Rua Sao Joao & Av. Ipiranga", "Av. Ipiranga & Rua São João"),
        ("av ipiranga x rua são joão", "Av. Ipiranga & Rua São João"),
    ],
)
def test_what_people_type_finds_what_they_mean(places, query, name):
    assert places.find_places(query)[0].name == name


def test_confidence_tells_a_full_name_from_a_guess(places):
    full = places.find_places("解放北路")[0]
    begun = places.find_places("解放")[0]
    letters = places.find_places("jfb")[0]
    assert full.confidence == 1.0
    assert full.confidence > begun.confidence > letters.confidence > 0.0
    # Two banks of one name: either may be meant.
    assert places.find_places("工商银行")[0].confidence < 1.0
    assert places.find_places("解放北路与和平路")[0].confidence == 1.0
    assert places.find_places("重庆路99号")[0].confidence < 0.8


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("解方北路", "解放北路"),
        ("街放北路", "解放北路"),
        ("工商银行解放北路支航", "中国工商银行解放北路支行"),
        ("工商银航", "工商银行"),
    ],
)
def test_one_wrong_character_is_forgiven_and_doubted(places, query, name):
    found = places.find_places(query)
    assert name in {place.name for place in found[:3]}
    assert max(place.confidence for place in found) < 0.7


def test_the_nearer_of_two_equals_comes_first(places):
    north = places.find_places("工商银行", near=(32.08, 117.29))
    south = places.find_places("工商银行", near=(32.04, 117.24))
    assert (north[0].address, south[0].address) == ("重庆路", "和平路")
    assert {place.name for place in north} == {place.name for place in south}


@pytest.mark.parametrize(
    "query", ["117.25,32.06", "32.06,117.25", "32.06， 117.25", "(32.06 117.25)"]
)
def test_a_position_is_read_either_way_round(places, query):
    place, as_gcj02, as_bd09 = places.find_places(query)
    assert (place.lat, place.lon, place.kind, place.datum) == (32.06, 117.25, "position", "wgs84")
    assert place.address == "解放北路"
    assert place.confidence > 0.8 > as_gcj02.confidence > as_bd09.confidence
    assert (as_gcj02.datum, as_bd09.datum) == ("gcj02", "bd09")
    assert 0.003 < abs(as_gcj02.lon - place.lon) < abs(as_bd09.lon - place.lon) < 0.02
    assert place.uncertainty_m == pytest.approx(556, abs=1)


def test_a_position_whose_datum_is_said_comes_alone_in_wgs84(places):
    (place,) = places.find_places("gcj02 117.255000,32.058000")
    assert (place.datum, place.confidence, place.uncertainty_m) == ("gcj02", 1.0, 10.0)
    assert place.lon < 117.2515


def test_a_position_far_from_the_city_is_hardly_meant(places):
    assert places.find_places("12.5, 13.5")[0].confidence < 0.5
    assert len(places.find_places("12.5, 113.5")) == 1


def test_the_place_beside_a_click_is_found(places):
    found = places.find_beside(32.06021, 117.25021)
    assert found is not None
    assert found.name == "中国工商银行解放北路支行"
    assert places.find_beside(10.0, 10.0) is None


def test_a_limit_is_kept_and_nobody_comes_twice(places):
    found = places.find_places("路", limit=3)
    assert len(found) == 3
    everything = places.find_places("h", limit=50)
    assert len({(place.name, place.lat) for place in everything}) == len(everything)


@settings(deadline=None)
@given(query=st.text(max_size=120))
def test_whatever_is_typed_is_answered(query, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.sqlite"
    if not path.exists():
        write_places(path, ROWS, made_from="abc")
    with open_places(path) as places:
        found = places.find_places(query)
        assert all(0.0 <= place.confidence <= 1.0 for place in found)


@pytest.mark.parametrize(
    "query", ["", " ", '"', "a'b\"c*", "AND OR NOT", "name:x", "((", "%_", "\0"]
)
def test_signs_of_a_query_language_are_only_text(places, query):
    assert isinstance(places.find_places(query), list)


def test_the_same_rows_give_the_same_bytes(path, tmp_path):
    again = tmp_path / "again.sqlite"
    write_places(again, ROWS, made_from="abc")
    assert again.read_bytes() == path.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["again.sqlite", "places.sqlite"]


def test_an_index_says_which_city_it_was_made_from(places):
    assert places.made_from == "abc"


def test_a_failed_writing_leaves_the_old_file(path):
    before = path.read_bytes()

    def broken():
        yield ROWS[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(PlacesError, match="free some space"):
        write_places(path, broken(), made_from="new")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be read" * 99])
def test_a_file_that_is_no_gazetteer_is_told_with_the_cure(tmp_path, content):
    path = tmp_path / "places.sqlite"
    path.write_bytes(content)
    with pytest.raises(PlacesError, match="kuaifan city basemap"):
        open_places(path)
    with pytest.raises(PlacesError, match="there is no gazetteer"):
        open_places(tmp_path / "none.sqlite")


def test_a_gazetteer_of_another_format_is_refused(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE about SET value = '99' WHERE key = 'format'")
    connection.close()
    with pytest.raises(PlacesError, match="run kuaifan city places"):
        open_places(path)


def test_an_empty_gazetteer_finds_nothing_but_positions(tmp_path):
    write_places(tmp_path / "empty.sqlite", [], made_from="")
    with open_places(tmp_path / "empty.sqlite") as places:
        assert places.find_places("解放北路") == []
        assert places.find_places("gsyh") == []
        assert places.find_places("32.06,117.25")[0].lat == 32.06


def test_searching_loads_neither_pinyin_nor_geometry(path):
    source = Path(__file__).resolve().parents[3] / "src"
    code = (
        "import sys; from pathlib import Path; from kuaifan.store.places import open_places; "
        f"places = open_places(Path({str(path)!r})); "
        "[places.find_places(query) for query in ('gsyh', '姐放北路', '姐放北路8号')]; "
        "heavy = {'pypinyin', 'shapely', 'scipy', 'osmium', 'numba'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(source)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_letters_are_read_as_syllables_in_every_way():
    syllables = frozenset({"xi", "an", "xian", "lu", "fang"})
    assert ["xian", "lu"] in list_spellings("xianlu", syllables)
    assert ["xi", "an", "lu"] in list_spellings("xianlu", syllables)
    assert list_spellings("xianf", syllables)[0] == ["xian", "f"]
    assert list_spellings("qqq", syllables) == []
    # Letters that could be cut in thousands of ways do not hang the search.
    assert len(list_spellings("xian" * 15, syllables)) <= 8


def test_a_syllable_of_a_street_name_is_not_taken_for_and():
    corners = [(a.folded, b.folded) for a, b in list_corners("和平路和解放北路路口")]
    assert ("和平路", "解放北路") in corners


def test_names_are_folded_alike_however_they_are_typed():
    assert fold_name("Ｓão  João") == fold_name("sao joao") == "sao joao"
    assert fold_name("解放 路") == fold_name("解放路")
    assert split_name("天天KTV(二店)") == ["天", "天", "ktv", "二", "店"]
