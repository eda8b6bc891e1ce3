"""What the desk is told of an effect (外发回报): commands, for its log."""

from __future__ import annotations

from collections.abc import Iterator

from kuaifan.gateway.effect import Settled
from kuaifan.kernel.message import Command
from kuaifan.vocabulary import talk
from kuaifan.vocabulary.outbox import ReportDelivered, ReportUndelivered


def list_reports(settled: Settled) -> Iterator[Command]:
    """What became of an effect; each may be said again, after a crash, and changes nothing then."""
    effect = settled.effect
    if effect.what == "text":
        outcome: talk.TextOutcome = "failed" if settled.why else "delivered"
        yield talk.ReportTextOutcome(
            call_id=effect.call_id, text_no=effect.fields["text_no"], outcome=outcome
        )
    if settled.why is None:
        if effect.is_repeated:
            yield ReportDelivered(effect_id=effect.effect_id)
        return
    yield ReportUndelivered(
        effect_id=effect.effect_id,
        channel=effect.channel,
        what=effect.what,
        why=settled.why,
        n_attempts=settled.n_attempts,
        status=settled.status,
        call_id=effect.call_id,
        incident_id=effect.incident_id,
        request_id=effect.request_id,
    )
