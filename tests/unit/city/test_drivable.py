"""The rules by which a crew may drive a way, and in which direction."""

import pytest

from kuaifan.city.drivable import find_obstacle, get_direction, get_street_name


@pytest.mark.parametrize(
    ("tags", "obstacle"),
    [
        ({"highway": "residential"}, None),
        ({"highway": "footway"}, "not_drivable"),
        ({"highway": "construction"}, "not_drivable"),
        ({}, "not_drivable"),
        ({"highway": "service"}, None),
        ({"highway": "service", "service": "alley"}, None),
        ({"highway": "service", "service": "parking_aisle"}, "service_yard"),
        ({"highway": "service", "access": "private"}, "private_service"),
        ({"highway": "residential", "access": "private"}, None),
        ({"highway": "residential", "access": "no"}, "access_no"),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, None),
        ({"highway": "residential", "access": "yes", "motorcar": "no"}, "access_no"),
        ({"highway": "primary", "access": "no", "emergency": "yes"}, None),
        ({"highway": "primary", "access": "bus"}, None),
        ({"highway": "service", "access": "private", "emergency": "yes"}, None),
        ({"highway": "residential", "access": "permit"}, None),
        ({"highway": "residential", "vehicle": "destination"}, None),
        ({"highway": "trunk", "motorroad": "yes"}, None),
        ({"highway": "service", "service": "drive-through"}, "service_yard"),
        ({"highway": "proposed"}, "not_drivable"),
        ({"highway": "abandoned"}, "not_drivable"),
        ({"highway": "residential", "construction": "yes"}, "not_in_use"),
        ({"highway": "residential", "construction": "minor"}, None),
        ({"highway": "service", "disused": "yes"}, "not_in_use"),
        ({"highway": "primary", "route": "ferry"}, "ferry"),
        ({"highway": "primary", "oneway": "alternating"}, "reversible"),
        ({"highway": "primary", "area": "yes"}, "area"),
        ({"highway": "primary", "oneway": "reversible"}, "reversible"),
    ],
)
def test_obstacles_follow_class_access_and_kind_of_service_road(tags, obstacle):
    assert find_obstacle(tags) == obstacle


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "primary"}, 0),
        ({"highway": "primary", "oneway": "yes"}, 1),
        ({"highway": "primary", "oneway": "1"}, 1),
        ({"highway": "primary", "oneway": "-1"}, -1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"highway": "tertiary", "junction": "roundabout"}, 1),
        ({"highway": "tertiary", "junction": "roundabout", "oneway": "-1"}, -1),
        ({"highway": "tertiary", "junction": "roundabout", "oneway": "no"}, 0),
        ({"highway": "tertiary", "junction": "circular"}, 1),
        ({"highway": "trunk", "motorroad": "yes"}, 0),
    ],
)
def test_direction_is_what_oneway_says_or_what_the_kind_of_road_implies(tags, direction):
    assert get_direction(tags) == direction


def test_the_chinese_name_comes_first_then_the_name_then_the_number():
    assert get_street_name({"name": "彌敦道 Nathan Road", "name:zh": "彌敦道"}) == "彌敦道"
    assert get_street_name({"name": " 景田\n路 ", "ref": "G4"}) == "景田 路"
    assert get_street_name({"ref": "G4"}) == "G4"
    assert get_street_name({}) == ""
