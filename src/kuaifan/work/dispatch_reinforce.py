"""More units (增援): back-up asked for by a crew or the desk, the next ring, units kept in mind."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_incident, get_live_order, get_open_incident, get_unit_on_duty
from kuaifan.board.progress import DONE_STATES
from kuaifan.board.sendable import get_workable_incident
from kuaifan.board.shortfall import shortfall_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.policy.fleet import SKILLS
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.alarm import RaiseAlarm

MAX_NEEDED: Final = 60
"""More units at one incident are led by a plan of their own, not by this desk."""
MAX_EXTRA_SKILLS: Final = 8
"""So many units with a skill may be asked for beyond the plan; a ranking weighs them together."""
MAX_RESERVED: Final = 20
HIGHEST_LEVEL: Final = 3
BACKUP_PRIORITY: Final = 2
"""A crew that asks for help is in something at least this urgent."""


def request_backup(board: Board, command: reinforce.RequestBackup, _now_ms: int) -> list[Event]:
    """More units are needed (请求增援); also where the type alone asks for none."""
    incident = get_workable_incident(board, command.incident_id)
    unit_id = _asking_unit(board, command)
    _refuse_bad_wish(incident, command)
    return [
        reinforce.BackupRequested(
            incident_id=incident.incident_id,
            order_id=command.order_id,
            unit_id=unit_id,
            n_units=command.n_units,
            skills=command.skills,
            reason=command.reason,
        )
    ]


def escalate_incident(
    board: Board, command: reinforce.EscalateIncident, _now_ms: int
) -> list[Event]:
    """Open the next ring (升级响应), up to the third: one more unit, and the leader is told."""
    incident = get_workable_incident(board, command.incident_id)
    if incident.level >= HIGHEST_LEVEL:
        raise Refused(
            "highest_level",
            f"警情 {incident.incident_id} 已是 {HIGHEST_LEVEL} 级响应，不能再升",
            f"incident {incident.incident_id} is at level {HIGHEST_LEVEL}, the highest; "
            "ask for back-up",
        )
    if incident.n_needed >= MAX_NEEDED:
        raise _too_many_units(incident)
    return [
        reinforce.IncidentEscalated(
            incident_id=incident.incident_id,
            level=incident.level + 1,
            n_units=1,
            reason=command.reason,
        )
    ]


def reserve_unit(board: Board, command: reinforce.ReserveUnit, _now_ms: int) -> list[Event]:
    """Keep a unit in mind (预留警力); nobody is sent, and nobody else is kept from sending it."""
    incident = get_workable_incident(board, command.incident_id)
    unit = get_unit_on_duty(board, command.unit_id)
    if unit.unit_id in incident.reserved_unit_ids:
        raise Refused(
            "already_reserved",
            f"警力 {unit.unit_id} 已为警情 {incident.incident_id} 预留",
            f"unit {unit.unit_id} is reserved for incident {incident.incident_id} already",
        )
    if any(o.is_active and o.unit_id == unit.unit_id for o in board.active_orders(incident)):
        raise Refused(
            "already_sent",
            f"警力 {unit.unit_id} 已派往警情 {incident.incident_id}",
            f"unit {unit.unit_id} is sent to incident {incident.incident_id} already",
        )
    if len(incident.reserved_unit_ids) >= MAX_RESERVED:
        raise Refused(
            "too_many_reserved",
            f"警情 {incident.incident_id} 已预留 {MAX_RESERVED} 个警力",
            f"incident {incident.incident_id} has {MAX_RESERVED} units reserved; release one first",
        )
    return [reinforce.UnitReserved(incident_id=incident.incident_id, unit_id=unit.unit_id)]


def release_unit(board: Board, command: reinforce.ReleaseUnit, _now_ms: int) -> list[Event]:
    """Forget a reservation (取消预留)."""
    incident = get_incident(board, command.incident_id)
    if command.unit_id not in incident.reserved_unit_ids:
        get_open_incident(board, command.incident_id)
        raise Refused(
            "not_reserved",
            f"警力 {command.unit_id} 未为警情 {incident.incident_id} 预留",
            f"unit {command.unit_id} is not reserved for incident {incident.incident_id}",
        )
    return [reinforce.UnitReleased(incident_id=incident.incident_id, unit_id=command.unit_id)]


def on_backup(board: Board, event: reinforce.BackupRequested, _now_ms: int) -> list[Follow]:
    """What a crew needs help with is urgent; who could go is ranked."""
    follows = list[Follow]()
    if event.order_id and board.incidents[event.incident_id].priority > BACKUP_PRIORITY:
        follows.append(
            incidents.SetPriority(
                incident_id=event.incident_id, priority=BACKUP_PRIORITY, reason="backup"
            )
        )
    return [*follows, *_offer_if_waiting(board, event.incident_id)]


def on_escalated(board: Board, event: reinforce.IncidentEscalated, _now_ms: int) -> list[Follow]:
    """The leader is told, and the unit more is ranked."""
    told = RaiseAlarm(
        kind="leader_told",
        subject_id=event.incident_id,
        incident_id=event.incident_id,
        to="leader",
        text=event.reason,
    )
    return [told, *_offer_if_waiting(board, event.incident_id)]


def on_reserved(
    board: Board, event: reinforce.UnitReserved | reinforce.UnitReleased, _now_ms: int
) -> list[Follow]:
    """The list says who is kept for it."""
    return _offer_if_waiting(board, event.incident_id)


def on_satisfied(
    board: Board, event: orders.UnitAssigned | orders.OrderHandled, _now_ms: int
) -> list[Follow]:
    """What has all it needs keeps nobody in mind any longer."""
    incident = board.incidents[event.incident_id]
    if not incident.reserved_unit_ids:
        return []
    is_done = incident.state in DONE_STATES or not shortfall_of(board, incident).is_short
    return _release_all(incident) if is_done else []


def on_over(
    board: Board,
    event: incidents.IncidentClosed | incidents.IncidentMerged | incidents.IncidentSettled,
    _now_ms: int,
) -> list[Follow]:
    """Nobody will be sent there."""
    return _release_all(board.incidents[event.incident_id])


def on_shift_ended(board: Board, event: units.ShiftEnded, _now_ms: int) -> list[Follow]:
    """A unit without a crew is kept for nothing."""
    return [
        reinforce.ReleaseUnit(incident_id=incident_id, unit_id=event.unit_id)
        for incident_id in board.units[event.unit_id].reserved_incident_ids
    ]


def _asking_unit(board: Board, command: reinforce.RequestBackup) -> str:
    """The unit of the crew that asks, empty for the desk."""
    if not command.order_id:
        return ""
    order = get_live_order(board, command.order_id)
    if order.incident_id != command.incident_id:
        raise Refused(
            "wrong_incident",
            f"派警单 {order.order_id} 属于警情 {order.incident_id}",
            f"order {order.order_id} belongs to incident {order.incident_id}",
        )
    if not order.is_active:
        raise Refused(
            "order_done",
            f"派警单 {order.order_id} 已处理完毕，请由指挥席请求增援",
            f"order {order.order_id} is {order.state}; only a crew at work asks, or the desk",
        )
    return order.unit_id


def _refuse_bad_wish(incident: Incident, command: reinforce.RequestBackup) -> None:
    unknown = [skill for skill in command.skills if skill not in SKILLS]
    if unknown:
        raise Refused(
            "unknown_skill",
            f"没有技能“{unknown[0]}”",
            f"skill {unknown[0]!r} is unknown; known are {', '.join(SKILLS)}",
        )
    if incident.n_needed + command.n_units > MAX_NEEDED:
        raise _too_many_units(incident)
    if len(incident.extra_skills) + len(command.skills) > MAX_EXTRA_SKILLS:
        raise Refused(
            "too_many_skills",
            f"警情 {incident.incident_id} 增援技能要求超过 {MAX_EXTRA_SKILLS} 项",
            f"incident {incident.incident_id} would ask for more than {MAX_EXTRA_SKILLS} units "
            "with a skill beyond its plan; ask for units without",
        )


def _too_many_units(incident: Incident) -> Refused:
    return Refused(
        "too_many_units",
        f"警情 {incident.incident_id} 所需警力超过 {MAX_NEEDED} 个",
        f"incident {incident.incident_id} would need more than {MAX_NEEDED} units; "
        "open a linked incident with a commander of its own",
    )


def _release_all(incident: Incident) -> list[Follow]:
    return [
        reinforce.ReleaseUnit(incident_id=incident.incident_id, unit_id=unit_id)
        for unit_id in incident.reserved_unit_ids
    ]


def _offer_if_waiting(board: Board, incident_id: str) -> list[Follow]:
    if incident_id in board.waiting:
        return [incidents.RecommendUnits(incident_id=incident_id)]
    return []


RULES = Rules[Board](
    deciders={
        reinforce.RequestBackup: request_backup,
        reinforce.EscalateIncident: escalate_incident,
        reinforce.ReserveUnit: reserve_unit,
        reinforce.ReleaseUnit: release_unit,
    },
    reactions={
        reinforce.BackupRequested: [on_backup],
        reinforce.IncidentEscalated: [on_escalated],
        reinforce.UnitReserved: [on_reserved],
        reinforce.UnitReleased: [on_reserved],
        orders.UnitAssigned: [on_satisfied],
        orders.OrderHandled: [on_satisfied],
        incidents.IncidentClosed: [on_over],
        incidents.IncidentMerged: [on_over],
        incidents.IncidentSettled: [on_over],
        units.ShiftEnded: [on_shift_ended],
    },
)
