import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import splu

from kuaifan.kernel.errors import BadInputError
from kuaifan.models.hypercube import HypercubeProblem, solve
from kuaifan.models.hypercube.levels import correction_table, make_levels
from kuaifan.plan.erlang import erlang_b, erlang_c

# Larson & Odoni, Urban Operations Research, 5.4.3 to 5.5.3: three units, ten places.
TEXTBOOK_CALLS = np.array([0.25, 0.25, 0.1, 0.25, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1])
TEXTBOOK_ORDER = np.array(
    [[0, 1, 2]] * 2 + [[1, 0, 2]] + [[0, 2, 1]] + [[1, 0, 2]] * 2 + [[2, 0, 1]] * 4
)


def textbook():
    return HypercubeProblem(
        calls_per_h=TEXTBOOK_CALLS,
        served_per_h=np.ones(3),
        travel=np.ones((10, 3)),
        preference=TEXTBOOK_ORDER,
    )


def random_problem(n_units, *, load=0.5, is_queueing=True, n_places=12, seed=1):
    rng = np.random.default_rng(seed)
    mu = rng.uniform(0.7, 1.4, n_units)
    calls = rng.random(n_places)
    return HypercubeProblem(
        calls_per_h=calls * load * mu.sum() / calls.sum(),
        served_per_h=mu,
        travel=rng.random((n_places, n_units)),
        is_queueing=is_queueing,
    )


def alike(n_units, load, *, is_queueing):
    return HypercubeProblem(
        calls_per_h=np.full(n_units, load / n_units),
        served_per_h=np.ones(n_units),
        travel=np.ones((n_units, n_units)),
        preference=np.add.outer(np.arange(n_units), np.arange(n_units)) % n_units,
        is_queueing=is_queueing,
    )


def chances_by_lu(problem):
    """All balance equations at once, the loss form, by sparse LU."""
    n_units = problem.n_units
    n_states = 1 << n_units
    rows, columns, rates = [], [], []
    for state in range(n_states):
        free = [u for u in range(n_units) if not state >> u & 1]
        moves = [(state ^ (1 << u), problem.served_per_h[u]) for u in set(range(n_units)) - {*free}]
        if free:
            first = [next(u for u in order if u in free) for order in problem.order()]
            moves += [(state | 1 << u, c) for u, c in zip(first, problem.calls_per_h, strict=True)]
        for to, rate in moves:
            rows += [to, state]
            columns += [state, state]
            rates += [rate, -rate]
    balance = sparse.coo_matrix((rates, (rows, columns))).tocsc()
    # One equation follows from the others: the empty state's chance is set, then all scaled.
    rest = splu(balance[1:, 1:], permc_spec="MMD_AT_PLUS_A").solve(
        -balance[1:, [0]].toarray()[:, 0]
    )
    chance = np.concatenate(([1.0], rest))
    return chance / chance.sum()


@pytest.mark.parametrize("method", ["exact", "larson"])
def test_units_that_are_alike_wait_and_lose_as_erlang_says(method):
    for n_units, load in ((2, 1.5), (5, 2.0), (8, 7.2)):
        queueing = solve(alike(n_units, load, is_queueing=True), method=method)
        assert queueing.queued_share == pytest.approx(erlang_c(load, n_units), rel=1e-7)
        assert queueing.workload == pytest.approx(np.full(n_units, load / n_units), rel=1e-7)
        losing = solve(alike(n_units, load, is_queueing=False), method=method)
        assert losing.lost_share == pytest.approx(erlang_b(load, n_units), rel=1e-7)


def test_the_textbook_case_comes_out_as_printed():
    result = solve(textbook())
    assert result.method == "exact"
    assert result.workload.round(4).tolist() == [0.5574, 0.4734, 0.4693]
    assert round(result.queued_share, 5) == 0.23684
    # Who goes out of his own district: each place's first choice is its district's unit.
    own = result.dispatched[np.arange(10), TEXTBOOK_ORDER[:, 0]].sum()
    assert round(1 - own, 4) == 0.4353


def test_larsons_approximation_comes_out_as_printed():
    result = solve(textbook(), method="larson")
    assert result.workload == pytest.approx([0.5627, 0.4716, 0.4657], abs=1.1e-4)
    levels = make_levels(np.array([1.5]), np.array([1.0, 2.0, 3.0]), is_queueing=True)
    assert correction_table(levels, 1)[:, 0] == pytest.approx([1, 0.73684, 0.63158], abs=1e-5)


def test_twelve_unequal_units_agree_with_a_sparse_lu_of_all_equations():
    problem = random_problem(12, load=0.6, is_queueing=False)
    chance = chances_by_lu(problem)
    states = np.arange(1 << 12)
    by_unit = [chance[states >> unit & 1 == 1].sum() for unit in range(12)]
    result = solve(problem)
    assert result.workload == pytest.approx(by_unit, rel=1e-8)
    assert result.lost_share == pytest.approx(chance[-1], rel=1e-7)


@pytest.mark.parametrize("is_queueing", [True, False])
@pytest.mark.parametrize("load", [0.001, 0.5, 0.99])
def test_what_a_unit_is_sent_is_what_it_serves(load, is_queueing):
    problem = random_problem(7, load=load, is_queueing=is_queueing)
    result = solve(problem)
    carried = problem.calls_per_h.sum() * (1 - result.lost_share)
    sent = result.dispatched.sum(axis=0) * carried
    assert sent == pytest.approx(result.workload * problem.served_per_h, rel=1e-6)
    by_place = result.dispatched.sum(axis=1)
    assert by_place == pytest.approx(problem.calls_per_h / problem.calls_per_h.sum(), rel=1e-6)
    assert result.level.sum() == pytest.approx(1)
    assert result.workload.sum() == pytest.approx(result.level @ np.arange(8), rel=1e-6)


def test_the_approximation_is_near_the_exact_answer():
    for load in (0.2, 0.5, 0.8):
        problem = random_problem(8, load=load)
        exact, near = solve(problem), solve(problem, method="larson")
        assert np.mean(np.abs(near.workload / exact.workload - 1)) < 0.03
        assert near.mean_travel == pytest.approx(exact.mean_travel, rel=0.04)
        assert near.workload @ problem.served_per_h == pytest.approx(problem.calls_per_h.sum())


def test_two_units_an_incident_are_near_what_all_equations_say():
    problem = random_problem(5, load=0.25, is_queueing=False)
    pairs = HypercubeProblem(
        calls_per_h=problem.calls_per_h,
        served_per_h=problem.served_per_h,
        travel=problem.travel,
        is_queueing=False,
        n_sent=np.full(12, 2),
    )
    near = solve(pairs)
    assert near.method == "larson"
    busy = _workload_of_pairs(pairs)
    assert near.workload == pytest.approx(busy, rel=0.06)
    assert near.workload.sum() == pytest.approx(busy.sum(), rel=0.01)


def _workload_of_pairs(problem):
    """Dense balance equations where an incident takes the first two that are free."""
    n_units = problem.n_units
    generator = np.zeros((1 << n_units, 1 << n_units))
    for state in range(1 << n_units):
        for order, calls in zip(problem.order(), problem.calls_per_h, strict=True):
            taken = [u for u in order if not state >> u & 1][:2]
            if taken:
                generator[state, state | sum(1 << u for u in taken)] += calls
        for unit in range(n_units):
            if state >> unit & 1:
                generator[state, state ^ (1 << unit)] += problem.served_per_h[unit]
    generator -= np.diag(generator.sum(axis=1))
    equations = generator.T.copy()
    equations[0] = 1.0
    chance = np.linalg.solve(equations, np.eye(1 << n_units)[0])
    states = np.arange(1 << n_units)
    return np.array([chance[states >> u & 1 == 1].sum() for u in range(n_units)])


def test_pairs_that_queue_wait_as_a_chain_written_out_says():
    levels = make_levels(np.array([0.4, 0.3]), np.array([1.0, 2.0]), is_queueing=True)
    n = 400
    generator = np.zeros((n, n))
    for level in range(n):
        for size, rate in ((1, 0.4), (2, 0.3)):
            if level + size < n:
                generator[level, level + size] = rate
        if level:
            generator[level, level - 1] = min(level, 2)
    generator -= np.diag(generator.sum(axis=1))
    equations = generator.T.copy()
    equations[0] = 1.0
    chance = np.linalg.solve(equations, np.eye(n)[0])
    assert levels.chance == pytest.approx([chance[0], chance[1], chance[2:].sum()])
    assert levels.waiting == pytest.approx(chance[3:].sum())
    assert levels.mean_queue == pytest.approx(chance[2:] @ np.arange(n - 2))


def test_a_hundred_units_take_the_approximation_and_conserve_their_calls():
    problem = random_problem(100, load=0.7, n_places=50)
    result = solve(problem)
    assert result.method == "larson"
    assert result.dispatched.sum() == pytest.approx(1)
    assert result.workload @ problem.served_per_h == pytest.approx(problem.calls_per_h.sum())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"calls_per_h": np.array([9.0, 9.0])}, "queue would grow without end"),
        ({"calls_per_h": np.array([0.0, 0.0])}, "more than 0 in all"),
        ({"calls_per_h": np.array([])}, "no place with calls"),
        ({"served_per_h": np.array([1.0, 0.0])}, "not above zero"),
        ({"travel": np.array([[1.0, np.inf], [1.0, 1.0]])}, "unit 1 cannot reach place 0"),
        ({"travel": np.ones((3, 2))}, r"\(places, units\)"),
        ({"preference": np.array([[0, 0], [0, 1]])}, "prefer every unit once"),
        ({"n_sent": np.array([1, 3])}, "1 to 2 units an incident"),
    ],
)
def test_what_cannot_be_is_said_in_words(change, said):
    fine = {
        "calls_per_h": np.array([0.5, 0.5]),
        "served_per_h": np.ones(2),
        "travel": np.ones((2, 2)),
    }
    with pytest.raises(BadInputError, match=said):
        HypercubeProblem(**(fine | change))


def test_exact_refuses_more_units_than_it_can_hold():
    with pytest.raises(BadInputError, match="up to 20 units"):
        solve(random_problem(21), method="exact")
