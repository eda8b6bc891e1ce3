"""Grids against all contiguous divisions; always whole, locked and within borders; or words."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.models.patrol_grids.problem import Cell, GridProblem, Instance, pose
from kuaifan.models.patrol_grids.solve import solve
from kuaifan.plan.siting import ProblemError


def a_town(rows, columns, n_grids, seed=1, **options):
    n = rows * columns
    place = np.arange(n).reshape(rows, columns)
    east = np.stack((place[:, :-1].ravel(), place[:, 1:].ravel()), 1)
    north = np.stack((place[:-1].ravel(), place[1:].ravel()), 1)
    rng = np.random.default_rng(seed)
    given_ = {
        "work": rng.integers(1, 9, n).astype(float),
        "place_m": np.stack(np.divmod(np.arange(n), columns)[::-1], 1) * 500.0,
        "borders": np.concatenate((east, north)),
        "n_grids": n_grids,
        "region": np.zeros(n, np.int64),
    }
    return GridProblem(**given_ | options)


def is_contiguous(problem, grid_of):
    """By going from cell to cell, knowing nothing of pieces."""
    for grid in range(problem.n_grids):
        mine = {i for i, g in enumerate(grid_of) if g == grid}
        if not mine:
            return False
        reached, waiting = set(), [min(mine)]
        while waiting:
            cell = waiting.pop()
            if cell in reached:
                continue
            reached.add(cell)
            for a, b in problem.borders.tolist():
                if problem.region[a] == problem.region[b]:
                    waiting += [{a: b, b: a}[cell]] if cell in {a, b} else []
            waiting = [each for each in waiting if each in mine]
        if reached != mine:
            return False
    return True


@pytest.fixture(scope="module", params=[2, 3])
def all_divisions(request):
    n_grids = request.param
    problem = a_town(3, 3, n_grids)
    every = product(range(n_grids), repeat=8)
    whole = [(0, *each) for each in every if is_contiguous(problem, (0, *each))]
    return n_grids, np.array(whole)


def test_no_contiguous_division_is_better_balanced(all_divisions):
    n_grids, divisions = all_divisions
    for seed in range(4):
        problem = a_town(3, 3, n_grids, seed, tolerance=0.0)
        work = np.stack([(divisions == g) @ problem.work for g in range(n_grids)], 1)
        found = solve(problem)
        assert found.value == work.max(axis=1).min() >= found.bound
        assert is_contiguous(problem, found.grid_of)


@st.composite
def towns(draw):
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    n, n_grids = rows * columns, draw(st.integers(2, 4))
    region = (np.arange(n) % columns >= draw(st.integers(1, columns))).astype(np.int64)
    first, second = draw(st.permutations(range(n)))[:2]
    locked = {first: 0} | ({second: 1} if region[first] == region[second] else {second: 0})
    locked = draw(st.sampled_from([{}, {first: n_grids - 1}, locked]))
    if len({region[c] for c in locked}) > 1:
        locked = {}
    return a_town(rows, columns, n_grids, draw(st.integers(0, 99)), region=region, locked=locked)


@settings(deadline=None, max_examples=60)
@given(towns())
def test_grids_are_whole_keep_locks_and_cross_no_border(problem):
    try:
        found = solve(problem)
    except ProblemError:
        return
    assert is_contiguous(problem, found.grid_of)
    assert all(found.grid_of[cell] == grid for cell, grid in problem.locked.items())
    for grid in found.grids:
        mine = np.array(found.grid_of) == grid.grid
        assert len(set(problem.region[mine])) == 1
        assert grid.work == problem.work[mine].sum()
    assert found.bound <= found.value == max(grid.work for grid in found.grids)
    assert sum(grid.n_cells for grid in found.grids) == len(problem.work)


def test_a_city_of_cells_is_balanced_within_the_tolerance_and_compact():
    problem = a_town(16, 16, 8)
    found = solve(problem, gap=0.06)
    assert found.imbalance <= 0.05 + 1e-9
    assert found.is_proven
    assert is_contiguous(problem, found.grid_of)
    # An eighth of the town as a square has 1,155 m; nothing is far from it.
    assert max(grid.rms_m for grid in found.grids) < 1_500
    assert solve(problem).grid_of == found.grid_of
    assert "a tolerance of 5.0% is kept" in found.reasons[0]


def test_grids_of_a_district_stay_in_it_and_the_busier_district_gets_more():
    region = np.repeat([0, 1], 18)
    work = np.where(region == 0, 1.0, 3.0)
    found = solve(a_town(6, 6, 4, region=region, work=work))
    assert [sum(found.grid_of[c] == g for c in range(18)) > 0 for g in range(4)].count(True) == 1
    assert found.bound == 18
    assert "2 pieces that no road joins in a region" in found.reasons[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n_grids": 0}, "0 grids are asked for: there are 9 cells, give 1 to 9"),
        ({"n_grids": 10}, "10 grids are asked for"),
        ({"work": np.zeros(9)}, "all weights are zero"),
        ({"work": np.full(9, np.nan)}, "the weight of demand 0 is nan"),
        ({"work": np.full(9, -1.0)}, "the weight of demand 0 is -1"),
        ({"tolerance": 1.0}, "the tolerance is 1"),
        ({"place_m": np.full((9, 2), np.nan)}, "cell 0 lies nowhere near"),
        ({"place_m": np.zeros((8, 2))}, "give each a place and a region"),
        ({"borders": np.array([[0, 9]])}, "a border names a cell that is not one of 0 to 8"),
        ({"borders": np.zeros((0, 2), np.int64)}, "9 pieces that no road joins .* 2 grids are"),
        ({"region": np.array([0, 1, 2] * 3)}, "3 pieces .* ask for at least 3, join them"),
        ({"locked": {9: 0}}, "cell 9 is locked but is not one"),
        ({"locked": {0: 2}}, "cell 0 is locked to grid 2: grids go from 0 to 1"),
        ({"locked": {0: 0, 8: 0, 2: 1, 6: 1}}, "locked to grid [01] cannot be joined without"),
        (
            {"region": np.array([0, 0, 1] * 3), "locked": {0: 0, 2: 0}},
            "grid 0 is locked to cell 2 and to others from which no road leads",
        ),
        (
            {"region": np.array([0, 0, 1] * 3), "locked": {0: 0, 8 - 1: 1}},
            "all grids are locked to other pieces than that of cell 2",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(options, words):
    with pytest.raises(ProblemError, match=words):
        solve(a_town(3, 3, **{"n_grids": 2} | options))


def test_no_cells_at_all_is_said():
    with pytest.raises(ProblemError, match="there are 0 cells"):
        solve(pose(Instance(cells=[], borders=[], n_grids=1)))


def test_a_file_names_regions_and_locks():
    cells = [Cell(work=1, x_m=500.0 * i, y_m=0, grid=1 if i == 0 else None) for i in range(4)]
    found = solve(pose(Instance(cells=cells, borders=[(0, 1), (1, 2), (2, 3)], n_grids=2)))
    assert found.grid_of == (1, 1, 0, 0)
    assert found.is_proven
    parted = [Cell(work=1, x_m=0, y_m=0, region=name) for name in "ab"]
    assert solve(pose(Instance(cells=parted, borders=[(0, 1)], n_grids=2))).grids[0].borders == (1,)
