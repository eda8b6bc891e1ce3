"""The hour ahead and what-ifs over the wire (前瞻与反事实接口): a run, its end, what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.plan.scenario import ScenarioError
from kuaifan.plan.what_if import WhatIfAsk
from kuaifan.web.ahead_looks import AheadLook, WhatIfLook
from kuaifan.web.commands import decode, read_body
from kuaifan.web.problems import Problem, answer

NO_STORE: Final = {"Cache-Control": "no-store"}
PATH: Final = "/v1/ahead"
WHAT_IF_PATH: Final = "/v1/what-if"
T = TypeVar("T")


def ahead_routes(look: AheadLook | None) -> list[Route]:
    """The routes; none where nobody looks ahead."""
    if look is None:
        return []

    async def read(_request: Request) -> Response:
        body: dict[str, Any] = {"job": look.job(), "figures": await asyncio.to_thread(look.find)}
        return answer(body, headers=NO_STORE)

    async def ask(_request: Request) -> Response:
        return answer({"job": await _off_loop(look.ask)}, headers=NO_STORE)

    async def stop(_request: Request) -> Response:
        return answer({"job": await _off_loop(look.end)}, headers=NO_STORE)

    return [
        Route(PATH, read, methods=["GET"]),
        Route(PATH, ask, methods=["POST"]),
        Route(f"{PATH}/stop", stop, methods=["POST"]),
    ]


def what_if_routes(look: WhatIfLook | None) -> list[Route]:
    """The routes; none where nobody asks."""
    if look is None:
        return []
    asks = msgspec.json.Decoder(WhatIfAsk)

    async def read(_request: Request) -> Response:
        body: dict[str, Any] = {
            "job": look.job(),
            "answer": await asyncio.to_thread(look.find),
            "begins_at": await asyncio.to_thread(look.begins_at),
        }
        return answer(body, headers=NO_STORE)

    async def ask(request: Request) -> Response:
        asked = decode(asks, await read_body(request))
        return answer({"job": await _off_loop(lambda: look.ask(asked))}, headers=NO_STORE)

    async def stop(_request: Request) -> Response:
        return answer({"job": await _off_loop(look.end)}, headers=NO_STORE)

    return [
        Route(WHAT_IF_PATH, read, methods=["GET"]),
        Route(WHAT_IF_PATH, ask, methods=["POST"]),
        Route(f"{WHAT_IF_PATH}/stop", stop, methods=["POST"]),
    ]


async def _off_loop(work: Callable[[], T]) -> T:
    """Do what blocks; what cannot be is refused in both languages."""
    try:
        return await asyncio.to_thread(work)
    except ScenarioError as error:
        raise Problem(409, "refused", error.code, error.zh, error.en) from error
