"""Scenarios (方案草案): a named, frozen record of a question about where to stand, and its answer.

The question never changes once it is drawn: its hash is its id. What answers it, a solution or a
run on the twin, is written once beside it and says by hash what it belongs to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.plan import Latitude, Longitude, Name, PostKind, RingPromise, UnitStand

ID_CHARS: Final = 12
MAX_CANDIDATES: Final = 1_000
BY_HAND: Final = "by_hand"
"""The posts as they are drawn; nothing is chosen, only measured."""
SiteId = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Ids = Annotated[tuple[SiteId, ...], msgspec.Meta(max_length=MAX_CANDIDATES)]


class SitePost(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it stands, or a site drawn by hand (驻点)."""

    site_id: SiteId
    kind: PostKind = "standby_post"
    name: Name = ""
    lat: Latitude
    lon: Longitude


Posts = Annotated[tuple[SitePost, ...], msgspec.Meta(max_length=500)]


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a planner draws (草案).

    model: a planning model, or `by_hand` for the posts as drawn. n_posts: 0 for as many as stand
    now. reach_s: what covers, for models that cover. drawn: posts that are elsewhere than now, or
    new. locked: must be open. forbidden: must not. n_candidates: sites besides, where demand is.
    seconds: so long may the solver look. parameters: what else a model asks for, by name.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    author: Annotated[str, msgspec.Meta(max_length=60)] = ""
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] = "p_median"
    n_posts: Annotated[int, msgspec.Meta(ge=0, le=500)] = 0
    reach_s: Annotated[int, msgspec.Meta(ge=10, le=7_200)] = 300
    drawn: Posts = ()
    locked: Ids = ()
    forbidden: Ids = ()
    n_candidates: Annotated[int, msgspec.Meta(ge=0, le=MAX_CANDIDATES)] = 200
    seconds: Annotated[int, msgspec.Meta(ge=1, le=3_600)] = 60
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    note: Annotated[str, msgspec.Meta(max_length=600)] = ""
    parameters: Annotated[dict[str, float], msgspec.Meta(max_length=20)] = {}


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """The whole question (方案草案): what was drawn, over which city, demand and posts.

    city_hash, map_hash, demand_hash: of the data it was drawn on; ground_hash: of the settings in
    force then, which lie beside it. posts: that stood then.
    """

    draft: Draft
    city_hash: str
    map_hash: str
    demand_hash: str
    ground_hash: str = ""
    posts: tuple[SitePost, ...]
    drawn_at_ms: int
    build: str = ""

    @property
    def scenario_id(self) -> str:
        """What it is called: the head of its hash."""
        return content_hash(self)[:ID_CHARS]


class SolvedSite(msgspec.Struct, frozen=True, kw_only=True):
    """A post of the answer (入选驻点), with why it is there.

    marginal: what the plan would lose without it, in units of its value. served: demand that it
    serves, a day. rings: share of that demand reached in so many minutes by road.
    """

    site_id: str
    kind: PostKind
    name: str
    lat: float
    lon: float
    is_new: bool
    is_locked: bool
    marginal: float
    served: float
    per_day: float
    rings: tuple[RingPromise, ...]
    n_units: int = 0


class Solution(msgspec.Struct, frozen=True, kw_only=True):
    """The answer (求解结果).

    value, bound: in units of the model; gap: between them. is_stopped: a person ended the search.
    rings: share of all demand. mean_s: weighted mean way from the nearest post. unreached: demand
    a day that no post reaches. left_out: that of quiet cells beyond those a plan is drawn on.
    """

    scenario_hash: str
    value: float
    bound: float
    gap: float
    is_proven: bool
    is_stopped: bool
    n_nodes: int
    seconds: float
    n_sites: int
    n_demands: int
    mean_s: float
    p90_s: float
    per_day: float
    unreached: float
    rings: tuple[RingPromise, ...]
    sites: tuple[SolvedSite, ...]
    given_up: tuple[str, ...]
    stands: tuple[UnitStand, ...]
    left_out: float = 0.0


class TwinAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a scenario is tried (孪生试跑): so many drawn days, each with luck of its own.

    policy: empty for each desk's own. per_day: handled calls a day, 0 for as many as the city has.
    """

    n_days: Annotated[int, msgspec.Meta(ge=2, le=400)] = 30
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    policy: Annotated[str, msgspec.Meta(max_length=40)] = ""
    per_day: Annotated[float, msgspec.Meta(ge=0, le=20_000)] = 0.0


JobKind = Literal["solve", "twin"]
JobState = Literal["queued", "running", "done", "stopped", "failed", "unfinished"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run is (运行进度); unfinished: the desk was restarted while it ran.

    done, of: days of a twin; of a solver the best value and what no plan beats.
    """

    kind: JobKind
    state: JobState
    asked_at_ms: int
    began_at_ms: int = 0
    ended_at_ms: int = 0
    done: float = 0.0
    of: float = 0.0
    n_nodes: int = 0
    said_zh: str = ""
    said_en: str = ""
    ask: TwinAsk | None = None


class ScenarioError(BadInputError):
    """A scenario that cannot be drawn, run or compared; says why in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def content_hash(value: msgspec.Struct) -> str:
    """SHA-256 of a record as JSON, in hexadecimal (内容哈希)."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def check_draft(draft: Draft, posts: Iterable[SitePost]) -> None:
    """Raise ScenarioError for what no solver need look at."""
    own = {post.site_id for post in posts}
    if not draft.name.strip():
        raise ScenarioError("no_name", "请给方案起名", "give the scenario a name")
    drawn = [post.site_id for post in draft.drawn]
    if len(set(drawn)) < len(drawn):
        raise ScenarioError("drawn_twice", "同一驻点画了两次", "a post is drawn twice")
    if both := set(draft.locked) & set(draft.forbidden):
        site = min(both)
        raise ScenarioError(
            "locked_and_forbidden",
            f"{site} 既锁定又禁用，请取消其一",
            f"{site} is both locked and forbidden: take one away",
        )
    n_open = draft.n_posts or len(own)
    if len(set(draft.locked)) > n_open and draft.model != BY_HAND:
        raise ScenarioError(
            "too_many_locked",
            f"锁定了 {len(set(draft.locked))} 个驻点，却只要 {n_open} 个；请增加点数或解锁",
            f"{len(set(draft.locked))} posts are locked but only {n_open} asked for: "
            "ask for more or unlock some",
        )
