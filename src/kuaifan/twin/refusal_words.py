"""Why simulated people are refused (被拒原因): a sentence a code, so that none is a riddle."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "unit_not_available": "another order took the unit while the dispatcher was deciding",
    "incident_handled": "the incident was done with before the order went out",
    "incident_over": "the incident was closed or merged a moment earlier",
    "place_off_roads": "the caller names a place further than 3 km from every road of the city",
    "not_placed": "the incident has no place yet, so nobody can be ranked for it",
    "same_fact": "the rules had written the fact down before the call-taker did",
    "agency_open": "a service had not answered yet when the reviewer looked; he looks again",
    "order_done": "the crew was done before it could be called back",
    "order_withdrawn": "the crew was called back before its report came",
    "items_open": "a special seat still owed something for it; the reviewer looks again",
    "unit_free": "the crew was free again before it was turned round",
    "several_orders": "the crew had taken a second incident before it was turned round",
    "grave_on_scene": "the crew had reached a P1 incident before it was turned round",
    "not_on_scene": "the crew had left before an incident beside could be given to it",
    "too_far_beside": "the incident was placed anew before a crew beside it got the order",
    "in_emergency": "the crew was in danger itself by then",
    "already_there": "the unit was on its way to that post already",
    "call_not_talking": "the caller hung up a moment earlier",
    "seat_talking": "the seat had taken another call a moment earlier",
    "not_owed": "somebody had cleared the call a moment earlier",
    "already_taken_up": "somebody else had taken it up a moment earlier",
    "unknown_alarm": "the alarm was cleared a moment before it was taken up",
}


def find_words(code: str) -> str:
    """The sentence of a code, empty where nobody has explained it."""
    return WORDS.get(code, "")
