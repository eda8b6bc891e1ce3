"""Folds of roads (路权归并): closures, and the weights that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from kuaifan.board.road_changes import Closure
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import road


def road_closed(board: Board, event: road.RoadClosed, _at_ms: int) -> None:
    """A closure stands; its weights come in force with the event that follows."""
    board.n_closures += 1
    board.closures[event.closure_id] = Closure(
        closure_id=event.closure_id,
        points=event.points,
        arcs=event.arcs,
        percent=event.percent,
        reason=event.reason,
        by=event.by,
        until_ms=event.until_ms,
        seq=board.seq,
    )


def road_opened(board: Board, event: road.RoadOpened, _at_ms: int) -> None:
    """It stands no more."""
    del board.closures[event.closure_id]


def weights_used(board: Board, event: road.WeightsUsed, _at_ms: int) -> None:
    """Every road time follows the closures and the hour from here on; so does who holds what."""
    board.use_roads(board.changes_in(event.hour_class))
    board.hours_until_ms = event.until_ms
    board.note_moved(np.flatnonzero(board.fleet.arc >= 0))


def eta_updated(board: Board, event: road.EtaUpdated, _at_ms: int) -> None:
    """The unit is expected then."""
    order = board.orders[event.order_id]
    order.eta_at_ms, order.seq = event.eta_at_ms, board.seq


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    road.RoadClosed: road_closed,
    road.RoadOpened: road_opened,
    road.WeightsUsed: weights_used,
    road.EtaUpdated: eta_updated,
}
