"""Words of the timeline for what came from a paper card (纸质补录用语): true times, and marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import paper

PAPER_WORDS: Final[Mapping[type[Event], tuple[str, str]]] = {
    paper.PaperCardEntered: (
        "纸质单 {event.incident_id} 由 {event.by} 补录",
        "paper card {event.incident_id} typed in by {event.by}",
    ),
}
MARK: Final = ("【纸质补录】", "[from paper] ")


def true_at_ms(record: Record, event: Event) -> int:
    """When it happened by the card, 0 for what did not come from one."""
    if not isinstance(record.command, paper.EnterPaperCard):
        return 0
    return int(getattr(event, "stamp_at_ms", 0))
