"""How fast the twins are (孪生基准): the fast kernel, SimPy beside it, and the whole engine."""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path
from time import process_time
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.bench_twin_city import BasicCase, draw_basic, draw_full
from kuaifan.app.twin_identity import run_identity
from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.policies import get_policy
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_run import KernelRules, new_sim, run_sim

N_UNITS: Final = 100
N_BASIC, N_FULL, N_SIMPY = 2_000_000, 500_000, 20_000
YEAR_INCIDENTS: Final = 250_000
ROUNDS: Final = 3


class TwinFigures(msgspec.Struct, frozen=True):
    """What `bench twin` prints (孪生基准).

    All seconds are of one core of this process (CPU), so that what else the machine does counts
    for nothing; engine_wall_s is the wall's. The kernels are timed on calls drawn beforehand,
    compiled, best of three. simpy: the basic model in SimPy, None where that is not installed.
    engine_city_year_s: the engine twin with every rule and hashing, measured over
    `engine_incidents` of 250,000, once modules and kernels are loaded; where those are
    fewer, the year is their time times what is missing (`engine_is_extrapolated`). identical: the
    assignments of the engine and the kernel over `identity_orders` orders.
    """

    kernel_basic_calls_per_s: int
    kernel_full_calls_per_s: int
    simpy_calls_per_s: int | None
    engine_city_year_s: float | None
    engine_incidents: int
    engine_s: float
    engine_wall_s: float
    engine_is_extrapolated: bool
    engine_units_on_shift: float
    identical: bool
    identity_orders: int
    first_difference: str
    full_policy: str
    full_moves: int
    full_turned: int
    full_busy: float
    units: int
    python: str


def bench_twin(*, engine_incidents: int) -> TwinFigures:
    """Measure all, the engine over so many incidents; 0 leaves it out."""
    basic = draw_basic(N_BASIC, N_UNITS)
    basic_s = _time_basic(basic)
    full_s, counts, busy = _time_full()
    identity = run_identity()
    engine_s, wall_s, on_shift = _time_engine(engine_incidents)
    scale = YEAR_INCIDENTS / engine_incidents if engine_incidents else 0.0
    return TwinFigures(
        kernel_basic_calls_per_s=round(N_BASIC / basic_s),
        kernel_full_calls_per_s=round(N_FULL / full_s),
        simpy_calls_per_s=_time_simpy(basic),
        engine_city_year_s=round(engine_s * scale, 1) if engine_incidents else None,
        engine_incidents=engine_incidents,
        engine_s=round(engine_s, 1),
        engine_wall_s=round(wall_s, 1),
        engine_is_extrapolated=engine_incidents < YEAR_INCIDENTS,
        engine_units_on_shift=round(on_shift, 1),
        identical=identity.difference is None,
        identity_orders=identity.n_orders,
        first_difference=str(identity.difference or ""),
        full_policy="patrol_first",
        full_moves=int(counts[at.N_MOVED]),
        full_turned=int(counts[at.N_TURNED]),
        full_busy=round(busy, 3),
        units=N_UNITS,
        python=platform.python_version(),
    )


def _time_basic(case: BasicCase) -> float:
    from kuaifan.twin.kernel_basic import run_basic
    from kuaifan.twin.kernel_tree import new_tree

    few = slice(0, 100)
    run_basic(
        case.at_ms[few], case.place[few], case.busy_ms[few], case.travel_ms, new_tree(N_UNITS)
    )
    best_s = np.inf
    for _ in range(ROUNDS):
        tree, began_s = new_tree(N_UNITS), process_time()
        run_basic(*case, tree)
        best_s = min(best_s, process_time() - began_s)
    return float(best_s)


def _time_full() -> tuple[float, NDArray[np.int64], float]:
    policy, best_s = get_policy("patrol_first"), np.inf
    case = draw_full(N_FULL, N_UNITS, policy)
    few = case.calls[:, :100]
    run_sim(new_sim(case.city, few, case.line_ms, policy=policy, rules=KernelRules()))
    for _ in range(ROUNDS):
        sim = new_sim(case.city, case.calls, case.line_ms, policy=policy, rules=KernelRules())
        began_s = process_time()
        result = run_sim(sim)
        best_s = min(best_s, process_time() - began_s)
    busy = float(result.busy_ms.sum() / (case.calls[at.AT, -1] * N_UNITS))
    return float(best_s), result.counts, busy


def _time_simpy(case: BasicCase) -> int | None:
    try:
        from kuaifan.app.bench_twin_simpy import run_simpy
    except ModuleNotFoundError:
        return None
    few = slice(0, N_SIMPY)
    columns = case.at_ms[few], case.place[few], case.busy_ms[few]
    began_s = process_time()
    run_simpy(*columns, case.travel_ms)
    return round(N_SIMPY / (process_time() - began_s))


def _time_engine(n_incidents: int) -> tuple[float, float, float]:
    """CPU and wall seconds of an engine twin of so many incidents, and its units on shift."""
    if not n_incidents:
        return 0.0, 0.0, 0.0
    from kuaifan.app.bench_twin_engine import run_year

    if n_incidents > YEAR_INCIDENTS:
        raise BadInputError(f"a city-year has {YEAR_INCIDENTS:,} incidents; ask for no more")
    with tempfile.TemporaryDirectory(prefix="kuaifan-twin-") as folder:
        return run_year(Path(folder), n_incidents, YEAR_INCIDENTS)
