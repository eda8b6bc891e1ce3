"""What is known of an incident (警情要素): facts, possible places, notes, the major flag."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name
from kuaifan.board.entities import Incident
from kuaifan.board.grading import get_incident_to_amend, list_raising, type_by_facts, updated
from kuaifan.board.lookup import get_open_incident, get_road_place, get_type
from kuaifan.board.papers import IncidentNote, PossiblePlace
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import facts, reinforce
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.alarm import Addressee, ClearAlarm, RaiseAlarm

MAX_PLACES: Final = 20
"""More possible places than a person can rule out one by one."""
MAX_NOTES: Final = 500
MANY_CALLS: Final = 10
MANY_UNITS: Final = 6
"""From so many calls or units on a supervisor is told once; whether it is major a person says."""


def record_fact(board: Board, command: facts.RecordFact, _now_ms: int) -> list[Event]:
    """An answer about the scene (登记要素): a yes may raise the priority or change the type."""
    incident = get_incident_to_amend(board, command.incident_id)
    if incident.facts.get(command.fact) == command.answer:
        raise Refused(
            "same_fact",
            f"警情 {incident.incident_id} 要素 {command.fact} 已登记为 {command.answer}",
            f"incident {incident.incident_id} has {command.fact} = {command.answer} already",
        )
    events: list[Event] = [
        facts.FactRecorded(
            incident_id=incident.incident_id, fact=command.fact, answer=command.answer
        )
    ]
    if command.answer != "yes":
        return events
    known = {**incident.facts, command.fact: command.answer}
    was = get_type(board, incident.type_code)
    incident_type = type_by_facts(board, was, known)
    if incident_type is not was:
        events.append(updated(board, incident, incident_type, narrative=None))
    return [*events, *list_raising(board, incident, incident_type, known)]


def add_possible_place(board: Board, command: facts.AddPossiblePlace, _now_ms: int) -> list[Event]:
    """It may be there (登记可能地点); `PlaceIncident` stays the decision."""
    incident = get_incident_to_amend(board, command.incident_id)
    get_road_place(board, command.lat, command.lon)
    here = (command.lat, command.lon)
    standing = [each for each in incident.places if not each.ruled_out]
    twin = next((each for each in standing if (each.lat, each.lon) == here), None)
    if twin is not None:
        raise Refused(
            "same_place",
            f"该位置已登记为警情 {incident.incident_id} 的第 {twin.place_no} 个可能地点",
            f"this is possible place {twin.place_no} of incident {incident.incident_id} already",
        )
    if len(incident.places) >= MAX_PLACES:
        raise Refused(
            "too_many_places",
            f"警情 {incident.incident_id} 已有 {MAX_PLACES} 个可能地点，请改用记录",
            f"incident {incident.incident_id} has {MAX_PLACES} possible places; add a note instead",
        )
    return [
        facts.PossiblePlaceAdded(
            incident_id=incident.incident_id,
            place_no=len(incident.places) + 1,
            lat=command.lat,
            lon=command.lon,
            address=command.address,
        )
    ]


def rule_out_place(board: Board, command: facts.RuleOutPlace, _now_ms: int) -> list[Event]:
    """It is not there (排除地点); the place stays in the record with the reason."""
    incident = get_incident_to_amend(board, command.incident_id)
    place = _get_place(incident, command.place_no)
    if place.ruled_out:
        raise Refused(
            "already_ruled_out",
            f"警情 {incident.incident_id} 第 {place.place_no} 个可能地点已排除",
            f"possible place {place.place_no} of incident {incident.incident_id} is ruled out "
            "already",
        )
    return [
        facts.PlaceRuledOut(
            incident_id=incident.incident_id, place_no=place.place_no, reason=command.reason
        )
    ]


def add_note(board: Board, command: facts.AddNote, _now_ms: int) -> list[Event]:
    """Something more to know (补充记录), numbered from 1."""
    incident = get_open_incident(board, command.incident_id)
    if len(incident.notes) >= MAX_NOTES:
        raise Refused(
            "too_many_notes",
            f"警情 {incident.incident_id} 记录已达 {MAX_NOTES} 条",
            f"incident {incident.incident_id} has {MAX_NOTES} notes; open a linked incident",
        )
    return [
        facts.NoteAdded(
            incident_id=incident.incident_id, note_no=len(incident.notes) + 1, text=command.text
        )
    ]


def strike_note(board: Board, command: facts.StrikeNote, _now_ms: int) -> list[Event]:
    """A note is wrong (划改记录): it stays readable beside its correction."""
    incident = get_open_incident(board, command.incident_id)
    note = _get_note(incident, command.note_no)
    if note.struck:
        raise Refused(
            "already_struck",
            f"警情 {incident.incident_id} 第 {note.note_no} 条记录已划改",
            f"note {note.note_no} of incident {incident.incident_id} is struck already",
        )
    if not command.reason:
        raise Refused("reason_needed", "划改记录须填写原因", "say why the note is wrong")
    return [
        facts.NoteStruck(
            incident_id=incident.incident_id,
            note_no=note.note_no,
            reason=command.reason,
            correction=command.correction,
        )
    ]


def declare_major(board: Board, command: facts.DeclareMajor, _now_ms: int) -> list[Event]:
    """A person says that it is a major incident (定为重大警情); never the machine."""
    incident = get_open_incident(board, command.incident_id)
    if incident.is_major:
        raise Refused(
            "already_major",
            f"警情 {incident.incident_id} 已是重大警情",
            f"incident {incident.incident_id} is a major incident already",
        )
    need_name(command.declared_by, zh="须填写决定人", en="say who declares it a major incident")
    return [
        facts.MajorDeclared(
            incident_id=incident.incident_id,
            reason=command.reason,
            declared_by=command.declared_by,
        )
    ]


def end_major(board: Board, command: facts.EndMajor, _now_ms: int) -> list[Event]:
    """A supervisor says that it is no longer one (解除重大警情)."""
    incident = get_open_incident(board, command.incident_id)
    if not incident.is_major:
        raise Refused(
            "not_major",
            f"警情 {incident.incident_id} 不是重大警情",
            f"incident {incident.incident_id} is no major incident",
        )
    if not command.approved_by:
        raise Refused(
            "supervisor_needed",
            f"解除重大警情 {incident.incident_id} 须值班领导批准",
            f"ending major incident {incident.incident_id} needs the name of a supervisor",
        )
    return [facts.MajorEnded(incident_id=incident.incident_id, approved_by=command.approved_by)]


def on_major(_board: Board, event: facts.MajorDeclared, _now_ms: int) -> list[Follow]:
    """The leader is told."""
    return [
        RaiseAlarm(
            kind="major",
            subject_id=event.incident_id,
            incident_id=event.incident_id,
            to="leader",
            text=event.reason,
        )
    ]


def on_major_ended(board: Board, event: facts.MajorEnded, _now_ms: int) -> list[Follow]:
    """There is nothing to report any more."""
    alarm_id = f"major:{event.incident_id}"
    return [ClearAlarm(alarm_id=alarm_id)] if alarm_id in board.alarms else []


def on_plan(
    board: Board, event: incidents.IncidentOpened | incidents.IncidentUpdated, _now_ms: int
) -> list[Follow]:
    """Some plans have the leader told as soon as they are known (报告领导)."""
    plan = board.reference.find_plan(event.plan)
    if plan is None or not plan.tells_leader:
        return []
    incident = board.incidents[event.incident_id]
    text = f"预案 {plan.code} {plan.name_cn} · plan {plan.code}"
    return _tell_once(incident, incident.incident_id, "leader", text)


def on_size(
    board: Board,
    event: incidents.IncidentOpened | incidents.IncidentUpdated | calls.CallAttached,
    _now_ms: int,
) -> list[Follow]:
    """Many calls or many units: a supervisor is told, once, and decides what it is."""
    return _list_told_size(board.incidents[event.incident_id])


def on_merged(board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """The calls of two incidents count together."""
    return _list_told_size(board.incidents[event.into_incident_id])


def _list_told_size(incident: Incident) -> list[Follow]:
    n_calls, n_units = len(incident.call_ids), incident.n_needed
    if n_calls < MANY_CALLS and n_units < MANY_UNITS:
        return []
    text = f"来电 {n_calls} 起，需警力 {n_units} · {n_calls} calls, {n_units} units wanted"
    return _tell_once(incident, f"{incident.incident_id}-size", "supervisor", text)


def _tell_once(incident: Incident, subject_id: str, to: Addressee, text: str) -> list[Follow]:
    if subject_id in incident.told:
        return []
    about = incident.incident_id
    return [
        RaiseAlarm(kind="leader_told", subject_id=subject_id, incident_id=about, to=to, text=text)
    ]


def _get_place(incident: Incident, place_no: int) -> PossiblePlace:
    if not 1 <= place_no <= len(incident.places):
        raise Refused(
            "unknown_place",
            f"警情 {incident.incident_id} 没有第 {place_no} 个可能地点",
            f"incident {incident.incident_id} has no possible place {place_no}",
        )
    return incident.places[place_no - 1]


def _get_note(incident: Incident, note_no: int) -> IncidentNote:
    if not 1 <= note_no <= len(incident.notes):
        raise Refused(
            "unknown_note",
            f"警情 {incident.incident_id} 没有第 {note_no} 条记录",
            f"incident {incident.incident_id} has no note {note_no}",
        )
    return incident.notes[note_no - 1]


RULES = Rules[Board](
    deciders={
        facts.RecordFact: record_fact,
        facts.AddPossiblePlace: add_possible_place,
        facts.RuleOutPlace: rule_out_place,
        facts.AddNote: add_note,
        facts.StrikeNote: strike_note,
        facts.DeclareMajor: declare_major,
        facts.EndMajor: end_major,
    },
    reactions={
        facts.MajorDeclared: [on_major],
        facts.MajorEnded: [on_major_ended],
        incidents.IncidentOpened: [on_plan, on_size],
        incidents.IncidentUpdated: [on_plan, on_size],
        incidents.IncidentMerged: [on_merged],
        calls.CallAttached: [on_size],
        reinforce.BackupRequested: [on_size],
    },
)
