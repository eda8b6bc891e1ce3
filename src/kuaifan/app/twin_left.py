"""What may be left open on purpose (有意遗留): the ways, by the names of what is never said."""

from __future__ import annotations

from typing import Final

from kuaifan.twin.left_open import LeftOpen, Manner

MANNERS: Final = (
    Manner("no_feedback", frozenset({"GiveFeedback"})),
    Manner("no_review", frozenset({"ReviewIncident"})),
    Manner("never_mediated", seat_id="mediation", weight=3),
    Manner("never_received", seat_id="hotline", weight=3),
)
"""A crew that never feeds back, a report that nobody reads, a mediation never attempted, a transfer
never received; the last two more often, as few incidents come that far."""
OTHERWISE: Final = frozenset({"LinkCase", "GiveOpenReason", "OpenMediation", "OfferTicket"})


def make_left_open(seed: int, share: float) -> LeftOpen | None:
    """Who is left open in a run of this seed; None where nobody is."""
    if not share:
        return None
    return LeftOpen(MANNERS, seed=seed, share=share, otherwise=OTHERWISE)
