"""Tells one call of a type (讲述来电): where it comes from, and in what words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.board.reference import Reference
from kuaifan.twin.callers_traits import unheard_by, with_traits
from kuaifan.twin.demand import DISPERSION, usual_calls_per_day
from kuaifan.twin.habits import read_habits
from kuaifan.twin.narratives import read_narratives
from kuaifan.twin.stories_address import AddressBook
from kuaifan.twin.stories_demand import (
    ASKING,
    MISDIALS,
    DemandCells,
    Rates,
    asking_share,
    plain_mean,
)
from kuaifan.twin.stories_ground import Ground, MapPlace, move_aside
from kuaifan.twin.world import CallKind, SimCall
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.incident_types import IncidentType

WITNESS_ASIDE_M: Final = (5.0, 40.0)
OTHER_LINE_SHARE: Final = 0.4
"""Of traffic and fire calls, so many come in on the number of their own; the others on 110."""
KINDS: Final[dict[str, CallKind]] = {
    "silent_abandoned": "silent",
    "accidental": "misdial",
    "nuisance": "nuisance",
    "test_drill": "test",
    "police_service_enquiry": "enquiry",
    "gov_service_request": "hotline",
}
OTHER_LINES: Final = frozenset({"122", "119"})


@dataclass(frozen=True, slots=True)
class StoryCity:
    """The city that calls come from (来电城市): its time zone, its demand and its named places.

    calls_per_day: where no demand is known; None for the rate of a city with as many posts.
    places: (name, kind, lat, lon) each, kinds as on the map (school, estate, mall ...).
    """

    zone: ZoneInfo
    cells: DemandCells | None = None
    calls_per_day: float | None = None
    places: Sequence[tuple[str, str, float, float]] = ()


def make_rates(reference: Reference, city: StoryCity) -> Rates:
    """The rates of a city: of its demand, or of its posts and the plain day where it has none."""
    types, habits, cells = list(reference.types.values()), read_habits(), city.cells
    if cells is None:
        calls_per_day = city.calls_per_day or usual_calls_per_day(reference)
        return Rates(
            types, plain_mean(calls_per_day), [""], habits=habits, variance_to_mean=DISPERSION
        )
    return Rates(
        types,
        cells.mean_by_class(),
        cells.classes,
        habits=habits,
        variance_to_mean=cells.variance_to_mean,
    )


class Teller:
    """Tells calls of one city (讲述者); the generators alone decide what it tells."""

    def __init__(self, reference: Reference, city: StoryCity) -> None:
        types = reference.types.values()
        self._asking = {t.key: asking_share(t, types) for t in types if t.key in ASKING}
        self._habits, self._narratives = read_habits(), read_narratives()
        places = [MapPlace(*place) for place in city.places]
        self._ground = Ground(reference.snapper, city.cells, places)
        self._book = AddressBook(reference.network, places)

    def repeat_chance(self, type_key: str) -> float:
        """The chance that somebody else calls too, where there are words for it."""
        return self._habits.habit_of(type_key).repeats if type_key in self._narratives.seen else 0.0

    def tell(
        self,
        incident_type: IncidentType,
        class_i: int,
        rng: np.random.Generator,
        *,
        at_ms: int,
        later: np.random.Generator | None = None,
    ) -> SimCall:
        """Tell a call; with `later`, that of somebody else a few metres away."""
        key = incident_type.key
        setting = self._habits.setting_of(key)
        spot = self._ground.find_spot(setting, class_i, rng)
        called = self._book.words_of(spot, setting, rng)
        slots = {**self._narratives.draw_words(rng), **called.slots}
        line_luck, text_luck, kind_luck = rng.random(3).tolist()
        lat, lon = spot.lat, spot.lon
        if later is None:
            text = self._narratives.tell(key, slots, luck=text_luck, name_cn=incident_type.name_cn)
        else:
            line_luck = later.random()
            text = self._narratives.tell_again(key, slots, later)
            lat, lon = move_aside(lat, lon, later, metres=WITNESS_ASIDE_M)
        call = SimCall(
            at_ms=at_ms,
            type_code=incident_type.code,
            lat=lat,
            lon=lon,
            line=self._line(key, line_luck),
            narrative=text,
            # Who says nothing names no place: the position is all there is.
            address="" if key in MISDIALS else called.address,
        )
        if later is not None:
            return msgspec.structs.replace(call, kind="repeat")
        kind = self._kind(incident_type, kind_luck)
        if kind == "effective":
            return with_traits(call, incident_type, rng)
        return unheard_by(msgspec.structs.replace(call, kind=kind), rng)

    def _kind(self, incident_type: IncidentType, luck: float) -> CallKind:
        """Whether anything comes of a call; of enquiries, of some."""
        kind = KINDS.get(incident_type.key, "effective")
        is_handled = luck >= self._asking.get(incident_type.key, 1.0)
        return "effective" if is_handled else kind

    def _line(self, type_key: str, luck: float) -> Line:
        line = self._habits.habit_of(type_key).line
        return "110" if line in OTHER_LINES and luck >= OTHER_LINE_SHARE else line
