"""Items (事项): what somebody still owes, with an owner, a due time and a stage.

The core keeps their clock and their owner, and knows one kind of its own, the task that somebody is
given. What other kinds there are, and which stage follows which, the special seats say; they open,
move and close their own items by the events below.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.alarm import Addressee
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role

OwnerKind = Literal["seat", "desk", "unit", "person"]
MAX_POSTPONED: Final = 3
"""A due time moved more often than this is no due time: the item goes to somebody else."""
ItemNote = Annotated[ShortText, Personal("incident")]
ItemNoteTold = Annotated[str, Personal("incident")]


class Owner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has to do it (责任人): exactly one; a person by name, else a desk, a unit or the seat.

    seat: the special seat that opened the item, by its id; whoever sits there takes it.
    """

    kind: OwnerKind
    owner_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of an escalation (升级): so long after the due time, this person is told."""

    after_ms: int
    to: Addressee


class GiveTask(Command, frozen=True):
    """Somebody is to do something about an incident by then (交办)."""

    incident_id: Id
    text: ItemNote
    to: Owner
    due_at_ms: int
    by: ShortText


class EndTask(Command, frozen=True):
    """It is done, or no longer wanted (交办办结)."""

    item_id: Id
    outcome: Literal["done", "dropped"]
    by: ShortText
    note: ItemNote = ""


class TakeItem(Command, frozen=True):
    """I do it (认领事项): from now on the item is this person's."""

    item_id: Id
    by: ShortText


class HandOnItem(Command, frozen=True):
    """Somebody else does it (转交事项); it keeps its due time."""

    item_id: Id
    to: Owner
    by: ShortText
    reason: IncidentReason = ""


class PostponeItem(Command, frozen=True):
    """It is due later, for a reason (延期)."""

    item_id: Id
    due_at_ms: int
    by: ShortText
    reason: IncidentReason = ""


class NoteItem(Command, frozen=True):
    """What was done or found, without a step forward (事项记事)."""

    item_id: Id
    text: ItemNote
    by: ShortText


class RehangItems(Command, frozen=True):
    """What was owed for a merged incident is owed for the other (事项改挂); a reaction asks."""

    incident_id: Id
    into_incident_id: Id


class ItemOpened(Event, frozen=True, omit_defaults=True):
    """Somebody owes something from now on (事项已建立).

    kind: of the seat's own kinds, with its title. ladder: who is told when, from the due time on;
    the last one is a person who decides. subject_id: what of the seat's own it is about. desk_id,
    record_class: whose it is when its incident has left the board. holds: whether its incident
    cannot be closed before it. readers: the only roles that are shown it, everybody's where empty.
    """

    item_id: str
    seat_id: str
    kind: str
    title_zh: str
    title_en: str
    stage: str
    owner: Owner
    due_at_ms: int
    ladder: tuple[Rung, ...]
    desk_id: str
    record_class: RecordClass
    incident_id: str = ""
    subject_id: str = ""
    holds: bool = False
    readers: tuple[Role, ...] = ()


class ItemMoved(Event, frozen=True, omit_defaults=True):
    """It came a step further (事项已推进): another stage, and with it another due time or owner."""

    item_id: str
    stage: str
    due_at_ms: int
    by: str
    owner: Owner
    incident_id: str = ""
    note: ItemNoteTold = ""


class ItemHandedOn(Event, frozen=True, omit_defaults=True):
    """It has another owner (事项已转交)."""

    item_id: str
    owner: Owner
    by: str
    incident_id: str = ""
    reason: IncidentReasonTold = ""


class ItemPostponed(Event, frozen=True, omit_defaults=True):
    """It is due later (事项已延期)."""

    item_id: str
    due_at_ms: int
    by: str
    incident_id: str = ""
    reason: IncidentReasonTold = ""


class ItemNoted(Event, frozen=True, omit_defaults=True):
    """Something was written down about it (事项已记事)."""

    item_id: str
    by: str
    incident_id: str = ""
    text: ItemNoteTold = ""


class ItemClosed(Event, frozen=True, omit_defaults=True):
    """Nothing is owed any more (事项已办结); outcome: a code of the seat's own."""

    item_id: str
    outcome: str
    by: str
    incident_id: str = ""
    note: ItemNoteTold = ""


class ItemRehung(Event, frozen=True):
    """It belongs to another incident (事项已改挂)."""

    item_id: str
    incident_id: str


COMMANDS = (GiveTask, EndTask, TakeItem, HandOnItem, PostponeItem, NoteItem, RehangItems)
EVENTS = (
    *(ItemOpened, ItemMoved, ItemHandedOn, ItemPostponed, ItemNoted, ItemClosed),
    ItemRehung,
)
