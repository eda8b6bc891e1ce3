"""The register over HTTP (账号与审计接口): accounts, keys, uses of break-glass, and who read what.

The security administrator keeps the accounts and reads no case; the audit administrator reads what
everybody did and changes nothing.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import access, approval, keeping
from kuaifan.vocabulary.call import ShortText
from kuaifan.vocabulary.photo import PhotoRead
from kuaifan.web.commands import decode, read_body, submit
from kuaifan.web.desk import Desk
from kuaifan.web.gate import Door
from kuaifan.web.masking import mask
from kuaifan.web.people import Act, NewAccount, NewKey
from kuaifan.web.problems import Problem, answer, malformed, not_found
from kuaifan.web.viewer import actor_of, viewer_of

NO_STORE: Final = {"Cache-Control": "no-store"}
MAX_BODY_BYTES: Final = 8 * 1024
MAX_STEPS: Final = 2_000
DAY_MS: Final = 86_400_000
MAX_DAYS: Final = 31
ACTS: Final[tuple[Act, ...]] = get_args(Act)
AUDITED: Final = (*access.EVENTS, *approval.EVENTS, *keeping.EVENTS, PhotoRead)
"""What people came for, opened, searched, were refused, consented to, held and had erased."""


class AccountAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an act on an account says of it (账号变更)."""

    roles: tuple[str, ...] = ()
    desk_id: Annotated[str, msgspec.Meta(max_length=64)] = "city"
    unit_id: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a review of break-glass found (复核结论)."""

    finding: ShortText


class AuditStep(msgspec.Struct, frozen=True, kw_only=True):
    """One act of somebody (审计条目)."""

    seq: int
    at_ms: int
    actor: str
    type: str
    event: dict[str, Any]


class AuditSteps(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody did (审计); from_ms: since when it was looked at."""

    from_ms: int
    steps: list[AuditStep]


class GlassRow(msgspec.Struct, frozen=True, kw_only=True):
    """A use of break-glass that waits for a review (紧急授权行)."""

    glass_id: str
    person: str
    reason: str
    at_ms: int
    until_ms: int


class RegisterRoutes:
    """The routes of the register (账号登记)."""

    def __init__(self, door: Door, desk: Desk) -> None:
        self._people, self._desk = door.people, desk

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v1/people", self.list_accounts),
            Route("/v1/people", self.add, methods=["POST"]),
            Route("/v1/people/{key}/sessions", self.list_sessions),
            Route("/v1/people/{key}/release", self.release, methods=["POST"]),
            Route("/v1/people/{key}/{act}", self.act, methods=["POST"]),
            Route("/v1/keys", self.list_keys),
            Route("/v1/keys", self.add_key, methods=["POST"]),
            Route("/v1/keys/{key}/revoke", self.revoke_key, methods=["POST"]),
            Route("/v1/glass", self.list_glass),
            Route("/v1/glass/{key}/review", self.review_glass, methods=["POST"]),
            Route("/v1/audit", self.audit),
        ]

    async def list_accounts(self, _request: Request) -> Response:
        """All accounts, without anything that opens one."""
        rows = await asyncio.to_thread(self._people.list_accounts)
        return answer(rows, headers=NO_STORE)

    async def add(self, request: Request) -> Response:
        """A new account, answered with the link that sets its password."""
        asked = decode(msgspec.json.Decoder(NewAccount), await read_body(request, MAX_BODY_BYTES))
        self._check_desk(asked.desk_id)
        link = await asyncio.to_thread(self._people.add, asked, actor_of(request))
        return answer({"name": asked.name, "link": link}, headers=NO_STORE)

    async def act(self, request: Request) -> Response:
        """Something is done to an account."""
        act = next((each for each in ACTS if each == request.path_params["act"]), None)
        if act is None:
            raise not_found("没有此操作", f"an account can be {', '.join(ACTS)}")
        return await self._act(request, act)

    async def release(self, request: Request) -> Response:
        """A lock is released: by the security administrator, or a commander of the same desk."""
        viewer, name = viewer_of(request), request.path_params["key"]
        if not viewer.may("manage_accounts"):
            rows = await asyncio.to_thread(self._people.list_accounts)
            row = next((each for each in rows if each.name == name), None)
            is_administrator = row is not None and {"security_admin", "audit_admin"} & {*row.roles}
            is_own = row is not None and (viewer.sees_all_desks or row.desk_id == viewer.desk_id)
            if not is_own or is_administrator:
                raise not_found(f"本席没有账号 {name}", f"there is no account {name} at this desk")
        return await self._act(request, "release")

    async def list_sessions(self, request: Request) -> Response:
        """Where a person is logged on."""
        name = request.path_params["key"]
        rows = await asyncio.to_thread(self._people.list_sessions, name)
        return answer(rows, headers=NO_STORE)

    async def list_keys(self, _request: Request) -> Response:
        """All keys, without what opens anything."""
        return answer(await asyncio.to_thread(self._people.list_keys), headers=NO_STORE)

    async def add_key(self, request: Request) -> Response:
        """A new key, shown this once."""
        asked = decode(msgspec.json.Decoder(NewKey), await read_body(request, MAX_BODY_BYTES))
        key = await asyncio.to_thread(self._people.add_key, asked, actor_of(request))
        return answer({"key_id": asked.key_id, "key": key}, headers=NO_STORE)

    async def revoke_key(self, request: Request) -> Response:
        """A key is good no more."""
        key_id = request.path_params["key"]
        await asyncio.to_thread(self._people.revoke_key, key_id, actor_of(request))
        return answer({"key_id": key_id}, headers=NO_STORE)

    async def list_glass(self, _request: Request) -> Response:
        """Uses of break-glass that wait for a review: the notice to the administrators."""
        rows = [
            GlassRow(
                glass_id=each.glass_id,
                person=each.person,
                reason=each.reason,
                at_ms=each.at_ms,
                until_ms=each.until_ms,
            )
            for each in self._desk.list_glass()
        ]
        return answer(rows, headers=NO_STORE)

    async def review_glass(self, request: Request) -> Response:
        """Somebody has looked at one."""
        found = decode(msgspec.json.Decoder(Finding), await read_body(request, MAX_BODY_BYTES))
        visitor = viewer_of(request).visitor
        reviewed = access.ReviewGlass(
            glass_id=request.path_params["key"],
            by=visitor.name if visitor else "",
            finding=found.finding,
        )
        record = await submit(self._desk, reviewed, actor=actor_of(request), key=None)
        if record.refusal is not None:
            said = record.refusal
            raise Problem(409, "refused", said.code, said.reason_zh, said.reason_en)
        return answer({"glass_id": reviewed.glass_id}, headers=NO_STORE)

    async def audit(self, request: Request) -> Response:
        """Who came, what was granted, what was opened and why; newest last."""
        days = _days(request)
        steps: list[AuditStep] = []
        since_ms = self._desk.clock()[0] - days * DAY_MS

        def add(record: Record) -> None:
            audited = (event for event in record.events if isinstance(event, AUDITED))
            steps.extend(_step(record, event) for event in audited)

        from_ms = await asyncio.to_thread(self._desk.read_since, since_ms, add)
        return answer(AuditSteps(from_ms=from_ms, steps=steps[-MAX_STEPS:]), headers=NO_STORE)

    async def _act(self, request: Request, act: Act) -> Response:
        body = await read_body(request, MAX_BODY_BYTES)
        asked = decode(msgspec.json.Decoder(AccountAsked), body)
        if act == "roles":
            self._check_desk(asked.desk_id)
        try:
            account = msgspec.convert(
                {"name": request.path_params["key"], **msgspec.structs.asdict(asked)}, NewAccount
            )
        except msgspec.ValidationError as error:
            raise malformed(f"账号有误：{error}", str(error)) from None
        link = await asyncio.to_thread(self._people.act, act, account, actor_of(request))
        return answer({"name": account.name, **({"link": link} if link else {})}, headers=NO_STORE)

    def _check_desk(self, desk_id: str) -> None:
        if desk_id not in self._desk.reference.desks:
            raise malformed(f"没有指挥席 {desk_id}", f"there is no desk {desk_id!r}")


def _step(record: Record, event: Event) -> AuditStep:
    return AuditStep(
        seq=record.seq,
        at_ms=record.at_ms,
        actor=record.actor,
        type=type(event).__name__,
        # Words of cases are not the auditor's; why a record was opened or searched is.
        event=msgspec.to_builtins(event if isinstance(event, access.EVENTS) else mask(event)),
    )


def _days(request: Request) -> int:
    text = request.query_params.get("days", "7")
    if not text.isdecimal() or not 0 < int(text[:6]) <= MAX_DAYS:
        raise malformed(f"days 须为 1 至 {MAX_DAYS}", f"days is 1 to {MAX_DAYS}")
    return int(text)
