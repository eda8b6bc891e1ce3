"""What stands on a street at one point (路障), and whether a crew in a car passes it: a table."""

from collections.abc import Mapping

from kuaifan.city.drivable import CLOSED_WORDS, OPEN_WORDS, find_access
from kuaifan.roads.raw import BLOCKED_MS

GATE_MS = 20_000
"""A guard or a key opens it: some twenty seconds from the brake to the other side."""

BARRIERS: dict[str, int] = {
    # Opened by a guard, a resident or the crew.
    "gate": GATE_MS,
    "lift_gate": GATE_MS,
    "swing_gate": GATE_MS,
    "sliding_gate": GATE_MS,
    "sliding_beam": GATE_MS,
    "hampshire_gate": GATE_MS,
    "bump_gate": GATE_MS,
    # Fixed in the ground, or too narrow for a car.
    "bollard": BLOCKED_MS,
    "block": BLOCKED_MS,
    "jersey_barrier": BLOCKED_MS,
    "planter": BLOCKED_MS,
    "log": BLOCKED_MS,
    "debris": BLOCKED_MS,
    "chain": BLOCKED_MS,
    "rope": BLOCKED_MS,
    "cycle_barrier": BLOCKED_MS,
    "motorcycle_barrier": BLOCKED_MS,
    "kissing_gate": BLOCKED_MS,
    "wicket_gate": BLOCKED_MS,
    "stile": BLOCKED_MS,
    "turnstile": BLOCKED_MS,
    "full-height_turnstile": BLOCKED_MS,
    "horse_stile": BLOCKED_MS,
    "bus_trap": BLOCKED_MS,
    "sump_buster": BLOCKED_MS,
    "wall": BLOCKED_MS,
    "fence": BLOCKED_MS,
    "hedge": BLOCKED_MS,
    "ditch": BLOCKED_MS,
    "guard_rail": BLOCKED_MS,
}
"""What passing takes; a kind that is not here (an entrance, a toll booth, a kerb) takes nothing."""


def pass_ms(tags: Mapping[str, str]) -> int:
    """What passing a node takes a crew: 0 where it is free, BLOCKED_MS where no car passes.

    Access said on the node goes before the kind: a bollard that opens for cars is a gate, a gate
    closed to cars is none; what emergency services may pass they pass.
    """
    kind_ms = BARRIERS.get(tags.get("barrier", ""), 0)
    access = find_access(tags)
    if access in CLOSED_WORDS and "barrier" in tags:
        return BLOCKED_MS
    if kind_ms == BLOCKED_MS and access in OPEN_WORDS:
        return GATE_MS
    return kind_ms
