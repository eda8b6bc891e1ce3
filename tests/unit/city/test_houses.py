"""House numbers of a map: read, put on their streets, and between two of them along the street."""

import osmium
import pytest
from osmium.osm import mutable

from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.city.features import MapHouse, pack_features, unpack_features
from kuaifan.city.features_osm import read_osm_features
from kuaifan.city.folder import read_city
from kuaifan.city.houses_osm import read_numbers
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.places_houses import place_houses
from kuaifan.geo.points import distance_m
from kuaifan.store.places import open_places
from kuaifan.store.places_write import PLACES_FILE

SOUTH, WEST = 32.0, 117.0
M = 1 / 111_195.08
EAST_M = M / 0.848048
BEND, LONG, VILLAGE, SIDES = "淮海路", "解放路", "小李村", "和平路"


def spot(east_m, north_m):
    """(lat, lon) so many metres from the corner of the town."""
    return SOUTH + north_m * M, WEST + east_m * EAST_M


class Town:
    """淮海路 runs 400 m east and then 400 m north; 解放路 straight east, 和平路 north of it."""

    def __init__(self, path):
        self.path, self.n_nodes, self.ways = path, 0, []
        self.writer = osmium.SimpleWriter(str(path))

    def node(self, at, **tags):
        self.n_nodes += 1
        tags = {key.replace("_", ":"): value for key, value in tags.items()}
        self.writer.add_node(mutable.Node(id=self.n_nodes, location=at[::-1], tags=tags))
        return self.n_nodes

    def way(self, refs, **tags):
        tags = {key.replace("_", ":"): value for key, value in tags.items()}
        self.ways.append(mutable.Way(id=len(self.ways) + 1, nodes=refs, tags=tags))

    def house(self, at, number, street=BEND, **more):
        said = {"addr_street": street} if street else {}
        self.node(at, addr_housenumber=str(number), **said, **more)

    def building(self, at, number, street):
        lat, lon = at
        ring = ((-4, -4), (4, -4), (4, 4), (-4, 4))
        corners = [self.node((lat + y * M, lon + x * M)) for x, y in ring]
        tags = {"addr_housenumber": number, "addr_street": street, "building": "yes"}
        self.way([*corners, corners[0]], **tags)

    def write(self):
        for way in self.ways:
            self.writer.add_way(way)
        self.writer.close()
        return self.path


def draw(path):
    town = Town(path)
    a, b, c, d = (town.node(spot(*at)) for at in ((0, 0), (400, 0), (400, 400), (0, 400)))
    e, f = (town.node(spot(*at)) for at in ((0, 800), (400, 800)))
    town.way([a, b, c], highway="residential", name=BEND)
    town.way([c, d, a], highway="tertiary", name=LONG)
    town.way([d, e, f, c], highway="residential", name=SIDES)
    # Odd numbers south and east of 淮海路, even ones across; 1 and 21 stand 300 m from its bend.
    town.house(spot(100, -12), 1)
    town.building(spot(412, 300), "21号", BEND)
    town.house(spot(100, 12), 2)
    town.house(spot(300, 12), 12)
    # 和平路 is numbered along one side only, odd and even in turn.
    for number, east_m in ((1, 50), (2, 100), (6, 300)):
        town.house(spot(east_m, 815), number, SIDES)
    # A house that says no street, one of a village, one of no number.
    town.house(spot(200, 415), "30", "")
    town.node(spot(300, 300), addr_housenumber="7", addr_place=VILLAGE)
    town.house(spot(200, 12), "x", BEND)
    ends = [
        town.node(spot(0, 385), addr_housenumber="101", addr_street=LONG),
        town.node(spot(50, 385)),
        town.node(spot(100, 385), addr_housenumber="111", addr_street=LONG),
    ]
    town.way(ends, addr_interpolation="odd")
    return town.write()


@pytest.fixture(name="source", scope="module")
def fixture_source(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("houses") / "town.osm.pbf")


@pytest.fixture(name="places", scope="module")
def fixture_places(source, tmp_path_factory):
    city = tmp_path_factory.mktemp("city") / "town"
    import_city(source, city, ImportOptions(), progress=str)
    make_gazetteer(city, progress=str)
    with open_places(city / PLACES_FILE) as places:
        yield places


def off_m(place, at):
    return distance_m(place.lat, place.lon, to_lat=at[0], to_lon=at[1])


def test_nodes_buildings_and_rows_are_read_and_kept_with_the_map(source):
    features = read_osm_features(source)
    known = {(house.street, house.number) for house in features.houses}
    assert {(BEND, 1), (BEND, 21), (BEND, 2), (VILLAGE, 7), ("", 30), (LONG, 101)} <= known
    assert len(features.houses) == 11
    (row,) = features.house_rows
    assert (row.street, row.low, row.high, row.step, len(row.line)) == (LONG, 101, 111, 2, 3)
    assert unpack_features(pack_features(features), "x") == features


@pytest.mark.parametrize(
    ("query", "at"),
    [
        (f"{BEND}21号", (412, 300)),
        (f"{BEND}2号", (100, 12)),
        (f"{VILLAGE}7号", (300, 300)),
        (f"{LONG}30号", (200, 415)),
    ],
)
def test_a_house_of_the_map_is_found(places, query, at):
    house = places.find_places(query)[0]
    assert (house.kind, house.confidence, house.uncertainty_m) == ("house_number", 1.0, 15.0)
    assert off_m(house, spot(*at)) < 1


def test_between_two_houses_it_lies_along_the_street_on_its_side(places):
    # Half of 600 m around the bend: at the bend, where the straight line would be 150 m off.
    house = places.find_places(f"{BEND}11号")[0]
    assert off_m(house, spot(400, 0)) < 20
    assert house.uncertainty_m == pytest.approx(300, abs=2)
    assert 0.8 < house.confidence < 1.0
    quarter = places.find_places(f"{BEND}6号")[0]
    assert off_m(quarter, spot(180, 12)) < 2
    assert quarter.uncertainty_m == pytest.approx(100, abs=1)


def test_a_street_numbered_in_turn_has_no_sides(places):
    house = places.find_places(f"{SIDES}4号")[0]
    assert off_m(house, spot(200, 815)) < 2
    odd = places.find_places(f"{SIDES}3号")[0]
    assert off_m(odd, spot(150, 815)) < 2


def test_a_drawn_row_says_where_its_numbers_are(places):
    house = places.find_places(f"{LONG}105号")[0]
    assert off_m(house, spot(40, 385)) < 2
    assert house.uncertainty_m == pytest.approx(50, abs=1)
    # It holds odd numbers only.
    assert places.find_places(f"{LONG}106号")[0].confidence < house.confidence


def test_a_house_far_from_every_street_that_says_none_is_left_out(source, tmp_path):
    import_city(source, tmp_path / "town", ImportOptions(), progress=str)
    network = read_city(tmp_path / "town").network
    far = MapHouse("", 5, *spot(2_000, 2_000))
    assert place_houses(network, [far]).n_lost == 1
    assert place_houses(network, []).numbers == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("88", [88]),
        ("88号", [88]),
        ("12-14", [12, 14]),
        ("3;5、7", [3, 5, 7]),
        ("12A", [12]),
        ("甲12号", [12]),
        ("14-2", [14]),
        ("1234567", []),
        ("bis", []),
        ("0", []),
        ("", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text, numbers):
    assert read_numbers(text) == numbers


def test_two_streets_of_one_name_far_apart_each_have_their_houses(source, tmp_path):
    import_city(source, tmp_path / "town", ImportOptions(), progress=str)
    network = read_city(tmp_path / "town").network
    houses = [MapHouse(VILLAGE, 1, *spot(0, 0)), MapHouse(VILLAGE, 1, *spot(5_000, 0))]
    found = place_houses(network, houses)
    assert [number[:3] for number in found.numbers] == [(VILLAGE, 0, 1), (VILLAGE, 1, 1)]
