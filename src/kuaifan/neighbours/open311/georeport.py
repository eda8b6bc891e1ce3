"""The language of GeoReport v2 (服务请求交换): forms and JSON in, JSON out, noes in its own shape.

Their request becomes the fields of a command, a row of the seat's table becomes their
`service_request`. No name or number of a person goes out; what a restricted record is about
neither.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

import msgspec

from kuaifan.board.day_tally import CITY_OFFSET_MS
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.incident_types import IncidentType

MAX_LISTED: Final = 1_000
"""As the language itself says of a list of requests."""
CITY_ZONE: Final = timezone(timedelta(milliseconds=CITY_OFFSET_MS))
ATTRIBUTE: Final = re.compile(r"attribute\[(\w{1,32})\]")
TEXTS: Final = (
    *("service_code", "description", "service_request_id", "address_string"),
    *("first_name", "last_name", "phone"),
)
KINDS: Final = ("help", "consult")
YES: Final = frozenset({"1", "true", "yes", "是"})
STATES: Final = frozenset({"open", "closed"})


class ReportError(BadInputError):
    """A no of GeoReport's (拒绝): its status, a code for programs, words in both languages."""

    def __init__(self, status: int, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.status, self.code, self.zh, self.en = status, code, zh, en

    def told(self) -> bytes:
        """The body: a list, as the language wants it."""
        said = {"code": self.status, "description": f"{self.zh} · {self.en}", "error": self.code}
        return msgspec.json.encode([said])


class Asked(NamedTuple):
    """A request that was posted (所提请求): their number of it, and the fields of the command."""

    their_id: str
    fields: Mapping[str, Any]


class Wanted(NamedTuple):
    """What of the requests is wanted (所查): by numbers, codes and state; empty for all."""

    ids: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()


def gather(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The fields of a form: `attribute[x]` are those of the service."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if found := ATTRIBUTE.fullmatch(name):
            fields.setdefault("attribute", {})[found[1]] = value
        else:
            fields[name] = value
    return fields


def read_request(fields: Mapping[str, Any], agency: str, known: Iterable[str]) -> Asked:
    """What a request asks, as the fields of the command that takes it; raises ReportError.

    Without a number of theirs its own words are the number: sent again, it is the same request.
    known: the service codes that there are.
    """
    texts = {name: _text(fields, name) for name in TEXTS}
    for name in ("service_code", "description"):
        if not texts[name]:
            raise _missing(name)
    if texts["service_code"] not in set(known):
        raise ReportError(
            404,
            "unknown_service",
            f"没有服务代码 {texts['service_code'][:40]}，见 services.json",
            f"there is no service {texts['service_code'][:40]!r}: see services.json",
        )
    lat, lon = _number(fields, "lat", 90), _number(fields, "long", 180)
    if (lat is None) != (lon is None):
        raise _missing("long" if lon is None else "lat")
    if lat is None and not texts["address_string"]:
        raise ReportError(
            400,
            "place_needed",
            "须填写 lat、long 或 address_string",
            "say where: lat and long, or address_string",
        )
    more = fields.get("attribute", {})
    more = more if isinstance(more, Mapping) else {}
    if (kind := str(more.get("kind", KINDS[0]))) not in KINDS:
        raise ReportError(
            400, "bad_kind", "attribute[kind] 须为 help 或 consult", "kind is help or consult"
        )
    asked = {
        "from_agency": agency,
        "service_code": texts["service_code"],
        "description": texts["description"],
        "address": texts["address_string"],
        "lat": lat,
        "lon": lon,
        "contact": f"{texts['last_name']}{texts['first_name']} {texts['phone']}".strip(),
        "danger": str(more.get("danger", "")).lower() in YES,
        "kind": kind,
        "by": agency,
    }
    their_id = texts["service_request_id"] or _own_number(asked)
    return Asked(their_id, {**asked, "their_id": their_id})


def read_query(query: Mapping[str, str]) -> Wanted:
    """What of the requests is wanted; raises ReportError for a state that there is not."""
    states = _listed(query, "status")
    if strange := sorted(states - STATES):
        raise ReportError(
            400, "bad_status", f"没有状态 {strange[0][:20]}", "status is open or closed, or both"
        )
    return Wanted(_listed(query, "service_request_id"), _listed(query, "service_code"), states)


def list_requests(rows: Iterable[Any], agency: str, wanted: Wanted) -> list[dict[str, Any]]:
    """Requests of one agency, the newest first."""
    own = (
        row
        for row in rows
        if row.agency == agency
        and (not wanted.ids or row.row_id in wanted.ids)
        and (not wanted.codes or row.service_code in wanted.codes)
        and (not wanted.states or row.status in wanted.states)
    )
    found = sorted(own, key=lambda row: -row.requested_at_ms)
    return [_request(row) for row in found[:MAX_LISTED]]


def find_request(rows: Iterable[Any], agency: str, their_id: str) -> list[dict[str, Any]]:
    """One of them, in a list of one; raises ReportError 404."""
    found = list_requests(rows, agency, Wanted(ids=frozenset({their_id})))
    if not found:
        raise ReportError(
            404,
            "unknown_request",
            f"没有请求 {their_id[:64]}，或已归档",
            f"there is no request {their_id[:64]!r}, or it is too old",
        )
    return found


def list_services(types: Iterable[IncidentType]) -> list[dict[str, Any]]:
    """What may be asked: incident types that are in use (GET services.json)."""
    return [
        {
            "service_code": each.code,
            "service_name": each.name_cn,
            "description": f"{each.class_cn} · {each.name_cn}",
            "metadata": True,
            "type": "realtime",
            "keywords": each.class_cn,
            "group": each.class_cn,
        }
        for each in sorted(types, key=lambda each: each.code)
    ]


def define_service(types: Mapping[str, IncidentType], code: str) -> dict[str, Any]:
    """What more may be said of one (GET services/<code>.json); raises ReportError 404."""
    if code not in types:
        raise ReportError(
            404,
            "unknown_service",
            f"没有服务代码 {code[:40]}",
            f"there is no service {code[:40]!r}",
        )
    return {
        "service_code": code,
        "attributes": [
            _attribute("danger", 1, "涉及人身或财产危险 danger to life or property", ("yes", "no")),
            _attribute("kind", 2, "求助或咨询 help or a question", KINDS),
        ],
    }


def _attribute(code: str, order: int, words: str, values: tuple[str, ...]) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": words,
        "values": [{"key": each, "name": each} for each in values],
    }


def _request(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the seat's, by its columns
    return {
        "service_request_id": row.row_id,
        "status": row.status,
        "status_notes": row.notes,
        "service_name": row.service,
        "service_code": row.service_code,
        "description": "",
        "agency_responsible": row.responsible,
        "service_notice": "",
        "requested_datetime": _instant(row.requested_at_ms),
        "updated_datetime": _instant(row.updated_at_ms),
        "expected_datetime": _instant(row.expected_at_ms),
        "lat": row.lat,
        "long": row.lon,
    }


def _instant(at_ms: int) -> str | None:
    if not at_ms:
        return None
    at = datetime.fromtimestamp(at_ms / 1_000, UTC).astimezone(CITY_ZONE)
    return at.isoformat(timespec="seconds")


def _own_number(asked: Mapping[str, Any]) -> str:
    words = msgspec.json.encode(asked, order="sorted")
    return f"G-{hashlib.sha256(words).hexdigest()[:16]}"


def _listed(query: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(each.strip() for each in query.get(name, "").split(",") if each.strip())


def _text(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name, "")
    if not isinstance(found, str | int):
        raise ReportError(400, "bad_field", f"{name} 须为文字", f"{name} is a text")
    return str(found).strip()


def _number(fields: Mapping[str, Any], name: str, most: int) -> float | None:
    found = fields.get(name, "")
    if found in ("", None):
        return None
    try:
        number = float(found)
    except (TypeError, ValueError):
        number = float("nan")
    if not -most <= number <= most:
        raise ReportError(
            400, "bad_place", f"{name} 须在 -{most} 至 {most} 之间", f"{name}: -{most} to {most}"
        )
    return number


def _missing(name: str) -> ReportError:
    return ReportError(400, "field_missing", f"缺少 {name}", f"{name} is missing")
