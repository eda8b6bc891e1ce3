"""What is asked of patrol routes (巡防路线问题): places by tier, visits due, crews, travel.

A stop of 10 to 16 minutes keeps a place quiet for longest after it; a shorter one hardly works and
a longer one adds nothing (Koper, C. S. (1995), Justice Quarterly 12, 649). So a visit due is a stop
of such a length, and as many as a tier asks for are spread over its hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError
from kuaifan.plan.travel_table import read_travel

Ints = NDArray[np.int64]

KOPER_MIN: Final = (10, 16)
"""Minutes of a stop, from and to."""
MAX_VISITS: Final = 5_000
MAX_CREWS: Final = 500
MAX_NODES: Final = 1_500
MAX_MIN: Final = 14 * 24 * 60
MAX_WORTH: Final = 1_000_000
NO_WAY: Final = 1 << 40
ANY_GRID: Final = -1


class Tier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A patrol tier (巡防等级): visits due at each of its places, and what each is worth.

    windows_min: hours that it is visited in, minutes from the plan's midnight; none for all.
    """

    tier: int
    visits: int
    worth: int
    stop_min: float = 13.0
    windows_min: tuple[tuple[float, float], ...] = ()


USUAL_TIERS: Final = (
    Tier(tier=1, visits=3, worth=8),
    Tier(tier=2, visits=2, worth=4),
    Tier(tier=3, visits=1, worth=2),
    Tier(tier=4, visits=1, worth=1),
)
"""四级巡防: key sites and squares, main roads and business, side roads, communities. Ours to begin
with; a city sets its own."""


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place to be visited (巡防点); grid: whose crews go there, "" for any."""

    name: str
    tier: int
    grid: str = ""


class PatrolCrew(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A crew and its shift (巡逻班组): from and back to its base; grid "" for the whole city."""

    name: str
    base: int
    from_min: float
    until_min: float
    grid: str = ""


class Instance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A route problem in a file; travel_min among the places, then the bases; null: no way."""

    places: list[Place]
    crews: list[PatrolCrew]
    travel_min: list[list[float | None]]
    tiers: tuple[Tier, ...] = USUAL_TIERS


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit due (一次应巡): the place by number, which of its visits, when it may be, in s."""

    place: int
    nth: int
    open_s: int
    close_s: int
    stop_s: int
    worth: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RouteProblem:
    """Visits, crews and how long it takes among nodes (巡防路线问题).

    travel_s: (nodes, nodes), the places first, then the bases; NO_WAY where there is none.
    """

    places: tuple[Place, ...]
    visits: tuple[Visit, ...]
    crews: tuple[PatrolCrew, ...]
    travel_s: Ints

    def base_node(self, crew: PatrolCrew) -> int:
        """The node of a crew's base."""
        return len(self.places) + crew.base

    def allowed(self) -> NDArray[np.bool_]:
        """(crews, visits) who may go where by grid."""
        return np.array(
            [
                [c.grid in ("", self.places[v.place].grid) or not self.places[v.place].grid
                 for v in self.visits]
                for c in self.crews
            ]
        ).reshape(len(self.crews), len(self.visits))  # fmt: skip


def pose(instance: Instance) -> RouteProblem:
    """The problem of a file. Raises ProblemError in words."""
    travel = read_travel(instance.travel_min)
    _check_lists(instance, travel.shape)
    if np.isnan(travel).any() or (travel < 0).any():
        raise ProblemError("a travel time is below zero or not a number")
    tiers = {tier.tier: tier for tier in instance.tiers}
    for tier in instance.tiers:
        _check_tier(tier)
    for crew in instance.crews:
        _check_crew(crew, len(travel) - len(instance.places))
    span = (min(c.from_min for c in instance.crews), max(c.until_min for c in instance.crews))
    visits = [
        visit
        for i, place in enumerate(instance.places)
        for visit in _visits(i, _tier_of(place, tiers), span)
    ]
    if not 1 <= len(visits) <= MAX_VISITS:
        raise ProblemError(f"{len(visits)} visits are due: 1 to {MAX_VISITS:,} can be planned")
    return RouteProblem(
        places=tuple(instance.places),
        visits=tuple(visits),
        crews=tuple(instance.crews),
        travel_s=_shortest(travel),
    )


def _shortest(travel_min: NDArray[np.float64]) -> Ints:
    """Whole seconds, by way of other nodes where that is shorter: no stop left out costs time."""
    seconds = np.where(np.isinf(travel_min), NO_WAY, np.ceil(np.minimum(travel_min, 1e7) * 60))
    travel: Ints = seconds.astype(np.int64)
    for k in range(len(travel)):
        np.minimum(travel, travel[:, k : k + 1] + travel[k], out=travel)
    np.fill_diagonal(travel, 0)
    return np.minimum(travel, NO_WAY)


def _tier_of(place: Place, tiers: dict[int, Tier]) -> Tier:
    if place.tier not in tiers:
        raise ProblemError(
            f"place {place.name} is of tier {place.tier}: the tiers are {sorted(tiers)}"
        )
    return tiers[place.tier]


def _visits(place: int, tier: Tier, span: tuple[float, float]) -> list[Visit]:
    """A place's visits, each in its own slice of the tier's hours, so that they are spread."""
    windows = tier.windows_min or (span,)
    whole = sum(until - begin for begin, until in windows)
    if tier.visits and whole / tier.visits < tier.stop_min:
        raise ProblemError(
            f"tier {tier.tier} asks for {tier.visits} visits of {tier.stop_min:g} min in "
            f"{whole:g} min: ask for fewer or widen its hours"
        )
    cuts = [whole * k / tier.visits for k in range(tier.visits + 1)] if tier.visits else []
    return [
        Visit(
            place=place,
            nth=k + 1,
            open_s=round(_at(windows, cuts[k], is_end=False) * 60),
            close_s=round(_at(windows, cuts[k + 1], is_end=True) * 60),
            stop_s=round(tier.stop_min * 60),
            worth=tier.worth,
        )
        for k in range(tier.visits)
    ]


def _at(windows: tuple[tuple[float, float], ...], minutes: float, *, is_end: bool) -> float:
    """The moment when so many minutes of the windows are over."""
    for begin, until in windows:
        length = until - begin
        if minutes < length or (is_end and minutes <= length + 1e-9):
            return begin + minutes
        minutes -= length
    return windows[-1][1]


def _check_lists(instance: Instance, shape: tuple[int, ...]) -> None:
    if not instance.places:
        raise ProblemError("there is no place to visit: give at least one")
    if not 1 <= len(instance.crews) <= MAX_CREWS:
        raise ProblemError(f"there are {len(instance.crews)} crews: give 1 to {MAX_CREWS}")
    if len(instance.travel_min) > MAX_NODES:
        raise ProblemError(f"{len(instance.travel_min)} places and bases: {MAX_NODES:,} at most")
    if shape[0] != shape[1] or shape[0] <= len(instance.places):
        raise ProblemError(
            f"travel is {shape[0]} by {shape[1]}: give a row and a column for each of the "
            f"{len(instance.places)} places, then for each base"
        )


def _check_tier(tier: Tier) -> None:
    low, high = KOPER_MIN
    if not low <= tier.stop_min <= high:
        raise ProblemError(
            f"tier {tier.tier} stops for {tier.stop_min:g} min: give {low} to {high}, a shorter "
            "stop hardly works and a longer one adds nothing"
        )
    if not (0 <= tier.visits <= 100 and 1 <= tier.worth <= MAX_WORTH):  # noqa: PLR2004 - a day's
        raise ProblemError(
            f"tier {tier.tier} asks for {tier.visits} visits worth {tier.worth}: give 0 to 100 "
            f"visits, worth 1 to {MAX_WORTH:,}"
        )
    last = 0.0
    for begin, until in tier.windows_min:
        if not last <= begin < until <= MAX_MIN:
            raise ProblemError(
                f"tier {tier.tier} has hours from {begin:g} to {until:g} min: give them in order, "
                "none ending before it begins"
            )
        last = until


def _check_crew(crew: PatrolCrew, n_bases: int) -> None:
    if not 0 <= crew.base < n_bases:
        raise ProblemError(
            f"crew {crew.name} starts at base {crew.base}: there are {n_bases}, counted from 0"
        )
    if not 0 <= crew.from_min < crew.until_min <= MAX_MIN:
        raise ProblemError(
            f"crew {crew.name} is on duty from {crew.from_min:g} to {crew.until_min:g} min: a "
            "shift ends after it begins"
        )
