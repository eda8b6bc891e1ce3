"""The door over HTTP (登录接口): log on and off, one-time links, second factors, break-glass.

Whatever is hashed runs in a small pool of its own: a flood of log-ons slows log-ons, and no call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.vocabulary.access import GlassMinutes
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.record_class import RECORD_CLASSES
from kuaifan.vocabulary.rights import PURPOSES, RIGHTS, STATED, may
from kuaifan.web.commands import decode, read_body
from kuaifan.web.gate import COOKIE, Door
from kuaifan.web.people import LinkUse, LogOn, Password, Visitor
from kuaifan.web.problems import answer, malformed, unknown_outcome
from kuaifan.web.viewer import viewer_of

N_THREADS: Final = 2
MAX_WAITING: Final = 64
MAX_BODY_BYTES: Final = 8 * 1024
NO_STORE: Final = {"Cache-Control": "no-store"}
COOKIE_KIND: Final = "Path=/; Secure; HttpOnly; SameSite=Strict"
P = ParamSpec("P")
T = TypeVar("T")


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A password in place of another (更改口令)."""

    old: Password
    new: Password


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of a second factor (验证码)."""

    code: ShortText


class Leaving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody leaves (退出)."""

    everywhere: bool = False


class UnitTaken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which unit a crew is today (本班警力)."""

    unit_id: Id


class GlassAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody must see more at once (紧急授权)."""

    reason: ShortText
    minutes: GlassMinutes = 15


class Busy:
    """A small pool of threads with a short queue (登录线程池)."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(N_THREADS, thread_name_prefix="log-on")
        self._n_waiting = 0

    async def run(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something there; raises Problem 503 where too many wait."""
        if self._n_waiting >= MAX_WAITING:
            raise unknown_outcome("busy", "too many people log on at once")
        self._n_waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, lambda: do(*args, **kwargs))
        finally:
            self._n_waiting -= 1


class LogOnRoutes:
    """The routes of the door (登录)."""

    def __init__(self, door: Door) -> None:
        self._door, self._people, self._busy = door, door.people, Busy()

    def routes(self) -> list[Route]:
        """All of them."""
        posts: dict[str, Callable[[Request], Any]] = {
            "/v1/session": self.log_on,
            "/v1/session/end": self.log_off,
            "/v1/session/touch": self.touch,
            "/v1/session/password": self.change_password,
            "/v1/session/second-factor": self.begin_second_factor,
            "/v1/session/second-factor/confirm": self.confirm_second_factor,
            "/v1/session/unit": self.take_unit,
            "/v1/session/glass": self.break_glass,
            "/v1/link": self.use_link,
        }
        made = [Route(path, do, methods=["POST"]) for path, do in posts.items()]
        return [Route("/v1/session", self.who), *made]

    async def who(self, request: Request) -> Response:
        """Who is logged on here; null where nobody is."""
        visitor = self._door.find_visitor(request)
        body = {
            "door": "login",
            "person": visitor and _told(visitor),
            "elsewhere": self._door.elsewhere is not None,
        }
        return answer(body, headers=NO_STORE)

    async def log_on(self, request: Request) -> Response:
        """A name, a password, a code: a cookie, and who that is."""
        asked = await _body(request, LogOn)
        before = self._door.find_visitor(request)
        token = await self._busy.run(self._people.log_on, asked, address_of(request))
        if before is not None and before.session:
            # Another person at the same browser: the one before has left.
            await self._busy.run(self._people.log_off, before, everywhere=False)
        return self._with_cookie(token)

    async def log_off(self, request: Request) -> Response:
        """This session ends, or all of the person's."""
        leaving = await _body(request, Leaving)
        await self._busy.run(self._people.log_off, _visitor(request), everywhere=leaving.everywhere)
        headers = {**NO_STORE, "Set-Cookie": f"{COOKIE}=; Max-Age=0; {COOKIE_KIND}"}
        return answer({"person": None}, headers=headers)

    async def touch(self, _request: Request) -> Response:
        """The person is there: the gate has noted it."""
        return answer({"ok": True}, headers=NO_STORE)

    async def change_password(self, request: Request) -> Response:
        """The person's own; every other session of it ends."""
        change = await _body(request, PasswordChange)
        token = await self._busy.run(
            self._people.change_password, _visitor(request), change.old, change.new
        )
        return self._with_cookie(token)

    async def begin_second_factor(self, request: Request) -> Response:
        """A secret for the person's phone."""
        made = await self._busy.run(self._people.begin_second_factor, _visitor(request))
        return answer(made, headers=NO_STORE)

    async def confirm_second_factor(self, request: Request) -> Response:
        """A code shows that the phone has it; answered with recovery codes, this once."""
        code = await _body(request, Code)
        visitor = _visitor(request)
        token, codes = await self._busy.run(self._people.confirm_second_factor, visitor, code.code)
        return self._with_cookie(token, recovery_codes=codes)

    async def take_unit(self, request: Request) -> Response:
        """A crew says which unit it is."""
        taken = await _body(request, UnitTaken)
        await self._busy.run(self._people.take_unit, _visitor(request), taken.unit_id)
        return await self.who(request)

    async def break_glass(self, request: Request) -> Response:
        """For some minutes everything is seen, and everybody who must know is told."""
        asked = await _body(request, GlassAsked)
        token = await self._busy.run(
            self._people.break_glass, _visitor(request), asked.reason, asked.minutes
        )
        return self._with_cookie(token)

    async def use_link(self, request: Request) -> Response:
        """A password is set by a link that is good once; the person logs on after it."""
        use = await _body(request, LinkUse)
        name = await self._busy.run(self._people.use_link, use, address_of(request))
        return answer({"name": name}, headers=NO_STORE)

    def _with_cookie(self, token: str, **more: object) -> Response:
        visitor = self._people.find_visitor(token)
        headers = {**NO_STORE, "Set-Cookie": f"{COOKIE}={token}; {COOKIE_KIND}"}
        return answer({"person": visitor and _told(visitor), **more}, headers=headers)


def open_door_routes() -> list[Route]:
    """GET /v1/session of an open door: nobody is asked who it is."""

    async def who(_request: Request) -> Response:
        return answer({"door": "open", "person": None}, headers=NO_STORE)

    return [Route("/v1/session", who)]


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def _visitor(request: Request) -> Visitor:
    visitor = viewer_of(request).visitor
    if visitor is None or not visitor.session:
        raise malformed("密钥没有会话", "a key has no session")
    return visitor


def _told(visitor: Visitor) -> dict[str, object]:
    """What a console needs to know of its person."""
    rights = sorted({right for role in visitor.roles for right in RIGHTS if may(role, right)})
    return {
        "name": visitor.name,
        "display_name": visitor.display_name,
        "roles": visitor.roles,
        "rights": rights,
        "purposes": _purposes_of(visitor),
        "desk_id": visitor.desk_id,
        "unit_id": visitor.unit_id,
        "must_enrol": visitor.must_enrol,
        "glass_until_ms": visitor.glass_until_ms if visitor.has_glass else 0,
    }


def _purposes_of(visitor: Visitor) -> list[str]:
    """What for this person may open a record that is not in hand, of its own desk at least."""
    return [
        purpose
        for purpose in PURPOSES
        if purpose in STATED
        and any(
            may(role, "open_record", record_class=each, purpose=purpose)
            for role in visitor.roles
            for each in RECORD_CLASSES
        )
    ]


async def _body(request: Request, kind: type[T]) -> T:
    made: T = decode(msgspec.json.Decoder(kind), await read_body(request, MAX_BODY_BYTES))
    return made
