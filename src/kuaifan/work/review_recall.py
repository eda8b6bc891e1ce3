"""Review 评查: a retired incident is brought back before somebody touches it (调档)."""

from __future__ import annotations

import msgspec

from kuaifan.board.entities import Call, Incident, Order
from kuaifan.board.state import Board
from kuaifan.board.stored_papers import E, put_together, read_paper, take_apart
from kuaifan.kernel.message import Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import kinship, recall


def recall_incident(board: Board, command: recall.RecallIncident, _now_ms: int) -> list[Event]:
    """Whole and over, or not at all."""
    if command.incident_id in board.incidents:
        raise Refused(
            "incident_on_board",
            f"警情 {command.incident_id} 未归档，可直接操作",
            f"incident {command.incident_id} has not left the board; go on with it",
        )
    if fault := _find_fault(command):
        raise Refused(
            "papers_unusable",
            f"警情 {command.incident_id} 的归档资料不全或已损坏，无法调档",
            f"the papers of incident {command.incident_id} cannot be used: {fault}",
        )
    return [
        recall.IncidentRecalled(
            incident_id=command.incident_id,
            facts=command.facts,
            texts=command.texts,
            body=command.body,
            calls=command.calls,
            orders=command.orders,
        )
    ]


def on_recalled(board: Board, event: recall.IncidentRecalled, now_ms: int) -> list[Follow]:
    """It leaves again after the same time, unless it is reopened."""
    retire = kinship.RetireIncident(incident_id=event.incident_id)
    due_at_ms = now_ms + board.reference.clocks.retire_ms
    return [SetTimer(f"retire:{event.incident_id}", due_at_ms, retire)]


def _find_fault(command: recall.RecallIncident) -> str:
    """What is wrong with the papers, empty where nothing is; an erased text is nothing wrong."""
    try:
        incident = read_paper(Incident, command)
        calls = [read_paper(Call, each) for each in command.calls]
        orders = [read_paper(Order, each) for each in command.orders]
        is_bare = (
            _is_bare(Incident, command.facts)
            and all(_is_bare(Call, each.facts) for each in command.calls)
            and all(_is_bare(Order, each.facts) for each in command.orders)
        )
    except (msgspec.DecodeError, ValueError) as error:
        return str(error)
    if not is_bare:
        return "a personal text stands among the facts, where it would not be sealed"
    if incident.incident_id != command.incident_id or not incident.is_over:
        return f"they are of {incident.incident_id}, which is {incident.state}"
    has_calls = all(
        (call.call_id, call.incident_id) == (stored.call_id, command.incident_id)
        for call, stored in zip(calls, command.calls, strict=True)
    )
    if not has_calls or incident.order_ids != [order.order_id for order in orders]:
        return "calls or orders are missing or of another incident"
    return ""


def _is_bare(kind: type[E], facts: str) -> bool:
    """Whether the facts of a paper hold no personal text; the body of old logs has none beside."""
    return not facts or not take_apart(put_together(kind, facts, ()))[1]


RULES = Rules[Board](
    deciders={recall.RecallIncident: recall_incident},
    reactions={recall.IncidentRecalled: [on_recalled]},
)
