"""What `twin compare` may be told to compare (比较方案)."""

from __future__ import annotations

import pytest

from kuaifan.kernel.errors import BadInputError
from kuaifan.twin.variants import read_variant


def test_a_variant_is_a_policy_with_what_people_do():
    plain = read_variant("patrol_first")
    assert plain.rules.can_divert
    assert plain.rules.can_move_up
    assert plain.rules.max_moves == 0
    capped = read_variant(" nearest:moves=2:turns=no:kept=3 ")
    assert (capped.policy_id, capped.rules.max_moves, capped.rules.can_divert) == (
        "nearest",
        2,
        False,
    )
    assert capped.policy.n_kept == 3
    assert read_variant("mixed:lost=20").policy.lost_ms == 20_000
    moved = read_variant("mixed:way=dmexclp:moves=2:shift=9").rules
    assert (moved.move_up, moved.max_moves, moved.shift_moves) == ("dmexclp", 2, 9)
    assert not read_variant("nearest:moves=no").rules.can_move_up
    assert read_variant("reserve_urgent").policy.n_kept == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("luck", "policy 'luck' is unknown"),
        ("nearest:speed=3", "'speed' is no option"),
        ("nearest:kept=x", "'x' is no number"),
        ("nearest:kept=0", "'0' is no number"),
        ("mixed:lost=601", "'601' is no number from 1 to 600"),
        ("mixed:way=far", "way=circles or way=all_circles or way=dmexclp, not 'far'"),
        ("nearest:turns=maybe", "turns=yes or turns=no"),
        ("nearest:kept=1:kept=2", "says kept twice"),
    ],
)
def test_a_wrong_variant_is_refused_in_words(text, said):
    with pytest.raises(BadInputError, match=said):
        read_variant(text)
