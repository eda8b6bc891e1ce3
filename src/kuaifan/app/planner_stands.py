"""Which unit has its home where in a plan (驻守安排): those of posts given up go to the new ones.

A post's units move together, to the new post that is nearest by all in all; a post that nobody is
at then gets one unit of the post that has most. Where the posts are those of now, everybody stays:
how it is now is not bettered before it is measured. The same plan gives the same homes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from kuaifan.board.reference import CIRCLE_KINDS, Reference
from kuaifan.geo.points import distances_m
from kuaifan.vocabulary.plan import UnitStand

Site = tuple[str, float, float]


def stands_for(
    reference: Reference, sites: Sequence[Site]
) -> tuple[tuple[UnitStand, ...], dict[str, int]]:
    """A home for every unit of a circle post, and how many units each post has."""
    homes = _moved(reference, sites)
    if {site[0] for site in sites} != {post.post_id for post in reference.circle_posts}:
        _share_out(homes, sites)
    stands = tuple(UnitStand(unit_id, post_id) for unit_id, post_id in sorted(homes.items()))
    return stands, dict(Counter(homes.values()))


def _moved(reference: Reference, sites: Sequence[Site]) -> dict[str, str]:
    """Units stay where their post stays; the others go with their post's whole crew."""
    from scipy.optimize import linear_sum_assignment

    ids = [site[0] for site in sites]
    groups: dict[str, list[str]] = defaultdict(list)
    for unit_id, unit in sorted(reference.units.items()):
        home = reference.posts.get(unit.home_post_id)
        if home is None or home.kind in CIRCLE_KINDS:
            groups[unit.home_post_id].append(unit_id)
    homes = {unit: post for post in groups if post in ids for unit in groups[post]}
    left = [post for post in sorted(groups) if post not in ids]
    fresh = [site for site in sites if site[0] not in groups]
    if left and fresh:
        ways_m = np.array([_metres(reference, post, fresh) for post in left])
        for i, j in zip(*linear_sum_assignment(ways_m), strict=True):
            homes |= dict.fromkeys(groups[left[i]], fresh[j][0])
    for post in left:
        rest = [unit for unit in groups[post] if unit not in homes]
        if rest:
            nearest = int(np.argmin(_metres(reference, post, sites)))
            homes |= dict.fromkeys(rest, ids[nearest])
    return homes


def _metres(reference: Reference, post_id: str, sites: Sequence[Site]) -> list[float]:
    post = reference.posts.get(post_id)
    if post is None:
        return [0.0] * len(sites)
    to_lat, to_lon = (np.array([site[i] for site in sites]) for i in (1, 2))
    found: list[float] = distances_m(post.lat, post.lon, to_lat=to_lat, to_lon=to_lon).tolist()
    return found


def _share_out(homes: dict[str, str], sites: Sequence[Site]) -> None:
    """A post without a unit gets one of the post that has most, as long as one has two."""
    count = Counter(homes.values())
    for post_id, _, _ in sites:
        if count[post_id] or not count:
            continue
        giver, n = min(count.items(), key=lambda item: (-item[1], item[0]))
        if n < 2:  # noqa: PLR2004 - the last unit of a post stays
            return
        unit_id = max(unit for unit, post in homes.items() if post == giver)
        homes[unit_id] = post_id
        count[giver] -= 1
        count[post_id] += 1
