"""The switches of the simulated people (城市生活开关): only where a demo has some."""

from __future__ import annotations

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Life, LifeState
from kuaifan.web.problems import answer, malformed, unknown_outcome

MAX_BODY_BYTES = 64 * 1024


def life_routes(life: Life | None) -> list[Route]:
    """GET and POST /v1/life; a POST names what changes and is answered with what is on."""
    if life is None:
        return []
    decoder = msgspec.json.Decoder(LifeState)

    async def get(_request: Request) -> Response:
        return answer(life.get(), headers={"Cache-Control": "no-store"})

    async def post(request: Request) -> Response:
        change = decode(decoder, await read_body(request, MAX_BODY_BYTES))
        try:
            return answer(await asyncio.to_thread(life.set, change))
        except TimeoutError as error:
            raise unknown_outcome("busy", str(error)) from error
        except ValueError as error:
            raise malformed(f"城市生活设置有误：{error}", str(error)) from error

    return [Route("/v1/life", get, methods=["GET"]), Route("/v1/life", post, methods=["POST"])]
