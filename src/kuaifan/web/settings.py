"""Settings over the wire (设置接口): what holds, and what a change would do before it is made.

Reading is for administrators and commanders, changing for administrators. A preview is decided by
the very rules, on the engine's thread between two inputs, and leaves no record.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any, Final, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.reference import Reference
from kuaifan.board.setting_effects import Effect, list_effects
from kuaifan.board.setting_history import PERIODS_MS, History, PastCount
from kuaifan.board.settings import Settings, levels_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refused
from kuaifan.policy.fleet import LINES, SKILLS
from kuaifan.policy.policies import POLICIES
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.incident_types import ROUTES
from kuaifan.vocabulary.lines import SEAT_SKILLS
from kuaifan.vocabulary.setting import ClockName, FieldChange, SettingChanged
from kuaifan.vocabulary.unit_profile import UNIT_KINDS
from kuaifan.web.commands import ANSWER_TIMEOUT_S, decode, name_of, read_body, shown_up_to
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.problems import Problem, answer, not_found, unknown_outcome
from kuaifan.web.viewer import may_read_settings, need_admin, viewer_of
from kuaifan.work.publish_times import area_classes

NO_STORE: Final = {"Cache-Control": "no-store"}
PREVIEW_PATH: Final = "/v1/preview"
SETTINGS_PATH: Final = "/v1/settings"
COUNTED: Final = (
    setting.ChangeArrivalTarget,
    setting.ChangeFirstOrderTarget,
    setting.ChangeClock,
    setting.ChangeIncidentType,
)
"""Changes that the log can be asked about."""
CLOCK_NAMES: Final[tuple[ClockName, ...]] = get_args(ClockName)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a change would do (更改预览): each field old and new, now, and in the past days."""

    changes: tuple[FieldChange, ...]
    effects: list[Effect]
    history: list[PastCount]


def settings_routes(parts: Parts) -> list[Route]:
    """GET what holds; POST a command to see what it would do."""
    desk = parts.desk

    async def read(request: Request) -> Response:
        may_read_settings(viewer_of(request))
        settings, reference = desk.settings, desk.reference
        if settings.changes:
            await shown_up_to(desk.store, settings.changes[-1].seq)
        return answer(list_settings(reference, settings), headers=NO_STORE)

    previews = [
        Route(f"{PREVIEW_PATH}/{name_of(command)}", _preview(desk, command), methods=["POST"])
        for command in setting.COMMANDS
    ]
    unknown = Route(f"{PREVIEW_PATH}/{{name:path}}", _no_preview, methods=["POST"])
    return [Route(SETTINGS_PATH, read, methods=["GET"]), *previews, unknown]


def list_settings(reference: Reference, settings: Settings) -> dict[str, Any]:
    """Everything that can be changed as it holds now, with what it may be changed to."""
    return {
        "types": [_row(each) for each in reference.types.values()],
        "plans": [_row(each) for each in reference.plans.values()],
        "arrival_targets": _arrival_rows(reference),
        "first_order_targets": _first_order_rows(reference),
        "clocks": [_clock_row(reference, name) for name in CLOCK_NAMES],
        "units": [_row(each) for _, each in sorted(reference.units.items())],
        "seats": [_row(each) for _, each in sorted(settings.seats.items())],
        "templates": [_row(each) for _, each in sorted(settings.templates.items())],
        "policy_rules": [_row(settings.policy_rules)],
        "retired": list(settings.retired),
        "changes": [_row(each) for each in reversed(settings.changes)],
        "choices": _choices(reference),
    }


def _choices(reference: Reference) -> dict[str, Any]:
    """What the fields of a form may hold."""
    types = reference.types.values()
    kinds = {unit.kind for unit in reference.units.values()}
    posts = sorted(reference.posts_in_use, key=lambda post: post.post_id)
    return {
        "classes": sorted({(each.class_key, each.class_cn) for each in types}),
        "routes": sorted(ROUTES),
        "seat_kinds": sorted({each.seat for each in types}),
        "skills": list(SKILLS),
        "seat_skills": list(SEAT_SKILLS),
        "lines": list(LINES),
        "unit_kinds": sorted(kinds | set(UNIT_KINDS)),
        "posts": [(post.post_id, post.name) for post in posts],
        "desks": [(desk.desk_id, desk.name) for desk in reference.desks.values()],
        "area_classes": area_classes(reference),
        "policies": list(POLICIES),
    }


def _arrival_rows(reference: Reference) -> list[dict[str, Any]]:
    """Targets of the city, then those that desks have of their own."""
    rows = [
        _target_row(area_class, priority, reference.target_ms(priority, area_class), "")
        for area_class in area_classes(reference)
        for priority in range(1, 6)
    ]
    own = [
        _target_row(area_class, priority, target_ms, desk.desk_id)
        for desk in reference.desks.values()
        for (priority, area_class), target_ms in sorted(desk.targets_ms.items())
    ]
    return rows + own


def _first_order_rows(reference: Reference) -> list[dict[str, Any]]:
    times = [("", reference.clocks.first_order_ms)]
    times += [(each.desk_id, each.first_order_ms) for each in reference.desks.values()]
    return [
        _target_row("", priority, target_ms, desk_id)
        for desk_id, first_order_ms in times
        for priority, target_ms in enumerate(first_order_ms, start=1)
    ]


def _target_row(area_class: str, priority: int, target_ms: int, desk_id: str) -> dict[str, Any]:
    return {
        "area_class": area_class,
        "priority": priority,
        "target_s": target_ms // 1_000,
        "desk_id": desk_id,
    }


def _clock_row(reference: Reference, clock: str) -> dict[str, Any]:
    factor = 10 if clock == "queue" else 1_000
    levels = [level // factor for level in levels_of(reference.clocks, clock)]
    return {"clock": clock, "levels": levels, "unit": "percent" if clock == "queue" else "s"}


def _row(value: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


async def _no_preview(request: Request) -> Response:
    name = request.path_params["name"]
    raise not_found(f"命令 {name} 没有预览", f"there is no preview of {name!r}")


def _preview(desk: Desk, command: type[Command]) -> Any:  # noqa: ANN401 - Starlette's endpoint
    decoder = msgspec.json.Decoder(command)

    async def post(request: Request) -> Response:
        viewer = viewer_of(request)
        message = decode(decoder, await read_body(request))
        need_admin(viewer)
        now_ms = desk.clock()[0]
        tried = desk.try_out(message, lambda board, events: _seen(board, events, now_ms))
        event, effects, reference = await _answered(tried)
        history = []
        if isinstance(message, COUNTED):
            history = await asyncio.to_thread(_look_back, desk, reference, event, now_ms)
        found = Preview(changes=event.changes, effects=effects, history=history)
        return answer(found, headers=NO_STORE)

    return post


def _seen(
    board: Board, events: list[Event], now_ms: int
) -> tuple[SettingChanged, list[Effect], Reference]:
    (event,) = events
    assert isinstance(event, SettingChanged)  # noqa: S101 - what these commands lead to
    return event, list_effects(board, event, now_ms), board.reference


async def _answered(
    tried: Future[tuple[SettingChanged, list[Effect], Reference]],
) -> tuple[SettingChanged, list[Effect], Reference]:
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            return await asyncio.wrap_future(tried)
    except Refused as refused:
        raise Problem(
            409, "refused", refused.code, refused.reason_zh, refused.reason_en
        ) from refused
    except TimeoutError as error:
        raise unknown_outcome("busy", "the engine did not answer; nothing was changed") from error


def _look_back(
    desk: Desk, reference: Reference, event: SettingChanged, now_ms: int
) -> list[PastCount]:
    """Read the log of the past days; blocks on the disk."""
    history = History()
    from_ms = desk.read_since(now_ms - max(PERIODS_MS), history.add)
    return history.judge(reference, event, from_ms=from_ms, to_ms=now_ms)
