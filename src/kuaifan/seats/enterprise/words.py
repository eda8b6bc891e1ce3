"""What the enterprise seat is told and what happened (护企专席的命令与事件)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.seats.enterprise.papers import (
    HOUR_MS,
    MINUTE_MS,
    Firm,
    FirmKind,
    MatchedBy,
    Rank,
    Terms,
)
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.incident import Latitude, Longitude

MAX_REGISTER_CHARS = 250_000
MAX_PHONES = 20
MAX_CORNERS = 200
Radius = Annotated[int, msgspec.Meta(ge=10, le=3_000)]
Phones = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=32)], ...], msgspec.Meta(max_length=MAX_PHONES)
]
Corners = Annotated[tuple[tuple[Latitude, Longitude], ...], msgspec.Meta(max_length=MAX_CORNERS)]
Instant = Annotated[int, msgspec.Meta(ge=0)]
Note = Annotated[ShortText, Personal("incident")]
NoteTold = Annotated[str, Personal("incident")]
Answer = Literal["satisfied", "fairly", "not_satisfied", "no_answer"]
LiftedWhy = Literal["wrong_match", "against", "merged"]


class AddFirm(Command, frozen=True):
    """A firm or project is looked after from now on (登记重点企业); three people answer for it."""

    kind: FirmKind
    name: ShortText
    lat: Latitude
    lon: Longitude
    radius_m: Radius
    leader: ShortText
    chief: ShortText
    officer: ShortText
    by: ShortText
    phone: Annotated[str, msgspec.Meta(max_length=400)] = ""
    ring: Corners = ()
    valid_from_ms: Instant = 0
    valid_to_ms: Instant = 0


class ChangeFirm(Command, frozen=True):
    """Its papers change (变更重点企业); None: it stays. phone: several, parted by semicolons."""

    firm_id: Id
    by: ShortText
    name: ShortText | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    radius_m: Radius | None = None
    leader: ShortText | None = None
    chief: ShortText | None = None
    officer: ShortText | None = None
    phone: Annotated[str, msgspec.Meta(max_length=400)] | None = None
    ring: Corners | None = None
    valid_to_ms: Instant | None = None


class RetireFirm(Command, frozen=True):
    """It is looked after no longer (撤出名录)."""

    firm_id: Id
    reason: ShortText
    by: ShortText


class ImportFirms(Command, frozen=True):
    """The register as a table (导入名录), all or nothing; a firm of a known name is changed."""

    table: Annotated[str, msgspec.Meta(max_length=MAX_REGISTER_CHARS)]
    by: ShortText


class MatchFirm(Command, frozen=True):
    """An incident is a firm's (涉企匹配); a reaction asks by phone or place, or a person does."""

    incident_id: Id
    firm_id: Id
    by: ShortText = ""


class LiftMatch(Command, frozen=True):
    """It is not (撤销匹配): a wrong match, or somebody complains of the firm."""

    incident_id: Id
    why: LiftedWhy
    by: ShortText
    reason: Note = ""


class SayAgainst(Command, frozen=True):
    """Somebody complains of the firm (反映企业问题): it is not told to those who look after it."""

    incident_id: Id
    by: ShortText


class ReadNotice(Command, frozen=True):
    """One of the three has read it (签收派发)."""

    notice_id: Id
    by: ShortText


class PassUpNotice(Command, frozen=True):
    """Nobody has read it in time (未签收上报): the next one up is told; a reaction asks."""

    notice_id: Id


class RecordFirmCallBack(Command, frozen=True):
    """The firm was called back (企业回访); what is unresolved goes to the leader."""

    incident_id: Id
    answer: Answer
    by: ShortText
    unresolved: bool = False
    note: Note = ""


class ReportUnresolved(Command, frozen=True):
    """It was not settled on the spot (当场未办结): it goes to the leader and stays open."""

    incident_id: Id
    reason: Note
    by: ShortText


class ResolveFirmCase(Command, frozen=True):
    """The leader closes it (局领导办结), and nobody else."""

    incident_id: Id
    result: Note
    by: ShortText


Within = Annotated[int, msgspec.Meta(ge=MINUTE_MS, le=30 * 24 * HOUR_MS)]


class SetEnterpriseTerms(Command, frozen=True):
    """The city's own clocks (设定护企时限); None: as it is."""

    by: ShortText
    read_ms: Within | None = None
    call_back_ms: Within | None = None
    again_ms: Within | None = None
    leader_ms: Within | None = None


class FirmPut(Event, frozen=True):
    """A firm is in the register so from now on (名录已登记); is_new: it was not there before."""

    firm: Firm
    is_new: bool
    by: str


class FirmRetired(Event, frozen=True):
    """It has left the register (已撤出名录)."""

    firm_id: str
    reason: str
    by: str


class FirmMatched(Event, frozen=True):
    """The incident is a firm's (涉企警情已匹配); its three are told at once."""

    incident_id: str
    firm_id: str
    matched_by: MatchedBy
    desk_id: str
    by: str


class MatchLifted(Event, frozen=True):
    """It is not after all (匹配已撤销)."""

    incident_id: str
    firm_id: str
    why: LiftedWhy
    reason: NoteTold
    by: str


class AgainstFirmSaid(Event, frozen=True):
    """Somebody complains of a firm in it (已说明反映企业)."""

    incident_id: str
    by: str


class NoticeRead(Event, frozen=True):
    """One of the three has read it (派发已签收)."""

    incident_id: str
    rank: Rank
    by: str


class NoticePassedUp(Event, frozen=True):
    """The next one up is told, as it was not read (未签收已上报)."""

    incident_id: str
    rank: Rank
    to: str


class FirmCalledBack(Event, frozen=True):
    """The firm was called back, or tried (企业已回访)."""

    incident_id: str
    answer: Answer
    resolved: bool
    note: NoteTold
    by: str


class UnresolvedReported(Event, frozen=True):
    """It is the leader's now (已报局领导)."""

    incident_id: str
    leader: str
    reason: NoteTold
    by: str


class FirmCaseResolved(Event, frozen=True):
    """The leader has closed it (局领导已办结)."""

    incident_id: str
    result: NoteTold
    by: str


class EnterpriseTermsSet(Event, frozen=True):
    """Other clocks from now on (护企时限已设定)."""

    terms: Terms
    by: str


COMMANDS = (
    *(AddFirm, ChangeFirm, RetireFirm, ImportFirms, MatchFirm, LiftMatch, SayAgainst),
    *(ReadNotice, PassUpNotice, RecordFirmCallBack, ReportUnresolved, ResolveFirmCase),
    SetEnterpriseTerms,
)
INNER = (PassUpNotice,)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS = (
    *(FirmPut, FirmRetired, FirmMatched, MatchLifted, AgainstFirmSaid, NoticeRead),
    *(NoticePassedUp, FirmCalledBack, UnresolvedReported, FirmCaseResolved),
    EnterpriseTermsSet,
)
