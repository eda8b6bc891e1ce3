"""Policies over the wire (策略接口): what holds, and comparisons that a policy goes live on.

Nothing is tried in a request: a comparison is queued, and asked after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.plan.policy_trial import PolicyAsk
from kuaifan.plan.scenario import ScenarioError
from kuaifan.vocabulary.desk import MoveUpName, PolicyName
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.policy_desk import PolicyDesk
from kuaifan.web.problems import Problem, answer, not_found

T = TypeVar("T")
NO_STORE: Final = {"Cache-Control": "no-store"}
PATH: Final = "/v1/policies"


def policy_routes(parts: Parts) -> list[Route]:
    """The routes; none where the desk compares no policies."""
    if parts.policies is None:
        return []
    routes = PolicyRoutes(parts.desk, parts.policies)
    return [
        Route(PATH, routes.overview, methods=["GET"]),
        Route(PATH, routes.ask, methods=["POST"]),
        Route(f"{PATH}/{{key}}", routes.one, methods=["GET"]),
        Route(f"{PATH}/{{key}}/stop", routes.stop, methods=["POST"]),
    ]


class PolicyRoutes:
    """The routes of one desk (策略)."""

    def __init__(self, desk: Desk, policies: PolicyDesk) -> None:
        self._desk, self._policies = desk, policies
        self._asks = msgspec.json.Decoder(PolicyAsk)

    async def overview(self, _request: Request) -> Response:
        """What holds, what can be chosen, and every comparison in a line."""
        trials = await _off_loop(self._policies.lines)
        body: dict[str, Any] = {
            "now_ms": self._desk.clock()[0],
            "in_force": self._policies.in_force(),
            "policies": get_args(PolicyName),
            "move_ups": get_args(MoveUpName),
            "rules": self._desk.settings.policy_rules,
            "trials": trials,
            "shadow": await asyncio.to_thread(self._policies.shadow),
        }
        return answer(body, headers=NO_STORE)

    async def ask(self, request: Request) -> Response:
        """Queue a comparison with what holds now."""
        asked = decode(self._asks, await read_body(request))
        trial_id = await _off_loop(lambda: self._policies.ask(asked))
        return answer({"trial_id": trial_id}, headers=NO_STORE)

    async def one(self, request: Request) -> Response:
        """Every figure of a comparison; null where it has not ended."""
        key = request.path_params["key"]
        found = await _off_loop(lambda: self._policies.find_answer(key))
        return answer({"trial_id": key, "answer": found}, headers=NO_STORE)

    async def stop(self, request: Request) -> Response:
        """Stop a comparison."""
        key = request.path_params["key"]
        await _off_loop(lambda: self._policies.end(key))
        return answer({"trial_id": key}, headers=NO_STORE)


async def _off_loop(work: Callable[[], T]) -> T:
    """Do what blocks on the disk; what cannot be is refused in both languages."""
    try:
        return await asyncio.to_thread(work)
    except ScenarioError as error:
        if error.code == "unknown_scenario":
            raise not_found(error.zh, error.en) from error
        raise Problem(409, "refused", error.code, error.zh, error.en) from error
