"""How many calls of which type an hour brings (来电强度): a city's demand joined with its types.

The demand says how much comes from each class of place in each hour of the week; the table of
types says how often each type occurs; habits say which type belongs to which class and hour. The
joint rates keep both sums: those of the demand exactly, those of the types nearly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.twin.demand import DISPERSION, QUARTER_SHARES
from kuaifan.twin.habits import HOURS_PER_WEEK, Habits
from kuaifan.vocabulary.incident_types import IncidentType

Floats = NDArray[np.float64]

MISDIALS: Final = {
    "silent_abandoned": 0.84,
    "accidental": 0.62,
    "nuisance": 0.22,
    "test_drill": 0.015,
}
"""Calls without a story, as shares of those with one: of four raw calls one is handled (§3.5)."""
ASKING: Final = {"police_service_enquiry": 0.64, "gov_service_request": 0.31}
"""Calls that only ask, beyond those of the same types that are handled."""
EXTRA: Final = MISDIALS | ASKING
FITTING_ROUNDS: Final = 30
LEAST_WEIGHT: Final = 1e-3
"""So that every type may come at every hour and place, and the fit always has a solution."""


@dataclass(frozen=True, slots=True, eq=False)
class DemandCells:
    """The demand of a city, cell by cell (需求面), as its demand file holds it.

    lat, lon: (n,) middles of square cells of `cell_m` metres. weekly: (n, k) mean calls a week
    from each class of place. shape: (k, 168) share of them in each hour of the week from Monday
    0:00 in the city's own time. variance_to_mean: of the calls of one hour, 1 or more.
    Raises BadInputError when the arrays do not fit together or nobody calls.
    """

    cell_m: float
    lat: Floats
    lon: Floats
    weekly: Floats
    shape: Floats
    classes: tuple[str, ...]
    variance_to_mean: float = DISPERSION

    def __post_init__(self) -> None:
        for key in ("lat", "lon", "weekly", "shape"):
            array = np.asarray(getattr(self, key), np.float64)
            if not np.isfinite(array).all():
                raise BadInputError(f"the demand's {key} holds what is no number; make it again")
            object.__setattr__(self, key, array)
        n, k = len(self.lat), len(self.classes)
        sizes = (self.lon.shape, self.weekly.shape, self.shape.shape)
        if sizes != ((n,), (n, k), (k, HOURS_PER_WEEK)):
            raise BadInputError(f"the demand's arrays of {sizes} do not fit {n} cells, {k} classes")
        if min(self.weekly.min(initial=0.0), self.shape.min(initial=0.0)) < 0.0:
            raise BadInputError("the demand holds a rate below zero; make it again")
        if (self.weekly.sum(axis=0) * self.shape.sum(axis=1)).sum() <= 0.0:
            raise BadInputError("the demand is nil: nobody would ever call; make it again")
        if self.variance_to_mean < 1.0 or not self.cell_m > 0.0:
            raise BadInputError("the demand needs variance_to_mean >= 1 and cells of some size")

    def mean_by_class(self) -> Floats:
        """(k, 168) mean calls in each hour of the week."""
        return np.asarray(self.weekly.sum(axis=0)[:, None] * self.shape)


def asking_share(incident_type: IncidentType, types: Iterable[IncidentType]) -> float:
    """Of the calls of a type, how many only ask."""
    asking = ASKING.get(incident_type.key, 0.0)
    total = sum(each.weight_permille for each in types)
    return asking / (asking + incident_type.weight_permille / total) if asking else 0.0


def plain_mean(calls_per_day: float) -> Floats:
    """(1, 168) mean calls by hour where no demand is known: one class, every day alike."""
    if not 0.0 < calls_per_day < np.inf:
        raise BadInputError(f"{calls_per_day} calls a day are none; give a number above 0")
    day = calls_per_day * np.repeat(np.array(QUARTER_SHARES) / sum(QUARTER_SHARES) / 6, 6)
    return np.tile(day, 7)[None, :]


class Rates:
    """Mean calls by hour of the week, class of place and type (来电强度).

    types: those that occur, in the order of the table, misdials among them.
    mean: (168,) calls an hour. spread: variance of a count over its mean, less 1.
    """

    def __init__(
        self,
        types: Sequence[IncidentType],
        mean_by_class: Floats,
        classes: Sequence[str],
        *,
        habits: Habits,
        variance_to_mean: float,
    ) -> None:
        weights = _weights(types)
        self.types = [t for t in types if weights[t.code] > 0.0]
        self.classes = tuple(classes)
        by_class = mean_by_class * (1.0 + sum(EXTRA.values()))
        self.mean: Floats = by_class.sum(axis=0)
        self.spread = variance_to_mean - 1.0
        wanted = np.array([weights[t.code] for t in self.types])
        likely = _likely([t.key for t in self.types], classes, habits)
        joint = _fit(likely, wanted * by_class.sum(), by_class.ravel())
        hourly = joint.reshape(len(self.types), len(classes), HOURS_PER_WEEK)
        # (168, n_types * n_classes): one draw gives the type and the class it comes from.
        flat = hourly.transpose(2, 0, 1).reshape(HOURS_PER_WEEK, -1)
        self._cumulated: Floats = np.cumsum(flat, axis=1)

    def draw_count(self, hour_of_week: int, rng: np.random.Generator) -> int:
        """How many call within one hour: a Poisson whose mean is gamma."""
        mean = self.mean[hour_of_week]
        if mean > 0.0 and self.spread > 0.0:
            mean = rng.gamma(mean / self.spread, self.spread)
        return int(rng.poisson(mean))

    def draw_types(
        self, hour_of_week: int, n_calls: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(n_calls,) indices into `types` and into `classes`."""
        ladder = self._cumulated[hour_of_week]
        if ladder[-1] <= 0.0:
            # Only somebody who was left ringing can call at an hour of no demand.
            ladder = self._cumulated.sum(axis=0)
        found = np.searchsorted(ladder, rng.random(n_calls) * ladder[-1], side="right")
        found = np.minimum(found, len(ladder) - 1)
        return found // len(self.classes), found % len(self.classes)


def _weights(types: Sequence[IncidentType]) -> dict[str, float]:
    """Shares that sum to 1 with the calls that nothing comes of, beyond the table's weights."""
    total = sum(t.weight_permille for t in types)
    if total <= 0.0:
        raise BadInputError("no type of types.csv has a sim_weight_permille; give one of them one")
    shares = {t.code: t.weight_permille / total + EXTRA.get(t.key, 0.0) for t in types}
    whole = sum(shares.values())
    return {code: share / whole for code, share in shares.items()}


def _likely(keys: Sequence[str], classes: Sequence[str], habits: Habits) -> Floats:
    """(n_types, n_classes * 168) how well each type fits each class and hour."""
    fits = np.empty((len(keys), len(classes), HOURS_PER_WEEK))
    for i, key in enumerate(keys):
        setting = habits.setting_of(key)
        weight = np.array([setting.class_weight(name) for name in classes])
        fits[i] = np.outer(weight, habits.hours_of(key))
    return np.maximum(fits.reshape(len(keys), -1), LEAST_WEIGHT)


def _fit(likely: Floats, by_type: Floats, by_class_hour: Floats) -> Floats:
    """Scale rows and columns in turn until both sums hold; the columns last, so exactly."""
    joint = likely.copy()
    for _ in range(FITTING_ROUNDS):
        joint *= (by_type / np.maximum(joint.sum(axis=1), np.finfo(float).tiny))[:, None]
        joint *= by_class_hour / np.maximum(joint.sum(axis=0), np.finfo(float).tiny)
    return joint
