"""Log-on at another service, over HTTP (统一身份登录接口): sent away, and back with a code."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kuaifan.kernel.errors import BadInputError
from kuaifan.web.gate import COOKIE, Door
from kuaifan.web.log_on import COOKIE_KIND, Busy, address_of
from kuaifan.web.people import Elsewhere
from kuaifan.web.problems import Problem

TURN_COOKIE: Final = "__Host-kuaifan-turn"
TURN_KIND: Final = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"
"""The way back is a link from another site: a strict cookie would not come along."""
TURN_S: Final = 600.0
MAX_TURNS: Final = 1_000


class ElsewhereRoutes:
    """The two ways (统一身份登录)."""

    def __init__(self, door: Door, service: Elsewhere) -> None:
        self._people, self._service, self._busy = door.people, service, Busy()
        self._turns: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def routes(self) -> list[Route]:
        """Both of them."""
        return [
            Route("/v1/session/oidc", self.send_away),
            Route("/v1/session/oidc/back", self.take_back),
        ]

    async def send_away(self, _request: Request) -> Response:
        """To the service; a cookie remembers that it was this browser."""
        turn = await self._asked(self._service.begin)
        self._turns[turn.state] = (time.monotonic(), turn)
        while len(self._turns) > MAX_TURNS:
            self._turns.popitem(last=False)
        headers = {
            "Cache-Control": "no-store",
            "Set-Cookie": f"{TURN_COOKIE}={turn.state}; {TURN_KIND}",
        }
        return RedirectResponse(turn.url, 303, headers)

    async def take_back(self, request: Request) -> Response:
        """With a code that this browser was sent for, and only once."""
        state = request.query_params.get("state", "")
        kept = request.cookies.get(TURN_COOKIE, "")
        began_s, turn = self._turns.pop(state, (0.0, None))
        is_same = secrets.compare_digest(state.encode(), kept.encode())
        if turn is None or not is_same or time.monotonic() - began_s > TURN_S:
            raise _not_taken("this browser was not sent there, or too long ago")
        name = await self._asked(self._service.finish, turn, request.query_params.get("code", ""))
        token = await self._busy.run(self._people.log_on_by_name, name, address_of(request))
        headers = {
            "Cache-Control": "no-store",
            "Set-Cookie": f"{COOKIE}={token}; {COOKIE_KIND}",
        }
        return RedirectResponse("/login", 303, headers)

    async def _asked(self, do: Any, *arguments: object) -> Any:  # noqa: ANN401 - a method of the service
        try:
            return await self._busy.run(do, *arguments)
        except BadInputError as error:
            raise _not_taken(str(error)) from error


def _not_taken(why: str) -> Problem:
    return Problem(403, "forbidden", "not_taken", f"统一身份登录失败：{why}", why)
