"""Which right each command asks for (命令权限): every command that a person or device may submit.

A command that stands in no line has no right, and a desk with it does not start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary import (
    agency,
    alarm,
    approval,
    broadcast,
    call,
    complaint,
    desk,
    emergency,
    facts,
    incident,
    item,
    keeping,
    kinship,
    major,
    missed,
    order,
    outbox,
    overlay,
    paper,
    phone,
    plan,
    premise,
    reinforce,
    road,
    seat,
    setting,
    talk,
    undo,
    unit,
    voice,
)
from kuaifan.vocabulary.rights import Right, Role

_TAKING: Final[tuple[type[Command], ...]] = (
    *(call.RegisterCall, call.AnswerCall, call.UpdateCall, call.HangUpCall, call.AttachCall),
    *(talk.TakeOverCall, talk.HoldCall, talk.ResumeCall, talk.TransferCall, talk.AcceptTransfer),
    *(talk.RefuseTransfer, talk.AddParty, talk.DropParty, talk.SendText, talk.ReceiveText),
    *(talk.ReportTextOutcome, talk.LocateCaller),
    *(missed.CallBack, missed.RecordCallBack, missed.ClearMissedCall, missed.FlagNeverRing),
    *(missed.LiftNeverRing, missed.ReportSilence, missed.NoteSilentSign, missed.SkipSilentStep),
    *(missed.LimitCaller, missed.LiftCallerLimit),
    *(seat.LogOnSeat, seat.PauseSeat, seat.ResumeSeat, seat.LogOffSeat, seat.HandOverSeat),
    seat.AcceptSeat,
    *(incident.OpenIncident, incident.PlaceIncident, incident.UpdateIncident),
    *(incident.SetPriority, incident.MergeIncident, incident.RecommendUnits),
    incident.SettleByPhone,
    *(facts.RecordFact, facts.AddPossiblePlace, facts.RuleOutPlace, facts.AddNote),
    facts.StrikeNote,
    *(complaint.NameComplainedOf, overlay.MarkOverlay),
    *(premise.AddPremiseNote, premise.EndPremiseNote),
    *(kinship.DismissDuplicate, kinship.SplitIncident, kinship.LinkIncidents),
    *(kinship.UnlinkIncidents, kinship.ReopenIncident),
    *(desk.HandOverIncident, desk.AcceptHandOver, desk.RefuseHandOver),
    *(agency.RequestAgency, agency.AcceptAgencyRequest, agency.RefuseAgencyRequest),
    *(agency.ReportAgencyArrival, agency.CallOffAgency),
    *(alarm.TakeUpAlarm, undo.Undo, phone.AttachRecording),
    *(paper.ReserveCardNumbers, paper.EnterPaperCard),
)
_SENDING: Final[tuple[type[Command], ...]] = (
    *(order.AssignUnit, order.WithdrawUnit, order.ReturnFeedback),
    *(reinforce.EscalateIncident, reinforce.DivertUnit, reinforce.ReserveUnit),
    *(reinforce.ReleaseUnit, reinforce.ScheduleIncident, reinforce.StartScheduled),
    *(unit.MoveUp, unit.DeclineMoveUp, voice.EnterVoiceReport),
    *(emergency.TakeUpEmergency, emergency.ConfirmVoiceContact, emergency.EndEmergency),
    *(broadcast.Broadcast, broadcast.EndBroadcast, desk.TakeOverIncident),
    *(facts.DeclareMajor, major.ReportUp, major.ConfirmReport, major.NameLogKeeper),
    *(major.AddAfterAction, major.TickAfterAction),
)
_AS_CREW: Final[tuple[type[Command], ...]] = (
    *(order.AcknowledgeOrder, order.AcknowledgeWithdrawal, order.ReportEnRoute),
    *(order.ReportArrival, order.ReportSafe, order.ReportHandled, order.GiveFeedback),
    *(reinforce.RequestBackup, reinforce.AcknowledgeAmendment, reinforce.SelfInitiate),
    *(unit.StartShift, unit.EndShift, unit.SetUnitStatus, unit.HandOverShift),
    broadcast.ReadBroadcast,
)
_OF_RIGHT: Final[Mapping[Right, tuple[type[Command], ...]]] = {
    "take_calls": _TAKING,
    "dispatch": _SENDING,
    "act_as_crew": _AS_CREW,
    "command": (desk.UsePolicy, facts.EndMajor),
    "review_cases": (incident.ReviewIncident, incident.CloseIncident),
    "keep_records": keeping.ASKED,
    "keep_items": (
        *(item.GiveTask, item.EndTask, item.TakeItem, item.HandOnItem, item.PostponeItem),
        item.NoteItem,
    ),
    "ask_approval": (approval.AskApproval,),
    "answer_request": (approval.GiveApproval, approval.RefuseApproval),
    "close_roads": (road.CloseRoad, road.SlowRoad, road.OpenRoad),
    "declare_emergency": (emergency.DeclareEmergency,),
    "change_settings": setting.COMMANDS,
    "tend_outbox": (outbox.RepeatEffect, outbox.DismissEffect),
    "plan": (plan.ProposePlan, plan.PublishPlan, plan.RejectPlan, desk.RunShadowPolicy),
}
RIGHT_OF: Final[Mapping[type[Command], Right]] = {
    command: right for right, commands in _OF_RIGHT.items() for command in commands
}


READERS: Final = "READERS"
"""Where the class of a seat's command, or of a restricted seat's event, says who works there."""
SEAT: Final = "SEAT"
"""Where the class of a seat's command says which seat it is of."""


def find_readers(message: type[Command | Event]) -> tuple[Role, ...]:
    """The roles that a person submits a command of a seat in, or learns of an event; else empty."""
    readers: tuple[Role, ...] = getattr(message, READERS, ())
    return readers


def find_right(command: type[Command]) -> Right | None:
    """The right that a command asks for; of a plug-in's, what its class says as RIGHT."""
    own: Right | None = getattr(command, "RIGHT", None)
    return RIGHT_OF.get(command, own)
