"""What the fraud seat is told and what happened (反诈专席的命令与事件).

Amounts are whole fen 分. Account numbers, holders and victims are sealed under their incident.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from kuaifan.board.day_tally import DAY_MS
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.seats.anti_fraud.ledger import EntryReason, Side
from kuaifan.seats.anti_fraud.papers import (
    HOUR_MS,
    MINUTE_MS,
    CaseKind,
    Channel,
    Sealed,
    StopAnswer,
    Terms,
)
from kuaifan.seats.anti_fraud.words_kind import FraudKindChanged, RetypeFraudCase
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.outbox import Outgoing

MAX_FEN = 10**13
"""A hundred billion yuan: more is an error of entry."""
Fen = Annotated[int, msgspec.Meta(ge=1, le=MAX_FEN)]
FenOrNone = Annotated[int, msgspec.Meta(ge=0, le=MAX_FEN)]
Instant = Annotated[int, msgspec.Meta(ge=0)]
AccountNumber = Annotated[str, msgspec.Meta(max_length=64), Personal("incident")]
SealedText = Annotated[ShortText, Personal("incident")]
SealedVia = Annotated[ShortText, Personal("incident", via="account_id")]
"""Of a command that names an account, whose id begins with its incident's."""
CloseOutcome = Literal["done", "not_fraud", "merged"]
DissuasionOutcome = Literal["dissuaded", "paid", "not_reached"]
LineStep = Literal["lost", "regained"]
UnitStep = Literal["sent", "there", "back"]
ReturnSource = Literal["frozen", "gone"]
ClaimOutcome = Literal["released", "kept"]


class OpenFraudCase(Command, frozen=True):
    """A fraud incident becomes a case of the seat (建立涉诈案件); a reaction asks, or a person."""

    incident_id: Id
    by: ShortText = ""


class NoteVictim(Command, frozen=True):
    """Who was cheated, how to reach them, what they keep as proof (登记受害人)."""

    incident_id: Id
    victim: SealedText
    phone: Annotated[str, msgspec.Meta(max_length=32), Personal("incident")]
    by: ShortText
    proof: SealedText = ""


class AddTransfer(Command, frozen=True):
    """Money that went to an account (登记转账): whence, where to, how much, when, by what way."""

    incident_id: Id
    number: AccountNumber
    bank: ShortText
    amount_fen: Fen
    transferred_at_ms: Instant
    channel: Channel
    by: ShortText
    holder: SealedText = ""
    payer_number: AccountNumber = ""
    payer_bank: ShortText = ""
    payer_holder: SealedText = ""


class CorrectLoss(Command, frozen=True):
    """The amount told was wrong (更正损失金额); lost_fen: all that went to the account."""

    account_id: Id
    lost_fen: FenOrNone
    reason: SealedVia
    by: ShortText


class RequestStop(Command, frozen=True):
    """Ask the bank to hold what is there (紧急止付)."""

    account_id: Id
    by: ShortText


class WaiveStop(Command, frozen=True):
    """There is nothing that could be stopped (无须止付), for a reason."""

    incident_id: Id
    reason: SealedText
    by: ShortText


class TakeBankAnswer(Command, frozen=True):
    """The bank's answer to a request (银行反馈); its adapter sends it, or a person types it in.

    until_ms: to when it holds the money, 0: as long as the law says. reason: why it refused.
    """

    request_id: Id
    answer: StopAnswer
    by: ShortText
    amount_fen: FenOrNone = 0
    until_ms: Instant = 0
    reason: ShortText = ""


class LapseStop(Command, frozen=True):
    """A stop payment has run out (止付到期); submitted by a timer."""

    account_id: Id


class FileFraudCase(Command, frozen=True):
    """The case is filed (立案); without it nothing is frozen."""

    incident_id: Id
    file_no: ShortText
    by: ShortText


class FreezeMoney(Command, frozen=True):
    """A freeze notice is issued for what is stopped (冻结); amount 0: for all of it."""

    account_id: Id
    notice_no: ShortText
    by: ShortText
    amount_fen: FenOrNone = 0


class RenewFreeze(Command, frozen=True):
    """The freeze holds for another term (续冻)."""

    account_id: Id
    notice_no: ShortText
    by: ShortText


class LapseFreeze(Command, frozen=True):
    """A freeze has run out (冻结到期); submitted by a timer."""

    account_id: Id


class ReturnMoney(Command, frozen=True):
    """Money is back with the victim (返还); from a freeze, or paid back from where it had gone."""

    account_id: Id
    amount_fen: Fen
    source: ReturnSource
    by: ShortText


class ClaimWrongFreeze(Command, frozen=True):
    """Somebody says that money is held wrongly (误冻申诉); it is looked into by a date."""

    account_id: Id
    reason: SealedVia
    by: ShortText


class ProposeRelease(Command, frozen=True):
    """It was held wrongly and is to be let go (提请解除); another person confirms.

    amount_fen: 0 for all that is held.
    """

    account_id: Id
    reason: SealedVia
    by: ShortText
    amount_fen: FenOrNone = 0


class ConfirmRelease(Command, frozen=True):
    """The second person agrees (确认解除): the money is let go."""

    account_id: Id
    by: ShortText


class KeepHold(Command, frozen=True):
    """It is held rightly (维持冻结), for a reason."""

    account_id: Id
    reason: SealedVia
    by: ShortText


class SendToVictim(Command, frozen=True):
    """Send the nearest unit to the victim (就近上门劝阻)."""

    incident_id: Id
    by: ShortText


class FollowUnit(Command, frozen=True):
    """What the unit sent to a victim does (跟进上门警组); a reaction asks."""

    incident_id: Id
    step: UnitStep
    order_id: Id
    unit_id: Id


class NoteLine(Command, frozen=True):
    """The line to the victim is lost, or held again (通话保持); a reaction asks too."""

    incident_id: Id
    step: LineStep
    by: ShortText = ""


class EndDissuasion(Command, frozen=True):
    """How it ended (劝阻结果): they did not pay, they had paid, or were not reached."""

    incident_id: Id
    outcome: DissuasionOutcome
    by: ShortText


class CloseFraudCase(Command, frozen=True):
    """The seat is done with the case (结案); a merged one lives on in the other."""

    incident_id: Id
    outcome: CloseOutcome
    by: ShortText = ""
    reason: SealedText = ""


Ms = Annotated[int, msgspec.Meta(ge=MINUTE_MS, le=HOUR_MS)]
Hours = Annotated[int, msgspec.Meta(ge=HOUR_MS, le=72 * HOUR_MS)]
Days = Annotated[int, msgspec.Meta(ge=DAY_MS, le=366 * DAY_MS)]


class SetFraudTerms(Command, frozen=True):
    """The city's own clocks and its number of residents (设定反诈时限); None: as it is."""

    by: ShortText
    request_ms: Ms | None = None
    answer_ms: Ms | None = None
    stop_ms: Hours | None = None
    stop_lead_ms: Hours | None = None
    file_ms: Annotated[int, msgspec.Meta(ge=HOUR_MS, le=30 * DAY_MS)] | None = None
    freeze_ms: Days | None = None
    freeze_lead_ms: Days | None = None
    claim_ms: Hours | None = None
    recovery_ms: Days | None = None
    send_ms: Ms | None = None
    call_again_ms: Ms | None = None
    talk_ms: Ms | None = None
    n_residents: Annotated[int, msgspec.Meta(ge=0, le=10**9)] | None = None


class FraudCaseOpened(Event, frozen=True):
    """A case of the seat exists (涉诈案件已建立); reported_at_ms: its clocks run from then."""

    incident_id: str
    kind: CaseKind
    reported_at_ms: int
    desk_id: str
    record_class: str
    by: str


class VictimNoted(Event, frozen=True):
    """Who was cheated (受害人已登记)."""

    incident_id: str
    victim: Sealed
    phone: Sealed
    proof: Sealed
    by: str


class TransferAdded(Event, frozen=True):
    """Money went to an account (转账已登记), a new one or one that is known."""

    incident_id: str
    account_id: str
    number: Sealed
    bank: str
    holder: Sealed
    payer_number: Sealed
    payer_bank: str
    payer_holder: Sealed
    amount_fen: int
    transferred_at_ms: int
    channel: Channel
    by: str


class MoneyMoved(Event, frozen=True):
    """An entry of the ledger (台账分录): from one side to the other, for a reason."""

    incident_id: str
    account_id: str
    left: Side
    right: Side
    amount_fen: int
    reason: EntryReason
    by: str


class LossCorrected(Event, frozen=True):
    """Why the amount changed (损失金额已更正)."""

    incident_id: str
    account_id: str
    reason: Sealed
    by: str


class StopRequested(Event, frozen=True):
    """The bank is asked to hold the money (止付请求已发出); the outbox tells it."""

    TELLS: ClassVar[Outgoing] = Outgoing(
        "bank",
        "stop_payment",
        (
            *("request_id", "incident_id", "number", "bank", "holder", "amount_fen"),
            *("transferred_at_ms", "channel"),
        ),
    )

    incident_id: str
    account_id: str
    request_id: str
    number: Sealed
    bank: str
    holder: Sealed
    amount_fen: int
    transferred_at_ms: int
    channel: Channel
    by: str


class StopWaived(Event, frozen=True):
    """Nothing could be stopped (无须止付)."""

    incident_id: str
    reason: Sealed
    by: str


class BankAnswered(Event, frozen=True):
    """What the bank said (银行已反馈)."""

    incident_id: str
    account_id: str
    request_id: str
    answer: StopAnswer
    amount_fen: int
    until_ms: int
    reason: str
    by: str


class StopLapsed(Event, frozen=True):
    """The bank holds it no longer (止付已失效)."""

    incident_id: str
    account_id: str


class FraudCaseFiled(Event, frozen=True):
    """The case is filed (已立案)."""

    incident_id: str
    file_no: str
    by: str


class MoneyFrozen(Event, frozen=True):
    """Held by a freeze notice (已冻结); is_renewal: another term of one that holds."""

    incident_id: str
    account_id: str
    notice_no: str
    until_ms: int
    is_renewal: bool
    by: str


class FreezeLapsed(Event, frozen=True):
    """The freeze has run out (冻结已失效)."""

    incident_id: str
    account_id: str


class WrongFreezeClaimed(Event, frozen=True):
    """Somebody says that it is held wrongly (误冻已申诉)."""

    incident_id: str
    account_id: str
    reason: Sealed
    by: str


class ReleaseProposed(Event, frozen=True):
    """One person says to let it go (已提请解除)."""

    incident_id: str
    account_id: str
    amount_fen: int
    reason: Sealed
    by: str


class ClaimAnswered(Event, frozen=True):
    """The claim is decided (误冻已核查)."""

    incident_id: str
    account_id: str
    outcome: ClaimOutcome
    reason: Sealed
    by: str


class VictimUnitNoted(Event, frozen=True):
    """What the unit sent to the victim does (上门警组进展)."""

    incident_id: str
    step: UnitStep
    order_id: str
    unit_id: str


class LineNoted(Event, frozen=True):
    """The line to the victim is lost, or held again (通话状态已记)."""

    incident_id: str
    step: LineStep
    by: str


class DissuasionEnded(Event, frozen=True):
    """How it ended (劝阻已结束)."""

    incident_id: str
    outcome: DissuasionOutcome
    by: str


class FraudCaseClosed(Event, frozen=True):
    """The seat is done with it (涉诈案件已结)."""

    incident_id: str
    outcome: str
    reason: Sealed
    by: str


class FraudTermsSet(Event, frozen=True):
    """Other clocks from now on (反诈时限已设定)."""

    terms: Terms
    by: str


COMMANDS = (
    *(OpenFraudCase, NoteVictim, AddTransfer, CorrectLoss, RequestStop, WaiveStop),
    *(TakeBankAnswer, LapseStop, FileFraudCase, FreezeMoney, RenewFreeze, LapseFreeze),
    *(ReturnMoney, ClaimWrongFreeze, ProposeRelease, ConfirmRelease, KeepHold),
    *(SendToVictim, FollowUnit, NoteLine),
    *(EndDissuasion, CloseFraudCase, SetFraudTerms, RetypeFraudCase),
)
INNER = (LapseStop, LapseFreeze, FollowUnit)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS = (
    *(FraudCaseOpened, VictimNoted, TransferAdded, MoneyMoved, LossCorrected, StopRequested),
    *(StopWaived, BankAnswered, StopLapsed, FraudCaseFiled, MoneyFrozen, FreezeLapsed),
    *(
        WrongFreezeClaimed,
        ReleaseProposed,
        ClaimAnswered,
        VictimUnitNoted,
        LineNoted,
        DissuasionEnded,
    ),
    *(FraudCaseClosed, FraudTermsSet, FraudKindChanged),
)
