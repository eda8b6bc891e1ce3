"""How posts are drawn by hand: by districts' shares, in the busiest squares, kept apart."""

from __future__ import annotations

import numpy as np
import pytest

from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.by_hand import draw_by_hand, share_out


def _line(weights):
    """Cells a kilometre apart, each in a square of its own, from the equator's zero to the east."""
    n = len(weights)
    lon = (np.arange(n) + 0.5) * 1_000 / METRES_PER_DEGREE
    return np.full(n, 1e-4), lon, np.array(weights, float)


def test_each_district_has_a_post_and_the_others_go_by_calls():
    lat, lon, weight = _line([1, 50, 60, 55, 40, 45])
    chosen = draw_by_hand(lat, lon, weight, ["quiet", *["busy"] * 5], 3)
    assert sorted(chosen) == [0, 2, 5]  # the busiest; its neighbours are left out


def test_pins_stand_side_by_side_only_when_no_other_square_is_left():
    lat, lon, weight = _line([5, 9, 4])
    assert draw_by_hand(lat, lon, weight, [""] * 3, 1) == [1]
    assert draw_by_hand(lat, lon, weight, [""] * 3, 3) == [1, 0, 2]


def test_places_without_calls_get_no_post_and_too_many_posts_are_refused():
    lat, lon, weight = _line([0, 3, 0, 2])
    assert sorted(draw_by_hand(lat, lon, weight, [""] * 4, 2)) == [1, 3]
    with pytest.raises(BadInputError, match="3 posts want as many places with calls; there are 2"):
        draw_by_hand(lat, lon, weight, [""] * 4, 3)


def test_all_is_given_out_by_share_and_nobody_gets_more_than_there_is_room_for():
    assert share_out(np.array([60.0, 30.0, 10.0]), np.array([99, 99, 99]), 10) == [6, 3, 1]
    assert share_out(np.array([60.0, 30.0, 10.0]), np.array([2, 99, 99]), 6) == [2, 3, 1]
    assert share_out(np.array([5.0, 7.0, 6.0]), np.array([9, 9, 9]), 2) == [0, 1, 1]
