"""Open311 at a desk (服务请求接口): /v1/open311/…, a key and a rate for each neighbour.

What comes in is a command of the seat that has the requests; what goes out is its table.
"""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.gateway.open311_body import MAX_BYTES, read_body
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record
from kuaifan.neighbours.open311 import georeport
from kuaifan.neighbours.open311.georeport import ReportError
from kuaifan.vocabulary.incident_types import IncidentType

ROOT: Final = "/v1/open311"
HEADER: Final = "x-api-key"
MINUTE_S: Final = 60.0
OUTSIDE: Final = ""
"""Whoever comes without a key that is known: all of them together have one rate."""


class Open311Desk(Protocol):
    """The desk, as far as a neighbour meets it (服务请求对接的指挥台)."""

    @property
    def types(self) -> Mapping[str, IncidentType]:
        """Incident types in use, by code."""

    async def take(self, fields: Mapping[str, Any], *, actor: str) -> Record:
        """Hand in the command that takes a request; raises as `LiveDesk.submit` does.

        It needs no key: by their number of it the seat takes a request once.

        Raises msgspec.ValidationError for fields that the command does not take.
        """

    async def rows(self) -> Iterable[Any]:
        """Rows of the table that tells of requests."""


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may speak it (对接部门): its service, key, and requests a minute."""

    agency: str
    key: bytes
    per_minute: int = 60


class Rates:
    """So many a minute for each (限速), a minute's worth at once; on the event loop only."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, who: str, per_minute: int) -> None:
        """Take one; raises ReportError 429."""
        now_s = self._now_s()
        left, at_s = self._left.get(who, (float(per_minute), now_s))
        left = min(per_minute, left + (now_s - at_s) * per_minute / MINUTE_S)
        self._left[who] = (max(0.0, left - 1.0), now_s)
        if left < 1.0:
            raise ReportError(
                429,
                "too_many",
                f"每分钟至多 {per_minute} 次，请稍后再试",
                f"at most {per_minute} requests a minute; come again later",
            )


def open311_routes(
    desk: Open311Desk, neighbours: Iterable[Neighbour], rates: Rates | None = None
) -> list[Route]:
    """The five routes; without a neighbour none of them lets anybody in."""
    answers = Open311(desk, tuple(neighbours), rates or Rates())
    return [
        Route(f"{ROOT}/services.json", answers.services),
        Route(f"{ROOT}/services/{{code}}.json", answers.service),
        Route(f"{ROOT}/requests.json", answers.list_all),
        Route(f"{ROOT}/requests.json", answers.post, methods=["POST"]),
        Route(f"{ROOT}/requests/{{key}}.json", answers.read),
    ]


class Open311:
    """Answers neighbours (服务请求受理)."""

    def __init__(self, desk: Open311Desk, neighbours: tuple[Neighbour, ...], rates: Rates) -> None:
        self._desk, self._neighbours, self._rates = desk, neighbours, rates

    async def services(self, request: Request) -> Response:
        """What may be asked."""
        return await self._answered(request, self._services)

    async def service(self, request: Request) -> Response:
        """What more may be said of one."""
        return await self._answered(request, self._service)

    async def list_all(self, request: Request) -> Response:
        """Its own requests."""
        return await self._answered(request, self._list)

    async def read(self, request: Request) -> Response:
        """One of them."""
        return await self._answered(request, self._read)

    async def post(self, request: Request) -> Response:
        """One more."""
        try:
            body = await _body(request)
            fields = read_body(request.headers.get("content-type", ""), body)
            agency = self._admit(request, str(fields.get("api_key", "")))
            asked = georeport.read_request(fields, agency, self._desk.types)
            return await self._take(agency, asked)
        except ReportError as no:
            return _no(no)

    async def _answered(self, request: Request, answer: Any) -> Response:  # noqa: ANN401 - a method of this one
        try:
            agency = self._admit(request, request.query_params.get("api_key", ""))
            return _say(200, await answer(request, agency))
        except ReportError as no:
            return _no(no)

    async def _services(self, _request: Request, _agency: str) -> object:
        return georeport.list_services(self._desk.types.values())

    async def _service(self, request: Request, _agency: str) -> object:
        return georeport.define_service(self._desk.types, request.path_params["code"])

    async def _list(self, request: Request, agency: str) -> object:
        wanted = georeport.read_query(request.query_params)
        return georeport.list_requests(await self._desk.rows(), agency, wanted)

    async def _read(self, request: Request, agency: str) -> object:
        return georeport.find_request(await self._desk.rows(), agency, request.path_params["key"])

    def _admit(self, request: Request, said: str) -> str:
        """Whose key it is; each is compared, and takes as long whether it fits or not."""
        given = (request.headers.get(HEADER, "") or said).strip().encode()
        found = [each for each in self._neighbours if hmac.compare_digest(each.key, given)]
        if not found:
            self._rates.check(OUTSIDE, 60)
            raise ReportError(
                403, "no_key", "api_key 缺失或不符", "api_key is missing, or it is nobody's"
            )
        self._rates.check(found[0].agency, found[0].per_minute)
        return found[0].agency

    async def _take(self, agency: str, asked: georeport.Asked) -> Response:
        try:
            record = await self._desk.take(asked.fields, actor=f"open311:{agency}")
        except msgspec.ValidationError as error:
            raise ReportError(400, "bad_field", f"字段有误：{error}", str(error)) from error
        except (StorageError, InboxFullError, TimeoutError) as error:
            raise ReportError(
                503,
                "retry",
                "系统未能确认，请原样重发",
                f"the outcome is unknown: send it again as it was ({error})",
            ) from error
        if record.refusal is not None:
            no = record.refusal
            raise ReportError(400, no.code, no.reason_zh, no.reason_en)
        if record.fault is not None:
            raise ReportError(500, "fault", "规则执行出错，已记录", "a rule broke; it was recorded")
        taken = {
            "service_request_id": asked.their_id,
            "service_notice": "危险情形请直接拨打 110 · in danger call 110",
            "account_id": None,
        }
        return _say(200, [taken])


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BYTES:
                break
    except ClientDisconnect as error:
        raise ReportError(400, "cut_off", "请求中断", "the request broke off") from error
    return bytes(body)


def _no(no: ReportError) -> Response:
    more = {"Retry-After": "10"} if no.status in {429, 503} else {}
    return _respond(no.status, no.told(), more)


def _say(status: int, body: object) -> Response:
    return _respond(status, msgspec.json.encode(body), {})


def _respond(status: int, body: bytes, more: Mapping[str, str]) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **more}
    return Response(body, status, headers, media_type="application/json")
