"""Joins the two edges that OSMnx records for a two-way street back into one street (双向道路)."""

from collections import defaultdict
from dataclasses import dataclass

Key = tuple[int, int, tuple[str, ...]]
MAX_DIFFERENCE_M = 0.01
"""OSMnx rounds to a millimetre after summing, so two directions may differ by one or two."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One directed edge between two numbered nodes, its attributes as text."""

    source: int
    target: int
    attributes: dict[str, str]
    way_ids: tuple[str, ...]
    length_m: float | None
    is_oneway: bool


def join_directions(stretches: list[Stretch]) -> list[tuple[Stretch, bool]]:
    """Pair each two-way edge with its counterpart; the flag says whether both ways are there.

    A pair has the same OSM ways and length, between the same nodes in the other order (a loop: the
    same node twice). An edge whose counterpart is missing is driven as recorded, one way.
    """
    waiting: defaultdict[Key, list[int]] = defaultdict(list)
    joined: list[tuple[Stretch, bool]] = []
    for stretch in stretches:
        if stretch.is_oneway:
            joined.append((stretch, False))
            continue
        turned = waiting[stretch.target, stretch.source, stretch.way_ids]
        partner_i = next((i for i in turned if _is_as_long(joined[i][0], stretch)), None)
        if partner_i is None:
            waiting[stretch.source, stretch.target, stretch.way_ids].append(len(joined))
            joined.append((stretch, False))
        else:
            turned.remove(partner_i)
            joined[partner_i] = (joined[partner_i][0], True)
    return joined


def _is_as_long(one: Stretch, other: Stretch) -> bool:
    return abs((one.length_m or 0.0) - (other.length_m or 0.0)) <= MAX_DIFFERENCE_M
