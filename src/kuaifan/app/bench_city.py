"""A plain grid of streets with units on it (基准城市): for figures that need no real city."""

from __future__ import annotations

from typing import Final

import numpy as np

from kuaifan.board.reference import Post, Reference
from kuaifan.city.folder import read_default_types
from kuaifan.roads.build import RawWay, RawWays, build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.snap import Snapper
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.unit_profile import UnitProfile

SOUTH: Final = 32.60
WEST: Final = 117.00
STEP_DEG: Final = 0.0015
MAIN_EVERY: Final = 6
STATION_ID, POST_ID = "S1", "B1"


def make_bench_reference(
    *, n_streets: int, n_units: int, network: RoadNetwork | None = None
) -> Reference:
    """A square grid of n_streets x n_streets crossings, every sixth a main one; loads no kernel.

    network: that of such a grid, made before, as a city folder has it.
    """
    network = make_grid(n_streets) if network is None else network
    snapper = Snapper(network)
    middle = SOUTH + STEP_DEG * n_streets / 2, WEST + STEP_DEG * n_streets / 2
    return Reference(
        types=read_incident_types(read_default_types().decode("utf-8-sig")),
        posts=[
            _post(snapper, STATION_ID, "station", middle),
            _post(snapper, POST_ID, "standby_post", middle),
        ],
        units=[bench_unit(number) for number in range(1, n_units + 1)],
        targets_ms={(priority, "urban"): 300_000 * priority for priority in range(1, 6)},
        network=network,
        travel=DijkstraTravelTimes(network),
        snapper=snapper,
        city_hash=f"grid {n_streets} x {n_streets}, {n_units} units",
    )


def make_grid(n_streets: int) -> RoadNetwork:
    """The streets of a grid alone."""
    row, column = np.divmod(np.arange(n_streets * n_streets), n_streets)
    ways = []
    for street in range(n_streets):
        highway = "secondary" if street % MAIN_EVERY == 0 else "residential"
        east = tuple(range(street * n_streets, (street + 1) * n_streets))
        north = tuple(range(street, n_streets * n_streets, n_streets))
        ways += [
            RawWay(way_id=2 * street, nodes=east, highway=highway, name=f"东西{street + 1}路"),
            RawWay(way_id=2 * street + 1, nodes=north, highway=highway, name=f"南北{street + 1}路"),
        ]
    network, _ = build_network(
        RawWays(
            node_id=np.arange(n_streets * n_streets),
            node_lat=SOUTH + STEP_DEG * row,
            node_lon=WEST + STEP_DEG * column,
            ways=ways,
        )
    )
    return network


def _post(snapper: Snapper, post_id: str, kind: str, place: tuple[float, float]) -> Post:
    position = snapper.snap_one(*place).position
    return Post(post_id, kind, post_id, *place, position.arc, position.fraction_ppm)


def bench_unit(number: int) -> UnitProfile:
    """A patrol car of the middle post."""
    return UnitProfile(
        unit_id=f"P{number:05d}",
        call_sign=f"巡{number:03d}",
        kind="patrol_car",
        line="patrol",
        skills=("patrol",),
        home_post_id=POST_ID,
        n_officers=2,
        n_auxiliaries=0,
        shift="全天",
        shift_start_hour=0,
        shift_end_hour=24,
    )
