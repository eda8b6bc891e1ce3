"""Small fleets at random (随机警力): states, lines, skills, fixes, coverage and times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from kuaifan.policy.coverage import Coverage
from kuaifan.policy.fleet import LINES, ON_SCENE, SKILLS, Fleet, FleetRow
from kuaifan.policy.need import Need, Requirement
from kuaifan.policy.patrol_first import POLICY
from kuaifan.policy.scoring import UNREACHABLE_MS

NOW_MS = 1_700_000_000_000
COLUMNS = ("asked", "is_owner", "reserved", "other_desk")


class Case(NamedTuple):
    """All that a ranking is made from."""

    fleet: Fleet
    need: Need
    travel_ms: np.ndarray
    coverage: Coverage
    now_ms: int = NOW_MS

    def rank(self, policy=POLICY, **more):
        inputs = (self.fleet, self.need, self.travel_ms, self.coverage, self.now_ms)
        return policy.rank_units(*inputs, **more)


def fleet_of(*units):
    """Units are (unit_id, line, skills, state); each has a fresh fix on arc 0."""
    fleet = Fleet([FleetRow(unit_id, line, tuple(skills)) for unit_id, line, skills, _ in units])
    for unit_id, _, _, state in units:
        fleet.state[fleet.index[unit_id]] = state
    fleet.arc[:] = 0
    fleet.fix_at_ms[:] = NOW_MS
    return fleet


def case_of(fleet, travel_ms, *, circles=(), within=(), **need):
    """A case with times given by unit id, and within by circle; columns of the need by unit id."""
    coverage = Coverage(tuple(circles), len(fleet))
    for circle_i, unit_ids in enumerate(within):
        for unit_id in unit_ids:
            coverage.within[fleet.index[unit_id], circle_i] = True
    times = np.array([travel_ms[unit_id] for unit_id in fleet.unit_ids], np.int32)
    marks = {"asked": (), **need}
    columns = {name: marked(fleet, marks[name]) for name in COLUMNS if name in marks}
    wants = {"priority": 3, "n_wanted": 1, "wanted_skills": 0, "target_ms": 0, **need, **columns}
    return Case(fleet, Need(**wants), times, coverage)


def marked(fleet, marks):
    """A column of a need from unit ids, or from unit ids with their values."""
    column = np.zeros(len(fleet), np.int8)
    for unit_id in marks:
        column[fleet.index[unit_id]] = marks[unit_id] if isinstance(marks, dict) else 1
    return column


unit_lines = st.sampled_from([*LINES])
unit_skills = st.lists(st.sampled_from(SKILLS), unique=True, max_size=3)
# Few different times make ties; round ones meet the constants of the score.
times_ms = st.one_of(
    st.integers(0, 3),
    st.integers(0, 12).map(lambda n: n * 60_000),
    st.integers(0, 2**29),
    st.just(UNREACHABLE_MS),
)
# Few different ways to the posts make ties; some are beyond what is looked at.
ways_ms = st.one_of(st.integers(0, 14).map(lambda n: n * 60_000), st.just(UNREACHABLE_MS))
ages_ms = st.one_of(
    st.integers(-5, 5).map(lambda ms: 120_000 + ms),
    st.integers(-5, 5).map(lambda ms: 900_000 + ms),
    st.integers(-1_000, 2_000_000),
    st.just(NOW_MS),
)


few_units = st.sampled_from([0, 0, 0, 1])
skill_bits = st.sampled_from([1 << bit for bit in range(3)] + [3, 5])
# Few skills and small numbers, so that a team often meets them and often does not.
no_requirements = st.just(())
requirement_lists = st.lists(
    st.builds(Requirement, skill_bits, st.integers(1, 3), st.booleans()), max_size=3
).map(tuple)


@st.composite
def cases(draw, requirements=no_requirements, most_units=12):
    n_units, n_circles = draw(st.integers(0, most_units)), draw(st.integers(0, 4))
    ids = draw(
        st.lists(st.text("PST01", min_size=1), min_size=n_units, max_size=n_units, unique=True)
    )
    fleet = Fleet([FleetRow(name, draw(unit_lines), tuple(draw(unit_skills))) for name in ids])

    def column(values, dtype):
        return np.array(draw(st.lists(values, min_size=n_units, max_size=n_units)), dtype)

    fleet.state[:] = column(st.integers(0, ON_SCENE), np.int8)
    fleet.arc[:] = column(st.sampled_from([-1, 0, 0, 5]), np.int32)
    fleet.fix_at_ms[:] = NOW_MS - column(ages_ms, np.int64)
    fleet.uncertainty_m[:] = column(st.sampled_from([0, 0, 1, 2_499, 2_501, 2**31 - 1]), np.int32)
    coverage = Coverage(tuple(f"C{i}" for i in range(n_circles)), n_units)
    size = n_units * n_circles
    drawn = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    coverage.within[:] = np.array(drawn, np.bool_).reshape(n_units, n_circles)
    ways = draw(st.lists(ways_ms, min_size=size, max_size=size))
    coverage.way_ms[:] = np.array(ways, np.int32).reshape(n_units, n_circles)
    calls = st.lists(st.integers(1, 5_000), min_size=n_circles, max_size=n_circles)
    known = draw(st.none() | calls)
    coverage.calls_a_week = None if known is None else np.array(known, np.int64)
    need = Need(
        priority=draw(st.integers(1, 5)),
        n_wanted=draw(st.integers(1, 3)),
        wanted_skills=draw(st.integers(0, 2 ** len(SKILLS) - 1) | st.just(0)),
        target_ms=draw(st.sampled_from([0, 60_000, 300_000])),
        asked=column(few_units, np.int8),
        requirements=draw(requirements),
        is_owner=draw(st.sampled_from([None, column(few_units, np.int8)])),
        reserved=draw(st.sampled_from([None, column(st.integers(0, 2), np.int8)])),
        other_desk=draw(st.sampled_from([None, column(few_units, np.int8)])),
    )
    return Case(fleet, need, column(times_ms, np.int32), coverage)
