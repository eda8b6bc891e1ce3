"""Who may use a street of the map: cars, motorcycles, those on foot."""

import pytest

from kuaifan.city.drivable import find_obstacle
from kuaifan.city.passage import find_barrier_modes, find_modes
from kuaifan.roads.raw import CAR, DRIVEN, FOOT, MOTORCYCLE

ALL = DRIVEN | FOOT


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        ({"highway": "residential"}, ALL),
        ({"highway": "living_street"}, ALL),
        ({"highway": "service", "service": "alley"}, ALL),
        ({"highway": "residential", "motorcycle": "no"}, CAR | FOOT),
        ({"highway": "residential", "motorcycle": "no", "emergency": "yes"}, ALL),
        ({"highway": "residential", "foot": "no"}, DRIVEN),
        ({"highway": "motorway"}, DRIVEN),
        ({"highway": "trunk", "motorroad": "yes"}, DRIVEN),
        ({"highway": "trunk"}, ALL),
        ({"highway": "pedestrian"}, FOOT),
        ({"highway": "pedestrian", "motorcycle": "yes"}, FOOT | MOTORCYCLE),
        ({"highway": "pedestrian", "access": "private"}, 0),
        ({"highway": "footway"}, 0),
        ({"highway": "footway", "moped": "designated"}, MOTORCYCLE),
        ({"highway": "residential", "motor_vehicle": "no"}, FOOT),
        ({"highway": "residential", "access": "no"}, 0),
        ({"highway": "residential", "access": "no", "foot": "yes"}, FOOT),
        ({"highway": "residential", "construction": "yes"}, 0),
        ({"highway": "service", "service": "parking_aisle"}, 0),
    ],
)
def test_who_may_use_a_way(tags, modes):
    assert find_modes(tags, find_obstacle(tags)) == modes


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        ({"barrier": "bollard"}, FOOT | MOTORCYCLE),
        ({"barrier": "bollard", "motorcycle": "no"}, FOOT),
        ({"barrier": "cycle_barrier"}, FOOT),
        ({"barrier": "stile"}, FOOT),
        ({"barrier": "wall"}, 0),
        ({"barrier": "gate", "access": "no"}, 0),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, FOOT),
        ({"barrier": "bollard", "foot": "no"}, MOTORCYCLE),
    ],
)
def test_who_passes_a_barrier_that_stops_cars(tags, modes):
    assert find_barrier_modes(tags) == modes
