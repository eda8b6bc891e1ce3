"""What posts reach on the map: the same calls in the same rings as a plan promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toy_city import corner, toy_reference
from unit.app.test_planner import POSTS, scenario, toy_demand

from kuaifan.app.planner_problem import by_hand, make_ground, make_solution, way_s
from kuaifan.app.planner_rings import RingMapper
from kuaifan.plan.scenario import ScenarioError, SitePost

REFERENCE = toy_reference()


def all_over(seed=1, n=40):
    """Squares with calls all over the toy city, some of them far from any post."""
    rng = np.random.default_rng(seed)
    south, west = corner(0, 0)
    north, east = corner(8, 8)
    base = toy_demand()
    return replace(
        base,
        lat=rng.uniform(south, north, n),
        lon=rng.uniform(west, east, n),
        population=np.ones(n, np.float32),
        weekly=rng.uniform(0, 3, (n, base.weekly.shape[1])).astype(np.float32),
    )


@pytest.fixture(name="mapper")
def fixture_mapper():
    return RingMapper(all_over)


def test_every_square_is_in_the_ring_of_its_nearest_post(mapper):
    for posts in (POSTS, POSTS[:1], POSTS[1:3]):
        found = mapper.draw(REFERENCE, posts)
        lat, lon = (np.array([getattr(s, side) for s in found.squares]) for side in ("lat", "lon"))
        nearest_s = way_s(REFERENCE, [(p.lat, p.lon) for p in posts], lat=lat, lon=lon).min(axis=0)
        for square, way in zip(found.squares, nearest_s.tolist(), strict=True):
            due = [ms / 60_000 for ms in REFERENCE.rings_ms if way * 1000 <= ms]
            assert square.ring_min == (due[0] if due else None)


def test_the_shares_are_those_that_the_plan_would_promise(mapper):
    ground = make_ground(scenario(), REFERENCE, all_over())
    plan = make_solution(
        scenario(), ground, by_hand(scenario(), ground), REFERENCE, seconds=0.0, is_stopped=False
    )
    found = mapper.draw(REFERENCE, POSTS)
    assert [(b.ring_min, b.share) for b in found.bands] == [
        (ring.ring_min, ring.share) for ring in plan.rings
    ]
    assert sum(s.per_week for s in found.squares) == pytest.approx(plan.per_day * 7, rel=1e-3)
    assert found.left_out == pytest.approx(plan.left_out * 7)


def test_fewer_posts_reach_less_and_no_street_is_drawn_in_two_rings(mapper):
    all_posts, one = mapper.draw(REFERENCE, POSTS), mapper.draw(REFERENCE, POSTS[:1])
    assert all(
        few.length_m <= all_.length_m for few, all_ in zip(one.bands, all_posts.bands, strict=True)
    )
    assert one.bands[0].length_m < all_posts.bands[0].length_m
    lengths = [band.length_m for band in all_posts.bands]
    assert lengths == sorted(lengths)
    drawn = [tuple(line) for band in all_posts.bands for line in band.lines]
    assert len(drawn) == len(set(drawn)) > 0
    assert all(len(line) > 1 and lon > lat > 0 for line in drawn for lon, lat in line)


def test_no_post_at_all_and_one_in_the_fields_are_answered_in_words(mapper):
    with pytest.raises(ScenarioError) as none:
        mapper.draw(REFERENCE, ())
    assert none.value.code == "no_posts"
    far = SitePost(site_id="A1", name="新点 1", lat=POSTS[0].lat + 0.5, lon=POSTS[0].lon)
    with pytest.raises(ScenarioError) as off:
        mapper.draw(REFERENCE, (*POSTS, far))
    assert off.value.code == "off_street"
    assert "新点 1" in off.value.zh


def test_a_city_without_demand_says_how_to_get_it_and_a_new_one_is_taken_up():
    found = [None, all_over(n=12), all_over(seed=2, n=30), None]
    mapper = RingMapper(lambda: found.pop(0))
    for n_squares in (0, 12, 30, 0):
        if n_squares:
            assert len(mapper.draw(REFERENCE, POSTS).squares) == n_squares
            continue
        with pytest.raises(ScenarioError, match="kuaifan plan demand"):
            mapper.draw(REFERENCE, POSTS)


def test_calls_that_moved_without_their_squares_are_counted_anew():
    quiet, loud = all_over(), all_over()
    loud.weekly[:] *= 3
    found = [quiet, loud]
    mapper = RingMapper(lambda: found.pop(0))
    before, after = (mapper.draw(REFERENCE, POSTS) for _ in range(2))
    assert after.squares[0].per_week == pytest.approx(3 * before.squares[0].per_week, rel=1e-3)
