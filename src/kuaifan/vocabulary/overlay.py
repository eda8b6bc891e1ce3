"""Overlays (叠加标记): what an incident is besides its type, such as one that concerns a firm.

An overlay never changes type, priority, plan or ranking; it says who else looks after the incident.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

OverlayCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class MarkOverlay(Command, frozen=True):
    """Also of this kind (标记叠加); with `lifted` and a reason: it turned out not to be."""

    incident_id: Id
    overlay: OverlayCode
    by: ShortText
    lifted: bool = False
    reason: IncidentReason = ""


class OverlayMarked(Event, frozen=True, omit_defaults=True):
    """It is also of this kind (已标记叠加)."""

    incident_id: str
    overlay: str
    by: str


class OverlayLifted(Event, frozen=True, omit_defaults=True):
    """It is not of this kind after all (叠加标记已撤)."""

    incident_id: str
    overlay: str
    by: str
    reason: IncidentReasonTold = ""


COMMANDS = (MarkOverlay,)
EVENTS = (OverlayMarked, OverlayLifted)
