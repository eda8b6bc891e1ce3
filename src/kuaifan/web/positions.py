"""Where devices report positions (定位接口): one or many at once, each answered with its mark."""

from __future__ import annotations

import asyncio
import math
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.position import PositionReport
from kuaifan.web.case_scope import find_whose, reaches
from kuaifan.web.commands import ANSWER_TIMEOUT_S, decode, read_body
from kuaifan.web.desk import Desk, PositionIntake
from kuaifan.web.problems import answer, malformed, not_found, unknown_outcome
from kuaifan.web.refusals import BEYOND_REACH
from kuaifan.web.viewer import Viewer, viewer_of

PATH: Final = "/v1/positions"
MAX_REPORTS: Final = 1_000
"""A phone that was in a tunnel for hours sends what it kept in a few requests."""
MAX_NAME_CHARS: Final = 64
MAX_AT_MS: Final = 2**53
MAX_SPEED_MPS: Final = 200.0
MAX_ACCURACY_M: Final = 1_000_000.0

MARKS_ZH: Final = {
    "ok": "",
    "known": "此前已收到",
    "unknown_unit": "没有这个警力",
    "off_road": "附近没有道路，标位未动",
    "jump": "按道路无法在此时间内到达，标位未动",
    "reversed": "逆行于单行道，标位未动",
    "late": "早于已收到的定位，仅存入轨迹",
    "future": "设备时钟超前，标位未动",
    "vague": "定位精度过低，标位未动",
}
MARKS_EN: Final = {
    "ok": "",
    "known": "it was taken before",
    "unknown_unit": "there is no such unit",
    "off_road": "no street is near; the marker stays",
    "jump": "it cannot be driven to in the time; the marker stays",
    "reversed": "it goes against a one-way street; the marker stays",
    "late": "a later one was taken already; it is kept in the track only",
    "future": "the device's clock is ahead; the marker stays",
    "vague": "it is too uncertain to name a street; the marker stays",
}
RANGES: Final = (
    ("lat", -90.0, 90.0, "纬度 lat", "degrees north, -90 to 90"),
    ("lon", -180.0, 180.0, "经度 lon", "degrees east, -180 to 180"),
    ("at_ms", 0, MAX_AT_MS, "时间 at_ms", "milliseconds since 1970 UTC"),
    ("speed_mps", 0.0, MAX_SPEED_MPS, "速度 speed_mps", "metres per second, 0 to 200"),
    ("heading_deg", 0.0, 360.0, "航向 heading_deg", "degrees from north, 0 to 360"),
    ("accuracy_m", 0.0, MAX_ACCURACY_M, "精度 accuracy_m", "metres, not negative"),
)


class TakenPosition(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one position (定位回执): its mark, and in words where it is not `ok`."""

    unit_id: str
    at_ms: int
    mark: str
    words_zh: str = ""
    words_en: str = ""


class TakenPositions(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each position of a request, in its order (定位回执)."""

    positions: list[TakenPosition]


def position_routes(take: PositionIntake | None, desk: Desk | None = None) -> list[Route]:
    """POST /v1/positions; none where the desk takes no positions."""
    if take is None:
        return []
    decoder = msgspec.json.Decoder(PositionReport | list[PositionReport])

    async def post(request: Request) -> Response:
        viewer, body = viewer_of(request), decode(decoder, await read_body(request))
        reports = [body] if isinstance(body, PositionReport) else body
        _check(reports, viewer)
        if desk is not None and viewer.visitor is not None and viewer.role != "crew":
            _check_desks(reports, viewer, desk)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                marks = await asyncio.wrap_future(take(reports))
        except (InboxFullError, StorageError, TimeoutError) as error:
            code = "busy" if isinstance(error, InboxFullError) else "storage"
            raise unknown_outcome(code, str(error) or "no answer in time") from error
        pairs = zip(reports, marks, strict=True)
        return answer(TakenPositions(positions=[_taken(*pair) for pair in pairs]))

    return [Route(PATH, post, methods=["POST"])]


def _taken(report: PositionReport, mark: str) -> TakenPosition:
    return TakenPosition(
        unit_id=report.unit_id,
        at_ms=report.at_ms,
        mark=mark,
        words_zh=MARKS_ZH[mark],
        words_en=MARKS_EN[mark],
    )


def _check(reports: list[PositionReport], viewer: Viewer) -> None:
    """Raise the problem of the first report at fault: nothing of the request is taken then."""
    if not 0 < len(reports) <= MAX_REPORTS:
        raise malformed(
            f"一次须上报 1 至 {MAX_REPORTS} 条定位",
            f"give 1 to {MAX_REPORTS} positions at once, not {len(reports)}",
        )
    for i, report in enumerate(reports, start=1):
        fault = _find_fault(report, viewer)
        if fault is not None:
            where_zh = f"第 {i} 条：" if len(reports) > 1 else ""
            where_en = f"position {i}: " if len(reports) > 1 else ""
            raise malformed(where_zh + fault[0], where_en + fault[1], code="bad_position")


def _check_desks(reports: list[PositionReport], viewer: Viewer, desk: Desk) -> None:
    """Raise Problem 404 for a unit of another desk."""
    for unit_id in {report.unit_id for report in reports}:
        if not reaches(viewer, find_whose(desk, "units", unit_id)):
            raise not_found(
                f"本席没有警力 {unit_id}",
                f"there is no unit {unit_id} at this desk",
                tried=BEYOND_REACH,
            )


def _find_fault(report: PositionReport, viewer: Viewer) -> tuple[str, str] | None:
    if not 0 < len(report.unit_id) <= MAX_NAME_CHARS:
        return "警力编号 unit_id 须为 1 至 64 字", "unit_id has 1 to 64 characters"
    if not viewer.sees_unit(report.unit_id):
        return (
            f"处警端只能上报本警力 {viewer.unit_id} 的定位",
            f"a crew reports positions of its own unit {viewer.unit_id!r} only",
        )
    for name, low, high, name_zh, words in RANGES:
        value = getattr(report, name)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            return f"{name_zh} 超出范围 {low:g} 至 {high:g}", f"{name} is {value}: give {words}"
    return None
