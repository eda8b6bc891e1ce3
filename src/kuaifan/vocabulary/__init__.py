"""The language (词汇): one module per noun with its commands and events; data only."""

from kuaifan.vocabulary import (
    access,
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
    photo,
    plan,
    premise,
    recall,
    reinforce,
    road,
    seat,
    seat_archive,
    setting,
    talk,
    undo,
    unit,
    voice,
)

_NOUNS = (
    *(call, talk, missed, seat, incident, facts, premise, kinship, recall),
    *(desk, agency),
    *(order, reinforce, unit, voice, emergency, alarm, road, undo),
    phone,
    photo,
    paper,
    major,
    broadcast,
    setting,
    access,
    keeping,
    complaint,
    overlay,
    item,
    outbox,
    approval,
    plan,
    seat_archive,
)
COMMANDS = tuple(command for noun in _NOUNS for command in noun.COMMANDS)
EVENTS = tuple(event for noun in _NOUNS for event in noun.EVENTS)
TIMER_COMMANDS = (
    order.CheckUnsigned,
    order.CheckFeedback,
    alarm.CheckClock,
    missed.ExpireCallerLimit,
    kinship.RetireIncident,
    kinship.RetireCall,
    road.ExpireClosure,
    seat.EndAfterCall,
    premise.ExpirePremiseNote,
    broadcast.ExpireBroadcast,
    approval.ExpireApproval,
    plan.UsePlan,
    seat_archive.RetireSeatPapers,
)
"""Submitted by timers only; no person and no device asks for these."""
REACTION_COMMANDS = (
    talk.OfferCalls,
    kinship.SuggestDuplicates,
    reinforce.AmendOrders,
    unit.SuggestMoveUp,
    voice.ConfirmPosition,
    alarm.RaiseAlarm,
    alarm.ClearAlarm,
    road.UseWeights,
    road.UpdateEtas,
    item.RehangItems,
    approval.NoteNotDone,
)
"""Submitted by rules only, in the course of a cascade."""
DESK_COMMANDS = (
    *(recall.RecallIncident, photo.AttachPhoto, photo.ReadPhoto),
    *access.COMMANDS,
    *(keeping.EraseExpired, keeping.ConfirmErasure),
    seat_archive.RecallSeatPapers,
)
"""Submitted by the running desk itself, out of what it has stored or checked."""
GATEWAY_COMMANDS = (phone.ReportPhoneEvent, *outbox.GATEWAY)
"""Submitted by the gateway only, which knows who signed for them and what it has told."""
OBSERVATIONS = unit.OBSERVATIONS
