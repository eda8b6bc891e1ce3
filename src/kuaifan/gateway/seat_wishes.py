"""What a special seat wants told outside (专席外发): its events say so themselves, as data."""

from __future__ import annotations

from collections.abc import Iterator

from kuaifan.gateway.effect import Effect, effect_id_of, limit_ms
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.outbox import Outgoing


def seat_effects(record: Record) -> Iterator[Effect]:
    """What a record's events want told by their class's `TELLS`; of one lane are those of a case.

    What was erased since cannot be told any more and is handed to a person.
    """
    for event_i, event in enumerate(record.events):
        tells: Outgoing | None = getattr(type(event), "TELLS", None)
        if tells is None:
            continue
        fields = {name: getattr(event, name) for name in tells.fields}
        incident_id = str(getattr(event, "incident_id", ""))
        yield Effect(
            effect_id=effect_id_of(record.seq, event_i, record.at_ms),
            place=f"{record.seq}-{event_i}",
            channel=tells.channel,
            lane=f"{tells.channel}/{incident_id}",
            what=tells.command,
            fields={"command": tells.command, **fields},
            at_ms=record.at_ms,
            until_ms=record.at_ms + limit_ms(tells.channel),
            incident_id=incident_id,
            request_id=str(getattr(event, "request_id", "")),
            is_gone=any(isinstance(each, str) and is_erased(each) for each in fields.values()),
        )
