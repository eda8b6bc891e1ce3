"""Small fleets at random (随机警力): states, lines, skills, fixes, coverage and times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from kuaifan.policy.coverage import Coverage
from kuaifan.policy.fleet import LINES, ON_SCENE, SKILLS, Fleet, FleetRow
from kuaifan.policy.patrol_first import Need, rank_units
from kuaifan.policy.scoring import UNREACHABLE_MS

NOW_MS = 1_700_000_000_000


class Case(NamedTuple):
    """All that a ranking is made from."""

    fleet: Fleet
    need: Need
    travel_ms: np.ndarray
    coverage: Coverage
    now_ms: int = NOW_MS

    def rank(self, **more):
        return rank_units(self.fleet, self.need, self.travel_ms, self.coverage, self.now_ms, **more)


def fleet_of(*units):
    """Units are (unit_id, line, skills, state); each has a fresh fix on arc 0."""
    fleet = Fleet([FleetRow(unit_id, line, tuple(skills)) for unit_id, line, skills, _ in units])
    for unit_id, _, _, state in units:
        fleet.state[fleet.index[unit_id]] = state
    fleet.arc[:] = 0
    fleet.fix_at_ms[:] = NOW_MS
    return fleet


def case_of(fleet, travel_ms, *, circles=(), within=(), **need):
    """A case with times given by unit id, and within by circle."""
    coverage = Coverage(tuple(circles), len(fleet))
    for circle_i, unit_ids in enumerate(within):
        for unit_id in unit_ids:
            coverage.within[fleet.index[unit_id], circle_i] = True
    times = np.array([travel_ms[unit_id] for unit_id in fleet.unit_ids], np.int32)
    asked = np.zeros(len(fleet), np.int8)
    for unit_id in need.pop("asked", ()):
        asked[fleet.index[unit_id]] = 1
    wants = {"priority": 3, "n_wanted": 1, "wanted_skills": 0, "target_ms": 0, **need}
    return Case(fleet, Need(asked=asked, **wants), times, coverage)


unit_lines = st.sampled_from([*LINES])
unit_skills = st.lists(st.sampled_from(SKILLS), unique=True, max_size=3)
# Few different times make ties; round ones meet the constants of the score.
times_ms = st.one_of(
    st.integers(0, 3),
    st.integers(0, 12).map(lambda n: n * 60_000),
    st.integers(0, 2**29),
    st.just(UNREACHABLE_MS),
)
ages_ms = st.one_of(
    st.integers(-5, 5).map(lambda ms: 120_000 + ms),
    st.integers(-5, 5).map(lambda ms: 900_000 + ms),
    st.integers(-1_000, 2_000_000),
    st.just(NOW_MS),
)


@st.composite
def cases(draw):
    n_units, n_circles = draw(st.integers(0, 12)), draw(st.integers(0, 4))
    ids = draw(
        st.lists(st.text("PST01", min_size=1), min_size=n_units, max_size=n_units, unique=True)
    )
    fleet = Fleet([FleetRow(name, draw(unit_lines), tuple(draw(unit_skills))) for name in ids])

    def column(values, dtype):
        return np.array(draw(st.lists(values, min_size=n_units, max_size=n_units)), dtype)

    fleet.state[:] = column(st.integers(0, ON_SCENE), np.int8)
    fleet.arc[:] = column(st.sampled_from([-1, 0, 0, 5]), np.int32)
    fleet.fix_at_ms[:] = NOW_MS - column(ages_ms, np.int64)
    coverage = Coverage(tuple(f"C{i}" for i in range(n_circles)), n_units)
    size = n_units * n_circles
    drawn = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    coverage.within[:] = np.array(drawn, np.bool_).reshape(n_units, n_circles)
    need = Need(
        priority=draw(st.integers(1, 5)),
        n_wanted=draw(st.integers(1, 3)),
        wanted_skills=draw(st.integers(0, 2 ** len(SKILLS) - 1) | st.just(0)),
        target_ms=draw(st.sampled_from([0, 60_000, 300_000])),
        asked=column(st.sampled_from([0, 0, 0, 1]), np.int8),
    )
    return Case(fleet, need, column(times_ms, np.int32), coverage)
