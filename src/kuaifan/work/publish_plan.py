"""Publish a plan (采用方案): two persons, a comparison, and a moment from which it holds."""

from __future__ import annotations

from functools import cache
from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.plan_papers import StandingPlan, hash_plan
from kuaifan.board.reference import CIRCLE_KINDS
from kuaifan.board.state import Board
from kuaifan.geo.points import distance_m
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import plan
from kuaifan.vocabulary.plan import PlacedPost, Plan, PlanPost, UnitStand

MAX_OFF_STREET_M: Final = 300
MAX_AHEAD_MS: Final = 2 * 366 * 86_400_000
LATE_MS: Final = 60_000
"""What was asked for a moment ago is asked for now."""


def propose(board: Board, command: plan.ProposePlan, now_ms: int) -> list[Event]:
    """The first person asks (提请采用方案)."""
    need_name(command.person)
    need_reason(command.reason)
    comparison = need_comparison(command.comparison)
    if hash_plan(command.plan) != command.plan_hash:
        raise Refused(
            "plan_was_changed",
            "方案内容与其校验值不符，请从规划页重新提请",
            "the plan is not the one its hash names; propose it again from the scenario",
        )
    waiting = (each for each in board.plans.plans if each.state in {"proposed", "published"})
    if any(each.plan_hash == command.plan_hash for each in waiting):
        raise Refused(
            "already_proposed",
            "该方案已在待批或待启用",
            "this plan waits already to be agreed or used",
        )
    _check_date(command.from_ms, now_ms)
    placed = _placed(board, command.plan)
    _check_stands(board, command.plan)
    return [
        plan.PlanProposed(
            plan_id=f"F{board.plans.n_plans + 1}",
            person=command.person,
            reason=command.reason,
            plan=command.plan,
            plan_hash=command.plan_hash,
            comparison=comparison,
            from_ms=command.from_ms,
            posts=placed,
        )
    ]


def need_comparison(comparison: plan.Comparison | None) -> plan.Comparison:
    """Refuse what was held against nothing: no_comparison."""
    if comparison is None or not comparison.comparison_hash or comparison.n_pairs < 1:
        raise Refused(
            "no_comparison",
            "启用前须附与现行做法的对比结果：请先运行孪生并对比",
            "nothing goes live without a comparison with what holds now: run the twin on both",
        )
    return comparison


def publish(board: Board, command: plan.PublishPlan, now_ms: int) -> list[Event]:
    """The second person agrees (批准采用方案)."""
    need_name(command.person)
    asked = _get_plan(board, command.plan_id)
    if asked.state != "proposed":
        raise Refused("already_decided", "该方案已批准或驳回", "this plan is decided already")
    if asked.person.strip().casefold() == command.person.strip().casefold():
        raise Refused("own_plan", "提请人不能批准自己的方案", "nobody agrees to its own plan")
    return [
        plan.PlanPublished(
            plan_id=command.plan_id,
            person=command.person,
            reason=command.reason,
            from_ms=max(asked.from_ms, now_ms),
        )
    ]


def reject(board: Board, command: plan.RejectPlan, _now_ms: int) -> list[Event]:
    """A person says no (驳回方案)."""
    need_name(command.person)
    need_reason(command.reason)
    if _get_plan(board, command.plan_id).state not in {"proposed", "published"}:
        raise Refused(
            "plan_in_use",
            "该方案已启用或已结束；如需更换，请采用另一方案",
            "this plan is in use or over; adopt another one in its place",
        )
    return [
        plan.PlanRejected(plan_id=command.plan_id, person=command.person, reason=command.reason)
    ]


def use(board: Board, command: plan.UsePlan, _now_ms: int) -> list[Event]:
    """Its moment has come (启用方案)."""
    asked = _get_plan(board, command.plan_id)
    if asked.state != "published":
        raise Refused("not_published", "该方案尚未批准", "nobody has agreed to this plan")
    return [plan.PlanUsed(plan_id=command.plan_id, stands=_all_stands(board, asked))]


def on_published(_board: Board, event: plan.PlanPublished, now_ms: int) -> list[Follow]:
    """It is used at once, or when its moment comes."""
    command = plan.UsePlan(plan_id=event.plan_id)
    if event.from_ms <= now_ms:
        return [command]
    return [SetTimer(_timer(event.plan_id), event.from_ms, command)]


def on_rejected(_board: Board, event: plan.PlanRejected, _now_ms: int) -> list[Follow]:
    """Its moment will not come."""
    return [CancelTimer(_timer(event.plan_id))]


def _timer(plan_id: str) -> str:
    return f"plan:{plan_id}"


def _get_plan(board: Board, plan_id: str) -> StandingPlan:
    found = board.plans.find(plan_id)
    if found is None:
        raise Refused("unknown_plan", f"没有方案 {plan_id}", f"there is no plan {plan_id}")
    return found


def _check_date(from_ms: int, now_ms: int) -> None:
    if from_ms and from_ms < now_ms - LATE_MS:
        raise Refused(
            "date_is_past",
            "启用时间已过，请填写将来的时间，或留空表示批准后立即启用",
            "it would have begun already; give a later moment, or none for at once",
        )
    if from_ms > now_ms + MAX_AHEAD_MS:
        raise Refused(
            "date_too_far", "启用时间须在两年之内", "a plan begins within two years: give a date"
        )


def _placed(board: Board, asked: Plan) -> tuple[PlacedPost, ...]:
    """The posts on their streets; refuses none, the same twice, and what no street is near."""
    if not asked.posts:
        raise Refused("no_posts", "方案没有驻点", "the plan has no post; it needs one at least")
    ids = [post.post_id for post in asked.posts]
    if len(set(ids)) < len(ids):
        twice = next(each for each in ids if ids.count(each) > 1)
        raise Refused(
            "post_twice", f"驻点 {twice} 重复", f"the post {twice} is there twice; take one away"
        )
    return tuple(_on_street(board, post) for post in asked.posts)


def _on_street(board: Board, post: PlanPost) -> PlacedPost:
    known = board.reference.posts.get(post.post_id)
    if known is not None and known.kind not in CIRCLE_KINDS:
        raise Refused(
            "not_a_circle_post",
            f"{known.name} 是派出所，不设快反圈",
            f"{post.post_id} is a station and carries no circle; give the post another id",
        )
    snapped = board.reference.snapper.snap_one(post.lat, post.lon)
    if snapped.distance_m > MAX_OFF_STREET_M:
        raise Refused(
            "off_street",
            f"驻点 {post.name} 距最近道路 {round(snapped.distance_m)} 米，请移到道路旁",
            f"the post {post.post_id} is {round(snapped.distance_m)} m from any street; move it",
        )
    return PlacedPost(
        post_id=post.post_id,
        kind=post.kind,
        name=post.name,
        lat=post.lat,
        lon=post.lon,
        arc=snapped.position.arc,
        fraction_ppm=snapped.position.fraction_ppm,
    )


def _check_stands(board: Board, asked: Plan) -> None:
    """Refuse a home that is no post, or of no unit."""
    ids = {post.post_id for post in asked.posts} | set(_stations(board))
    for stand in asked.stands:
        if stand.unit_id not in board.reference.units:
            raise Refused(
                "unknown_unit", f"没有警力 {stand.unit_id}", f"there is no unit {stand.unit_id}"
            )
        if stand.post_id not in ids:
            raise Refused(
                "unknown_post",
                f"方案中没有驻点 {stand.post_id}",
                f"the plan has no post {stand.post_id} for {stand.unit_id} to stand at",
            )


def _all_stands(board: Board, asked: StandingPlan) -> tuple[UnitStand, ...]:
    """Of every unit whose home changes: as the plan says, else at the nearest of its posts."""
    said = {stand.unit_id: stand.post_id for stand in asked.plan.stands}
    kept = {post.post_id for post in asked.posts} | set(_stations(board))
    # Once for each post that is given up, not for each unit: both may be many, and the desk waits.
    nearest = cache(lambda post_id: _nearest(board, post_id, asked.posts))
    stands = []
    for unit_id, profile in sorted(board.reference.units.items()):
        home = said.get(unit_id, profile.home_post_id)
        if home not in kept:
            home = nearest(profile.home_post_id)
        if home != profile.home_post_id:
            stands.append(UnitStand(unit_id, home))
    return tuple(stands)


def _stations(board: Board) -> list[str]:
    posts = board.reference.posts.values()
    return [post.post_id for post in posts if post.kind not in CIRCLE_KINDS]


def _nearest(board: Board, post_id: str, posts: tuple[PlacedPost, ...]) -> str:
    """The post nearest to where one is given up; of equals the first by id."""
    old = board.reference.posts.get(post_id)
    if old is None:
        return min(post.post_id for post in posts)
    found = min(
        posts,
        key=lambda post: (
            round(distance_m(old.lat, old.lon, to_lat=post.lat, to_lon=post.lon)),
            post.post_id,
        ),
    )
    return found.post_id


RULES = Rules[Board](
    deciders={
        plan.ProposePlan: propose,
        plan.PublishPlan: publish,
        plan.RejectPlan: reject,
        plan.UsePlan: use,
    },
    reactions={plan.PlanPublished: [on_published], plan.PlanRejected: [on_rejected]},
)
