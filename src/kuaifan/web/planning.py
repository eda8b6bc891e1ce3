"""Planning over the wire (规划接口): scenarios, their runs and comparisons, plans, the ledger.

Nothing here is decided or solved in a request: a run is queued, and asked after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.plan.ring_map import RingAsk
from kuaifan.plan.scenario import Draft, ScenarioError, TwinAsk
from kuaifan.plan.trial import CELL_DEG
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.planner_desk import PlannerDesk
from kuaifan.web.problems import Problem, answer, malformed, not_found

T = TypeVar("T")
NO_STORE: Final = {"Cache-Control": "no-store"}
MAX_BODY_BYTES: Final = 256 * 1024


def planning_routes(parts: Parts) -> list[Route]:
    """The routes; none where the desk has no planner."""
    if parts.planner is None:
        return []
    routes = PlanningRoutes(parts.desk, parts.planner)
    return [
        Route("/v1/plans", routes.plans),
        Route("/v1/plans/ledger", routes.ledger),
        Route("/v1/plans/rings", routes.rings, methods=["POST"]),
        Route("/v1/scenarios", routes.draw, methods=["POST"]),
        Route("/v1/scenarios/{key}", routes.scenario),
        Route("/v1/scenarios/{key}/comparison", routes.comparison),
        Route("/v1/scenarios/{key}/proposal", routes.proposal),
        Route("/v1/scenarios/{key}/{act}", routes.act, methods=["POST"]),
    ]


class PlanningRoutes:
    """The routes of one planner (规划)."""

    def __init__(self, desk: Desk, planner: PlannerDesk) -> None:
        self._desk, self._planner = desk, planner
        self._drafts = msgspec.json.Decoder(Draft)
        self._asks = msgspec.json.Decoder(TwinAsk)
        self._ring_asks = msgspec.json.Decoder(RingAsk)

    async def plans(self, _request: Request) -> Response:
        """What holds, what waits, every scenario in a line, and what can be chosen."""
        papers = self._desk.plans
        rows, models, posts = await _off_loop(self._list)
        in_use = papers.in_use()
        body = {
            "now_ms": self._desk.clock()[0],
            "in_use": in_use.plan_id if in_use else "",
            "plans": [_seen(each) for each in reversed(papers.plans)],
            "scenarios": rows,
            "models": models,
            "posts": posts,
        }
        return answer(body, headers=NO_STORE)

    async def ledger(self, _request: Request) -> Response:
        """What the plan in use promised and kept, null where none is in use."""
        found = await _off_loop(self._planner.ledger)
        return answer(found, headers=NO_STORE)

    async def rings(self, request: Request) -> Response:
        """What some posts reach, and which calls they do not; nothing is kept of it."""
        ask = decode(self._ring_asks, await read_body(request, MAX_BODY_BYTES))
        found = await _off_loop(lambda: self._planner.rings(ask.posts))
        return answer(found, headers=NO_STORE)

    async def draw(self, request: Request) -> Response:
        """A new scenario; it never changes."""
        draft = decode(self._drafts, await read_body(request, MAX_BODY_BYTES))
        scenario_id = await _off_loop(lambda: self._planner.draw(draft))
        return answer({"scenario_id": scenario_id}, headers=NO_STORE)

    async def scenario(self, request: Request) -> Response:
        """One with its answer and how far its run is."""
        key = request.path_params["key"]
        return answer(await _off_loop(lambda: self._one(key)), headers=NO_STORE)

    async def act(self, request: Request) -> Response:
        """Queue a run, or stop it."""
        key, act = request.path_params["key"], request.path_params["act"]
        body = await read_body(request, MAX_BODY_BYTES)
        if act == "solve":
            job = await _off_loop(lambda: self._planner.run(key, "solve"))
        elif act == "twin":
            ask = decode(self._asks, body)
            job = await _off_loop(lambda: self._planner.run(key, "twin", ask))
        elif act == "stop":
            await _off_loop(lambda: self._planner.end(key))
            return answer({"scenario_id": key}, headers=NO_STORE)
        else:
            raise not_found(f"方案没有操作 {act[:40]}", "a scenario can be: solve, twin, stop")
        return answer({"scenario_id": key, "job": job}, headers=NO_STORE)

    async def comparison(self, request: Request) -> Response:
        """A scenario against another one, with intervals and a sentence."""
        key, other = request.path_params["key"], _against(request)
        compared, comparison = await _off_loop(lambda: self._planner.compare(other, key))
        metrics = [{**_row(each), "verdict": each.verdict} for each in compared.metrics]
        own = {"metrics": metrics, "cell_deg": CELL_DEG, "comparison": comparison}
        body = {**_row(compared), **own}
        return answer(body, headers=NO_STORE)

    async def proposal(self, request: Request) -> Response:
        """The body of ProposePlan but for who, why and from when."""
        key, other = request.path_params["key"], _against(request)
        plan, plan_hash, comparison = await _off_loop(lambda: self._planner.proposal(other, key))
        body = {"plan": plan, "plan_hash": plan_hash, "comparison": comparison}
        return answer(body, headers=NO_STORE)

    def _list(self) -> tuple[list[dict[str, Any]], Any, Any]:
        rows = [_line_of(self._planner, key) for key in self._planner.ids()]
        rows.sort(key=lambda row: (row["drawn_at_ms"], row["scenario_id"]))
        return rows, self._planner.models(), self._planner.posts_now()

    def _one(self, key: str) -> dict[str, Any]:
        return {
            "scenario_id": key,
            "scenario": self._planner.get(key),
            "solution": self._planner.find_solution(key),
            "job": self._planner.find_job(key),
            "n_days": self._planner.n_days(key),
        }


def _line_of(planner: PlannerDesk, key: str) -> dict[str, Any]:
    """A scenario in a line; one whose files are damaged says so, and the others stay in sight."""
    try:
        scenario, solution = planner.get(key), planner.find_solution(key)
        job, n_days = planner.find_job(key), planner.n_days(key)
    except ScenarioError as error:
        row = dict.fromkeys(("name", "model", "author", "note"), "")
        nothing = {"n_posts": 0, "n_days": 0, "drawn_at_ms": 0, "job": None, "mean_s": None}
        said = {"fault_zh": error.zh, "fault_en": error.en}
        return {"scenario_id": key, **row, **nothing, **said, "gap": None, "is_proven": False}
    return {
        "scenario_id": key,
        "name": scenario.draft.name,
        "model": scenario.draft.model,
        "author": scenario.draft.author,
        "note": scenario.draft.note,
        "drawn_at_ms": scenario.drawn_at_ms,
        "n_posts": len(solution.sites) if solution else 0,
        "mean_s": solution.mean_s if solution else None,
        "gap": solution.gap if solution else None,
        "is_proven": solution.is_proven if solution else False,
        "n_days": n_days,
        "job": job,
        "fault_zh": "",
        "fault_en": "",
    }


def _seen(plan: msgspec.Struct) -> dict[str, Any]:
    """A plan without the streets that its posts are on."""
    return {name: value for name, value in _row(plan).items() if name != "posts"}


def _row(value: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _against(request: Request) -> str:
    other = request.query_params.get("with", "")
    if not other:
        raise malformed(
            "须用 with 指明对比的方案", "say which scenario to hold it against: with=ID"
        )
    return other


async def _off_loop(work: Callable[[], T]) -> T:
    """Do what blocks on the disk; what cannot be is refused in both languages."""
    try:
        return await asyncio.to_thread(work)
    except ScenarioError as error:
        if error.code == "unknown_scenario":
            raise not_found(error.zh, error.en) from error
        raise Problem(409, "refused", error.code, error.zh, error.en) from error
