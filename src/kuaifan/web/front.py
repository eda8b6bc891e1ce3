"""The front of the desk (前置): what every request meets before its route, and every answer after.

Headers for the browser, limits of size and time, what gives way under load, a number for each
request, and a count of all of them. It knows no route's meaning.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from hashlib import sha256
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kuaifan.vocabulary.photo import MAX_PHOTO_BYTES
from kuaifan.web.event_log import EventLog, Level
from kuaifan.web.gate import COOKIE
from kuaifan.web.headers import add_headers
from kuaifan.web.metrics import Counter, Histogram
from kuaifan.web.problems import CODE, Problem, on_problem
from kuaifan.web.shedding import Shedder, kind_of
from kuaifan.web.viewer import VIEWER

MAX_BODY_BYTES: Final = 1_048_576
"""Of any request but a photo's; the routes themselves are stricter still."""
BODY_S: Final = 60.0
PHOTO_BODY_S: Final = 600.0
"""So long may a body take to come: whoever sends slower sends again, photos from where they are."""
PHOTOS: Final = "/v1/photos/"
NO_BODY: Final = frozenset({"GET", "HEAD"})
TOLD: Final = frozenset({401, 403, 421, 429})
"""Refusals that somebody who guards the desk wants to see."""
SERVER_FAULT: Final = 500
READY_PATH: Final = "/readyz"


class Front:
    """Stands before all routes (前置); is_limited: whether sources have rates, as behind a door."""

    def __init__(
        self, app: ASGIApp, log: EventLog, *, is_limited: bool, shedder: Shedder | None = None
    ) -> None:
        self._app, self._log, self._is_limited = app, log, is_limited
        self.shedder = shedder or Shedder()
        self._requests = Counter("kuaifan_requests_total", "Requests by kind and status.")
        self._problems = Counter("kuaifan_problems_total", "Answers other than asked, by code.")
        self._seconds = Histogram("kuaifan_urgent_seconds", "Commands, from first byte to answer.")

    def metrics(self) -> list[str]:
        """What was counted here."""
        return [*self._requests.lines(), *self._problems.lines(), *self._seconds.lines()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = _Answered(scope, send)
        try:
            await self._admit(scope, receive, answered)
        finally:
            self._count(scope, answered)

    async def _admit(self, scope: Scope, receive: Receive, send: _Answered) -> None:
        request = Request(scope)
        body = _Body(scope, receive)
        source = source_of(request) if self._is_limited else None
        try:
            body.check_promise(request.headers.get("content-length", ""))
            async with self.shedder.admitted(scope["path"], source):
                await self._app(scope, body.receive, send)
        except Problem as problem:
            # Raised here before anything was answered; the routes answer their own.
            await on_problem(request, problem)(scope, receive, send)

    def _count(self, scope: Scope, answered: _Answered) -> None:
        path, status = scope["path"], answered.status
        kind, took_s = kind_of(path), time.monotonic() - answered.began_s
        self._requests.add(kind=kind, status=str(status))
        code = scope.get(CODE)
        if code:
            self._problems.add(code=code)
        if path.startswith("/v1/commands/"):
            self._seconds.observe(took_s)
        # Whoever watches asks each second: not ready is the answer, and no fault.
        level = "info" if path == READY_PATH else _level(status)
        if not self._log.takes(level):
            return
        self._log.say(
            level,
            "request",
            request_id=answered.request_id,
            method=scope["method"],
            route=route_of(scope),
            status=status,
            code=code,
            ms=round(1_000 * took_s, 1),
            role=getattr(scope.get(VIEWER), "role", None),
        )


RUN: Final = secrets.token_hex(4)
NUMBERS: Final = itertools.count(secrets.randbits(16))
"""A request is told from all others by the run it came in and its number there."""


class _Answered:
    """Sends on, with headers; remembers the status. 499: the asker went before an answer came."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send, self._is_tls = send, scope.get("scheme") == "https"
        self.request_id = scope["kuaifan.request_id"] = f"{RUN}{next(NUMBERS):08x}"
        self.began_s, self.status = time.monotonic(), 499

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            # The list may be a constant of the route's: it is never added to in place.
            message = {**message, "headers": list(message.get("headers", ()))}
            headers = MutableHeaders(raw=message["headers"])
            add_headers(headers, is_tls=self._is_tls)
            headers["X-Request-Id"] = self.request_id
        await self._send(message)


class _Body:
    """Hands a body on as it comes, until it is too long or takes too long."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        is_photo = scope["path"].startswith(PHOTOS)
        self._receive = receive
        self._max_bytes = MAX_PHOTO_BYTES if is_photo else MAX_BODY_BYTES
        self._end_s = time.monotonic() + (PHOTO_BODY_S if is_photo else BODY_S)
        self._is_whole = scope["method"] in NO_BODY
        self._n_bytes = 0

    def check_promise(self, length: str) -> None:
        """Raise Problem 413 where more is announced than is taken."""
        if length.isdecimal() and int(length[:20]) > self._max_bytes:
            raise Problem(413, "malformed", "too_large", "内容过长", self._too_long)

    async def receive(self) -> dict[str, Any]:
        """The next part; a disconnect once there is too much of it, or it comes too slowly."""
        if self._is_whole:
            return dict(await self._receive())
        try:
            async with asyncio.timeout(max(0.0, self._end_s - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._n_bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        is_too_long = self._n_bytes > self._max_bytes
        return {"type": "http.disconnect"} if is_too_long else dict(message)

    @property
    def _too_long(self) -> str:
        return f"the body is over {self._max_bytes} bytes; send less at once"


def source_of(request: Request) -> str:
    """Whose request it is for a rate: a session's or a key's, else an address's; never kept."""
    token = request.headers.get("authorization") or request.cookies.get(COOKIE)
    if token:
        return sha256(token.encode()).hexdigest()[:16]
    return request.client.host if request.client else "?"


def route_of(scope: Scope) -> str:
    """An address as its route spells it: what stood for a name or a number is left out."""
    if "endpoint" not in scope:
        return "none"
    if "app_root_path" in scope:
        # A folder of files is told as where it is mounted: of the rest no route knows anything.
        return str(scope["root_path"] or "/")
    named = {str(value): name for name, value in scope.get("path_params", {}).items()}
    if any("/" in value for value in named):
        return "other"
    parts = [part for part in scope["path"].split("/") if part]
    return "/" + "/".join(f"{{{named[part]}}}" if part in named else part for part in parts)


def _level(status: int) -> Level:
    if status >= SERVER_FAULT:
        return "error"
    return "warning" if status in TOLD else "info"
