"""Lays many calls onto few places (来电归格): so that one table of road times serves all runs.

Where calls lie at more spots than the table holds, some of them, chosen evenly, stand for all: each
call goes to the nearest of these. What that moves them by is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.reference import Reference
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.policy.ranking import Policy
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_city import (
    PlainCall,
    call_row,
    kinds_of_calls,
    line_prices,
    post_positions,
)

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
MAX_CALL_PLACES: Final = 1_500


class PlaceBook(NamedTuple):
    """Places that stand for all (归格表). spots: (k, 2) metres east and north; moved_m: mean."""

    positions: tuple[RoadPosition, ...]
    spots: Floats
    number: Int64s
    owner: tuple[str, ...]
    area_class: tuple[str, ...]
    middle: tuple[float, float]

    def number_of(self, lat: Floats, lon: Floats) -> tuple[Int64s, Floats]:
        """The nearest entry of each spot, and how far it is in metres."""
        from scipy.spatial import cKDTree

        metres, entry = cKDTree(self.spots).query(_metres(lat, lon, self.middle))
        return np.asarray(entry, np.int64), np.asarray(metres, np.float64)


def make_book(
    reference: Reference, calls: Sequence[PlainCall], n_places: int = MAX_CALL_PLACES
) -> PlaceBook:
    """Choose the places: all spots of the calls, or evenly some of them. Costs a look-up each."""
    spots = sorted({(call.lat, call.lon) for call in calls})
    if len(spots) > n_places:
        rng = np.random.default_rng(len(spots))
        spots = [spots[i] for i in np.sort(rng.choice(len(spots), n_places, replace=False))]
    places = [reference.place(lat, lon) for lat, lon in spots]
    number_of = {position: i for i, position in enumerate(post_positions(reference))}
    number = [
        number_of.setdefault(RoadPosition(place.arc, place.fraction_ppm), len(number_of))
        for place in places
    ]
    lat, lon = (np.array(column) for column in zip(*spots, strict=True))
    middle = float(lat.mean()), float(lon.mean())
    return PlaceBook(
        positions=tuple(number_of),
        spots=_metres(lat, lon, middle),
        number=np.array(number, np.int64),
        owner=tuple(place.jurisdiction for place in places),
        area_class=tuple(place.area_class for place in places),
        middle=middle,
    )


def lay_on(
    reference: Reference, book: PlaceBook, calls: Sequence[PlainCall]
) -> tuple[Int64s, float]:
    """Columns of the calls on the places of a book, and by how many metres they were moved."""
    lat = np.array([call.lat for call in calls])
    lon = np.array([call.lon for call in calls])
    entries, moved_m = book.number_of(lat, lon)
    rows = np.zeros((at.N_CALL_COLUMNS, len(calls)), np.int64)
    for i, (call, entry) in enumerate(zip(calls, entries.tolist(), strict=True)):
        rows[: at.N_SENT, i] = call_row(reference, call, book.owner[entry], book.area_class[entry])
        rows[at.PLACE, i] = book.number[entry]
    rows[at.AT] -= rows[at.AT, 0] if len(calls) else 0
    rows[at.SENT_AT] = rows[at.THERE_AT] = -1
    return rows, float(moved_m.mean())


def prices_under(policy: Policy) -> Int64s:
    """What the lines cost under a policy, in the order of `kinds_of_calls`."""
    return line_prices(policy, kinds_of_calls())


def _metres(lat: Floats, lon: Floats, middle: tuple[float, float]) -> Floats:
    east = (lon - middle[1]) * METRES_PER_DEGREE * np.cos(np.radians(middle[0]))
    return np.stack([east, (lat - middle[0]) * METRES_PER_DEGREE], axis=1)
