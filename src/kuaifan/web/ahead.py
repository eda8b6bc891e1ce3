"""The hour ahead over the wire (前瞻接口): what the last look showed, and a new one."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.plan.scenario import Job, ScenarioError
from kuaifan.web.problems import Problem, answer

NO_STORE: Final = {"Cache-Control": "no-store"}
PATH: Final = "/v1/ahead"


class AheadLook(Protocol):
    """What the web asks of the hour ahead (前瞻); calls block, and may raise ScenarioError."""

    def ask(self) -> Job:
        """Begin to look."""

    def job(self) -> Job | None:
        """How far the last look is."""

    def find(self) -> msgspec.Struct | None:
        """The last answer."""


def ahead_routes(look: AheadLook | None) -> list[Route]:
    """The routes; none where nobody looks ahead."""
    if look is None:
        return []

    async def read(_request: Request) -> Response:
        body: dict[str, Any] = {"job": look.job(), "figures": await asyncio.to_thread(look.find)}
        return answer(body, headers=NO_STORE)

    async def ask(_request: Request) -> Response:
        try:
            job = await asyncio.to_thread(look.ask)
        except ScenarioError as error:
            raise Problem(409, "refused", error.code, error.zh, error.en) from error
        return answer({"job": job}, headers=NO_STORE)

    return [Route(PATH, read, methods=["GET"]), Route(PATH, ask, methods=["POST"])]
