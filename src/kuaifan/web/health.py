"""Whether the desk works (健康检查): alive for a supervisor process, ready for people."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.web.desk import Desk
from kuaifan.web.problems import answer


def health_routes(desk: Desk, is_draining: Callable[[], bool]) -> list[Route]:
    """GET /healthz: the process answers. GET /readyz: send people here, else 503 and why.

    A desk that is about to stop is not ready, though it still answers: who watches it sends people
    elsewhere before the sockets close.
    """

    async def healthz(_request: Request) -> Response:
        return answer({"ok": True})

    async def readyz(_request: Request) -> Response:
        health = desk.health()
        draining = is_draining()
        is_ready = health.is_ready and not draining
        body = {"ready": is_ready, "draining": draining, **msgspec.to_builtins(health)}
        return answer(body, 200 if is_ready else 503, {"Cache-Control": "no-store"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
