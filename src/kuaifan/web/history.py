"""What was before (历史): earlier calls of a number, earlier incidents of a place, as facts only.

A number's history is for the seats that see personal data. Restricted records are counted, never
shown: they are read at their own seat, with a purpose.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.view_rows import CallRow
from kuaifan.web.case_reading import log_read, purpose_needed, purpose_of
from kuaifan.web.case_scope import Whose, reaches
from kuaifan.web.desk import History, Parts, Past
from kuaifan.web.masking import mask
from kuaifan.web.problems import Problem, answer, malformed, not_found
from kuaifan.web.viewer import Viewer, actor_of, viewer_of

NO_STORE: Final = {"Cache-Control": "no-store"}
DEFAULT_RADIUS_M: Final = 100
MAX_RADIUS_M: Final = 400
MAX_NUMBER_CHARS: Final = 32


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The answer (历史答复); None where it was not asked for."""

    number: Past | None
    place: Past | None


def history_routes(parts: Parts) -> list[Route]:
    """GET /v1/history; none where nothing is kept."""
    history = parts.history
    if history is None:
        return []

    async def read(request: Request) -> Response:
        await _write_down(parts, request)
        found = await asyncio.to_thread(_find, parts, history, request)
        return answer(found, headers=NO_STORE)

    return [Route("/v1/history", read)]


async def _write_down(parts: Parts, request: Request) -> None:
    """That a number's history is read, once for a call: its seat asks again at every keystroke.

    Behind a log-on a number that is no call in hand is looked up with a stated purpose.
    """
    viewer, call_id = viewer_of(request), request.query_params.get("call_id", "")
    has_number = bool(request.query_params.get("number", "").strip())
    if not (call_id or has_number) or not viewer.may("read_history"):
        return
    purpose = purpose_of(request)
    if has_number and purpose is None and viewer.visitor is not None:
        raise purpose_needed()
    if call_id and parts.desk.store.find("calls", call_id) is None:
        return
    actor = actor_of(request)
    key = f"history:{actor}:{call_id}"[:128] if call_id and purpose is None else None
    await log_read(parts.desk, request, "history", purpose or "duty", call_id=call_id[:64], key=key)


def _find(parts: Parts, history: History, request: Request) -> Found:
    viewer, now_ms = viewer_of(request), parts.desk.clock()[0]
    if viewer.role == "crew":
        raise _not_for(viewer)

    def may_meet(whose: Whose) -> bool:
        return reaches(viewer, whose)

    call_id = request.query_params.get("call_id", "")
    number = request.query_params.get("number", "").strip()[:MAX_NUMBER_CHARS]
    if (call_id or number) and not viewer.may("read_history"):
        raise _not_for(viewer)
    # The number of a call need not travel: the server has it.
    number = number or _number_of(parts, viewer, call_id)
    lat, lon = _degrees(request, "lat", 90), _degrees(request, "lon", 180)
    of_number = None
    if number:
        of_number = history.of_number(number, besides=call_id, now_ms=now_ms, may_meet=may_meet)
    of_place = None
    if lat is not None and lon is not None:
        radius_m = _radius_m(request)
        of_place = history.of_place(lat, lon, radius_m=radius_m, now_ms=now_ms, may_meet=may_meet)
        of_place = of_place if viewer.sees_personal else mask(of_place)
    return Found(number=of_number, place=of_place)


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


def _degrees(request: Request, name: str, limit: int) -> float | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    value = _number(name, text)
    if not -limit <= value <= limit:
        raise malformed(f"{name} 须在 ±{limit} 之间", f"{name} is between -{limit} and {limit}")
    return value


def _radius_m(request: Request) -> int:
    text = request.query_params.get("radius_m", "")
    radius_m = _number("radius_m", text) if text else DEFAULT_RADIUS_M
    return int(min(MAX_RADIUS_M, max(1, radius_m)))


def _number(name: str, text: str) -> float:
    try:
        value = msgspec.convert(text, float, strict=False)
    except msgspec.ValidationError:
        value = float("nan")
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - only NaN differs from itself
        raise malformed(f"{name} 须为数字", f"{name} is a number, not {text[:40]!r}")
    return value
