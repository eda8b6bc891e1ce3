"""Overlays are marked and lifted (叠加标记): by name, once, and never on what is over."""

from __future__ import annotations

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import overlay


def mark_overlay(board: Board, command: overlay.MarkOverlay, _now_ms: int) -> list[Event]:
    """It is also of this kind (标记叠加), or it is not after all: overlay_stands, no_overlay."""
    incident = get_open_incident(board, command.incident_id)
    need_name(command.by)
    stands = command.overlay in incident.overlays
    if command.lifted:
        need_reason(command.reason)
        if not stands:
            raise Refused(
                "no_overlay",
                f"警情 {incident.incident_id} 没有叠加标记 {command.overlay}",
                f"incident {incident.incident_id} has no overlay {command.overlay}",
            )
        return [
            overlay.OverlayLifted(
                incident_id=incident.incident_id,
                overlay=command.overlay,
                by=command.by,
                reason=command.reason,
            )
        ]
    if stands:
        raise Refused(
            "overlay_stands",
            f"警情 {incident.incident_id} 已有叠加标记 {command.overlay}",
            f"incident {incident.incident_id} already has the overlay {command.overlay}",
        )
    return [
        overlay.OverlayMarked(
            incident_id=incident.incident_id, overlay=command.overlay, by=command.by
        )
    ]


RULES = Rules[Board](deciders={overlay.MarkOverlay: mark_overlay})
