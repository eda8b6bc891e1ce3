"""Every ring of a circle is held by the available units within it by road time."""

import numpy as np

from kuaifan.policy.coverage import Coverage


def test_a_unit_within_a_narrow_ring_is_within_the_wider_ones_and_one_away_counts_nowhere():
    coverage = Coverage(("K1", "K2"), 4, 3)
    coverage.ring[:] = [[0, 3], [1, 1], [2, 3], [0, 0]]
    everyone = np.ones(4, np.bool_)
    assert coverage.n_in_rings(everyone).tolist() == [[2, 1], [3, 2], [4, 2]]
    assert coverage.n_in_rings(np.array([True, True, True, False])).tolist() == [
        [1, 0],
        [2, 1],
        [3, 1],
    ]
    coverage.forget(np.array([True, False, False, False]))
    assert coverage.n_in_rings(everyone).tolist() == [[1, 1], [2, 2], [3, 2]]
    assert not coverage.within.any()
