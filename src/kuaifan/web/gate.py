"""The gate (门禁): nothing behind it is reached without a right, and none of it without a name.

Every route is wrapped once, at start, with the right it asks for. Behind a log-on the visitor is
known before a route's own code runs: by the cookie of a session, or by the key of another system.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command
from kuaifan.vocabulary.command_rights import find_right
from kuaifan.vocabulary.rights import FREE_RIGHTS, ROLES, Right
from kuaifan.web.people import Elsewhere, People, Visitor
from kuaifan.web.problems import Problem, on_problem
from kuaifan.web.refusals import Refusals, right_refused
from kuaifan.web.route_rights import SAFE, find_route_right
from kuaifan.web.viewer import VIEWER, need, viewer_behind

COOKIE: Final = "__Host-kuaifan"
BEARER: Final = "bearer "
COMMANDS: Final = ("/v1/commands/", "/v1/preview/")
SAME_SITE: Final = frozenset({"same-origin", "none"})
LOCAL_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
ENROLLING: Final = ("/v1/session",)
"""All that is open to whoever still has to set up its second factor."""


class Door:
    """Who comes in, and how (门): by name, from these hosts (`*` for any).

    elsewhere: another service that says who somebody is, None where there is none.
    """

    def __init__(
        self,
        people: People,
        hosts: Sequence[str] = LOCAL_HOSTS,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.people, self.hosts, self.elsewhere = people, frozenset(hosts), elsewhere

    def find_visitor(self, request: Request) -> Visitor | None:
        """The visitor of a request, None where it brings nothing that holds."""
        said = request.headers.get("authorization", "")
        if said[: len(BEARER)].lower() == BEARER:
            return self.people.find_system(said[len(BEARER) :].strip())
        token = request.cookies.get(COOKIE, "")
        return self.people.find_visitor(token) if token else None

    def check_host(self, request: Request) -> None:
        """Raise Problem 421 for a host that is not ours: a name that was bent to our address."""
        host = _host_name(request.headers.get("host", ""))
        if "*" not in self.hosts and host not in self.hosts:
            raise Problem(
                421,
                "forbidden",
                "wrong_host",
                f"本服务不以 {host[:60]} 之名提供",
                f"this desk is not served as {host[:60]!r}: start it with --allow-host",
            )


def check_origin(request: Request) -> None:
    """Raise Problem 403 for a change that another site had a browser ask for (CSRF)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_ours = site in SAME_SITE if site is not None else origin is not None
    if is_ours and origin is not None:
        is_ours = secrets.compare_digest(
            urlsplit(origin).netloc.encode(), request.headers.get("host", "").encode()
        )
    if not is_ours:
        raise Problem(
            403,
            "forbidden",
            "other_site",
            "请求来自其他网站，已拒绝",
            "this change was asked for by another site; programs come with a key, not a cookie",
        )


class Gate:
    """Guards routes (门禁); door None: an open door, where a request says who it is."""

    def __init__(self, door: Door | None, refusals: Refusals | None = None) -> None:
        self._door, self._refusals = door, refusals

    def guard(self, routes: Sequence[BaseRoute], commands: Sequence[type[Command]]) -> None:
        """Wrap every route with what it asks for; raises BadInputError for one that does not."""
        by_name = {str(each.__struct_config__.tag): each for each in commands}
        for route in routes:
            assert isinstance(route, Route | Mount)  # noqa: S101 - we have no others
            methods = sorted(route.methods or ()) if isinstance(route, Route) else ["GET"]
            rights = {method: _right_of(method, route.path, by_name) for method in methods}
            route.app = self._guarded(route.app, rights)

    def _guarded(self, app: ASGIApp, rights: dict[str, Right]) -> ASGIApp:
        door = self._door
        if door is None:
            return app
        free = {method for method, right in rights.items() if right in FREE_RIGHTS}

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive)
            method = request.method
            try:
                door.check_host(request)
                if rights.get(method) != "signed" and "authorization" not in request.headers:
                    _check_change(request)
                if method not in free:
                    admit(door, request, rights.get(method, "own_account"))
            except Problem as problem:
                self._note(request, problem, rights.get(method, "own_account"))
                await on_problem(request, problem)(scope, receive, send)
                return
            await app(scope, receive, send)

        return guarded

    def _note(self, request: Request, problem: Problem, right: str) -> None:
        """Write down that somebody tried what it may not; a system is known by its key's name."""
        visitor = self._door.find_visitor(request) if self._door else None
        if self._refusals is None or visitor is None or not right_refused(problem):
            return
        said = request.headers.get("x-kuaifan-role") or next(iter(visitor.roles), "")
        # Whatever a request calls its role: only one that there is stands in the log.
        role = said if said in ROLES else "unknown"
        self._refusals.note(visitor.name, role, right, request.url.path)


def admit(door: Door, request: Request, right: Right) -> None:
    """Let a visitor in where it has the right; its viewer is left in the request."""
    visitor = door.find_visitor(request)
    if visitor is None:
        raise Problem(
            401,
            "unauthorized",
            "logged_off",
            "未登录或登录已过期，请重新登录",
            "log on, or log on again",
        )
    if visitor.must_enrol and not request.url.path.startswith(ENROLLING):
        raise Problem(
            403,
            "forbidden",
            "second_factor_needed",
            "本账号须先启用两步验证",
            "this account has to set up its second factor first",
        )
    viewer = viewer_behind(visitor, request)
    need(viewer, right)
    if request.method not in SAFE and visitor.session:
        door.people.touch(visitor)
    request.scope[VIEWER] = viewer


def _check_change(request: Request) -> None:
    if request.method not in SAFE:
        check_origin(request)


def _right_of(method: str, path: str, commands: dict[str, type[Command]]) -> Right:
    for prefix in COMMANDS:
        name = path.removeprefix(prefix)
        if name in commands and name != path:
            right = find_right(commands[name])
            if right is None:
                raise BadInputError(
                    f"no right is declared for the command {name}: name one in "
                    "vocabulary/command_rights.py, or as RIGHT of a plug-in's command"
                )
            return right
    found = find_route_right(method, path)
    if found is None:
        raise BadInputError(
            f"no right is declared for {method} {path}: name one in web/route_rights.py"
        )
    return found


def _host_name(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()
