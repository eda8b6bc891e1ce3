"""Officer emergency (民警紧急求助): an officer is in danger; voice and a second person end it."""

from __future__ import annotations

from typing import Literal

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

EmergencyState = Literal["declared", "taken_up", "in_contact", "ended"]


class DeclareEmergency(Command, frozen=True):
    """An officer, or a dispatcher for one, calls for help at once (紧急求助)."""

    unit_id: Id
    declared_by: ShortText
    source: Literal["button", "voice", "desk", "silence"] = "button"


class TakeUpEmergency(Command, frozen=True):
    """A person at the desk has it in hand (受理紧急求助)."""

    emergency_id: Id
    by: ShortText


class ConfirmVoiceContact(Command, frozen=True):
    """Somebody has spoken with the officer (确认语音联系)."""

    emergency_id: Id
    by: ShortText


class EndEmergency(Command, frozen=True):
    """A second person ends it (解除紧急求助): after voice contact, and not by who made it."""

    emergency_id: Id
    by: ShortText
    reason: IncidentReason


class EmergencyDeclared(Event, frozen=True):
    """An officer is in danger (已发起紧急求助)."""

    emergency_id: str
    unit_id: str
    incident_id: str
    declared_by: str
    source: Literal["button", "voice", "desk", "silence"]


class EmergencyTakenUp(Event, frozen=True):
    """A person has it in hand (紧急求助已受理)."""

    emergency_id: str
    unit_id: str
    by: str


class VoiceContactConfirmed(Event, frozen=True):
    """The officer has been spoken with (已语音联系)."""

    emergency_id: str
    unit_id: str
    by: str


class EmergencyEnded(Event, frozen=True):
    """The officer is safe (紧急求助已解除)."""

    emergency_id: str
    unit_id: str
    by: str
    reason: IncidentReasonTold


COMMANDS = (DeclareEmergency, TakeUpEmergency, ConfirmVoiceContact, EndEmergency)
EVENTS = (EmergencyDeclared, EmergencyTakenUp, VoiceContactConfirmed, EmergencyEnded)
