"""What a unit finds by itself (自行发现): incident, order and arrival in one, and it is at work."""

from __future__ import annotations

from kuaifan.board.entities import Unit
from kuaifan.board.grading import record_class_of
from kuaifan.board.lookup import (
    check_no_emergency,
    get_road_place,
    get_type_to_use,
    get_unit_on_duty,
)
from kuaifan.board.sendable import refuse_unless_available
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce


def self_initiate(board: Board, command: reinforce.SelfInitiate, _now_ms: int) -> list[Event]:
    """A free unit is on something it found (自行发现), at the place given or where it is."""
    unit = get_unit_on_duty(board, command.unit_id)
    refuse_unless_available(board, unit)
    check_no_emergency(unit)
    incident_id = f"J{board.n_incidents + 1}"
    order_id = f"{incident_id}-1"
    lat, lon = _place_of(board, unit, command)
    return [
        _opened(board, incident_id, command, unit),
        _placed(board, incident_id, lat, lon),
        orders.UnitAssigned(
            order_id=order_id,
            incident_id=incident_id,
            unit_id=unit.unit_id,
            n_crew=unit.n_officers + unit.n_auxiliaries,
            rank=0,
            travel_ms=0,
            self_initiated=True,
        ),
        orders.UnitArrived(order_id=order_id, incident_id=incident_id, source="button"),
    ]


def _place_of(board: Board, unit: Unit, command: reinforce.SelfInitiate) -> tuple[float, float]:
    if (command.lat is None) != (command.lon is None):
        raise Refused(
            "half_a_place",
            "经纬度须同时填写",
            "a place needs latitude and longitude; give both, or neither for where the unit is",
        )
    if command.lat is not None and command.lon is not None:
        return command.lat, command.lon
    fleet, unit_i = board.fleet, board.fleet.index[unit.unit_id]
    if fleet.arc[unit_i] < 0:
        raise Refused(
            "no_position",
            f"警力 {unit.unit_id} 位置未知，须填写地点",
            f"where unit {unit.unit_id} is is not known; give the place",
        )
    return float(fleet.lat[unit_i]), float(fleet.lon[unit_i])


def _opened(
    board: Board, incident_id: str, command: reinforce.SelfInitiate, unit: Unit
) -> incidents.IncidentOpened:
    incident_type = get_type_to_use(board, command.type_code)
    return incidents.IncidentOpened(
        incident_id=incident_id,
        call_id="",
        source=command.source,
        type_code=incident_type.code,
        priority=incident_type.priority,
        plan=incident_type.plan,
        route=incident_type.route,
        min_units=max(1, board.reference.n_units_of(incident_type)),
        record_class=record_class_of(incident_type),
        narrative=command.narrative,
        desk_id=unit.desk_id,
        unit_id=unit.unit_id,
    )


def _placed(board: Board, incident_id: str, lat: float, lon: float) -> incidents.IncidentPlaced:
    place = get_road_place(board, lat, lon)
    return incidents.IncidentPlaced(
        incident_id=incident_id,
        lat=lat,
        lon=lon,
        address="",
        arc=place.arc,
        fraction_ppm=place.fraction_ppm,
        offset_m=place.offset_m,
        jurisdiction=place.jurisdiction,
        area_class=place.area_class,
        district=place.district,
        desk_id=place.desk_id,
    )


RULES = Rules[Board](deciders={reinforce.SelfInitiate: self_initiate})
