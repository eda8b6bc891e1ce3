"""One route per command (命令接口): decoded by its own struct, answered once it is durable."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.view_rows import ViewName
from kuaifan.kernel.engine import KeyReusedError, StaleError
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command, Event, Refusal, TimerCancelled, TimerSet
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.incident import PrioritySet
from kuaifan.vocabulary.order import UnitAssigned
from kuaifan.vocabulary.setting import ChangeSetting
from kuaifan.vocabulary.undo import Undo
from kuaifan.vocabulary.unit import UnitStatusSet
from kuaifan.web.adopting import check_comparison
from kuaifan.web.approving import check_answer, check_asked, check_done
from kuaifan.web.case_scope import check_subjects, told_event
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.known_records import check_records
from kuaifan.web.masking import mask
from kuaifan.web.own_name import as_of
from kuaifan.web.problems import Problem, answer, malformed, not_found, unknown_outcome
from kuaifan.web.seat_acts import SeatActs
from kuaifan.web.view_store import ViewStore
from kuaifan.web.viewer import Viewer, actor_of, need_admin, seat_of, viewer_of

TOO_LONG: Final = re.compile(r"Expected `str` of length <= (\d+) - at `\$\.?([^`]*)`")
PATH: Final = "/v1/commands"
MAX_BODY_BYTES: Final = 512 * 1024
"""A feedback with 200 parties and all its text fits; nothing honest is longer."""
MAX_KEY_CHARS: Final = 128
ANSWER_TIMEOUT_S: Final = 20.0
SHOWN_TIMEOUT_S: Final = 1.0
UNDOABLE: Final = (UnitAssigned, UnitStatusSet, PrioritySet)
MACHINE_EVENTS: Final = (TimerSet, TimerCancelled)
"""Of no meaning to a screen, and a timer holds a command as it was given."""


def command_routes(parts: Parts) -> list[Route]:
    """A route for each command, and one that says which there are."""
    routes = [
        Route(f"{PATH}/{name_of(command)}", _endpoint(parts, command), methods=["POST"])
        for command in parts.commands
    ]
    inner = frozenset(map(name_of, parts.inner))
    unknown = Route(f"{PATH}/{{name:path}}", _no_command(inner), methods=["POST"])
    return [*routes, unknown]


def name_of(command: type[Command]) -> str:
    """The name of a command on the wire: its tag."""
    return str(command.__struct_config__.tag)


def _endpoint(parts: Parts, command: type[Command]) -> Any:  # noqa: ANN401 - Starlette's endpoint
    decoder, acts = msgspec.json.Decoder(command), SeatActs(parts.commands)

    async def post(request: Request) -> Response:
        viewer, actor = viewer_of(request), actor_of(request)
        key, seen_seq = _key(request), _seen_seq(request)
        message = decode(decoder, await read_body(request))
        if isinstance(message, ChangeSetting):
            need_admin(viewer)
        if viewer.visitor is not None:
            said = message
            message = as_of(parts.desk, viewer, acts.opened(said), seat=seat_of(request))
            await asyncio.to_thread(check_subjects, parts.desk, viewer, message)
            message = acts.closed(message, said)
            check_answer(parts.desk, viewer, message)
        await check_asked(parts.desk, message)
        await check_records(parts.desk, message)
        await check_comparison(parts.planner, parts.policies, message)
        record = await submit(parts.desk, message, actor=actor, key=key, seen_seq=seen_seq)
        check_done(message, record)
        return _response(parts, viewer, message, record)

    return post


async def submit(
    desk: Desk, message: Command, *, actor: str, key: str | None, seen_seq: int | None = None
) -> Record:
    """Hand in a command and wait until it is durable and shown; raises Problem."""
    try:
        await _recalled(desk, message)
        ticket = desk.submit(message, actor=actor, key=key, seen_seq=seen_seq)
        record = await answered(ticket)
        await shown_up_to(desk.store, record.seq)
    except (StorageError, InboxFullError, KeyReusedError, StaleError, TimeoutError) as error:
        raise _problem_of(error) from error
    return record


def _no_command(inner: frozenset[str]) -> Any:  # noqa: ANN401 - Starlette's endpoint
    """What stands for every name that has no route: none, or one that nobody submits."""

    async def post(request: Request) -> Response:
        name = request.path_params["name"]
        if name in inner:
            raise Problem(
                404,
                "not_found",
                "inner_command",
                f"{name} 由系统规则或定时器提出，不接受外部提交",
                f"{name} is asked for by rules and timers of the desk; nobody submits it",
            )
        raise not_found(f"没有命令 {name}", f"there is no command {name!r}; /docs lists them")

    return post


async def read_body(request: Request, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """The body of a request; raises Problem 413 as soon as it is too long."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                reason_en = f"the body is over {max_bytes} bytes; send less at once"
                raise Problem(413, "malformed", "too_large", "内容过长", reason_en)
    except ClientDisconnect as error:
        raise malformed("请求未发送完整", "the request was cut off") from error
    return bytes(body)


def decode(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:  # noqa: ANN401 - the decoder's
    """Decode a body; raises Problem 422 that names the field."""
    try:
        return decoder.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # A ValidationError is a DecodeError; it names the field, and never repeats a personal text.
        reason_en = f"the body cannot be read: {error}"
        raise malformed(_say_zh(str(error)), reason_en) from error


def _say_zh(fault: str) -> str:
    """What a person can mend by writing less, in their words; the rest is for programmers."""
    found = TOO_LONG.search(fault)
    if found is None:
        return f"命令格式有误：{fault}"
    return f"文字太长：最多 {found[1]} 字，请删减后再试（{found[2]}）"


async def _recalled(desk: Desk, message: Command) -> None:
    """Have the retired incidents that a command names back on the board before it is decided."""
    if not desk.needs_archive(message):
        return
    for recall in await asyncio.to_thread(desk.list_recalls, message):
        # Refused where another seat's touch was first: then it is there all the same.
        await answered(desk.submit(recall, actor="desk", key=None, seen_seq=None))


async def answered(ticket: Ticket) -> Record:
    """Wait, without a thread, for what the engine says."""
    loop = asyncio.get_running_loop()
    answer_to_come: asyncio.Future[Record] = loop.create_future()

    def settle(record: Record | None, error: BaseException | None) -> None:
        if answer_to_come.done():
            return
        if record is None:
            answer_to_come.set_exception(error or StorageError("the answer was lost"))
        else:
            answer_to_come.set_result(record)

    def tell(record: Record | None, error: BaseException | None) -> None:
        # A loop that has closed has nobody left to tell; the writer goes on all the same.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, record, error)

    ticket.when_done(tell)
    async with asyncio.timeout(ANSWER_TIMEOUT_S):
        return await answer_to_come


async def shown_up_to(store: ViewStore, seq: int) -> None:
    """Wait until the rows say it too, so that whoever reads next reads what it wrote."""
    loop = asyncio.get_running_loop()
    is_shown: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_once, is_shown)

    store.when_shown(seq, tell)
    # It is durable and is said so in any case.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SHOWN_TIMEOUT_S):
            await is_shown


def _settle_once(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, KeyReusedError):
        return malformed(
            "该幂等键已用于另一条命令，请换新键",
            "this Idempotency-Key was used for another command; take a new one",
            code="key_reused",
        )
    if isinstance(error, StaleError):
        return Problem(
            409,
            "refused",
            "version_conflict",
            "内容已被他人更改，请查看最新状态后再决定",
            str(error),
            version=error.version,
        )
    if isinstance(error, InboxFullError):
        return unknown_outcome("busy", str(error))
    if isinstance(error, StorageError):
        return unknown_outcome("storage", str(error))
    return unknown_outcome("storage", f"no answer within {ANSWER_TIMEOUT_S:.0f} s")


def _response(parts: Parts, viewer: Viewer, message: Command, record: Record) -> Response:
    if record.refusal is not None:
        raise _refused(parts.desk, message, record.refusal)
    if record.fault is not None:
        reason_en = "a rule broke on this command; it was recorded and nothing was changed"
        raise Problem(500, "fault", "fault", "规则执行出错，命令已记录，未作任何更改", reason_en)
    told = [event for event in record.events if not isinstance(event, MACHINE_EVENTS)]
    body = {
        "seq": record.seq,
        "events": [seen for event in told if (seen := seen_event(parts.desk, viewer, event))],
        "undo_until_ms": undo_until_ms(record, parts.desk.reference.clocks.undo_ms),
    }
    return answer(body)


def undo_until_ms(record: Record, undo_ms: int) -> int | None:
    """Until when a record can be taken back; None where it cannot, as it does more or less."""
    n_undoable = sum(isinstance(event, UNDOABLE) for event in record.events)
    if n_undoable != 1 or isinstance(record.command, Undo):
        return None
    return record.at_ms + undo_ms


def seen_event(desk: Desk, viewer: Viewer, event: Event) -> Event | None:
    """An event as a viewer may see it: a crew reads the stories of its own incidents only."""
    if viewer.visitor is not None:
        return told_event(desk, viewer, event)
    if viewer.role == "crew":
        shown = desk.store.find("incidents", getattr(event, "incident_id", ""))
        return event if viewer.sees(shown) else mask(event)
    return event if viewer.sees_personal else mask(event)


def _refused(desk: Desk, message: Command, refusal: Refusal) -> Problem:
    return Problem(
        409,
        "refused",
        refusal.code,
        refusal.reason_zh,
        refusal.reason_en,
        version=shown_version(desk, message),
    )


def shown_version(desk: Desk, message: Command) -> int | None:
    """Seq of what a command is about, as it is shown now; None where it is not shown."""
    order_id: str = getattr(message, "order_id", "")
    ids: Mapping[ViewName, str] = {
        "incidents": order_id.rpartition("-")[0] or getattr(message, "incident_id", ""),
        "calls": getattr(message, "call_id", ""),
        "closures": getattr(message, "closure_id", ""),
        "premises": getattr(message, "note_id", ""),
        "broadcasts": getattr(message, "broadcast_id", ""),
        "items": getattr(message, "item_id", ""),
        "units": getattr(message, "unit_id", ""),
    }
    for view, row_id in ids.items():
        if row_id and (shown := desk.store.find(view, row_id)) is not None:
            return int(getattr(shown.row, "seq", 0))
    return None


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key", "")
    if len(key) > MAX_KEY_CHARS or not key.isprintable():
        raise malformed(
            f"幂等键最长 {MAX_KEY_CHARS} 字符",
            f"an Idempotency-Key has at most {MAX_KEY_CHARS} printable characters",
        )
    return key or None


def _seen_seq(request: Request) -> int | None:
    text = unquote(request.headers.get("if-match", "")).strip().strip('"')
    if text in {"", "*"}:
        return None
    if not text.isdecimal():
        raise malformed("If-Match 须为序号", "If-Match is the seq that was seen, a whole number")
    return int(text)
