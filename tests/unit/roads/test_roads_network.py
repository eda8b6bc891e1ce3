"""A network survives storage, and a damaged one is refused in words."""

import numpy as np
import pytest
from unit.roads.made_networks import network_of, raw_map, raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.network import RoadNetwork


@pytest.fixture(scope="module")
def town():
    return build_network(raw_town(seed=3))[0]


def test_a_network_comes_back_from_a_file_unchanged(town, tmp_path):
    np.savez(tmp_path / "roads.npz", **town.to_arrays())
    with np.load(tmp_path / "roads.npz", allow_pickle=False) as stored:
        back = RoadNetwork.from_arrays(stored)
    assert back.content_hash() == town.content_hash()
    assert back.names == town.names
    assert back.attribution == "made for a test"
    assert back.profiles == ("normal", "siren", "motorcycle", "foot")


def test_texts_without_a_letter_come_back_too():
    network, _ = build_network(raw_map([(30, 110), (30.01, 110)], [((1, 2), 0)]))
    back = RoadNetwork.from_arrays(network.to_arrays())
    assert (back.names, back.attribution) == (("",), "")


def test_the_hash_sees_a_single_millisecond(town):
    arrays = town.to_arrays()
    arrays["travel_ms"] = arrays["travel_ms"].copy()
    arrays["travel_ms"][1, 5] += 1
    assert RoadNetwork.from_arrays(arrays).content_hash() != town.content_hash()


def test_a_network_cannot_be_written_to(town):
    with pytest.raises(ValueError, match="read-only"):
        town.travel_ms[0, 0] = 1


def test_a_profile_is_found_by_name(town):
    assert town.get_profile("siren") == 1
    with pytest.raises(ValueError, match="no profile 'bicycle'; it has normal, siren"):
        town.get_profile("bicycle")


def damage(key, change):
    return lambda arrays: arrays.update({key: change(arrays[key].copy())})


def put(at, value):
    def change(array):
        array[at] = value
        return array

    return change


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lambda arrays: arrays.pop("twin"), "lacks twin"),
        (lambda arrays: arrays.pop("format"), "lacks format"),
        (damage("format", put(0, 99)), "not of format 1"),
        (damage("head", put(0, 10**6)), "head points outside"),
        (damage("tail", put(0, 3)), "not sorted by tail"),
        (damage("twin", put(0, 0)), "twins do not pair"),
        (damage("name_i", put(0, -1)), "name_i points outside"),
        (damage("road_class", put(0, 200)), "road class is unknown"),
        (damage("travel_ms", put((0, 0), 0)), "travel time is out of range on a street"),
        (damage("travel_ms", put((0, 0), -1)), "travel time is out of range"),
        (damage("shape_first", put(1, 0)), "an arc has no shape"),
        (damage("node_lat", put(0, np.nan)), "node_lat is not finite"),
        (damage("first_arc", put(1, 0)), "first_arc does not follow tail"),
        (damage("shape_lat", lambda array: array[:-1]), "shape"),
        (damage("head", lambda array: array[:-1]), "head does not have the shape"),
        (damage("head", lambda array: array.astype(np.float64)), "head has a wrong type"),
        (damage("names", lambda _: np.array([255], np.uint8)), "not UTF-8"),
    ],
)
def test_a_damaged_network_is_refused_with_the_cure(town, harm, complaint):
    arrays = dict(town.to_arrays())
    harm(arrays)
    with pytest.raises(ValueError, match=f"(?s){complaint}.*import the map again"):
        RoadNetwork.from_arrays(arrays)


def test_a_network_without_arcs_is_refused():
    arrays = network_of(1, [(0, 0, 1, None)]).to_arrays()
    for key in ("tail", "head", "length_m", "road_class", "name_i", "twin"):
        arrays[key] = arrays[key][:0]
    arrays |= {"travel_ms": arrays["travel_ms"][:, :0], "shape_first": arrays["shape_first"][:1]}
    with pytest.raises(ValueError, match="no arcs"):
        RoadNetwork.from_arrays(arrays)
