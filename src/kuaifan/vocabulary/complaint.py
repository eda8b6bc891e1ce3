"""Complaints (投诉监督): which units one is about; those are never sent to it, and never see it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id


class NameComplainedOf(Command, frozen=True):
    """Whom a complaint is about (登记被投诉警组); replaces those named before."""

    incident_id: Id
    unit_ids: Annotated[tuple[Id, ...], msgspec.Meta(max_length=16)]


class ComplainedOfNamed(Event, frozen=True):
    """These units are complained of (被投诉警组已登记)."""

    incident_id: str
    unit_ids: tuple[str, ...]


COMMANDS = (NameComplainedOf,)
EVENTS = (ComplainedOfNamed,)
