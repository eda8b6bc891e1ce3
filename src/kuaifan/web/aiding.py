"""What helps while a caller speaks (接警辅助接口): suggestions, questions and advice.

The words of a caller come in a body, never in an address, so that no log of addresses has them.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.vocabulary.facts import Answer, Fact
from kuaifan.vocabulary.scripts import Script
from kuaifan.vocabulary.suggest_type import Suggested
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Aid
from kuaifan.web.problems import answer, not_found

MAX_BODY_BYTES: Final = 128 * 1024
NO_STORE: Final = {"Cache-Control": "no-store"}


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What a call-taker has so far (联想请求): words, the type as it stands, answers given."""

    text: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    type_code: Annotated[str, msgspec.Meta(max_length=40)] = ""
    answers: dict[Fact, Answer] = {}


def aid_routes(aid: Aid | None) -> list[Route]:
    """POST /v1/suggest and GET /v1/questions; without an aid they answer with nothing."""
    decoder = msgspec.json.Decoder(Asking)

    async def suggest(request: Request) -> Response:
        asked = decode(decoder, await read_body(request, MAX_BODY_BYTES))
        if aid is None:
            return answer(Suggested(), headers=NO_STORE)
        answers = dict[str, Answer](asked.answers.items())
        # Off the loop: the model is read when it is first asked for.
        found = await asyncio.to_thread(
            aid.suggest, asked.text, type_code=asked.type_code, answers=answers
        )
        return answer(found, headers=NO_STORE)

    async def questions(request: Request) -> Response:
        type_code = request.query_params.get("type", "")[:40]
        found = Script() if aid is None else await asyncio.to_thread(aid.find_script, type_code)
        if found is None:
            raise not_found(f"没有类别 {type_code}", f"there is no incident type {type_code!r}")
        return answer(found)

    return [
        Route("/v1/suggest", suggest, methods=["POST"]),
        Route("/v1/questions", questions),
    ]
