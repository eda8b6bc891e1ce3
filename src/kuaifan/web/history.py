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
from kuaifan.web.desk import History, Parts, Past
from kuaifan.web.masking import mask
from kuaifan.web.problems import Problem, answer, malformed
from kuaifan.web.viewer import FULL_ROLES, Viewer, viewer_of

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
        found = await asyncio.to_thread(_find, parts, history, request)
        return answer(found, headers=NO_STORE)

    return [Route("/v1/history", read)]


def _find(parts: Parts, history: History, request: Request) -> Found:
    viewer, now_ms = viewer_of(request), parts.desk.clock()[0]
    if viewer.role == "crew":
        raise _not_for(viewer)
    call_id = request.query_params.get("call_id", "")
    number = request.query_params.get("number", "").strip()[:MAX_NUMBER_CHARS]
    if (call_id or number) and viewer.role not in FULL_ROLES:
        raise _not_for(viewer)
    # The number of a call need not travel: the server has it.
    number = number or _number_of(parts, call_id)
    lat, lon = _degrees(request, "lat", 90), _degrees(request, "lon", 180)
    of_number = history.of_number(number, besides=call_id, now_ms=now_ms) if number else None
    of_place = None
    if lat is not None and lon is not None:
        of_place = history.of_place(lat, lon, radius_m=_radius_m(request), now_ms=now_ms)
        of_place = of_place if viewer.sees_personal else mask(of_place)
    return Found(number=of_number, place=of_place)


def _number_of(parts: Parts, call_id: str) -> str:
    shown = parts.desk.store.find("calls", call_id) if call_id else None
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
