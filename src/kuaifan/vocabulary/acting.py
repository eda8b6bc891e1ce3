"""Who a command says acts (经办人字段): which field it is, and which names another's consent.

Behind a log-on nobody types who acts: it is whoever is logged on. An approver is never typed
either: it is another person, who says so itself (see approval.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.kernel.message import Command
from kuaifan.vocabulary import (
    agency,
    alarm,
    approval,
    broadcast,
    desk,
    emergency,
    facts,
    incident,
    item,
    keeping,
    major,
    missed,
    order,
    overlay,
    paper,
    plan,
    premise,
    reinforce,
    road,
    seat,
    setting,
    talk,
    unit,
    voice,
)

_OF_FIELD: Final[Mapping[str, tuple[type[Command], ...]]] = {
    "by": (
        *(alarm.TakeUpAlarm, broadcast.Broadcast, broadcast.EndBroadcast),
        *(desk.AcceptHandOver, desk.RefuseHandOver, desk.TakeOverIncident),
        desk.RunShadowPolicy,
        *(emergency.TakeUpEmergency, emergency.ConfirmVoiceContact, emergency.EndEmergency),
        *(major.ReportUp, major.NameLogKeeper, major.AddAfterAction, major.TickAfterAction),
        *(order.AssignUnit, reinforce.DivertUnit, unit.DeclineMoveUp),
        *(paper.ReserveCardNumbers, paper.EnterPaperCard),
        *(premise.AddPremiseNote, premise.EndPremiseNote),
        *(road.CloseRoad, road.SlowRoad, road.OpenRoad),
        *(item.GiveTask, item.EndTask, item.TakeItem, item.HandOnItem, item.PostponeItem),
        item.NoteItem,
        *(incident.CloseIncident, overlay.MarkOverlay),
        *setting.COMMANDS,
    ),
    "declared_by": (emergency.DeclareEmergency, facts.DeclareMajor),
    "entered_by": (voice.EnterVoiceReport,),
    "cleared_by": (missed.ClearMissedCall,),
    "reviewer_id": (incident.ReviewIncident,),
    # These two are the supervisor's own acts.
    "approved_by": (desk.UsePolicy, facts.EndMajor),
    "person": (*keeping.ASKED, *approval.ASKED, *plan.ASKED),
}
ACTS_BY: Final = "ACTS_BY"
"""Where the class of a plug-in's command says which of its fields names who acts."""
ACTING_FIELD: Final[Mapping[type[Command], str]] = {
    command: field for field, commands in _OF_FIELD.items() for command in commands
}
"""The field that says who acts: behind a log-on it is the session's person, whatever was typed."""
IDENTITY: Final = frozenset({*keeping.ASKED, *approval.ASKED, *plan.ASKED})
"""Where two persons must differ: the log-on name, which nobody shares."""
AT_SEAT: Final[Mapping[type[Command], str]] = {
    talk.AcceptTransfer: "by",
    talk.RefuseTransfer: "by",
}
"""The seat that speaks, or another service's own words: never a seat that another sits at."""
OTHERS: Final[Mapping[type[Command], tuple[str, ...]]] = {
    agency.AcceptAgencyRequest: ("by",),
    agency.RefuseAgencyRequest: ("by",),
    major.ConfirmReport: ("received_by",),
    major.NameLogKeeper: ("keeper",),
    paper.EnterPaperCard: ("written_by",),
    unit.HandOverShift: ("handed_by", "taken_by"),
    broadcast.Broadcast: ("person",),
    seat.LogOnSeat: ("person",),
    seat.AcceptSeat: ("person",),
}
"""People a command tells of who need no log-on: another service's, a paper's, whoever sits down."""
