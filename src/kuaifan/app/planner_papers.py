"""What a plan is adopted on (采用依据): fair comparisons only, kept by the desk that made them.

A comparison goes to a planner's screen and comes back with the proposal. So that nobody adopts a
plan on figures of its own, each is kept under its hash, and one that was not kept is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.scenario_files import FOLDER
from kuaifan.kernel.whole_file import replace_file
from kuaifan.plan.scenario import Scenario, ScenarioError, SitePost, Solution, content_hash
from kuaifan.plan.trial import TwinFigures
from kuaifan.plan.trial_compare import Compared
from kuaifan.vocabulary.plan import Comparison

KEPT: Final = "comparisons"


class Proved(msgspec.Struct, frozen=True):
    """Which plan was held against what, and what came of it (对比凭据): by hash."""

    plan_hash: str
    comparison: Comparison


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it (存档对比): every figure behind the sentence."""

    proved: Proved
    old_id: str
    new_id: str
    compared: Compared


class ComparisonFiles:
    """Comparisons that plans were proposed on (对比存档); blocks on the disk."""

    def __init__(self, city: Path) -> None:
        self._folder = city / FOLDER / KEPT

    def keep(self, kept: Kept) -> None:
        """Write one; the same twice is one."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_file(self._path(kept.proved), msgspec.json.encode(kept))
        except OSError as error:
            raise ScenarioError(
                "cannot_write",
                f"对比结果无法写入城市文件夹的 {FOLDER}/：请检查磁盘空间与权限",
                f"{FOLDER}/ of the city folder cannot be written ({error.strerror}): free some "
                "space, or let the service write there",
            ) from error

    def need(self, proved: Proved) -> None:
        """Raise ScenarioError for one that was never kept, or that says something else."""
        if not self._path(proved).is_file():
            raise ScenarioError(
                "unknown_comparison",
                "对比结果不是本系统为该方案算出的，或内容被改动：请从规划页重新对比后提请",
                "this desk never made that comparison for this plan, or it was changed since: "
                "compare again on the planning page and propose from there",
            )

    def find(self, proved: Proved) -> Kept | None:
        """The whole of one, None where it is gone or damaged."""
        try:
            return msgspec.json.decode(self._path(proved).read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return None

    def _path(self, proved: Proved) -> Path:
        return self._folder / f"{content_hash(proved)}.json"


def check_fair(
    old: tuple[Scenario, Solution | None, TwinFigures],
    new: tuple[Scenario, TwinFigures],
    posts: Iterable[SitePost],
) -> None:
    """Raise ScenarioError unless what is proposed was held against what holds now, all else alike.

    posts: that carry a circle now.
    """
    (old_scenario, old_solution, old_twin), (scenario, twin) = old, new
    if _places(old_solution.sites if old_solution else ()) != _places(posts):
        raise ScenarioError(
            "not_what_holds",
            f"“{old_scenario.draft.name}”不是现行驻点：请以现行驻点（按图、不改动）为基准再对比",
            f"{old_scenario.draft.name!r} is not how posts stand now: draw them as they are, try "
            "that on the twin and compare with it",
        )
    grounds = {(each.map_hash, each.ground_hash) for each in (old_scenario, scenario)}
    if len(grounds) > 1:
        raise ScenarioError(
            "other_ground",
            "两方案所依据的路网或设置不同，差异不全是方案所致：请重画其一再对比",
            "the two were drawn over other roads or settings, so that not all of the difference "
            "is the plan's: draw one of them again",
        )
    if old_twin.ask.policy != twin.ask.policy:
        raise ScenarioError(
            "other_policy",
            "两方案试跑的派警策略不同，差异不全是方案所致：请用同一策略重跑其一",
            "the two were tried under different policies, so that not all of the difference is "
            "the plan's: run one of them again under the other's policy",
        )
    if bool(old_twin.plan) != bool(twin.plan):
        raise ScenarioError(
            "other_demand",
            "两方案之一由旧版试跑，未计各圈预期警情，差异不全是方案所致：请重跑较早的一个",
            "one of the two was tried by an older release, which knew no calls to expect at each "
            "circle, so that not all of the difference is the plan's: run the older one again",
        )


def _places(posts: Iterable[object]) -> set[tuple[str, float, float]]:
    found = set()
    for post in posts:
        row = msgspec.to_builtins(post)
        found.add((row["site_id"], row["lat"], row["lon"]))
    return found
