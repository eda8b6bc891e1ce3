"""Access (访问): who came and went, what was granted, what was opened and why; no secrets.

Accounts themselves are kept beside the log. What is here is submitted by the running desk itself,
so that each of these acts is an entry of the same chain as every order.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.rights import Purpose

LogOnMeans = Literal["password", "password_and_code", "recovery_code", "oidc", "link"]
LogOffReason = Literal["asked", "everywhere", "idle", "ended", "disabled", "administrator"]
AccountChange = Literal[
    "added",
    "roles",
    "disabled",
    "enabled",
    "link_made",
    "password",
    "second_factor",
    "second_factor_reset",
    "key_added",
    "key_revoked",
]
ReadWhat = Literal["history", "incident", "timeline", "person", "photo", "seat_archive"]
RoleNames = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=16)]
GlassMinutes = Annotated[int, msgspec.Meta(ge=1, le=60)]


class LogOnPerson(Command, frozen=True):
    """A person has proved who it is (人员登录)."""

    person: Id
    means: LogOnMeans
    address: ShortText = ""


class LogOffPerson(Command, frozen=True):
    """A person leaves, or is taken off (人员退出)."""

    person: Id
    reason: LogOffReason


class LockPerson(Command, frozen=True):
    """Too many wrong tries: nobody gets in by this name until somebody releases it (锁定账号)."""

    person: Id
    n_failed: int
    address: ShortText = ""


class ReleasePerson(Command, frozen=True):
    """A supervisor or the security administrator releases it (解除锁定)."""

    person: Id
    by: Id


class ChangeAccount(Command, frozen=True):
    """An account is made, changed or ended (账号变更); roles and desk_id: as they are then."""

    person: Id
    change: AccountChange
    by: Id
    roles: RoleNames = ()
    desk_id: Id = ""
    unit_id: Id = ""


class BreakGlass(Command, frozen=True):
    """Somebody must see at once what is not theirs (紧急授权); for some minutes, with a reason."""

    person: Id
    reason: ShortText
    minutes: GlassMinutes = 15
    desk_id: Id = ""


class ReviewGlass(Command, frozen=True):
    """An administrator has looked at a use of break-glass (紧急授权复核)."""

    glass_id: Id
    by: Id
    finding: ShortText


class ReadRecord(Command, frozen=True):
    """Personal data or a restricted record is opened (调阅记录); before it is shown."""

    person: Id
    what: ReadWhat
    purpose: Purpose
    incident_id: Id = ""
    call_id: Id = ""
    reason: IncidentReason = ""


class LogSearch(Command, frozen=True):
    """Somebody has searched (检索留痕); before the answer. purpose: for what is over, else duty.

    n_found: incidents and units; n_withheld: incidents that are over, without a purpose.
    """

    person: Id
    text: IncidentReason
    n_found: int
    n_withheld: int = 0
    purpose: Purpose = "duty"
    reason: IncidentReason = ""


class LogRefusedRight(Command, frozen=True):
    """Somebody tried what its role may not (越权留痕); at: the route, right: what it asks for."""

    person: Id
    role: ShortText
    right: ShortText
    at: ShortText


class PersonLoggedOn(Event, frozen=True):
    """A person is logged on (人员已登录)."""

    person: str
    means: LogOnMeans
    address: str


class PersonLoggedOff(Event, frozen=True):
    """A person is logged off (人员已退出)."""

    person: str
    reason: LogOffReason


class PersonLocked(Event, frozen=True):
    """Nobody gets in by this name (账号已锁定)."""

    person: str
    n_failed: int
    address: str


class PersonReleased(Event, frozen=True):
    """The name is good again (账号已解锁)."""

    person: str
    by: str


class AccountChanged(Event, frozen=True):
    """An account is otherwise than before (账号已变更)."""

    person: str
    change: AccountChange
    by: str
    roles: tuple[str, ...]
    desk_id: str
    unit_id: str


class GlassBroken(Event, frozen=True):
    """Somebody sees beyond its rights until an instant (紧急授权已启用); waits for a review."""

    glass_id: str
    person: str
    reason: str
    until_ms: int
    desk_id: str = ""


class GlassReviewed(Event, frozen=True):
    """A use of break-glass was looked at (紧急授权已复核)."""

    glass_id: str
    by: str
    finding: str


class RecordRead(Event, frozen=True):
    """It was opened (记录已调阅): who and why."""

    person: str
    what: ReadWhat
    purpose: Purpose
    incident_id: str
    call_id: str
    reason: IncidentReasonTold


class SearchLogged(Event, frozen=True):
    """It was searched (检索已留痕): who, for what words, how much was found, and why."""

    person: str
    text: IncidentReasonTold
    n_found: int
    n_withheld: int
    purpose: Purpose
    reason: IncidentReasonTold


class RightRefused(Event, frozen=True):
    """It was refused (越权已拒绝)."""

    person: str
    role: str
    right: str
    at: str


COMMANDS = (
    LogOnPerson,
    LogOffPerson,
    LockPerson,
    ReleasePerson,
    ChangeAccount,
    BreakGlass,
    ReviewGlass,
    ReadRecord,
    LogSearch,
    LogRefusedRight,
)
EVENTS = (
    PersonLoggedOn,
    PersonLoggedOff,
    PersonLocked,
    PersonReleased,
    AccountChanged,
    GlassBroken,
    GlassReviewed,
    RecordRead,
    SearchLogged,
    RightRefused,
)
