"""What the hypercube is asked (问题): demand by place, units with their rates, who is preferred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError

MAX_EXACT_UNITS: Final = 20
"""2^20 states; each unit more doubles memory and time."""
MAX_UNITS: Final = 500
MAX_AT_ONCE: Final = 10

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class HypercubeProblem:
    """Units that serve places, each place with its own order of preference (超立方问题).

    calls_per_h: (n_places,) Poisson rates. served_per_h: (n_units,) services an hour while busy,
    travel included: units may differ. travel: (n_places, n_units) time or any other cost of a
    trip; where `preference` is None the cheapest goes first, ties by the unit's index.
    preference: (n_places, n_units) the units of each row, the first choice first. is_queueing:
    calls that find all units busy wait, first come first served; else they are lost (handed to
    others). n_sent: (n_places,) units that one incident takes, 1 without; more are approximated.
    Raises BadInputError in words.
    """

    calls_per_h: Floats
    served_per_h: Floats
    travel: Floats
    preference: Ints | None = None
    is_queueing: bool = True
    n_sent: Ints | None = None

    def __post_init__(self) -> None:
        self._check_units()
        self._check_places()
        self._check_sent()
        if self.preference is not None:
            self._check_preference(self.preference)
        if self.is_queueing and self.load >= self.n_units:
            raise BadInputError(
                f"the load is {self.load:.2f} units' work and there are {self.n_units}: the queue "
                "would grow without end; add units, or let calls be lost (is_queueing=False)"
            )

    @property
    def n_units(self) -> int:
        """How many units there are."""
        return len(self.served_per_h)

    @property
    def load(self) -> float:
        """Work that arrives, in units (负荷): what all are asked for through their mean rate."""
        sent = np.ones(len(self.calls_per_h)) if self.n_sent is None else self.n_sent
        return float(self.calls_per_h @ sent) / float(np.mean(self.served_per_h))

    @property
    def is_several(self) -> bool:
        """Whether some incident takes more than one unit."""
        return self.n_sent is not None and bool(np.any(self.n_sent > 1))

    def order(self) -> Ints:
        """The units of each place, the first choice first, (n_places, n_units)."""
        if self.preference is not None:
            return np.ascontiguousarray(self.preference, np.int64)
        return np.argsort(self.travel, axis=1, kind="stable").astype(np.int64)

    def sent(self) -> Ints:
        """How many units an incident of each place takes."""
        n_places = len(self.calls_per_h)
        return np.ones(n_places, np.int64) if self.n_sent is None else self.n_sent

    def _check_units(self) -> None:
        if self.served_per_h.ndim != 1 or not 1 <= self.n_units <= MAX_UNITS:
            raise BadInputError(f"give 1 to {MAX_UNITS:,} units with a service rate each")
        if not _is_positive(self.served_per_h):
            raise BadInputError(
                "a unit's service rate is not above zero: give services an hour, or leave it out"
            )

    def _check_places(self) -> None:
        n_places = self.calls_per_h.size
        if self.calls_per_h.ndim != 1 or not n_places:
            raise BadInputError("there is no place with calls: give at least one")
        rates = self.calls_per_h
        if not np.all(np.isfinite(rates)) or rates.min() < 0.0 or rates.sum() <= 0.0:
            raise BadInputError("calls an hour are to be 0 or more, and more than 0 in all")
        if self.travel.shape != (n_places, self.n_units):
            raise BadInputError(
                f"travel is {self.travel.shape}, it is to be (places, units) = "
                f"({n_places}, {self.n_units})"
            )
        bad = np.argwhere(~(np.isfinite(self.travel) & (self.travel >= 0.0)))
        if len(bad):
            place_i, unit_i = bad[0].tolist()
            raise BadInputError(
                f"unit {unit_i} cannot reach place {place_i}, or its travel is below zero: leave "
                "out the places that nobody reaches, or price the trip"
            )

    def _check_sent(self) -> None:
        if self.n_sent is None:
            return
        most = min(self.n_units, MAX_AT_ONCE)
        if self.n_sent.shape != self.calls_per_h.shape or not (
            np.issubdtype(self.n_sent.dtype, np.integer)
            and self.n_sent.min() >= 1
            and self.n_sent.max() <= most
        ):
            raise BadInputError(f"give each place 1 to {most} units an incident")

    def _check_preference(self, preference: Ints) -> None:
        is_whole = preference.shape == self.travel.shape and bool(
            np.all(np.sort(preference, axis=1) == np.arange(self.n_units))
        )
        if not is_whole:
            raise BadInputError("each place is to prefer every unit once, by its index")


def _is_positive(values: Floats) -> bool:
    return bool(np.all(np.isfinite(values)) and np.all(values > 0.0))
