"""Which barriers a crew passes, and what it takes."""

import pytest

from kuaifan.city.barriers import BARRIERS, GATE_MS, pass_ms
from kuaifan.roads.raw import BLOCKED_MS


@pytest.mark.parametrize(
    ("tags", "ms"),
    [
        ({"barrier": "gate"}, GATE_MS),
        ({"barrier": "gate", "access": "private"}, GATE_MS),
        ({"barrier": "gate", "access": "no"}, BLOCKED_MS),
        ({"barrier": "gate", "access": "no", "emergency": "yes"}, GATE_MS),
        ({"barrier": "lift_gate", "motor_vehicle": "destination"}, GATE_MS),
        ({"barrier": "bollard"}, BLOCKED_MS),
        ({"barrier": "bollard", "access": "private"}, BLOCKED_MS),
        ({"barrier": "bollard", "motor_vehicle": "yes", "access": "no"}, GATE_MS),
        ({"barrier": "bollard", "emergency": "designated"}, GATE_MS),
        ({"barrier": "toll_booth"}, 0),
        ({"barrier": "entrance", "access": "private"}, 0),
        ({"barrier": "entrance", "motor_vehicle": "no"}, BLOCKED_MS),
        ({"barrier": "yes"}, 0),
        ({"access": "no"}, 0),
    ],
)
def test_a_barrier_is_free_slow_or_shut(tags, ms):
    assert pass_ms(tags) == ms


def test_halves_of_a_delay_add_up():
    assert all(ms == BLOCKED_MS or ms % 2 == 0 for ms in BARRIERS.values())
