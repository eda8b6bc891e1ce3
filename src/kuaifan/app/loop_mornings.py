"""The mornings of a log (九点核对): what the clearing named, beside what the log says is open.

An incident of an earlier day that is open at nine is either named, or the log itself has the reason
why not: a case, a step of a seat in its time, a receipt of another service, a dated reason. What is
named is open, and has none of these but the other service, whose receipt alone does not clear.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kuaifan.board.day_tally import day_of
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import agency, kinship
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items

RUN: Final = "DailyClearingRun"
CASE, REASON, OFF = "CaseLinked", "OpenReasonGiven", "IncidentCleared"
IN_HAND: Final = frozenset(
    {
        *(("mediation", kind) for kind in ("case", "performance", "case_route", "civil_route")),
        *(("hotline", kind) for kind in ("theirs", "ours")),
    }
)
"""Items that say an incident is in a seat's hands, while they are in time."""


class Morning(msgspec.Struct, frozen=True, kw_only=True):
    """A nine o'clock (九点): of the day before and earlier, what was open and what was named.

    excused: open and not named, each with its reason in the log. overlooked, wrong: what should
    have been named and was not, and what was and should not have been.
    """

    day: int
    at_ms: int
    named: tuple[str, ...]
    n_opened: int
    n_excused: int
    overlooked: tuple[str, ...]
    wrong: tuple[str, ...]


class Mornings:
    """Follows every incident and every clearing of a log (清零核对).

    without_excuse: open on the last morning, and nothing in the log says why.
    """

    def __init__(self) -> None:
        self.found: list[Morning] = []
        self.without_excuse: frozenset[str] = frozenset()
        self._open: dict[str, int] = {}
        self._days: dict[str, int] = {}
        self._in_case: set[str] = set()
        self._told: set[str] = set()
        self._reasons: dict[str, int] = {}
        self._hands: dict[str, dict[str, int]] = {}
        self._of_item: dict[str, str] = {}

    def take(self, record: Record) -> None:
        """Take a record into account."""
        for event in record.events:
            name = type(event).__name__
            if name == RUN:
                self._look(event, record.at_ms)
            elif name == CASE:
                self._in_case.add(event.incident_id)  # type: ignore[attr-defined] # by its name
            elif name == REASON:
                self._reasons[event.incident_id] = event.until_ms  # type: ignore[attr-defined]
            elif name == OFF:
                # Off the list its reason is spent: named again it needs another one.
                self._reasons.pop(event.incident_id, None)  # type: ignore[attr-defined]
            else:
                self._follow(event, record.at_ms)

    def _follow(self, event: Event, at_ms: int) -> None:
        if isinstance(event, incidents.IncidentOpened | kinship.IncidentReopened):
            # Opened again it is still of the day on which it was first reported.
            day = self._days.setdefault(event.incident_id, day_of(at_ms))
            self._open.setdefault(event.incident_id, day)
        elif isinstance(event, kinship.IncidentSplit):
            self._open[event.into_incident_id] = self._days[event.into_incident_id] = day_of(at_ms)
        elif isinstance(event, incidents.IncidentClosed | incidents.IncidentMerged):
            self._open.pop(event.incident_id, None)
        elif isinstance(event, agency.AgencyAccepted):
            self._told.add(event.incident_id)
        else:
            self._follow_item(event)

    def _follow_item(self, event: Event) -> None:
        if isinstance(event, items.ItemOpened):
            if (event.seat_id, event.kind) in IN_HAND and event.incident_id:
                self._of_item[event.item_id] = event.incident_id
                self._hands.setdefault(event.incident_id, {})[event.item_id] = event.due_at_ms
        elif isinstance(event, items.ItemMoved | items.ItemPostponed):
            if (incident_id := self._of_item.get(event.item_id)) is not None:
                self._hands[incident_id][event.item_id] = event.due_at_ms
        elif isinstance(event, items.ItemRehung):
            if (incident_id := self._of_item.get(event.item_id)) is not None:
                due_at_ms = self._hands[incident_id].pop(event.item_id)
                self._of_item[event.item_id] = event.incident_id
                self._hands.setdefault(event.incident_id, {})[event.item_id] = due_at_ms
        elif isinstance(event, items.ItemClosed):
            incident_id = self._of_item.pop(event.item_id, "")
            self._hands.get(incident_id, {}).pop(event.item_id, None)

    def _look(self, run: Any, at_ms: int) -> None:  # noqa: ANN401 - the seat's event, by its name
        named = frozenset(run.left_ids)
        due = {each for each, day in self._open.items() if day <= run.day}
        cleared = {each for each in due if self._is_cleared(each, at_ms)}
        excused = cleared | (due & self._told)
        self.without_excuse = frozenset(due - excused)
        self.found.append(
            Morning(
                day=run.day,
                at_ms=at_ms,
                named=tuple(run.left_ids),
                n_opened=run.counts.get("incidents", 0),
                n_excused=len(excused - named),
                overlooked=tuple(sorted(due - named - excused)),
                wrong=tuple(sorted((named - due) | (named & cleared))),
            )
        )

    def _is_cleared(self, incident_id: str, at_ms: int) -> bool:
        in_time = any(due > at_ms for due in self._hands.get(incident_id, {}).values())
        has_reason = self._reasons.get(incident_id, 0) > at_ms
        return incident_id in self._in_case or in_time or has_reason
