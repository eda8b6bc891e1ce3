"""Road times as the board has them (行车时间): by the weights in force, beside closed streets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.road_changes import stand_beside
from kuaifan.board.state import Board
from kuaifan.roads.travel import Path, RoadPosition


def times_to(
    board: Board, unit_i: NDArray[np.int64], target: RoadPosition, *, profile: int
) -> NDArray[np.int32]:
    """(k,) ms from where some units are to a place; their positions must be known."""
    fleet, network, changes = board.fleet, board.reference.network, board.road_changes
    places = (fleet.arc[unit_i], fleet.fraction_ppm[unit_i])
    if not len(changes.arcs):
        return board.travel.to_one(*places, target, profile=profile)
    arcs, ppm = stand_beside(network, changes, *places)
    return board.travel.to_one(arcs, ppm, beside(board, target), profile=profile)


def path_between(board: Board, origin: RoadPosition, target: RoadPosition, *, profile: int) -> Path:
    """The fastest way now; up to the closed street where an end lies on one."""
    return board.travel.path(beside(board, origin), beside(board, target), profile=profile)


def beside(board: Board, place: RoadPosition) -> RoadPosition:
    """A place, or the open end of its street where that is closed."""
    network, changes = board.reference.network, board.road_changes
    if not len(changes.arcs):
        return place
    arcs, ppm = stand_beside(
        network, changes, np.array([place.arc]), np.array([place.fraction_ppm])
    )
    return RoadPosition(int(arcs[0]), int(ppm[0]))
