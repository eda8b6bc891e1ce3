"""The page of a link (警情进度页): how far it is, and an answer; no account, nothing personal.

Whoever has the link has been sent it as a text. What it shows is worked out by the plug-in that
gives the page (board/public_page.py); where none does, every link says so.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from html import escape
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.day_tally import CITY_OFFSET_MS
from kuaifan.board.public_page import PublicPage, PublicQuestion, PublicSeen, PublicStep
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command
from kuaifan.web.commands import read_body, submit
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.problems import malformed

PATH: Final = "/track/{token}"
STYLE_PATH: Final = "/track/page.css"
MAX_TOKEN_CHARS: Final = 120
MAX_FORM_BYTES: Final = 200
ANSWER: Final = "answer"
LOOK_TIMEOUT_S: Final = 10.0
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


def track_routes(parts: Parts) -> list[Route]:
    """GET the page, POST the answer, GET its style."""
    routes = TrackRoutes(parts.desk, parts.public_page)
    return [
        Route(STYLE_PATH, routes.style),
        Route(PATH, routes.read),
        Route(PATH, routes.answer, methods=["POST"]),
    ]


class TrackRoutes:
    """The pages of links (进度页); page None: nothing installed here gives any."""

    def __init__(self, desk: Desk, page: PublicPage | None) -> None:
        self._desk, self._gives = desk, page

    async def style(self, _request: Request) -> Response:
        """How it looks."""
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=86400"})

    async def read(self, request: Request) -> Response:
        """How far it is, or that the link does not work."""
        seen = await self._look(request)
        return self._none() if seen is None else _page(seen.title, _body(seen))

    async def answer(self, request: Request) -> Response:
        """One answer; another one is refused in words."""
        seen = await self._look(request)
        if seen is None:
            return self._none()
        body = await read_body(request, MAX_FORM_BYTES)
        if seen.question is None:
            return _page("未能登记", f"<p>{escape(seen.said)}</p>", status=409)
        command = _answered(seen.question, parse_qs(body.decode(errors="replace")))
        record = await submit(self._desk, command, actor="track", key=None)
        if record.refusal is not None:
            return _page("未能登记", f"<p>{escape(record.refusal.reason_zh)}</p>", status=409)
        return _page(escape(seen.question.thanks), "<p>已登记。</p>")

    def _none(self) -> Response:
        if self._gives is None:
            return _page(
                "未启用进度页", "<p>本地未启用警情进度页。如有需要请拨打 110。</p>", status=404
            )
        return _page("链接无效或已过期", "<p>如有需要请拨打 110。</p>", status=404)

    async def _look(self, request: Request) -> PublicSeen | None:
        token, now_ms, page = request.path_params["token"], self._desk.clock()[0], self._gives
        if page is None or len(token) > MAX_TOKEN_CHARS:
            return None

        def seen(board: Board) -> PublicSeen | None:
            return page.look(board, token, now_ms)

        async with asyncio.timeout(LOOK_TIMEOUT_S):
            return await asyncio.wrap_future(self._desk.look_at(seen))


def _answered(question: PublicQuestion, form: dict[str, list[str]]) -> Command:
    command = question.answers.get(form.get(ANSWER, [""])[0])
    if command is None:
        raise malformed("请选择一项", "choose one of the answers")
    return command


def _body(seen: PublicSeen) -> str:
    steps = "".join(
        f"<li>{escape(step.words)}<time>{_when(step)}</time></li>" for step in seen.steps
    )
    said = f"<p>{escape(seen.said)}</p>" if seen.said else ""
    if seen.question is None:
        return f"<ol>{steps}</ol>{said}"
    buttons = "".join(
        f'<button name="{ANSWER}" value="{escape(code)}">{escape(words)}</button>'
        for code, words in seen.question.choices
    )
    asked = f"<p>{escape(seen.question.words)}</p>"
    return f'<ol>{steps}</ol>{said}<form method="post">{asked}{buttons}</form>'


def _when(step: PublicStep) -> str:
    """Day and minute, or the day alone."""
    local = datetime.fromtimestamp((step.at_ms + CITY_OFFSET_MS) / 1000, UTC)
    return local.strftime("%Y-%m-%d" if step.only_day else "%Y-%m-%d %H:%M")


def _page(title: str, body: str, *, status: int = 200) -> Response:
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{title}</title><link rel="stylesheet" href="{STYLE_PATH}"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    return Response(text, status, headers=HEADERS, media_type="text/html")
