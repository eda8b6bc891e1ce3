"""The web app of a desk (网页应用): all routes, and how each error is said."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import kuaifan
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.access import LogRefusedRight
from kuaifan.web.ahead import ahead_routes, what_if_routes
from kuaifan.web.aiding import aid_routes
from kuaifan.web.commands import command_routes
from kuaifan.web.continuity import continuity_routes
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.files import file_routes
from kuaifan.web.front import Front
from kuaifan.web.gate import Gate
from kuaifan.web.health import health_routes
from kuaifan.web.history import history_routes
from kuaifan.web.life import life_routes
from kuaifan.web.log_on import LogOnRoutes, open_door_routes
from kuaifan.web.log_on_elsewhere import ElsewhereRoutes
from kuaifan.web.metrics import MEDIA_TYPE
from kuaifan.web.openapi import make_openapi
from kuaifan.web.phone_figures import phone_figures_routes
from kuaifan.web.photos import PhotoRoutes
from kuaifan.web.planning import planning_routes
from kuaifan.web.policies import policy_routes
from kuaifan.web.positions import position_routes
from kuaifan.web.problems import (
    JSON,
    Problem,
    malformed,
    on_bug,
    on_not_found,
    on_problem,
    on_storage,
    on_wrong_method,
)
from kuaifan.web.reads import Reads
from kuaifan.web.record_keeping import keeping_routes
from kuaifan.web.refusals import Refusals, right_refused
from kuaifan.web.register import RegisterRoutes
from kuaifan.web.scrape import METRICS_PATH, list_metrics
from kuaifan.web.screen import TRANSPORT
from kuaifan.web.search import search_routes
from kuaifan.web.seat_archive import seat_archive_routes
from kuaifan.web.seats import seat_routes
from kuaifan.web.settings import settings_routes
from kuaifan.web.stream import Pump, StreamResponse
from kuaifan.web.timeline import timeline_route
from kuaifan.web.track import track_routes
from kuaifan.web.view_store import Cursor
from kuaifan.web.viewer import VIEWER, Viewer, viewer_of

ABORT: Final = "kuaifan.abort"


class WebApp:
    """The ASGI app (应用); pump: where its streams hang. routes: all that it answers.

    is_draining: it is about to stop, and people had better go elsewhere.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts, self._door = parts, parts.door
        self.is_draining = False
        self.pump = Pump(parts.desk.store, parts.desk.clock, parts.max_queued)
        self.front = Front(self._make(parts), parts.event_log, is_limited=parts.door is not None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it; remembers the connection: a stream may have to drop it."""
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[ABORT] = transport.abort
            scope[TRANSPORT] = transport
        await self.front(scope, receive, send)

    def _make(self, parts: Parts) -> ASGIApp:
        door_routes = open_door_routes()
        if parts.door is not None:
            register = RegisterRoutes(parts.door, parts.desk)
            door_routes = [*LogOnRoutes(parts.door).routes(), *register.routes()]
            if parts.door.elsewhere is not None:
                door_routes += ElsewhereRoutes(parts.door, parts.door.elsewhere).routes()
        routes = [
            *door_routes,
            *command_routes(parts),
            *Reads(parts).routes(),
            *aid_routes(parts.aid),
            timeline_route(parts.desk, parts.seats),
            *(PhotoRoutes(parts.desk, parts.photos).routes() if parts.photos else []),
            *history_routes(parts),
            *search_routes(parts),
            *seat_routes(parts),
            *seat_archive_routes(parts),
            *keeping_routes(parts),
            *track_routes(parts),
            Route("/v1/events", self._events),
            *life_routes(parts.life),
            *continuity_routes(parts.boards),
            *settings_routes(parts),
            *planning_routes(parts),
            *policy_routes(parts),
            *ahead_routes(parts.ahead),
            *what_if_routes(parts.what_if),
            *position_routes(parts.take_positions, parts.desk),
            *health_routes(parts.desk, lambda: self.is_draining),
            Route(METRICS_PATH, self._metrics),
            *phone_figures_routes(parts.phone_figures),
            *parts.more_routes,
            Route("/openapi.json", _openapi(parts)),
            *file_routes(parts.static_dir, parts.basemap),
        ]
        refusals = Refusals(partial(_submit, parts.desk))
        Gate(parts.door, refusals).guard(routes, parts.commands)
        self.routes = tuple(routes)
        handlers: dict[Any, Any] = {
            Problem: partial(_answered, refusals),
            StorageError: on_storage,
            404: on_not_found,
            405: on_wrong_method,
            Exception: on_bug,
        }
        return Starlette(routes=routes, exception_handlers=handlers, lifespan=self._lifespan)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        pumping = asyncio.create_task(self.pump.run())
        try:
            yield
        finally:
            self.pump.close_all()
            pumping.cancel()
            await asyncio.gather(pumping, return_exceptions=True)

    async def _metrics(self, _request: Request) -> Response:
        lines = list_metrics(self._parts, self.pump, self.front)
        return Response("\n".join(lines) + "\n", media_type=MEDIA_TYPE)

    async def _events(self, request: Request) -> StreamResponse:
        viewer, door = viewer_of(request), self._door
        if door is None:
            screen = self.pump.open(viewer, _after(request))
        else:
            screen = self.pump.open(
                viewer, _after(request), lambda: door.find_visitor(request) == viewer.visitor
            )
        return StreamResponse(self.pump, screen)


def _submit(desk: Desk, refused: LogRefusedRight, actor: str) -> None:
    desk.submit(refused, actor=actor, key=None, seen_seq=None)


def _answered(refusals: Refusals, request: Request, problem: Exception) -> Response:
    """A problem in words; behind the gate too the auditor is told who was refused a right."""
    viewer: Viewer | None = request.scope.get(VIEWER)
    assert isinstance(problem, Problem)  # noqa: S101 - what this handler is for
    right = right_refused(problem)
    if right and viewer is not None and viewer.visitor is not None:
        refusals.note(viewer.visitor.name, viewer.role, right, request.url.path)
    return on_problem(request, problem)


def _after(request: Request) -> Cursor | None:
    text = request.headers.get("last-event-id") or request.query_params.get("after", "")
    if not text:
        return None
    parts = text.split("-")
    if len(parts) > 2 or not all(part.isdecimal() and len(part) < 20 for part in parts):  # noqa: PLR2004 - a seq, or a seq and a number within it
        raise malformed("after 须为序号", f"after is the seq that was seen, not {text[:40]!r}")
    return Cursor(*map(int, parts))


def _openapi(parts: Parts) -> Callable[[Request], Awaitable[Response]]:
    made: list[bytes] = []

    async def openapi(_request: Request) -> Response:
        # Made when first asked for: a start has no time to lose.
        if not made:
            made.append(msgspec.json.encode(make_openapi(parts, kuaifan.__version__)))
        return Response(made[0], media_type=JSON)

    return openapi
