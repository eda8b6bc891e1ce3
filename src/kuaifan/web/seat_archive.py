"""The archive of a special seat over HTTP (专席归档接口): listed by days and words, then opened.

All in it is over: behind a log-on it is looked through and opened for a stated purpose, which is
written down before the answer. The list has no personal text at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.day_tally import date_of
from kuaifan.board.seat_archive import lay_open
from kuaifan.board.views import Shown
from kuaifan.vocabulary.access import LogSearch
from kuaifan.vocabulary.record_class import RECORD_CLASSES
from kuaifan.vocabulary.rights import STATED, Purpose, may
from kuaifan.vocabulary.seat_archive import SeatPaper
from kuaifan.web.case_reading import (
    TAKES_WORDS,
    log_read,
    need_opened,
    purpose_needed,
    purpose_refused,
    reader_of,
)
from kuaifan.web.case_scope import Whose, reaches
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.problems import answer, malformed
from kuaifan.web.seat_archive_rows import (
    SEARCH_PATH,
    SEAT_ARCHIVE_PATH,
    ArchivedPaper,
    ArchiveFound,
    ArchiveLine,
    ArchiveLook,
    ArchiveSearching,
    ArchiveSeen,
)
from kuaifan.web.seat_rows import SeatHere
from kuaifan.web.seats import NO_STORE, get_readable, read_days
from kuaifan.web.viewer import Viewer, viewer_of

MAX_ID_CHARS: Final = 40
MAX_BODY_BYTES: Final = 4_096
MAX_TEXT_CHARS: Final = 200


def seat_archive_routes(parts: Parts) -> list[Route]:
    """POST a search of it, GET what it has of one incident."""
    routes = ArchiveRoutes(parts.desk, parts.seats)
    return [
        Route(SEAT_ARCHIVE_PATH, routes.read),
        Route(SEARCH_PATH, routes.search, methods=["POST"]),
    ]


class ArchiveRoutes:
    """The archive of the installed seats (专席归档)."""

    def __init__(self, desk: Desk, seats: Iterable[SeatHere]) -> None:
        self._desk, self._seats = desk, tuple(seats)
        self._decoder = msgspec.json.Decoder(ArchiveSearching)

    async def search(self, request: Request) -> Response:
        """Papers that left on some days, for the seat's readers alone."""
        viewer, here = viewer_of(request), get_readable(self._seats, request)
        asked: ArchiveSearching = decode(self._decoder, await read_body(request, MAX_BODY_BYTES))
        _check_purpose(viewer, asked)
        today_ms = self._desk.clock()[0]
        first, last = read_days(asked.from_day, asked.to_day, today_ms)
        look = ArchiveLook(words=tuple(asked.text.split()), first_day=first, last_day=last)
        looked = await asyncio.to_thread(self._desk.search_archive, here.seat_id, look)
        met = [each for each in looked.lines if _meets(viewer, each)]
        told = tuple(each for each in met if _may_open(viewer, each, asked.purpose))
        found = ArchiveFound(
            seat_id=here.seat_id,
            from_day=date_of(first),
            to_day=date_of(last),
            lines=told,
            n_looked=looked.n_looked,
            n_withheld=len(met) - len(told),
            is_cut=looked.is_cut,
        )
        await log_read(self._desk, request, _searched(request, here, asked, found))
        return answer(found, headers=NO_STORE)

    async def read(self, request: Request) -> Response:
        """What it kept of an incident; behind a log-on with everything for a purpose only."""
        viewer, here = viewer_of(request), get_readable(self._seats, request)
        incident_id = request.query_params.get("incident_id", "")
        if not 0 < len(incident_id) <= MAX_ID_CHARS:
            raise malformed("须填写警情编号 incident_id", "give incident_id")
        is_opened = await need_opened(self._desk, request, incident_id, "seat_archive")
        found = await asyncio.to_thread(self._desk.list_seat_papers, incident_id)
        own = (each for each in found if each.seat_id == here.seat_id)
        papers = (_archived(viewer, each, is_opened=is_opened) for each in own)
        seen = ArchiveSeen(
            seat_id=here.seat_id,
            incident_id=incident_id,
            papers=tuple(each for each in papers if each is not None),
        )
        return answer(seen, headers=NO_STORE)


def _check_purpose(viewer: Viewer, asked: ArchiveSearching) -> None:
    """Raise Problem 403 behind a log-on without a purpose that opens anything, 422 without why."""
    if viewer.visitor is None:
        return
    purpose = asked.purpose
    if purpose not in STATED:
        raise purpose_needed()
    opens = (may(viewer.role, "open_record", True, each, purpose) for each in RECORD_CLASSES)
    if not any(opens):
        raise purpose_refused(viewer, purpose)
    if purpose in TAKES_WORDS and not asked.reason.strip():
        raise malformed("以此事由调阅须说明案由", "say in words why", code="reason_needed")


def _meets(viewer: Viewer, line: ArchiveLine) -> bool:
    desk_ids = tuple(each for each in (*line.desk_ids, line.desk_id) if each)
    return reaches(viewer, Whose(desk_ids=desk_ids, record_class=line.record_class))


def _may_open(viewer: Viewer, line: ArchiveLine, purpose: Purpose | None) -> bool:
    """Whether it may be opened for this purpose; through an open door nobody is asked."""
    if viewer.visitor is None:
        return True
    is_own = viewer.sees_all_desks or viewer.desk_id in (*line.desk_ids, line.desk_id)
    return may(viewer.role, "open_record", is_own, line.record_class, purpose or "duty")


def _searched(
    request: Request, here: SeatHere, asked: ArchiveSearching, found: ArchiveFound
) -> LogSearch:
    """Who looked through which seat's archive, for which words and days, and what for."""
    about = f"{here.seat.title_zh}归档 {found.from_day}–{found.to_day} {asked.text}".strip()
    return LogSearch(
        person=reader_of(request),
        text=about[:MAX_TEXT_CHARS],
        n_found=len(found.lines),
        n_withheld=found.n_withheld,
        purpose=asked.purpose or "duty",
        reason=asked.reason,
    )


def _archived(viewer: Viewer, stored: SeatPaper, *, is_opened: bool | None) -> ArchivedPaper | None:
    """A stored paper without what the viewer may not read; None for one that it may not see."""
    desk_ids = (stored.desk_id,) if stored.desk_id else ()
    row: Any = stored
    shown = Shown(row, desk_ids=desk_ids, record_class=stored.record_class)
    if not viewer.sees(shown):
        return None
    is_masked = not (viewer.sees_personal_of(shown) if is_opened is None else is_opened)
    told = msgspec.structs.replace(stored, texts=()) if is_masked else stored
    return ArchivedPaper(
        table=stored.table,
        paper_id=stored.paper_id,
        incident_id=stored.incident_id,
        desk_id=stored.desk_id,
        record_class=stored.record_class,
        paper=lay_open(told),
        is_masked=is_masked,
    )
