"""What was before (历史): earlier calls of a number, earlier incidents of a place, as facts only.

A number's history is for the seats that see personal data. Restricted records are counted, never
shown: they are read at their own seat, with a purpose. What is asked for comes in a body: an
address of a request ends up in the logs of every proxy.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.call_view_rows import CallRow
from kuaifan.vocabulary.access import ReadRecord
from kuaifan.vocabulary.call import ShortText
from kuaifan.vocabulary.rights import STATED, Purpose
from kuaifan.web.case_reading import log_read, purpose_needed, reader_of
from kuaifan.web.case_scope import reaches
from kuaifan.web.commands import MAX_KEY_CHARS, decode, read_body
from kuaifan.web.desk import Parts, Past, PastFinder
from kuaifan.web.masking import mask
from kuaifan.web.problems import Problem, answer, not_found
from kuaifan.web.viewer import Viewer, viewer_of

NO_STORE: Final = {"Cache-Control": "no-store"}
DEFAULT_RADIUS_M: Final = 100
MAX_RADIUS_M: Final = 400
MAX_NUMBER_CHARS: Final = 32
MAX_BODY_BYTES: Final = 4_096
MAX_ID_CHARS: Final = 64
PATH: Final = "/v1/history"


class Looking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What of the past is asked for (历史查询内容): a call's number, or any; a place, or none.

    radius_m: around the place, held to what is looked at. purpose, reason: what a number that is no
    call in hand is looked up for.
    """

    call_id: str = ""
    number: str = ""
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    radius_m: float = DEFAULT_RADIUS_M
    purpose: Purpose | None = None
    reason: ShortText = ""


class HistoryFound(msgspec.Struct, frozen=True, kw_only=True):
    """The answer (历史答复); None where it was not asked for."""

    number: Past | None
    place: Past | None


def history_routes(parts: Parts) -> list[Route]:
    """POST /v1/history; none where nothing is kept."""
    history = parts.history
    if history is None:
        return []
    decoder = msgspec.json.Decoder(Looking)

    async def find(request: Request) -> Response:
        viewer = viewer_of(request)
        if viewer.role == "crew":
            raise _not_for(viewer)
        asked: Looking = decode(decoder, await read_body(request, MAX_BODY_BYTES))
        await _write_down(parts, request, asked)
        found = await asyncio.to_thread(_find, parts, history, viewer, asked)
        return answer(found, headers=NO_STORE)

    return [Route(PATH, find, methods=["POST"])]


async def _write_down(parts: Parts, request: Request, asked: Looking) -> None:
    """That a number's history is read, once for a call: its seat asks again at every keystroke.

    Behind a log-on a number that is no call in hand is looked up with a stated purpose.
    """
    viewer, has_number = viewer_of(request), bool(asked.number.strip())
    if not (asked.call_id or has_number) or not viewer.may("read_history"):
        return
    is_stated = asked.purpose in STATED
    if has_number and not is_stated and viewer.visitor is not None:
        raise purpose_needed()
    if asked.call_id and parts.desk.store.find("calls", asked.call_id) is None:
        return
    key = f"history:{asked.call_id}"[:MAX_KEY_CHARS] if asked.call_id and not is_stated else None
    await log_read(
        parts.desk,
        request,
        ReadRecord(
            person=reader_of(request),
            what="history",
            purpose=asked.purpose or "duty",
            call_id=asked.call_id[:MAX_ID_CHARS],
            reason=asked.reason,
        ),
        key=key,
    )


def _find(parts: Parts, history: PastFinder, viewer: Viewer, asked: Looking) -> HistoryFound:
    now_ms = parts.desk.clock()[0]
    number = asked.number.strip()[:MAX_NUMBER_CHARS]
    if (asked.call_id or number) and not viewer.may("read_history"):
        raise _not_for(viewer)
    # The number of a call need not travel: the server has it.
    number = number or _number_of(parts, viewer, asked.call_id)
    may_meet, of_number = partial(reaches, viewer), None
    if number:
        of_number = history.of_number(
            number, besides=asked.call_id, now_ms=now_ms, may_meet=may_meet
        )
    of_place = None
    if asked.lat is not None and asked.lon is not None:
        radius_m = int(min(MAX_RADIUS_M, max(1, asked.radius_m)))
        of_place = history.of_place(
            asked.lat, asked.lon, radius_m=radius_m, now_ms=now_ms, may_meet=may_meet
        )
        of_place = of_place if viewer.sees_personal else mask(of_place)
    return HistoryFound(number=of_number, place=of_place)


def _number_of(parts: Parts, viewer: Viewer, call_id: str) -> str:
    shown = parts.desk.store.find("calls", call_id) if call_id else None
    if shown is not None and not viewer.sees(shown):
        raise not_found(f"没有来电 {call_id}", f"there is no call {call_id} to see")
    return shown.row.caller_number if shown and isinstance(shown.row, CallRow) else ""


def _not_for(viewer: Viewer) -> Problem:
    return Problem(
        403,
        "forbidden",
        "not_for_role",
        "历史记录只供接警席、派警席查询",
        f"history is for call-takers and dispatchers, not for the role {viewer.role}",
    )
