"""Raw calls beside the handled ones (原始来电): of four calls that ring, one becomes an incident.

Huainan 2023: 2,780 calls a day, 678 handled (domain §3.5). What the other three quarters are is
judgement: silent and pocket calls, misdials, enquiries, matters of 12345, nuisance, and others who
report the same thing once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from kuaifan.board.reference import Reference
from kuaifan.twin.callers_traits import told_by, unheard_by
from kuaifan.twin.demand import CallCells, draw_places, hour_shares
from kuaifan.twin.habits import read_habits
from kuaifan.twin.world import CallKind, SimCall

RAW_PER_HANDLED: Final = 2_780 / 678
OTHERS: Final[dict[CallKind, tuple[float, str]]] = {
    "silent": (0.27, "silent_abandoned"),
    "misdial": (0.20, "accidental"),
    "nuisance": (0.07, "nuisance"),
    "test": (0.005, "test_drill"),
    "enquiry": (0.205, "police_service_enquiry"),
    "hotline": (0.10, "gov_service_request"),
}
"""Share of the calls that are not handled, and the key of their type."""
REPEAT_SHARE: Final = 0.15
"""The rest of them: somebody else reports what is known already."""
LEAST_REPEATS: Final = 0.05
"""For a type of which nobody says how often others call too."""
MAX_REPEATS: Final = 12
REPEAT_AFTER_S: Final = (90.0, 0.9)
DAY_MS: Final = 86_400_000
ASIDE_DEG: Final = 0.0003


def add_raw_calls(
    reference: Reference,
    handled: Sequence[SimCall],
    *,
    n_days: int,
    start_ms: int,
    raw_per_handled: float,
    rng: np.random.Generator,
    cells: CallCells | None = None,
) -> list[SimCall]:
    """All calls that ring, by time: the handled ones among those that end without an incident.

    Repeats name the number of the call that they repeat. raw_per_handled: 1 for none but handled.
    """
    told = [told_by(reference, call, rng) for call in handled]
    n_others = len(handled) * max(0.0, raw_per_handled - 1.0)
    repeats = _repeats(reference, told, n_others * REPEAT_SHARE, rng)
    more = _others(reference, n_others, (start_ms, n_days), rng, cells)
    originals = [*([None] * len(told)), *(of for of, _ in repeats), *([None] * len(more))]
    ringing = [*told, *(call for _, call in repeats), *more]
    by_time = sorted(range(len(ringing)), key=lambda i: (ringing[i].at_ms, i))
    number_of = {i: call_no for call_no, i in enumerate(by_time)}
    return [
        ringing[i]
        if (of := originals[i]) is None
        else msgspec.structs.replace(ringing[i], original_no=number_of[of])
        for i in by_time
    ]


def _repeats(
    reference: Reference, told: Sequence[SimCall], n_wanted: float, rng: np.random.Generator
) -> list[tuple[int, SimCall]]:
    """(which call, the same told by somebody else), more for accidents, fires and fights."""
    if not told:
        return []
    habits = read_habits()
    share = np.array(
        [
            max(LEAST_REPEATS, habits.habit_of(reference.types[call.type_code].key).repeats)
            for call in told
        ]
    )
    counts = np.minimum(rng.poisson(share * n_wanted / share.sum()), MAX_REPEATS)
    found = []
    for i in np.repeat(np.arange(len(told)), counts).tolist():
        median_s, sigma = REPEAT_AFTER_S
        after_ms = round(median_s * float(np.exp(sigma * rng.standard_normal())) * 1000)
        aside = rng.uniform(-ASIDE_DEG, ASIDE_DEG, 2).tolist()
        found.append((i, _again(told[i], after_ms, aside)))
    return found


def _again(call: SimCall, after_ms: int, aside: list[float]) -> SimCall:
    return SimCall(
        at_ms=call.at_ms + after_ms,
        type_code=call.type_code,
        lat=call.lat + aside[0],
        lon=call.lon + aside[1],
        line=call.line if call.line in {"110", "122", "119"} else "110",
        kind="repeat",
        service_ms=call.service_ms,
    )


def _others(
    reference: Reference,
    n_others: float,
    span: tuple[int, int],
    rng: np.random.Generator,
    cells: CallCells | None,
) -> list[SimCall]:
    """Calls of nothing that the police handle, spread over the days as the others are."""
    start_ms, n_days = span
    code_of = {incident_type.key: code for code, incident_type in reference.types.items()}
    found: list[SimCall] = []
    for kind, (share, key) in OTHERS.items():
        if key not in code_of:
            continue
        n = int(rng.poisson(n_others * share))
        at_ms = start_ms + _moments(n, n_days, rng)
        lat, lon = draw_places(reference, n, rng, cells)
        rows = zip(at_ms.tolist(), lat, lon, strict=True)
        found += [
            unheard_by(
                SimCall(at_ms=at, type_code=code_of[key], lat=lat_i, lon=lon_i, kind=kind), rng
            )
            for at, lat_i, lon_i in rows
        ]
    return found


def _moments(n: int, n_days: int, rng: np.random.Generator) -> np.ndarray:
    """(n,) ms since the start."""
    hour = rng.choice(24, n, p=hour_shares())
    day = rng.integers(0, n_days, n)
    return np.asarray(day * DAY_MS + hour * 3_600_000 + rng.integers(0, 3_600_000, n))
