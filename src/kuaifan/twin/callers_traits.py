"""What a caller is like (来电特征): his line, his patience, what he answers, where he errs.

Judgement throughout, to be replaced by a city's own log. The generator alone decides.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np

from kuaifan.board.reference import Reference
from kuaifan.twin.habits import read_habits
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.facts import Answer, Fact
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.missed import SilentSign

OWN_LINE_SHARE: Final = 0.4
"""Of traffic and fire calls, so many come in on the number of their own; the others on 110."""
OWN_LINES: Final = frozenset({"122", "119"})
OTHER_WAYS: Final[tuple[tuple[Line, float], ...]] = (
    ("walk_in", 0.015),
    ("12110", 0.006),
    ("web", 0.012),
)
"""How else a handled call comes in, each with its share."""
WRONG_PLACE_SHARE: Final = 0.015
WRONG_PLACE_DEG: Final = 0.006
LANGUAGE_SHARE: Final = 0.003
NEVER_RING_SHARE: Final = 0.3
NEVER_RING_TYPES: Final = frozenset({"dv_in_progress", "dv_order_breach", "abuse_neglect"})
PATIENCE_S: Final = (120.0, 0.5)
"""So long somebody in need lets it ring."""
IDLE_PATIENCE_S: Final = (20.0, 1.0)
"""So long it rings from a pocket, or before a misdial is seen."""
ASKED_SHARE: Final = 0.4
ASKED: Final[dict[str, tuple[tuple[Fact, float], ...]]] = {
    "criminal": (("weapon", 0.05), ("suspect_present", 0.08)),
    "public_order": (("weapon", 0.03), ("injury", 0.12)),
    "road_traffic": (("injury", 0.08), ("danger", 0.03)),
    "fire_disaster": (("fire", 0.3), ("danger", 0.1)),
    "emergency_assistance": (("child", 0.06), ("danger", 0.04)),
    "dispute": (("ongoing", 0.3), ("violence", 0.05)),
}
"""What is asked about by class of type, each with how often the answer is yes."""
SIGNS: Final[tuple[tuple[SilentSign | None, float], ...]] = (
    ("quiet", 0.86),
    ("keypad_no", 0.04),
    ("keypad_yes", 0.006),
    ("distress", 0.005),
    ("whisper", 0.007),
    (None, 0.082),
)
"""What is heard on a silent line; None: somebody speaks up after all."""
CHILD_SHARE: Final = 0.15


def told_by(reference: Reference, call: SimCall, rng: np.random.Generator) -> SimCall:
    """A handled call with its line, its answers and its errors."""
    incident_type = reference.types[call.type_code]
    line = _line_of(incident_type, float(rng.random()))
    return with_traits(msgspec.structs.replace(call, line=line), incident_type, rng)


def with_traits(call: SimCall, incident_type: IncidentType, rng: np.random.Generator) -> SimCall:
    """A handled call with its patience, its answers and its errors."""
    luck = rng.random(6).tolist()
    traits: dict[str, Any] = {
        "patience_ms": _patience_ms(PATIENCE_S, rng),
        "facts": _facts(incident_type, luck[:3]),
    }
    if luck[3] < WRONG_PLACE_SHARE:
        aside = rng.uniform(-WRONG_PLACE_DEG, WRONG_PLACE_DEG, 2).tolist()
        traits |= {"wrong_lat": call.lat + aside[0], "wrong_lon": call.lon + aside[1]}
    if luck[4] < LANGUAGE_SHARE:
        traits["language"] = "en"
    if incident_type.key in NEVER_RING_TYPES and luck[5] < NEVER_RING_SHARE:
        traits["never_ring"] = True
    return msgspec.structs.replace(call, **traits)


def unheard_by(call: SimCall, rng: np.random.Generator) -> SimCall:
    """A call of nothing that the police handle, with its patience and what is heard on it."""
    is_idle = call.kind in {"silent", "misdial", "nuisance"}
    patience_ms = _patience_ms(IDLE_PATIENCE_S if is_idle else PATIENCE_S, rng)
    sign_luck, child_luck = rng.random(2).tolist()
    return msgspec.structs.replace(
        call,
        patience_ms=patience_ms,
        sign=_pick(SIGNS, sign_luck) if call.kind == "silent" else None,
        is_child=call.kind == "nuisance" and child_luck < CHILD_SHARE,
    )


def _line_of(incident_type: IncidentType, luck: float) -> Line:
    line = read_habits().habit_of(incident_type.key).line
    if line in OWN_LINES:
        return line if luck < OWN_LINE_SHARE else "110"
    if line != "110":
        return line
    for way, share in OTHER_WAYS:
        if luck < share:
            return way
        luck -= share
    return "110"


def _facts(incident_type: IncidentType, luck: list[float]) -> tuple[tuple[Fact, Answer], ...]:
    """What a call-taker has the time to ask, and the answers."""
    asked = ASKED.get(incident_type.class_key, ())
    if luck[0] >= ASKED_SHARE:
        return ()
    pairs = zip(asked, luck[1:], strict=False)
    return tuple((fact, "yes" if draw < share else "no") for (fact, share), draw in pairs)


def _patience_ms(median_and_sigma: tuple[float, float], rng: np.random.Generator) -> int:
    median_s, sigma = median_and_sigma
    return max(1_000, round(median_s * 1000 * float(np.exp(sigma * rng.standard_normal()))))


def _pick(weighted: tuple[tuple[SilentSign | None, float], ...], luck: float) -> SilentSign | None:
    for value, share in weighted:
        if luck < share:
            return value
        luck -= share
    return None
