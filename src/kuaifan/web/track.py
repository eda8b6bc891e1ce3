"""The page of a link (警情进度页): how far it is, and a rating; no account, nothing personal.

Whoever has the link has been sent it as a text. What it shows is worked out by the seat of
call-backs; a link that is wrong, over, or of a record that became restricted shows nothing.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from html import escape
from typing import Final
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.day_tally import CITY_OFFSET_MS
from kuaifan.board.state import Board
from kuaifan.seats.callback.papers import Satisfaction
from kuaifan.seats.callback.tracking import STAGE_WORDS, Seen, look
from kuaifan.seats.callback.words import RateHandling
from kuaifan.web.commands import read_body, submit
from kuaifan.web.desk import Desk
from kuaifan.web.problems import malformed

PATH: Final = "/track/{token}"
STYLE_PATH: Final = "/track/page.css"
MAX_TOKEN_CHARS: Final = 120
MAX_FORM_BYTES: Final = 200
LOOK_TIMEOUT_S: Final = 10.0
RATINGS: Final = (
    ("satisfied", "满意"),
    ("fairly", "基本满意"),
    ("dissatisfied", "不满意"),
)
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # A form of this page says where it comes from; a link out of it there is none.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
STYLE: Final = (
    "body{font:18px/1.6 system-ui,sans-serif;max-width:30rem;margin:0 auto;padding:1rem;"
    "color:#16202c;background:#fff}ol{padding-left:1.4rem}li{margin:.4rem 0}"
    "time{color:#475569;margin-left:.8rem}button{font:inherit;padding:.6rem 1rem;margin:.3rem;"
    "min-height:48px;border:1px solid #475569;border-radius:6px;background:#f1f5f9;color:#16202c}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf5;background:#0f1620}time{color:#a8b5c4}"
    "button{background:#1c2836;color:#e6edf5}}"
)


def track_routes(desk: Desk) -> list[Route]:
    """GET the page, POST the rating, GET its style."""
    routes = TrackRoutes(desk)
    return [
        Route(STYLE_PATH, routes.style),
        Route(PATH, routes.read),
        Route(PATH, routes.rate, methods=["POST"]),
    ]


class TrackRoutes:
    """The pages of links (进度页)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def style(self, _request: Request) -> Response:
        """How it looks."""
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=86400"})

    async def read(self, request: Request) -> Response:
        """How far it is, or that the link does not work."""
        seen = await self._look(request)
        if seen is None:
            return _page("链接无效或已过期", "<p>如有需要请拨打 110。</p>", status=404)
        return _page("警情进度", _body(seen))

    async def rate(self, request: Request) -> Response:
        """One rating; another one is refused in words."""
        seen = await self._look(request)
        if seen is None:
            return _page("链接无效或已过期", "<p>如有需要请拨打 110。</p>", status=404)
        body = await read_body(request, MAX_FORM_BYTES)
        command = RateHandling(
            incident_id=seen.incident_id,
            satisfaction=_satisfaction(parse_qs(body.decode(errors="replace"))),
        )
        record = await submit(self._desk, command, actor="track", key=None)
        if record.refusal is not None:
            return _page("未能评价", f"<p>{escape(record.refusal.reason_zh)}</p>", status=409)
        return _page("感谢您的评价", "<p>您的评价已登记。</p>")

    async def _look(self, request: Request) -> Seen | None:
        token, now_ms = request.path_params["token"], self._desk.clock()[0]
        if len(token) > MAX_TOKEN_CHARS:
            return None

        def seen(board: Board) -> Seen | None:
            return look(board, token, now_ms)

        async with asyncio.timeout(LOOK_TIMEOUT_S):
            return await asyncio.wrap_future(self._desk.look_at(seen))


def _satisfaction(form: dict[str, list[str]]) -> Satisfaction:
    try:
        found: Satisfaction = msgspec.convert(form.get("satisfaction", [""])[0], Satisfaction)
    except msgspec.ValidationError as error:
        raise malformed("请选择满意度", "choose one of the three ratings") from error
    return found


def _body(seen: Seen) -> str:
    steps = "".join(
        f"<li>{escape(STAGE_WORDS[name][0])}<time>{_when(at_ms, seen)}</time></li>"
        for name, at_ms in seen.stages.items()
    )
    if seen.rating:
        return f"<ol>{steps}</ol><p>您已评价，谢谢。</p>"
    if "handled" not in seen.stages and "closed" not in seen.stages:
        return f"<ol>{steps}</ol>"
    buttons = "".join(
        f'<button name="satisfaction" value="{code}">{words}</button>' for code, words in RATINGS
    )
    return f'<ol>{steps}</ol><form method="post"><p>您对处置满意吗？</p>{buttons}</form>'


def _when(at_ms: int, seen: Seen) -> str:
    """Day and minute; of a criminal case the day alone."""
    local = datetime.fromtimestamp((at_ms + CITY_OFFSET_MS) / 1000, UTC)
    return local.strftime("%Y-%m-%d" if seen.is_criminal else "%Y-%m-%d %H:%M")


def _page(title: str, body: str, *, status: int = 200) -> Response:
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{title}</title><link rel="stylesheet" href="{STYLE_PATH}"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    return Response(text, status, headers=HEADERS, media_type="text/html")
