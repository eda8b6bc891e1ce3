"""GET /v1/metrics/phone (接听指标): how the desk answers, and what its load lets expect."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.web.desk import PhoneFigures
from kuaifan.web.problems import answer


def phone_figures_routes(read: Callable[[], PhoneFigures] | None) -> list[Route]:
    """The route, where there is something to read; figures only, no one's data."""
    if read is None:
        return []

    async def get(_request: Request) -> Response:
        return answer(read(), headers={"Cache-Control": "no-store"})

    return [Route("/v1/metrics/phone", get)]
