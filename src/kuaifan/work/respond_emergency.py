"""Officer emergency (民警紧急求助): help goes at once; voice contact and a second person end it."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import is_same_person, need_name
from kuaifan.board.entities import Unit
from kuaifan.board.grading import record_class_of
from kuaifan.board.lookup import check_no_emergency, get_emergency, get_unit_on_duty
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import emergency as emergencies
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.reinforce import RequestBackup

EMERGENCY_TYPE_KEY: Final = "obstructing_police"
"""阻碍执行职务: P1 under plan A1, two units at once. An assault on police (袭警, Criminal Law
art. 277) is a case of it, and it says nothing yet that only the scene can show, as a killing would.
"""
HELP_UNITS: Final = 2
TOP_PRIORITY: Final = 1


def declare_emergency(
    board: Board, command: emergencies.DeclareEmergency, _now_ms: int
) -> list[Event]:
    """An officer is in danger (紧急求助): at the unit's incident, else that is an incident."""
    unit = get_unit_on_duty(board, command.unit_id)
    check_no_emergency(unit, "already_in_emergency")
    need_name(command.declared_by, zh="紧急求助须填写发起人", en="say who calls for help")
    order = board.orders.get(unit.order_id)
    opened = [] if order else _opened(board, unit, command.declared_by)
    return [
        *opened,
        emergencies.EmergencyDeclared(
            emergency_id=f"E{board.n_emergencies + 1}",
            unit_id=unit.unit_id,
            incident_id=order.incident_id if order else f"J{board.n_incidents + 1}",
            declared_by=command.declared_by,
            source=command.source,
        ),
    ]


def take_up_emergency(
    board: Board, command: emergencies.TakeUpEmergency, _now_ms: int
) -> list[Event]:
    """A person at the desk has it in hand (受理紧急求助); its clock stops."""
    found = get_emergency(board, command.emergency_id)
    need_name(command.by, zh="须填写受理人", en="say who takes it up")
    if found.state != "declared":
        raise Refused(
            "already_taken_up",
            f"紧急求助 {found.emergency_id} 已由 {found.taken_up_by} 受理",
            f"emergency {found.emergency_id} was taken up by {found.taken_up_by}",
        )
    return [
        emergencies.EmergencyTakenUp(
            emergency_id=found.emergency_id, unit_id=found.unit_id, by=command.by
        )
    ]


def confirm_voice_contact(
    board: Board, command: emergencies.ConfirmVoiceContact, _now_ms: int
) -> list[Event]:
    """Somebody has spoken with the officer (确认语音联系)."""
    found = get_emergency(board, command.emergency_id)
    need_name(command.by, zh="须填写通话人", en="say who has spoken with the officer")
    if found.state == "declared":
        raise Refused(
            "not_taken_up",
            f"紧急求助 {found.emergency_id} 尚未受理",
            f"nobody has taken up emergency {found.emergency_id} yet; take it up first",
        )
    if found.state == "in_contact":
        raise Refused(
            "already_in_contact",
            f"紧急求助 {found.emergency_id} 已由 {found.contact_by} 确认语音联系",
            f"{found.contact_by} has spoken with the officer of {found.emergency_id} already",
        )
    return [
        emergencies.VoiceContactConfirmed(
            emergency_id=found.emergency_id, unit_id=found.unit_id, by=command.by
        )
    ]


def end_emergency(board: Board, command: emergencies.EndEmergency, _now_ms: int) -> list[Event]:
    """A second person ends it (解除紧急求助); its incident stays open for its own end."""
    found = get_emergency(board, command.emergency_id)
    need_name(command.by, zh="须填写解除人", en="say who ends it")
    if not command.reason.strip():
        raise Refused(
            "reason_needed",
            f"解除紧急求助 {found.emergency_id} 须说明理由",
            f"say why emergency {found.emergency_id} is over",
        )
    if found.state != "in_contact":
        raise Refused(
            "no_contact",
            f"紧急求助 {found.emergency_id} 尚未语音联系民警，不能解除",
            f"nobody has spoken with the officer of {found.emergency_id}; confirm voice contact",
        )
    if is_same_person(command.by, found.contact_by):
        raise Refused(
            "second_person",
            f"紧急求助 {found.emergency_id} 须由 {found.contact_by} 以外的人解除",
            f"{found.contact_by} has spoken with the officer; somebody else must end "
            f"{found.emergency_id}",
        )
    return [
        emergencies.EmergencyEnded(
            emergency_id=found.emergency_id,
            unit_id=found.unit_id,
            by=command.by,
            reason=command.reason,
        )
    ]


def on_declared(board: Board, event: emergencies.EmergencyDeclared, _now_ms: int) -> list[Follow]:
    """The incident becomes the most urgent there is, and two more units are wanted there."""
    unit, incident = board.units[event.unit_id], board.incidents[event.incident_id]
    if not unit.order_id:
        # Its own incident: the type asks for the units, and has the top priority.
        return []
    reason = f"officer emergency {event.emergency_id}"
    help_ = RequestBackup(
        incident_id=event.incident_id, n_units=HELP_UNITS, order_id=unit.order_id, reason=reason
    )
    if incident.priority == TOP_PRIORITY:
        return [help_]
    raised = incidents.SetPriority(
        incident_id=event.incident_id, priority=TOP_PRIORITY, reason=reason
    )
    return [raised, help_]


def _opened(board: Board, unit: Unit, declared_by: str) -> list[Event]:
    """An incident of its own, where the unit was last known to be."""
    incident_type, incident_id = _emergency_type(board), f"J{board.n_incidents + 1}"
    placed = _placed(board, unit, incident_id)
    opened = incidents.IncidentOpened(
        incident_id=incident_id,
        call_id="",
        source="patrol_found",
        type_code=incident_type.code,
        priority=TOP_PRIORITY,
        plan=incident_type.plan,
        route=incident_type.route,
        min_units=max(HELP_UNITS, board.reference.n_units_of(incident_type)),
        record_class=record_class_of(incident_type),
        narrative=f"民警紧急求助：{unit.call_sign}（{declared_by}）",
        desk_id=placed[0].desk_id if placed else unit.desk_id,
        unit_id=unit.unit_id,
    )
    return [opened, *placed]


def _placed(board: Board, unit: Unit, incident_id: str) -> list[incidents.IncidentPlaced]:
    fleet, row = board.fleet, board.fleet.index[unit.unit_id]
    if fleet.arc[row] < 0:
        return []
    lat, lon = float(fleet.lat[row]), float(fleet.lon[row])
    place = board.reference.place(lat, lon)
    return [
        incidents.IncidentPlaced(
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
    ]


def _emergency_type(board: Board) -> IncidentType:
    """A city may have edited its types: then the gravest that sends units. O(types)."""
    types = board.reference.types.values()
    named = [each for each in types if each.key == EMERGENCY_TYPE_KEY]
    sending = [each for each in types if each.needs_units]
    return min(named or sending or types, key=lambda each: (each.priority, each.code))


RULES = Rules[Board](
    deciders={
        emergencies.DeclareEmergency: declare_emergency,
        emergencies.TakeUpEmergency: take_up_emergency,
        emergencies.ConfirmVoiceContact: confirm_voice_contact,
        emergencies.EndEmergency: end_emergency,
    },
    reactions={emergencies.EmergencyDeclared: [on_declared]},
)
