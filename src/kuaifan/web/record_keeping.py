"""Keeping of records over HTTP (记录保管接口): holds, erasures, what is held about a caller.

What is held about a number is told as a file, to those who may, after it was written down who asks
and what for.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.keeping import AskedErasure, KeepingPapers, LegalHold
from kuaifan.board.reference import CITY_DESK
from kuaifan.vocabulary.access import ReadRecord
from kuaifan.vocabulary.rights import Purpose, may
from kuaifan.web.case_reading import log_read, purpose_refused, reader_of
from kuaifan.web.case_scope import Whose, find_whose, reaches
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.person_rows import PersonAsked, PersonExport
from kuaifan.web.problems import Problem, answer
from kuaifan.web.viewer import Viewer, viewer_of

PERSON_PATH: Final = "/v1/person-export"
KEEPING_PATH: Final = "/v1/keeping"
MAX_BODY_BYTES: Final = 4_096
NO_STORE: Final = {"Cache-Control": "no-store"}
KINDS: Final = {"json": "application/json", "html": "text/html; charset=utf-8"}
"""Kinds of file by their ending."""


class KeepingSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Holds that stand and erasures that wait (留存簿)."""

    holds: list[LegalHold]
    erasures: list[AskedErasure]


def keeping_routes(parts: Parts) -> list[Route]:
    """GET /v1/keeping, and POST /v1/person-export where anything is kept."""

    async def keeping(request: Request) -> Response:
        viewer = viewer_of(request)
        seen = await asyncio.to_thread(_seen, parts.desk, viewer, parts.desk.list_keeping())
        return answer(seen, headers=NO_STORE)

    routes = [Route(KEEPING_PATH, keeping)]
    if parts.export_person is not None:
        export = partial(_export, parts, parts.export_person)
        routes.append(Route(PERSON_PATH, export, methods=["POST"]))
    return routes


def _seen(desk: Desk, viewer: Viewer, papers: KeepingPapers) -> KeepingSeen:
    """What is of the viewer's desk: whoever may not meet a record reads of no hold on it."""

    def is_met(paper: LegalHold | AskedErasure) -> bool:
        cases = (find_whose(desk, "incidents", each) for each in paper.incident_ids)
        calls = (find_whose(desk, "calls", each) for each in paper.call_ids)
        return all(reaches(viewer, whose) for whose in (*cases, *calls))

    return KeepingSeen(
        holds=[each for each in papers.holds.values() if is_met(each)],
        erasures=[each for each in papers.erasures.values() if is_met(each)],
    )


async def _export(parts: Parts, export: PersonExport, request: Request) -> Response:
    viewer = viewer_of(request)
    body = await read_body(request, MAX_BODY_BYTES)
    asked: PersonAsked = decode(msgspec.json.Decoder(PersonAsked), body)
    if not asked.reason.strip():
        raise Problem(409, "refused", "reason_needed", "须填写理由", "say why it is asked for")
    if viewer.visitor is not None and not may(viewer.role, "open_record", purpose=asked.purpose):
        raise purpose_refused(viewer, asked.purpose)
    person = reader_of(request)
    read = ReadRecord(person=person, what="person", purpose=asked.purpose, reason=asked.reason)
    await log_read(parts.desk, request, read)
    may_open = partial(_may_open, viewer, asked.purpose)
    at_ms = parts.desk.clock()[0]
    file = await asyncio.to_thread(export, asked, person=person, at_ms=at_ms, may_open=may_open)
    name = f'attachment; filename="person-{at_ms}.{asked.kind}"'
    headers = {**NO_STORE, "Content-Disposition": name}
    return Response(file, media_type=KINDS[asked.kind], headers=headers)


def _may_open(viewer: Viewer, purpose: Purpose, whose: Whose) -> bool:
    if viewer.visitor is None:
        return True
    is_own = viewer.desk_id in {CITY_DESK, *(whose.desk_ids or (CITY_DESK,))}
    return may(viewer.role, "open_record", is_own, whose.record_class, purpose)
