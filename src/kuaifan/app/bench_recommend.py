"""How long one recommendation takes (推荐耗时), from the board to candidates with reasons."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
import numpy as np

from kuaifan.app.bench_city import bench_unit, make_bench_reference
from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.app.rules import new_board
from kuaifan.board.entities import Incident
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.city.folder import read_city
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.fleet import STANDBY, FleetRow
from kuaifan.vocabulary.incident import RecommendUnits
from kuaifan.work.dispatch import recommend_units

N_STREETS: Final = 250
N_INCIDENTS: Final = 400
THEFT: Final = "010206"


class RecommendFigures(msgspec.Struct, frozen=True):
    """What `bench recommend` prints (推荐耗时)."""

    nodes: int
    units: int
    p50_ms: float
    p99_ms: float


def bench_recommend(
    n_units: int, *, city: Path | None = None, roads: Path | None = None
) -> RecommendFigures:
    """Rank all units for incidents spread over the streets."""
    if city is not None and roads is not None:
        raise BadInputError("give either --city or --roads")
    reference = _reference(city, roads)
    reference.units = {unit.unit_id: unit for unit in map(bench_unit, range(n_units))}
    load_kernels(reference)
    board = _board(reference, n_units)
    rng, network = np.random.default_rng(1), reference.network
    took_ms = []
    for number in range(N_INCIDENTS):
        incident = _incident(number, int(rng.integers(network.n_arcs)))
        board.incidents[incident.incident_id] = incident
        command = RecommendUnits(incident_id=incident.incident_id)
        board.seq = number + 1
        began_s = perf_counter()
        made = recommend_units(board, command, 0)
        took_ms.append((perf_counter() - began_s) * 1000)
        if not made:
            raise RuntimeError("the rules recommended nobody, so there is nothing to measure")
    p50_ms, p99_ms = np.percentile(took_ms[N_INCIDENTS // 10 :], [50, 99]).tolist()
    return RecommendFigures(network.n_nodes, n_units, round(p50_ms, 2), round(p99_ms, 2))


def _reference(city: Path | None, roads: Path | None) -> Reference:
    if city is None and roads is None:
        return make_bench_reference(n_streets=N_STREETS, n_units=1)
    with tempfile.TemporaryDirectory(prefix="kuaifan-bench-") as folder:
        if roads is not None:
            city = Path(folder) / "city"
            import_city(roads, city, ImportOptions(), progress=lambda _: None)
        assert city is not None  # noqa: S101 - one of the two was given
        return make_reference(read_city(city))


def _board(reference: Reference, n_units: int) -> Board:
    board, rng = new_board(reference), np.random.default_rng(2)
    units = sorted(reference.units)
    board.use_fleet([FleetRow(unit_id, "patrol", ("patrol",)) for unit_id in units])
    fleet = board.fleet
    fleet.state[:] = STANDBY
    fleet.arc[:] = rng.integers(reference.network.n_arcs, size=n_units)
    fleet.fraction_ppm[:] = rng.integers(1_000_000, size=n_units)
    board.note_moved(np.arange(n_units))
    return board


def _incident(number: int, arc: int) -> Incident:
    return Incident(
        incident_id=f"J{number}",
        source="110",
        type_code=THEFT,
        priority=3,
        plan="C1",
        route="dispatch",
        n_needed=1,
        record_class="ordinary",
        arc=arc,
        fraction_ppm=500_000,
        area_class="urban",
        opened_at_ms=0,
    )
