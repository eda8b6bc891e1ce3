"""The description of the API (接口说明): made from the very structs that decode and encode."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kuaifan.board.view_rows import ROW_TYPES
from kuaifan.kernel.message import Command
from kuaifan.vocabulary.position import PositionReport
from kuaifan.vocabulary.scripts import Script
from kuaifan.vocabulary.setting import ChangeSetting
from kuaifan.vocabulary.suggest_type import Suggested
from kuaifan.web.aiding import Asking
from kuaifan.web.commands import PATH, name_of
from kuaifan.web.desk import FoundPlace, Health, LifeState, Parts
from kuaifan.web.door_operations import DOOR_OPERATIONS
from kuaifan.web.history import PATH as HISTORY_PATH
from kuaifan.web.history import HistoryFound, Looking
from kuaifan.web.operation import REF, Operation, as_json, problem
from kuaifan.web.person_rows import PersonAsked
from kuaifan.web.photos import OPERATIONS as PHOTO_OPERATIONS
from kuaifan.web.positions import MAX_REPORTS, TakenPositions
from kuaifan.web.positions import PATH as POSITIONS_PATH
from kuaifan.web.reads import PlaceQuery
from kuaifan.web.record_keeping import KEEPING_PATH, PERSON_PATH, KeepingSeen
from kuaifan.web.search import PATH as SEARCH_PATH
from kuaifan.web.search_rows import FoundCases, Searching
from kuaifan.web.seat_archive_rows import ARCHIVE_OPERATIONS
from kuaifan.web.seat_rows import SEAT_OPERATIONS
from kuaifan.web.settings import PREVIEW_PATH, Preview
from kuaifan.web.timeline import Step
from kuaifan.web.view_store import Positions

VIEWER: Final = [
    {"$ref": "#/components/parameters/Role"},
    {"$ref": "#/components/parameters/Unit"},
]
READS: Final = {
    "/v1/board": "Snapshot of the viewer's views with the seq it is at (态势快照)",
    "/v1/events": "Server-sent events after a seq (事件流): changes, positions, clock, reset",
    "/v1/continuity/latest": "The sealed board of a desk, to be kept (应急看板)",
    "/v1/city": "Name, posts, types, targets and clock of the city (城市信息)",
    "/v1/incidents": "All open incidents by id (在办警情)",
    "/v1/incidents/{key}": "One open incident (警情)",
    "/v1/incidents/{key}/recommendation": "Its stored recommendation with reasons (推荐)",
    "/v1/incidents/{key}/timeline": "What happened to it, by link (时间线)",
    "/v1/incidents/{key}/nearby": "Open incidents within 500 m and 30 min (周边警情)",
    "/v1/units": "All units on duty by id (在勤警力)",
    "/v1/units/{key}": "One unit on duty (警力)",
    "/v1/calls/{key}": "One call (来电)",
    "/v1/circles/{key}/rings": "Roads reached from its post within each ring, by the roads as they "
    "are now; GeoJSON, narrowest first; hull=1 for outlines, by=motorcycle or by=foot for these in "
    "place of cars (圈层)",
    "/v1/settings": "What administrators changed and may change; for them and commanders (设置)",
    "/v1/places": "Places by name, pinyin, initials or coordinates, best first; what may be a "
    "person's address goes in a body, by POST (地点检索)",
    "/v1/questions": "What to ask and to tell the caller, by type (规程问句、安全指引)",
    "/v1/metrics/phone": "How the desk answers: the last hour, and Erlang's expectation (接听指标)",
    "/healthz": "The process answers (存活)",
    "/readyz": "Commands are taken, else 503 and why (就绪)",
}
QUERIES: Final = {
    "/v1/events": ("after",),
    "/v1/places": ("q", "lat", "lon", "limit"),
    "/v1/questions": ("type",),
    "/v1/circles/{key}/rings": ("hull", "by"),
}


OPERATIONS: Final = (
    Operation(
        path="/v1/places",
        method="post",
        name="find_places",
        tag="reads",
        summary="Places by name, pinyin, initials or coordinates, best first (地点检索)",
        takes=PlaceQuery,
        gives=FoundPlace,
        gives_many=True,
    ),
    Operation(
        path=HISTORY_PATH,
        method="post",
        name="read_history",
        tag="reads",
        summary="What was before: of a call's number, and around a place (历史)",
        takes=Looking,
        gives=HistoryFound,
        problems=("403", "422"),
    ),
    Operation(
        path=SEARCH_PATH,
        method="post",
        name="search",
        tag="reads",
        summary="Incidents, open or over, and units: by number, call sign, address (检索)",
        takes=Searching,
        gives=FoundCases,
        problems=("403", "422"),
    ),
    Operation(
        path=PERSON_PATH,
        method="post",
        name="export_person",
        tag="reads",
        summary="What is held about a caller's number, as a file; logged first (个人信息查阅)",
        takes=PersonAsked,
        gives="application/octet-stream",
        problems=("403", "409", "422"),
    ),
    Operation(
        path=KEEPING_PATH,
        method="get",
        name="read_keeping",
        tag="reads",
        summary="Legal holds that stand, and erasures that wait (留存簿)",
        gives=KeepingSeen,
        problems=("403",),
    ),
    *SEAT_OPERATIONS,
    *ARCHIVE_OPERATIONS,
)
"""Asked in a body: what is looked for is somebody's."""

KINDS: Final = {
    "/v1/events": "text/event-stream",
    "/v1/circles/{key}/rings": "application/geo+json",
}


class ProblemBody(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was not done (错误); version: seq of the subject now, with a refusal."""

    error: str
    code: str
    reason_zh: str
    reason_en: str
    version: int | None = None


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A command was done and is durable (已执行); events: tagged by their `type`."""

    seq: int
    events: list[dict[str, Any]]
    undo_until_ms: int | None


def make_openapi(parts: Parts, version: str) -> dict[str, Any]:
    """The OpenAPI document of a desk: every command of this build, and what can be read."""
    structs = [*parts.commands, *ROW_TYPES.values(), Done, ProblemBody]
    extra = [
        Health,
        Positions,
        Step,
        Preview,
        Asking,
        Suggested,
        Script,
        *([LifeState] if parts.life else []),
    ]
    extra += [PositionReport, TakenPositions] if parts.take_positions else []
    operations = [*OPERATIONS, *(PHOTO_OPERATIONS if parts.photos else ()), *parts.operations]
    operations += DOOR_OPERATIONS if parts.door else ()
    extra += [struct for each in operations for struct in each.list_structs()]
    kinds = dict.fromkeys([*structs, *extra])
    _, schemas = msgspec.json.schema_components(kinds, ref_template=REF)
    paths: dict[str, Any] = {f"{PATH}/{name_of(c)}": _command(c) for c in parts.commands}
    paths |= {path: _read(path, summary) for path, summary in READS.items()}
    changing = (each for each in parts.commands if issubclass(each, ChangeSetting))
    paths |= {f"{PREVIEW_PATH}/{name_of(each)}": _preview(name_of(each)) for each in changing}
    paths["/v1/suggest"] = _suggest()
    if parts.life:
        paths["/v1/life"] = _life()
    if parts.take_positions:
        paths[POSITIONS_PATH] = _positions()
    for each in operations:
        paths.setdefault(each.path, {})[each.method] = each.describe(VIEWER)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kuaifan 快反",
            "version": version,
            "description": "An open 110. Refused: 409 with a code; malformed: 422; "
            "503: the outcome is unknown, retry with the same Idempotency-Key.",
        },
        "paths": paths,
        "components": {"schemas": schemas, "parameters": _parameters()},
    }


def _command(command: type[Command]) -> dict[str, Any]:
    name = name_of(command)
    headers = [{"$ref": f"#/components/parameters/{h}"} for h in ("IdempotencyKey", "IfMatch")]
    problems = {"404", "409", "413", "422", "503"}
    return {
        "post": {
            "operationId": name,
            "tags": ["commands"],
            "summary": (command.__doc__ or name).splitlines()[0],
            "parameters": [*headers, {"$ref": "#/components/parameters/Seat"}, *VIEWER],
            "requestBody": {"required": True, "content": as_json(name)},
            "responses": {
                "200": {"description": "Done and durable", "content": as_json("Done")},
                **{code: problem(code) for code in sorted(problems)},
            },
        }
    }


def _preview(name: str) -> dict[str, Any]:
    done = {"description": "What it would do; nothing is recorded", "content": as_json("Preview")}
    return {
        "post": {
            "operationId": f"preview_{name}",
            "tags": ["settings"],
            "summary": f"What {name} would change, before it is done (更改预览)",
            "parameters": VIEWER,
            "requestBody": {"required": True, "content": as_json(name)},
            "responses": {"200": done, **{code: problem(code) for code in ("409", "422", "503")}},
        }
    }


def _read(path: str, summary: str) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    parameters += [
        {"name": name, "in": "query", "schema": {"type": "string"}}
        for name in QUERIES.get(path, ())
    ]
    kind = KINDS.get(path, "application/json")
    responses: dict[str, Any] = {"200": {"description": summary, "content": {kind: {}}}}
    if names:
        responses["404"] = problem("404")
    return {
        "get": {
            "operationId": "read_" + path.strip("/").replace("/", "_").replace("{key}", "one"),
            "tags": ["views"],
            "summary": summary,
            "parameters": [*parameters, *VIEWER],
            "responses": responses,
        }
    }


def _life() -> dict[str, Any]:
    done = {"200": {"description": "What is on", "content": as_json("LifeState")}}
    return {
        "get": {"operationId": "read_life", "tags": ["demo"], "responses": done},
        "post": {
            "operationId": "change_life",
            "tags": ["demo"],
            "requestBody": {"required": True, "content": as_json("LifeState")},
            "responses": {**done, "422": problem("422")},
        },
    }


def _positions() -> dict[str, Any]:
    one = {"$ref": REF.format(name="PositionReport")}
    many = {"type": "array", "maxItems": MAX_REPORTS, "items": one}
    body = {"application/json": {"schema": {"anyOf": [one, many]}}}
    problems = {code: problem(code) for code in ("413", "422", "503")}
    done = {"description": "Each is marked, and durable", "content": as_json("TakenPositions")}
    return {
        "post": {
            "operationId": "report_positions",
            "tags": ["devices"],
            "summary": "Positions of devices, matched to the roads (定位上报)",
            "parameters": VIEWER,
            "requestBody": {"required": True, "content": body},
            "responses": {"200": done, **problems},
        }
    }


def _suggest() -> dict[str, Any]:
    done = {"200": {"description": "What the words point to", "content": as_json("Suggested")}}
    return {
        "post": {
            "operationId": "suggest",
            "tags": ["reads"],
            "summary": "Types, priority, facts and seats that a text points to (警情联想)",
            "requestBody": {"required": True, "content": as_json("Asking")},
            "responses": {**done, "413": problem("413"), "422": problem("422")},
        },
    }


def _parameters() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "IdempotencyKey": {"name": "Idempotency-Key", "in": "header", "schema": text},
        "IfMatch": {"name": "If-Match", "in": "header", "schema": {"type": "integer"}},
        "Seat": {"name": "X-Kuaifan-Seat", "in": "header", "schema": text},
        "Role": {"name": "X-Kuaifan-Role", "in": "header", "schema": text},
        "Unit": {"name": "X-Kuaifan-Unit", "in": "header", "schema": text},
    }
