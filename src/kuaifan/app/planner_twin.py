"""Tries a solved scenario on drawn days (方案试跑): the same calls for every plan, day by day.

Posts, homes and the calls that each circle expects are those the desk would have had it adopted it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.app.plan_adopted import adopt, plan_of
from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.app.rules import core_codec, core_rulebook
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.app.served_seats import seat_actors
from kuaifan.app.twin_demand import draw_handled
from kuaifan.board.reference import Reference
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command
from kuaifan.plan.scenario import Scenario, ScenarioError, TwinAsk, content_hash
from kuaifan.plan.trial import TrialDay, TwinFigures
from kuaifan.policy.policies import POLICIES
from kuaifan.twin.paired import seed_of
from kuaifan.twin.trial import StoppedError, Trial
from kuaifan.twin.variants import command_of, read_variant
from kuaifan.twin.world import SimCall

FIRST_DAY: Final = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday; the n-th day of every trial is the same day of the week."""
N_ATTEMPTS: Final = 100
N_FEWEST: Final = 2


def try_days(
    files: ScenarioFiles,
    scenario: Scenario,
    city_path: Path,
    ask: TwinAsk,
    *,
    go_on: Callable[[], bool],
    tell: Callable[[int], None],
) -> TwinFigures:
    """Run day after day; a run that is stopped keeps the days it has, if there are two."""
    solution = files.find_solution(scenario.scenario_id)
    if solution is None:
        raise ScenarioError(
            "not_solved",
            "请先求解，再运行孪生",
            "solve the scenario before it is tried on the twin",
        )
    _check_policy(ask.policy)
    city = read_city(city_path)
    own = make_reference(city)
    load_kernels(own)
    plan = plan_of(scenario, solution)
    adopted = adopt(own, files.get_ground(scenario.scenario_id), plan)
    zone = ZoneInfo(city.meta.time_zone)
    trial = Trial(adopted.board, core_rulebook(), core_codec(), zone, seat_actors())
    began_s, hashes, days = perf_counter(), list[str](), list[TrialDay]()
    for day_i in range(ask.n_days):
        calls = draw_day(city, own, ask, day_i)
        tell(day_i)
        try:
            day = _run(trial, calls, ask, day_i, go_on)
        except StoppedError:
            break
        hashes.append(hashlib.sha256(msgspec.json.encode(calls)).hexdigest())
        days.append(day)
    if len(days) < N_FEWEST:
        raise ScenarioError(
            "too_few_days",
            f"只跑完 {len(days)} 天，不足以比较；请至少跑 {N_FEWEST} 天",
            f"only {len(days)} days were run: too few to hold against anything",
        )
    return TwinFigures(
        scenario_hash=content_hash(scenario),
        ask=ask,
        calls_hash=hashlib.sha256("".join(hashes).encode()).hexdigest(),
        day_hashes=tuple(hashes),
        post_ids=tuple(post.post_id for post in adopted.reference.circle_posts),
        plan=plan.name,
        days=tuple(days),
        seconds=round(perf_counter() - began_s, 1),
        is_stopped=len(days) < ask.n_days,
    )


def _check_policy(text: str) -> None:
    """Refuse what no desk could have in force either."""
    try:
        if text:
            read_variant(text)
    except BadInputError as error:
        named = ", ".join(POLICIES)
        raise ScenarioError(
            "unknown_policy", f"没有策略 {text}，可用：{named}", f"{error}"
        ) from error


def draw_day(city: City, own: Reference, ask: TwinAsk, day_i: int) -> list[SimCall]:
    """The calls of the n-th day: by seed and day alone, whatever is tried on them.

    With the hours, classes and spread that the city has learned, as `twin run` draws them.
    """
    zone = ZoneInfo(city.meta.time_zone)
    day = (FIRST_DAY + timedelta(days=day_i)).replace(tzinfo=zone)
    for attempt in range(N_ATTEMPTS):
        calls = draw_handled(
            city,
            own,
            start_ms=round(day.timestamp() * 1000),
            n_days=1,
            handled_per_day=ask.per_day or None,
            seed=seed_of(ask.seed, N_ATTEMPTS * day_i + attempt),
        )
        if calls:
            return calls
    raise ScenarioError(
        "no_calls", "需求太少，一天内没有来电", "the demand is so small that no day has a call"
    )


def _run(
    trial: Trial, calls: list[SimCall], ask: TwinAsk, day_i: int, go_on: Callable[[], bool]
) -> TrialDay:
    first: list[Command] = []
    if ask.policy:
        first = [command_of(ask.policy, "sim:commander")]
    return trial.run_day(calls, seed=seed_of(ask.seed, day_i), first=first, go_on=go_on)
