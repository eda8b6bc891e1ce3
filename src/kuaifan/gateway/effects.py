"""What a record wants told, and to whom (外发清单): telephones, services, what a person repeats."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import msgspec

from kuaifan.gateway.agency_wishes import Incidents, agency_effects
from kuaifan.gateway.effect import Effect, limit_ms
from kuaifan.gateway.phone_wishes import Lines, phone_effects
from kuaifan.gateway.seat_wishes import seat_effects
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.outbox import EffectRepeated


class Wishes(Lines, Incidents, Protocol):
    """What the desk knows of what it wishes for (外发来源)."""

    def find_record(self, seq: int) -> Record | None:
        """A durable record; blocks on the disk."""


def list_effects(record: Record, wishes: Wishes, channels: Collection[str]) -> list[Effect]:
    """Everything that a record wants told on some channels; the same whoever asks, and when."""
    found = _wished(record, wishes)
    for event_i, event in enumerate(record.events):
        if isinstance(event, EffectRepeated):
            place = f"{record.seq}-{event_i}"
            found.append(_repeated(event.effect_id, place, record.at_ms, wishes))
    return [each for each in found if each.channel in channels or not each.channel]


def _wished(record: Record, wishes: Wishes) -> list[Effect]:
    return [
        *phone_effects(record, wishes),
        *agency_effects(record, wishes),
        *seat_effects(record),
    ]


def _repeated(effect_id: str, place: str, at_ms: int, wishes: Wishes) -> Effect:
    """What was wished for once, to be told now; without a channel where it cannot be made again."""
    record = wishes.find_record(int(effect_id.partition("-")[0]))
    again = [] if record is None else _wished(record, wishes)
    for each in again:
        if each.effect_id == effect_id:
            return msgspec.structs.replace(
                each,
                place=place,
                at_ms=at_ms,
                until_ms=at_ms + limit_ms(each.channel),
                is_repeated=True,
            )
    return Effect(
        effect_id=effect_id,
        place=place,
        channel="",
        lane=effect_id,
        what="gone",
        fields={},
        at_ms=at_ms,
        until_ms=at_ms,
        is_repeated=True,
        is_gone=True,
    )
