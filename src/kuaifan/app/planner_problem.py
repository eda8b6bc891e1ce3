"""From a drawn scenario to sites, demand and road times (方案问题), and back from sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.app.planner_models import Asked
from kuaifan.app.planner_stands import stands_for
from kuaifan.board.reference import MINUTE_MS, Reference
from kuaifan.city.demand_file import Demand
from kuaifan.plan.scenario import (
    BY_HAND,
    Scenario,
    ScenarioError,
    SitePost,
    Solution,
    SolvedSite,
    content_hash,
)
from kuaifan.plan.solving import Solved
from kuaifan.roads.travel import UNREACHABLE_MS, RoadPosition
from kuaifan.vocabulary.plan import RingPromise

Floats = NDArray[np.float64]
MAX_DEMANDS: Final = 4_000
"""Cells of the most demand; how many calls the others have is said beside the answer."""
MAX_OFF_STREET_M: Final = 300
DAYS_PER_WEEK: Final = 7.0
FAR_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What a scenario is solved over (求解底图).

    sites: posts as drawn, then places where demand is. cost: (n_sites, n_demands) seconds by road,
    infinite where there is no way. per_day: calls a day of each demand. left_out: calls a day of
    the cells that are not among them.
    """

    sites: tuple[SitePost, ...]
    n_drawn: int
    cost: Floats
    per_day: Floats
    lat: Floats
    lon: Floats
    left_out: float = 0.0

    def number_of(self, site_id: str) -> int:
        """Place of a site; raises ScenarioError where there is none."""
        for number, site in enumerate(self.sites):
            if site.site_id == site_id:
                return number
        raise ScenarioError(
            "unknown_site",
            f"没有候选点 {site_id[:40]}，请刷新后重选",
            f"there is no site {site_id[:40]!r} in this scenario; choose it anew",
        )


def posts_of(reference: Reference) -> tuple[SitePost, ...]:
    """The posts that carry a circle now (现有驻点)."""
    return tuple(
        SitePost(site_id=p.post_id, kind=p.kind, name=p.name, lat=p.lat, lon=p.lon)  # type: ignore[arg-type]  # of a circle
        for p in reference.circle_posts
    )


def drawn_posts(scenario: Scenario) -> tuple[SitePost, ...]:
    """The posts as drawn: those that stood, where they were dragged to, and the new ones."""
    moved = {site.site_id: site for site in scenario.draft.drawn}
    own = [moved.pop(post.site_id, post) for post in scenario.posts]
    return (*own, *moved.values())


def make_ground(scenario: Scenario, reference: Reference, demand: Demand | None) -> Ground:
    """Sites, demand and the road times between them. Seconds for a large city."""
    demand = need_demand(demand)
    kept, per_day, left_out = squares_of(demand)
    drawn = drawn_posts(scenario)
    check_on_streets(reference, scenario.draft.drawn)
    n_more = 0 if scenario.draft.model == BY_HAND else scenario.draft.n_candidates
    more = kept[np.argsort(-per_day, kind="stable")[:n_more]]
    cells = [
        SitePost(site_id=f"C{cell}", lat=float(demand.lat[cell]), lon=float(demand.lon[cell]))
        for cell in np.sort(more).tolist()
    ]
    sites = (*drawn, *(_beside_street(reference, cell) for cell in cells))
    lat, lon = demand.lat[kept], demand.lon[kept]
    return Ground(
        sites=sites,
        n_drawn=len(drawn),
        cost=way_s(reference, [(each.lat, each.lon) for each in sites], lat=lat, lon=lon),
        per_day=per_day,
        lat=lat,
        lon=lon,
        left_out=left_out,
    )


def need_demand(demand: Demand | None) -> Demand:
    """The demand of a city (需求); raises ScenarioError where its folder has none."""
    if demand is None:
        raise ScenarioError(
            "no_demand",
            "城市文件夹没有 demand.npz：请先运行 kuaifan plan demand",
            "the city folder has no demand.npz: make one by `kuaifan plan demand` first",
        )
    return demand


def need_posts(posts: Sequence[object]) -> None:
    """Raise ScenarioError where there is no post to measure."""
    if not posts:
        raise ScenarioError("no_posts", "方案没有驻点", "no post is left: draw one at least")


def squares_of(demand: Demand) -> tuple[NDArray[np.int64], Floats, float]:
    """The cells a plan is drawn on (需求网格): (k,) which, calls a day of each, and of the rest."""
    weight = demand.weekly.sum(axis=1, dtype=np.float64) / DAYS_PER_WEEK
    kept = np.sort(np.argsort(-weight, kind="stable")[:MAX_DEMANDS])
    kept = kept[weight[kept] > 0]
    if not len(kept):
        raise ScenarioError(
            "empty_demand", "需求为零，无从求解", "there is no demand at all: nothing to stand for"
        )
    return kept, weight[kept], float(weight.sum() - weight[kept].sum())


def check_on_streets(reference: Reference, sites: Sequence[SitePost]) -> None:
    """Raise ScenarioError for a post that is not beside a street (离路过远)."""
    for site in sites:
        off_m = reference.snapper.snap_one(site.lat, site.lon).distance_m
        if off_m > MAX_OFF_STREET_M:
            raise ScenarioError(
                "off_street",
                f"{site.name or site.site_id} 距最近道路 {round(off_m)} 米，请移到道路旁",
                f"{site.site_id} is {round(off_m)} m from any street: move it to one",
            )


def _beside_street(reference: Reference, site: SitePost) -> SitePost:
    """A candidate stands on the street, not in the middle of its cell."""
    snapped = reference.snapper.snap_one(site.lat, site.lon)
    places = reference.snapper.lines.places_at(
        np.array([snapped.position.arc]), np.array([snapped.position.fraction_ppm])
    )
    lat, lon = float(places.lat[0]), float(places.lon[0])
    return SitePost(site_id=site.site_id, lat=round(lat, 6), lon=round(lon, 6))


def way_s(
    reference: Reference, sites: list[tuple[float, float]], *, lat: Floats, lon: Floats
) -> Floats:
    """(n_sites, n_places) seconds by road without haste, infinite where there is no way."""
    starts = [reference.snapper.snap_one(*site).position for site in sites]
    goals = [
        reference.snapper.snap_one(a, b).position
        for a, b in zip(lat.tolist(), lon.tolist(), strict=True)
    ]
    ms = _ways_ms(reference, starts, goals).astype(np.float64)
    ms[ms >= UNREACHABLE_MS] = np.inf
    return ms / 1000


def _ways_ms(
    reference: Reference, starts: list[RoadPosition], goals: list[RoadPosition]
) -> NDArray[np.int32]:
    travel = reference.travel
    goal_arcs = np.array([each.arc for each in goals], np.int64)
    goal_ppm = np.array([each.fraction_ppm for each in goals], np.int64)
    matrix = getattr(travel, "matrix", None)
    if matrix is None:
        return np.array([travel.from_one(start, goal_arcs, goal_ppm) for start in starts])
    arcs = np.array([each.arc for each in starts], np.int64)
    ppm = np.array([each.fraction_ppm for each in starts], np.int64)
    found: NDArray[np.int32] = matrix((arcs, ppm), (goal_arcs, goal_ppm))
    return found


def pose(scenario: Scenario, ground: Ground, rings_s: tuple[float, ...]) -> Asked:
    """The question in the words of the models; raises ScenarioError for sites nobody knows."""
    draft = scenario.draft
    locked = tuple(sorted({ground.number_of(each) for each in draft.locked}))
    forbidden = tuple(sorted({ground.number_of(each) for each in draft.forbidden}))
    reached = np.isfinite(np.delete(ground.cost, forbidden, axis=0)).any(axis=0)
    return Asked(
        # What no site reaches at all is no reason to refuse; it is said beside the answer.
        cost=np.ascontiguousarray(ground.cost[:, reached]),
        weight=np.ascontiguousarray(ground.per_day[reached]),
        n_open=draft.n_posts or len(scenario.posts) or ground.n_drawn,
        locked=locked,
        forbidden=forbidden,
        reach_s=float(draft.reach_s),
        rings_s=rings_s,
        parameters=draft.parameters,
    )


def by_hand(scenario: Scenario, ground: Ground) -> Solved:
    """The posts as drawn, without those that are forbidden: measured, not chosen."""
    gone = {ground.number_of(each) for each in scenario.draft.forbidden}
    sites = tuple(i for i in range(ground.n_drawn) if i not in gone)
    need_posts(sites)
    best = ground.cost[list(sites)].min(axis=0)
    reached = np.isfinite(best)
    value = float(best[reached] @ ground.per_day[reached])
    return Solved(
        sites=sites, value=value, bound=value, gap=0.0, is_proven=False, n_nodes=0, reasons=()
    )


def make_solution(
    scenario: Scenario,
    ground: Ground,
    solved: Solved,
    reference: Reference,
    *,
    seconds: float,
    is_stopped: bool,
) -> Solution:
    """Say an answer in posts, promises and homes of units."""
    sites = solved.sites
    cost = ground.cost[list(sites)]
    nearest, best = cost.argmin(axis=0), cost.min(axis=0)
    reached = np.isfinite(best)
    served = [reached & (nearest == k) for k in range(len(sites))]
    why = {reason.site: reason for reason in solved.reasons}
    names = _names(scenario, ground, solved.sites, reference)
    rings_s = tuple(ms / 1000 for ms in reference.rings_ms)
    found = tuple(
        SolvedSite(
            site_id=names[site][0],
            kind=ground.sites[site].kind,
            name=names[site][1],
            lat=ground.sites[site].lat,
            lon=ground.sites[site].lon,
            is_new=names[site][0] not in {post.site_id for post in scenario.posts},
            is_locked=ground.sites[site].site_id in scenario.draft.locked,
            marginal=round(why[site].marginal, 6) if site in why else 0.0,
            served=round(why[site].served, 6) if site in why else 0.0,
            per_day=round(float(ground.per_day[own].sum()), 4),
            rings=_rings(best[own], ground.per_day[own], rings_s),
        )
        for site, own in zip(sites, served, strict=True)
    )
    stands, n_units = stands_for(reference, [(s.site_id, s.lat, s.lon) for s in found])
    return Solution(
        scenario_hash=content_hash(scenario),
        value=round(solved.value, 6),
        bound=round(solved.bound, 6),
        gap=round(solved.gap, 8),
        is_proven=solved.is_proven,
        is_stopped=is_stopped,
        n_nodes=solved.n_nodes,
        seconds=round(seconds, 3),
        n_sites=len(ground.sites),
        n_demands=len(ground.per_day),
        mean_s=_mean(best[reached], ground.per_day[reached]),
        p90_s=_quantile(best[reached], ground.per_day[reached]),
        per_day=round(float(ground.per_day.sum()), 4),
        unreached=round(float(ground.per_day[~reached].sum()), 4),
        left_out=round(ground.left_out, 4),
        rings=_rings(best, ground.per_day, rings_s),
        sites=tuple(_manned(site, n_units.get(site.site_id, 0)) for site in found),
        given_up=tuple(
            post.site_id
            for post in scenario.posts
            if post.site_id not in {site.site_id for site in found}
        ),
        stands=stands,
    )


def _manned(site: SolvedSite, n_units: int) -> SolvedSite:
    from msgspec.structs import replace

    return replace(site, n_units=n_units)


def _names(
    scenario: Scenario, ground: Ground, sites: tuple[int, ...], reference: Reference
) -> dict[int, tuple[str, str]]:
    """Id and name of each: a post keeps its own; a new one is called by its street."""
    found, taken = {}, set(reference.posts)
    head = scenario.scenario_id[:4].upper()
    for number, site in enumerate(sites, start=1):
        post = ground.sites[site]
        if site < ground.n_drawn:
            found[site] = (post.site_id, post.name or _street(reference, post, number))
            continue
        post_id = f"N{head}-{number}"
        while post_id in taken:
            post_id += "x"
        found[site] = (post_id, _street(reference, post, number))
    return found


def _street(reference: Reference, post: SitePost, number: int) -> str:
    arc = reference.snapper.snap_one(post.lat, post.lon).position.arc
    name = reference.network.names[int(reference.network.name_i[arc])]
    return f"{name}屯警点{number}" if name else f"新屯警点{number}"


def _rings(best: Floats, per_day: Floats, rings_s: tuple[float, ...]) -> tuple[RingPromise, ...]:
    whole = float(per_day.sum())
    return tuple(
        RingPromise(
            ring_s * 1000 / MINUTE_MS,
            round(float(per_day[best <= ring_s].sum()) / whole, 4) if whole else 0.0,
        )
        for ring_s in rings_s
    )


def _mean(best: Floats, per_day: Floats) -> float:
    whole = float(per_day.sum())
    return round(float(best @ per_day) / whole, 2) if whole else 0.0


def _quantile(best: Floats, per_day: Floats) -> float:
    if not len(best):
        return 0.0
    order = np.argsort(best, kind="stable")
    share = np.cumsum(per_day[order]) / per_day.sum()
    last = min(len(best) - 1, int(np.searchsorted(share, FAR_SHARE)))
    return round(float(best[order][last]), 2)
