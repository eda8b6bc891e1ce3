"""The rules of the mediation seat (调解专席规则): who decides, and what follows by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.mediation import keeping, opening, outcome, words
from kuaifan.seats.mediation.clauses import refuse_barred
from kuaifan.seats.mediation.lookup import slice_of
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

BY_RULE: Final = "规则"


def on_case_changed(
    board: Board, event: incidents.IncidentUpdated | orders.FeedbackGiven, _now_ms: int
) -> list[Follow]:
    """A case that turns out to be barred is not mediated any further."""
    incident = board.incidents[event.incident_id]
    paper = slice_of(board).cases.get(slice_of(board).by_incident.get(event.incident_id, ""))
    if paper is None or paper.outcome not in {"", "agreed"}:
        return []
    try:
        refuse_barred(board, incident)
    except Refused as bar:
        return [
            words.EndMediation(
                mediation_id=paper.mediation_id, why="barred", by=BY_RULE, note=bar.reason_zh
            )
        ]
    return []


def on_closed(_board: Board, event: incidents.IncidentClosed, _now_ms: int) -> list[Follow]:
    """Disputes are counted when they are closed, so that each of them counts once."""
    return [words.CountDispute(incident_id=event.incident_id)]


DECIDERS: Final[Mapping[type, Callable[..., list[Event]]]] = {
    words.KeepMediationRoom: keeping.keep_room,
    words.KeepMediator: keeping.keep_mediator,
    words.OpenMediation: opening.open_mediation,
    words.RecordMediationConsent: opening.record_consent,
    words.BookMediation: opening.book,
    words.CancelMediationBooking: opening.cancel_booking,
    words.HoldMediation: outcome.hold,
    words.SignMediation: outcome.sign,
    words.CheckPerformance: outcome.check_performance,
    words.EndMediation: outcome.end,
    words.TakeMediationToCase: outcome.take_to_case,
    words.TellCivilRoute: outcome.tell_civil_route,
    words.SetMediationTerms: keeping.set_terms,
    words.CountDispute: keeping.count_dispute,
    words.RetireMediation: keeping.retire,
}
REACTIONS: Final[Mapping[type, tuple[Callable[..., list[Follow]], ...]]] = {
    incidents.IncidentUpdated: (on_case_changed,),
    orders.FeedbackGiven: (on_case_changed,),
    incidents.IncidentClosed: (on_closed,),
}
