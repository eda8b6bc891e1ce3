"""The webhook of a telephone system (话机系统接口): POST /v1/phone/events, signed, exactly once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Protocol

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.gateway.phone_key import HEADER, is_signed
from kuaifan.gateway.phone_message import Cleaned, read_message
from kuaifan.kernel.engine import KeyReusedError
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.call import CallRegistered
from kuaifan.vocabulary.phone import PhoneEventTaken, PhoneMark, ReportPhoneEvent

PATH: Final = "/v1/phone/events"
MAX_BODY_BYTES: Final = 64 * 1024
WORDS: Final[Mapping[PhoneMark, tuple[str, str]]] = {
    "applied": ("已执行", "it was done"),
    "early": ("先于振铃到达，已代为登记来电", "it came before the ring and stands for it"),
    "known": ("接警台已知，无须再做", "the desk knew it already"),
    "late": ("迟到：已有更新的事件，只留存", "late: something newer is known; it is only kept"),
    "unfit": ("与来电当前状态不符，只留存", "it does not fit the call's state; it is only kept"),
    "unknown_call": ("没有这通来电的振铃，只留存", "this call never rang here; it is only kept"),
}


class PhoneDesk(Protocol):
    """The desk, as far as a telephone system meets it (话机对接的指挥台)."""

    async def take(self, command: Command, *, actor: str, key: str) -> Record:
        """Hand in a command and wait until it is durable; raises as `LiveDesk.submit` does."""


class EventTaken(msgspec.Struct, frozen=True, kw_only=True):
    """How an event was taken (受理结果); refused: what the rules did not do, in words."""

    seq: int
    call_id: str
    mark: PhoneMark
    said_zh: str
    said_en: str
    clock_off_ms: int
    notes: tuple[str, ...]
    refused: tuple[dict[str, str], ...]


def phone_routes(desk: PhoneDesk, key: bytes | None) -> list[Route]:
    """The route that events come in by; without a key it says how to open it."""
    hook = Webhook(desk, key)
    return [Route(PATH, hook.post, methods=["POST"])]


class Webhook:
    """Takes events (话机事件受理); key: None where none is set."""

    def __init__(self, desk: PhoneDesk, key: bytes | None) -> None:
        self._desk, self._key = desk, key

    async def post(self, request: Request) -> Response:
        """Answer one event: 200 taken, 401 not signed, 404 no key, 422 unreadable, 503 retry."""
        if self._key is None:
            return _no(
                404,
                "no_phone_key",
                "未设置话机密钥，接口未开放：请用 --phone-key-file 启动",
                "no key is set, so no telephone system may speak: start with --phone-key-file",
            )
        body = await _read(request)
        if body is None:
            return _no(413, "too_large", "内容过长", f"the body is over {MAX_BODY_BYTES} bytes")
        if not is_signed(self._key, body, request.headers.get(HEADER, "")):
            return _no(
                401,
                "not_signed",
                "签名缺失或不符",
                f"{HEADER} is missing or wrong: it is sha256=HMAC-SHA256 of the body, in hex",
            )
        try:
            cleaned = read_message(body)
        except BadInputError as error:
            return _no(422, "malformed", f"电话事件有误：{error}", str(error))
        return await self._take(cleaned)

    async def _take(self, cleaned: Cleaned) -> Response:
        try:
            record = await self._submit(cleaned.command)
        except (StorageError, InboxFullError, TimeoutError) as error:
            return _no(
                503,
                "retry",
                "系统未能确认，请原样重发",
                f"the outcome is unknown: send it again as it was ({error})",
            )
        if record.refusal is not None:
            refusal = record.refusal
            return _no(422, refusal.code, refusal.reason_zh, refusal.reason_en)
        if record.fault is not None:
            return _no(500, "fault", "规则执行出错，已记录", "a rule broke; it was recorded")
        return _answer(200, taken_of(record, cleaned.notes))

    async def _submit(self, command: Any) -> Record:  # noqa: ANN401 - a ReportPhoneEvent
        """The same event gives the same answer; a number used twice for different ones, two."""
        actor, key = sender_of(command)
        try:
            return await self._desk.take(command, actor=actor, key=key)
        except KeyReusedError:
            content = hashlib.sha256(msgspec.json.encode(command)).hexdigest()
            return await self._desk.take(command, actor=actor, key=f"{key}:{content[:32]}")


def sender_of(command: ReportPhoneEvent) -> tuple[str, str]:
    """Who sends an event, and the key that knows it again."""
    key = f"phone:{command.pbx_id}:{command.phone_call_id}:{command.event_no}"
    # An engine's key is short and of any characters; ids of a stranger may be neither.
    return f"phone:{command.pbx_id}", f"phone:{hashlib.sha256(key.encode()).hexdigest()}"


def taken_of(record: Record, notes: tuple[str, ...]) -> EventTaken:
    """The answer to an event, from its record."""
    event = next(each for each in record.events if isinstance(each, PhoneEventTaken))
    registered = (each.call_id for each in record.events if isinstance(each, CallRegistered))
    said_zh, said_en = WORDS[event.mark]
    return EventTaken(
        seq=record.seq,
        call_id=event.call_id or next(registered, ""),
        mark=event.mark,
        said_zh=said_zh,
        said_en=said_en,
        clock_off_ms=event.clock_off_ms,
        notes=(*notes, *(["clock_off"] if event.clock_off_ms else [])),
        refused=tuple(
            {
                "command": type(each.command).__name__,
                "code": each.refusal.code,
                "reason_zh": each.refusal.reason_zh,
                "reason_en": each.refusal.reason_en,
            }
            for each in record.refused
        ),
    )


async def _read(request: Request) -> bytes | None:
    """The body, None as soon as it is too long."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _no(status: int, code: str, reason_zh: str, reason_en: str) -> Response:
    said = {"error": "phone", "code": code, "reason_zh": reason_zh, "reason_en": reason_en}
    return _answer(status, said)


def _answer(status: int, body: object) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    if status == 503:  # noqa: PLR2004 - HTTP's
        headers["Retry-After"] = "1"
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
