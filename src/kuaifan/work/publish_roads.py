"""Roads closed and slowed (封路与限速): one decision later, every road time follows them."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal

import numpy as np

from kuaifan.board.asking import need_name
from kuaifan.board.driving import NORMAL_PROFILE, is_urgent
from kuaifan.board.entities import Incident, Order
from kuaifan.board.expected import ETA_STEPS_MS, known_eta_ms
from kuaifan.board.road_changes import CLOSED
from kuaifan.board.road_times import path_between, times_to
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, EngineStarted, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.policy.fleet import EN_ROUTE
from kuaifan.roads.hours import HOUR_CLASSES
from kuaifan.roads.travel import UNREACHABLE_MS, RoadPosition
from kuaifan.vocabulary import road
from kuaifan.vocabulary.road import Line

MAX_OFF_STREET_M: Final = 60
MAX_ARCS: Final = 500
MINUTE_MS: Final = 60_000
HOURS_TIMER: Final = "road_hours"


def close_road(board: Board, command: road.CloseRoad, now_ms: int) -> list[Event]:
    """Nobody can drive along what was drawn (封路)."""
    return _change(board, command, CLOSED, now_ms)


def slow_road(board: Board, command: road.SlowRoad, now_ms: int) -> list[Event]:
    """It goes slower along what was drawn (限速)."""
    return _change(board, command, command.percent, now_ms)


def _change(
    board: Board, command: road.CloseRoad | road.SlowRoad, percent: int, now_ms: int
) -> list[Event]:
    if not (command.by and command.reason):
        raise Refused(
            "reason_needed",
            "封路、限速须填写经办人和原因",
            "closing or slowing a road needs who and why",
        )
    arcs = _arcs_along(board, command.points)
    if command.both_ways:
        twins = board.reference.network.driven_twin[np.array(arcs, np.int64)]
        arcs = tuple(dict.fromkeys((*arcs, *twins[twins >= 0].tolist())))
    return [
        road.RoadClosed(
            closure_id=f"R{board.n_closures + 1}",
            points=command.points,
            arcs=arcs,
            percent=percent,
            reason=command.reason,
            by=command.by,
            until_ms=now_ms + command.minutes * MINUTE_MS,
        )
    ]


def _arcs_along(board: Board, points: Line) -> tuple[int, ...]:
    """The pieces of street along a drawn line: the fastest way from point to point."""
    places = [_on_street(board, lat, lon) for lat, lon in points]
    arcs = {places[0].arc: None}
    for origin, target in pairwise(places):
        path = path_between(board, origin, target, profile=NORMAL_PROFILE)
        if not path.arcs:
            raise Refused(
                "no_way_along",
                "所绘线路的两点之间无路可通，请沿道路重绘",
                "there is no way from one point of the line to the next; draw it along the street",
            )
        arcs.update(dict.fromkeys(path.arcs))
    if len(arcs) > MAX_ARCS:
        raise Refused(
            "line_too_long",
            f"所绘线路经过 {len(arcs)} 个路段，超过 {MAX_ARCS}，请分段绘制",
            f"the line runs along {len(arcs)} pieces of street, more than {MAX_ARCS}; draw it in "
            "parts",
        )
    return tuple(arcs)


def _on_street(board: Board, lat: float, lon: float) -> RoadPosition:
    snapped = board.reference.snapper.snap_one(lat, lon)
    if snapped.distance_m > MAX_OFF_STREET_M:
        raise Refused(
            "off_street",
            f"所绘点距最近道路 {round(snapped.distance_m)} 米，请点在道路上",
            f"a point lies {round(snapped.distance_m)} m from the nearest street; draw on the "
            "street",
        )
    return snapped.position


def open_road(board: Board, command: road.OpenRoad, _now_ms: int) -> list[Event]:
    """A closure ends before its time (恢复通行)."""
    if command.closure_id not in board.closures:
        raise Refused(
            "unknown_closure",
            f"没有封路 {command.closure_id}，或已恢复通行",
            f"there is no closure {command.closure_id}, or it is open again",
        )
    need_name(command.by, zh="须填写经办人", en="say who opens the road")
    return [road.RoadOpened(closure_id=command.closure_id, by=command.by, reason=command.reason)]


def expire_closure(board: Board, command: road.ExpireClosure, _now_ms: int) -> list[Event]:
    """A closure has run out (封路到期)."""
    if command.closure_id not in board.closures:
        return []
    return [road.RoadOpened(closure_id=command.closure_id, by="", reason="expired")]


def use_weights(board: Board, _command: road.UseWeights, now_ms: int) -> list[Event]:
    """The weights that follow from all closures, and from the hour (启用路权).

    Told anew as well when the hours have run out unseen, so that their end is set again.
    """
    hours, hour_class, until_ms = board.reference.hours, "", 0
    if hours is not None:
        hour_class = HOUR_CLASSES[hours.table.class_at(now_ms)]
        until_ms = hours.table.next_change_ms(now_ms)
    changes = board.changes_in(hour_class)
    is_due = hours is not None and board.hours_until_ms <= now_ms
    if changes.hash == board.road_changes.hash and not is_due:
        return []
    return [
        road.WeightsUsed(
            weights_hash=changes.hash,
            n_arcs=len(changes.arcs),
            hour_class=hour_class,
            until_ms=until_ms,
        )
    ]


def update_etas(board: Board, command: road.UpdateEtas, now_ms: int) -> list[Event]:
    """When the units on their way will be there by the weights in force (更新预计到达)."""
    found = (board.orders.get(order_id) for order_id in command.order_ids or _on_the_way(board))
    under_way = [order for order in found if order is not None and order.state == "en_route"]
    cause: Literal["roads", "progress"] = "progress" if command.order_ids else "roads"
    return [
        road.EtaUpdated(
            order_id=order.order_id,
            incident_id=order.incident_id,
            unit_id=order.unit_id,
            eta_at_ms=eta_at_ms,
            cause=cause,
        )
        for order, eta_at_ms in _etas(board, under_way, now_ms)
        if abs(eta_at_ms - order.expected_at_ms) >= ETA_STEPS_MS[cause]
    ]


def _on_the_way(board: Board) -> list[str]:
    rows = np.flatnonzero(board.fleet.state == EN_ROUTE).tolist()
    return [board.units[board.fleet.unit_ids[row]].order_id for row in rows]


def _etas(board: Board, under_way: list[Order], now_ms: int) -> list[tuple[Order, int]]:
    """Orders with now and the rest of the way; without those where the one or other is unknown."""
    etas_ms: dict[str, int] = {}
    by_incident: dict[str, list[Order]] = {}
    for order in under_way:
        eta_at_ms = known_eta_ms(board, order, now_ms)
        if eta_at_ms is not None:
            etas_ms[order.order_id] = eta_at_ms
        elif board.fleet.arc[board.fleet.index[order.unit_id]] >= 0:
            by_incident.setdefault(order.incident_id, []).append(order)
    for incident_id, orders in by_incident.items():
        etas_ms |= _etas_to(board, board.incidents[incident_id], orders, now_ms)
    return [(order, etas_ms[order.order_id]) for order in under_way if order.order_id in etas_ms]


def _etas_to(board: Board, incident: Incident, orders: list[Order], now_ms: int) -> dict[str, int]:
    """By order, for those who head for one incident; one search for all of them."""
    if not incident.is_placed:
        return {}
    unit_i = np.array([board.fleet.index[order.unit_id] for order in orders])
    target = RoadPosition(incident.arc, incident.fraction_ppm)
    travel_ms = times_to(board, unit_i, target, is_urgent=is_urgent(incident)).tolist()
    return {
        order.order_id: now_ms + ms
        for order, ms in zip(orders, travel_ms, strict=True)
        if ms < UNREACHABLE_MS
    }


def on_closed(_board: Board, event: road.RoadClosed, _now_ms: int) -> list[Follow]:
    """Its end is set, and its weights come in force."""
    expire = road.ExpireClosure(closure_id=event.closure_id)
    return [SetTimer(f"closure:{event.closure_id}", event.until_ms, expire), road.UseWeights()]


def on_opened(_board: Board, event: road.RoadOpened, _now_ms: int) -> list[Follow]:
    """The weights without it come in force."""
    return [CancelTimer(f"closure:{event.closure_id}"), road.UseWeights()]


def on_weights(_board: Board, event: road.WeightsUsed, _now_ms: int) -> list[Follow]:
    """Units under way are expected at other times; when other hours begin, their weights follow."""
    if not event.until_ms:
        return [road.UpdateEtas()]
    return [SetTimer(HOURS_TIMER, event.until_ms, road.UseWeights()), road.UpdateEtas()]


def on_started(board: Board, _event: EngineStarted, _now_ms: int) -> list[Follow]:
    """A run begins in hours of its own, where the city tells hours apart."""
    return [] if board.reference.hours is None else [road.UseWeights()]


RULES = Rules[Board](
    deciders={
        road.CloseRoad: close_road,
        road.SlowRoad: slow_road,
        road.OpenRoad: open_road,
        road.ExpireClosure: expire_closure,
        road.UseWeights: use_weights,
        road.UpdateEtas: update_etas,
    },
    reactions={
        EngineStarted: [on_started],
        road.RoadClosed: [on_closed],
        road.RoadOpened: [on_opened],
        road.WeightsUsed: [on_weights],
    },
)
