"""Bends a straight plan into ground that has a history (地形弯曲): swirls, meander and ripple.

A city is planned on paper whose streets are straight: u runs to the east, v to the north, both in
metres. `Warp` lays the paper on the ground. It never folds it, so what does not cross on paper
does not cross on the ground, and every block stays a block.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.city.invent_size import CitySize

Floats = NDArray[np.float64]
_ROUND, _ROUND_SPAN = 0.42, 1.55


@dataclass(frozen=True, slots=True)
class Swirl:
    """A quarter whose streets lie at an angle to the others, turned less and less outwards."""

    u: float
    v: float
    radius_m: float
    turn_rad: float


@dataclass(frozen=True, slots=True)
class Wave:
    """One long ripple of the ground: it shifts points across its own direction."""

    k_u: float
    k_v: float
    phase: float
    shift_m: float


@dataclass(frozen=True, slots=True)
class Warp:
    """Paper to ground, in metres about the city's middle.

    waves: those of the town; country_waves: those that only the country around it feels.
    meander: (wave number, phase, metres) of the river's bends, which fade away from it.
    """

    swirls: tuple[Swirl, ...]
    waves: tuple[Wave, ...]
    country_waves: tuple[Wave, ...]
    meander: tuple[tuple[float, float, float], ...]
    river_v: float
    reach_m: float
    town_m: float
    turn_rad: float

    def _round_off(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Bend what is far out around the middle, so that outer streets run as rings do."""
        span_m = _ROUND_SPAN * self.town_m
        x_share, y_share = (x / span_m) ** 2, (y / span_m) ** 2
        return x * np.sqrt(1.0 - _ROUND * y_share), y * np.sqrt(1.0 - _ROUND * x_share)

    def to_ground(self, u: ArrayLike, v: ArrayLike) -> tuple[Floats, Floats]:
        """Metres east and north of points on paper."""
        x, y = self._round_off(np.array(u, np.float64), np.array(v, np.float64))
        paper_v = y.copy()
        away_m = np.hypot(x, y)
        for swirl in self.swirls:
            x, y = _swirl(swirl, x, y)
        country = np.clip((away_m / self.town_m - 0.9) / 0.6, 0.0, 1.0)
        shift_x, shift_y = _ripple(self.waves, x, y)
        far_x, far_y = _ripple(self.country_waves, x, y)
        near_river = np.exp(-(((paper_v - self.river_v) / self.reach_m) ** 2))
        for k, phase, metres in self.meander:
            shift_y = shift_y + metres * np.sin(k * x + phase) * near_river
        x, y = x + shift_x + country * far_x, y + shift_y + country * far_y
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        return cos * x - sin * y, sin * x + cos * y


def _swirl(swirl: Swirl, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    d_x, d_y = x - swirl.u, y - swirl.v
    near = np.clip(1.0 - (d_x * d_x + d_y * d_y) / swirl.radius_m**2, 0.0, 1.0)
    angle = swirl.turn_rad * near * near
    cos, sin = np.cos(angle), np.sin(angle)
    return swirl.u + cos * d_x - sin * d_y, swirl.v + sin * d_x + cos * d_y


def _ripple(waves: tuple[Wave, ...], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    shift_x, shift_y = np.zeros_like(x), np.zeros_like(y)
    for wave in waves:
        length = np.hypot(wave.k_u, wave.k_v)
        shift = wave.shift_m * np.sin(wave.k_u * x + wave.k_v * y + wave.phase)
        shift_x = shift_x - shift * wave.k_v / length
        shift_y = shift_y + shift * wave.k_u / length
    return shift_x, shift_y


def make_warp(
    size: CitySize, river_v: float, towns: tuple[tuple[float, float], ...], rng: np.random.Generator
) -> Warp:
    """Draw the bends of one city; the old town, in the middle, is turned most."""
    radius = size.radius_m
    side = float(rng.choice((-1.0, 1.0)))
    swirls = [Swirl(0.0, 0.0, 2.5 * size.old_m, side * rng.uniform(0.4, 0.55))]
    for town_u, town_v in towns:
        turn = float(rng.choice((-1.0, 1.0))) * rng.uniform(0.2, 0.5)
        swirls.append(Swirl(town_u, town_v, 0.55 * radius, turn))
    length = rng.uniform(1.5, 1.9) * radius
    meander = (
        (2.0 * np.pi / length, float(rng.uniform(0.0, 2.0 * np.pi)), 0.075 * length),
        (2.0 * np.pi / (0.47 * length), float(rng.uniform(0.0, 2.0 * np.pi)), 0.02 * length),
    )
    return Warp(
        swirls=tuple(swirls),
        waves=_draw_waves((420.0, 700.0, 1100.0, 1700.0, 2600.0), 0.016, rng),
        country_waves=_draw_waves((900.0, 1500.0, 2300.0, 3400.0), 0.026, rng),
        meander=meander,
        river_v=river_v,
        reach_m=0.55 * radius,
        town_m=radius,
        turn_rad=float(rng.uniform(-0.16, 0.16)),
    )


def _draw_waves(
    lengths_m: tuple[float, ...], share: float, rng: np.random.Generator
) -> tuple[Wave, ...]:
    """Two waves of each length; each shifts by a share of its length, so that nothing folds."""
    waves = []
    for length_m in (*lengths_m, *lengths_m):
        angle, phase = rng.uniform(0.0, 2.0 * np.pi, 2)
        k = 2.0 * np.pi / length_m
        shift_m = share * length_m * rng.uniform(0.5, 1.0)
        waves.append(Wave(k * np.cos(angle), k * np.sin(angle), float(phase), shift_m))
    return tuple(waves)
