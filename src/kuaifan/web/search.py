"""Search by number, call sign or address (检索): open incidents and closed ones, masked by role."""

from __future__ import annotations

import asyncio
import unicodedata
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.web.case_scope import reaches
from kuaifan.web.desk import Parts
from kuaifan.web.masking import mask
from kuaifan.web.problems import Problem, answer
from kuaifan.web.search_rows import FoundCases
from kuaifan.web.viewer import viewer_of

MAX_QUERY_CHARS: Final = 80
NO_STORE: Final = {"Cache-Control": "no-store"}


def search_routes(parts: Parts) -> list[Route]:
    """GET /v1/search; none where nothing is kept."""
    search = parts.search
    if search is None:
        return []

    async def read(request: Request) -> Response:
        viewer = viewer_of(request)
        if viewer.role == "crew":
            raise Problem(
                403,
                "forbidden",
                "not_for_role",
                "检索只供席位使用",
                "search is for the desks, not for the role crew",
            )
        text = unicodedata.normalize("NFKC", request.query_params.get("q", "")).strip()
        text = text[:MAX_QUERY_CHARS]
        now_ms = parts.desk.clock()[0]
        found = FoundCases()
        if text:
            found = await asyncio.to_thread(
                search, text, now_ms=now_ms, may_meet=partial(reaches, viewer)
            )
        return answer(found if viewer.sees_personal else mask(found), headers=NO_STORE)

    return [Route("/v1/search", read)]
