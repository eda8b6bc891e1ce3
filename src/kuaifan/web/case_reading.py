"""Opening a record (调阅): with a purpose where it is not the work in hand, and written down first.

What a seat handles now it reads as it stands. Anything else is masked, and a restricted record is
opened only for a purpose of the table, by a logged input that comes before the answer.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import unquote

from starlette.requests import Request

from kuaifan.board.reference import CITY_DESK
from kuaifan.board.view_rows import ViewName
from kuaifan.vocabulary.access import LogSearch, ReadRecord, ReadWhat
from kuaifan.vocabulary.rights import ROLE_NAMES, STATED, Purpose, may
from kuaifan.web.case_scope import Whose, find_whose, reaches
from kuaifan.web.commands import submit
from kuaifan.web.desk import Desk
from kuaifan.web.problems import Problem, malformed, not_found
from kuaifan.web.refusals import BEYOND_REACH
from kuaifan.web.viewer import Viewer, actor_of, viewer_of

MAX_REASON_CHARS: Final = 200
TAKES_WORDS: Final = frozenset({"complaint", "investigation", "legal"})
"""Purposes that come from outside the work of the desk: which complaint, case or letter it is."""
REASON: Final = "x-kuaifan-reason"
"""Said in words, percent-encoded; never in an address, which ends up in every proxy's log."""


async def get_whose(desk: Desk, viewer: Viewer, view: ViewName, key: str) -> Whose:
    """Whose a case is that the viewer may meet; raises Problem 404."""
    whose = await asyncio.to_thread(find_whose, desk, view, key)
    if whose is None or not reaches(viewer, whose):
        tried = BEYOND_REACH if whose is not None else ""
        raise not_found(f"没有 {key}，或不属于本席", f"there is no {key} here to see", tried=tried)
    return whose


async def is_opened(desk: Desk, request: Request, incident_id: str, what: ReadWhat) -> bool:
    """Whether a case may be shown with everything; a stated purpose is logged first.

    Without one, only what is in hand: nobody goes back to a case that is over for no reason, not
    even a crew that was there. Raises Problem 404 where it is not this viewer's, 403 where the
    purpose does not open it, 422 where it takes words.
    """
    viewer = viewer_of(request)
    whose = await get_whose(desk, viewer, "incidents", incident_id)
    purpose = purpose_of(request)
    if purpose is None:
        is_own_work = viewer.role == "crew" or viewer.reads(whose.desk_ids, whose.record_class)
        return whose.is_shown and is_own_work
    is_own = viewer.desk_id in (whose.desk_ids or (CITY_DESK,)) or viewer.desk_id == CITY_DESK
    if not may(viewer.role, "open_record", is_own, whose.record_class, purpose):
        raise purpose_refused(viewer, purpose)
    reason = unquote(request.headers.get(REASON, "")).strip()[:MAX_REASON_CHARS]
    if purpose in TAKES_WORDS and not reason:
        raise malformed(
            "以此事由调阅须说明案由", f"say in words why, in {REASON}", code="reason_needed"
        )
    read = ReadRecord(
        person=reader_of(request),
        what=what,
        purpose=purpose,
        incident_id=incident_id,
        reason=reason,
    )
    await log_read(desk, request, read)
    return True


async def need_opened(
    desk: Desk, request: Request, incident_id: str, what: ReadWhat
) -> bool | None:
    """Whether a case is read with everything, None through an open door, where nobody is asked.

    Raises Problem 403 for a restricted record that is neither in hand nor opened.
    """
    viewer = viewer_of(request)
    if viewer.visitor is None:
        return None
    whose = await get_whose(desk, viewer, "incidents", incident_id)
    is_opened_now = await is_opened(desk, request, incident_id, what)
    if whose.record_class != "ordinary" and not is_opened_now and not whose.is_shown:
        raise purpose_needed()
    return is_opened_now


async def log_read(
    desk: Desk, request: Request, read: ReadRecord | LogSearch, *, key: str | None = None
) -> None:
    """Write a reading down before it is answered; raises Problem where the log refuses."""
    record = await submit(desk, read, actor=actor_of(request), key=key)
    if record.refusal is not None:
        said = record.refusal
        raise Problem(409, "refused", said.code, said.reason_zh, said.reason_en)


def reader_of(request: Request) -> str:
    """Who reads, as it is written into the log."""
    visitor = viewer_of(request).visitor
    return visitor.name if visitor else actor_of(request)


def purpose_of(request: Request) -> Purpose | None:
    """The purpose that a request states, None where it states none."""
    text = request.query_params.get("purpose", "")
    if not text:
        return None
    for purpose in STATED:
        if purpose == text:
            return purpose
    raise malformed(f"没有调阅事由 {text[:40]}", f"purpose is one of {', '.join(sorted(STATED))}")


def purpose_refused(viewer: Viewer, purpose: str) -> Problem:
    """That a role opens nothing of this kind for a purpose (403)."""
    return Problem(
        403,
        "forbidden",
        "purpose_does_not_open",
        f"{ROLE_NAMES[viewer.role][0]}不得以此事由调阅此类记录",
        f"for {purpose} the role {viewer.role} does not open records of this class",
        tried="open_record",
    )


def purpose_needed() -> Problem:
    """That a record opens only for a purpose (403)."""
    return Problem(
        403,
        "forbidden",
        "purpose_needed",
        "受限记录须说明事由后调阅（purpose）",
        "a restricted record is opened with a purpose: add ?purpose=",
    )
