"""Whether the desk works (健康检查): alive for a supervisor process, ready for people."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.web.desk import Desk
from kuaifan.web.problems import answer


def health_routes(desk: Desk) -> list[Route]:
    """GET /healthz: the process answers. GET /readyz: it takes commands, else 503 and why."""

    async def healthz(_request: Request) -> Response:
        return answer({"ok": True})

    async def readyz(_request: Request) -> Response:
        health = desk.health()
        body = {"ready": health.is_ready, **msgspec.to_builtins(health)}
        return answer(body, 200 if health.is_ready else 503, {"Cache-Control": "no-store"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
