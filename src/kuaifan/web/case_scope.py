"""Whose a case is (案件归属), on the screens or no longer, and what a command is about.

Behind a log-on nobody reads or changes by its number what it would not be shown in a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from kuaifan.board.view_rows import ViewName
from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.approval import ApprovalAsked
from kuaifan.vocabulary.command_rights import SEAT, find_readers
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role
from kuaifan.web.masking import mask
from kuaifan.web.problems import Problem, not_found
from kuaifan.web.refusals import BEYOND_REACH
from kuaifan.web.viewer import Viewer

SUBJECTS: Final[dict[str, ViewName]] = {
    "incident_id": "incidents",
    "into_incident_id": "incidents",
    "other_incident_id": "incidents",
    "call_id": "calls",
    "unit_id": "units",
    "alarm_id": "alarms",
    "seat_id": "seats",
    "block_id": "cards",
    "note_id": "premises",
    "broadcast_id": "broadcasts",
    "emergency_id": "emergencies",
    "item_id": "items",
    "effect_id": "letters",
    "approval_id": "approvals",
}
STORED: Final = frozenset({"incidents", "calls"})


class Whose(msgspec.Struct, frozen=True, kw_only=True):
    """Desks, crews and class of a thing (归属); is_shown: on the screens. readers: see Shown."""

    desk_ids: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()
    record_class: RecordClass = "ordinary"
    is_shown: bool = False
    readers: tuple[Role, ...] = ()


MayMeet = Callable[[Whose], bool]
"""Whether anything may be said of a case."""


def anybody(_whose: Whose) -> bool:
    """Of an open door: of every case."""
    return True


def find_whose(desk: Any, view: ViewName, key: str) -> Whose | None:  # noqa: ANN401 - a Desk, which imports what imports this
    """Whose a thing is, None where nothing is known of it; may block on the disk."""
    shown = desk.store.find(view, key)
    if shown is not None:
        return Whose(
            desk_ids=shown.desk_ids,
            unit_ids=shown.unit_ids,
            record_class=shown.record_class,
            is_shown=True,
            readers=shown.readers,
        )
    if view == "units":
        profile = desk.reference.units.get(key)
        return Whose(desk_ids=(profile.desk_id,), unit_ids=(key,)) if profile else None
    found: Whose | None = desk.find_stored_whose(view, key) if view in STORED else None
    return found


def reaches(viewer: Viewer, whose: Whose | None) -> bool:
    """Whether a viewer may meet a thing at all; what nobody knows is for the rules to refuse."""
    if viewer.visitor is None or whose is None:
        return True
    if whose.readers and viewer.role not in whose.readers:
        return False
    if viewer.role == "crew":
        return viewer.unit_id in whose.unit_ids
    return viewer.sees_all_desks or viewer.desk_id in whose.desk_ids


def check_subjects(desk: Any, viewer: Viewer, message: Command) -> None:  # noqa: ANN401 - a Desk
    """Raise Problem 404 for a command about what its sender would not be shown."""
    order_id: str = getattr(message, "order_id", "")
    if viewer.role == "crew" and order_id:
        # Also one that was called back: the crew no longer sees its incident, and has to sign.
        if not reaches(viewer, desk.find_stored_whose("orders", order_id)):
            raise _not_here(order_id)
        return
    # A neighbour's unit for a case of its own: the rules ask for an approval.
    is_for_case = viewer.role != "crew" and hasattr(message, "incident_id")
    if isinstance(what := getattr(message, "what", None), Command):
        check_subjects(desk, viewer, what)
    for field, key in _subjects(desk, message):
        if field == "unit_id" and is_for_case:
            continue
        if not reaches(viewer, find_whose(desk, SUBJECTS[field], key)):
            raise _not_here(key)


def told_event(desk: Any, viewer: Viewer, event: Event) -> Event | None:  # noqa: ANN401 - a Desk
    """An event as a person behind a log-on may read it; None where it is not to be read."""
    if not _learns(desk, viewer, event):
        return None
    for field, view in SUBJECTS.items():
        key = getattr(event, field, "")
        if not key or view not in {"incidents", "calls", "units"}:
            continue
        shown = desk.store.find(view, key)
        if shown is None:
            # It has just left the screens: what happened is told, nobody's words are.
            return mask(event)
        if not viewer.sees(shown):
            return None
        return event if viewer.sees_personal_of(shown) else mask(event)
    return event if viewer.sees_personal else mask(event)


def _learns(desk: Any, viewer: Viewer, event: Event) -> bool:  # noqa: ANN401 - a Desk
    """What a restricted seat does of itself, after anybody's command, is told to its readers."""
    readers = find_readers(type(event)) or getattr(event, "readers", ())
    if isinstance(event, ApprovalAsked) and event.of_seat is not None:
        readers = event.of_seat.readers
    item_id = getattr(event, "item_id", "")
    if item_id and not readers:
        shown = desk.store.find("items", item_id)
        if shown is None:
            # It was closed by this: whose it was is known of its case.
            case = desk.store.find("incidents", getattr(event, "incident_id", ""))
            return case is None or case.record_class == "ordinary" or viewer.sees_personal_of(case)
        readers = shown.readers
    return not readers or viewer.role in readers


def _subjects(desk: Any, message: Command) -> list[tuple[str, str]]:  # noqa: ANN401 - a Desk
    named = [(field, getattr(message, field, "")) for field in SUBJECTS]
    parts = (getattr(message, field, "") for field in ("order_id", "request_id"))
    named += [("incident_id", part.rpartition("-")[0]) for part in parts if part]
    named += _of_seat(desk, message)
    for field, many in (("incident_id", "incident_ids"), ("call_id", "call_ids")):
        named += [(field, each) for each in getattr(message, many, None) or ()]
    if kept_id := getattr(message, "hold_id", "") or getattr(message, "erasure_id", ""):
        named += desk.list_kept(kept_id)
    if seq := getattr(message, "seq", 0):
        named += _undone(desk.find_undo_subject(seq))
    return [(field, key) for field, key in named if isinstance(key, str) and key]


def _of_seat(desk: Any, message: Command) -> list[tuple[str, str]]:  # noqa: ANN401 - a Desk
    """What a seat's command names by an id of the seat's own: its case, and what is owed on it."""
    seat_id = getattr(type(message), SEAT, "")
    if not seat_id:
        return []
    fields = (name for name in message.__struct_fields__ if name.endswith("_id"))
    own = {text for name in fields if isinstance(text := getattr(message, name), str) and text}
    cases = [("incident_id", re.split(r"[-/]", text, maxsplit=1)[0]) for text in own]
    rows = (shown.row for shown in desk.store.rows("items").values())
    owed = [row.item_id for row in rows if row.seat_id == seat_id and row.subject_id in own]
    return [*cases, *(("item_id", each) for each in owed)]


def _undone(subject_id: str) -> list[tuple[str, str]]:
    """What an undo is about: a unit, an incident, or an order of one."""
    if not subject_id:
        return []
    return [("incident_id", subject_id.partition("-")[0]), ("unit_id", subject_id)]


def _not_here(key: str) -> Problem:
    return not_found(
        f"没有 {key}，或不属于本席",
        f"there is no {key} here, or it is not this desk's",
        tried=BEYOND_REACH,
    )
