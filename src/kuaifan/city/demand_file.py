"""Reads and writes `demand.npz` (警情需求): where and when calls come, for callers to be drawn.

The mean number of incidents (有效警情) in cell i, of place class k, in hour h of the week is
`weekly[i, k] * shape[k, h]`. Hours begin on Monday 00:00 in the city's own time; each row of
`shape` sums to 1. Counts are over-dispersed: what all cells together get in one hour has a
variance of `variance_to_mean` times its mean, so one factor of the hour, drawn from a gamma
distribution with mean 1 and variance (variance_to_mean - 1) / mean, multiplies all cells' rates
before the counts are drawn from Poisson's. Of all calls, `effective_share` become incidents.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.whole_folder import CityFolderError

DEMAND_FILE = "demand.npz"
PLACE_CLASSES: tuple[str, ...] = (
    "residential",
    "night_life",
    "commercial",
    "school",
    "industrial",
    "road",
)
"""What kind of place a call comes from (地点类别)."""

HOURS_PER_WEEK = 168
FORMAT = 1
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """The demand of a city, cell by cell (需求面).

    lat, lon: (n,) middles of square cells of `cell_m` metres, WGS-84.
    population: (n,) inhabitants. weekly: (n, classes) mean incidents a week.
    shape: (classes, 168) share of a week's incidents in each hour.
    evidence: JSON that says how it was learned and how well it did; empty where it was invented.
    Raises ValueError when the arrays do not fit together.
    """

    cell_m: float
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    population: Floats
    weekly: Floats
    shape: Floats
    variance_to_mean: float
    effective_share: float
    classes: tuple[str, ...] = PLACE_CLASSES
    evidence: str = ""

    def __post_init__(self) -> None:
        n, k = len(self.lat), len(self.classes)
        sizes = ((self.lon, (n,)), (self.population, (n,)), (self.weekly, (n, k)))
        for array, size in (*sizes, (self.shape, (k, HOURS_PER_WEEK))):
            if array.shape != size:
                raise ValueError(f"the demand has an array of {array.shape}, it needs {size}")
            if not np.all(np.isfinite(array)) or (array is not self.lon and array.min() < 0.0):
                raise ValueError("the demand has a value below zero or not a number")
        if not np.allclose(self.shape.sum(axis=1), 1.0, atol=1e-4):
            raise ValueError("the demand has hours of the week that do not sum to 1")
        if self.variance_to_mean < 1.0 or not 0.0 < self.effective_share <= 1.0:
            raise ValueError("the demand has a wrong dispersion or share of incidents")

    @property
    def incidents_per_day(self) -> float:
        """Mean number of incidents on one day, over the week."""
        return float(self.weekly.sum(dtype=np.float64)) / 7.0

    def rates(self, hour_of_week: int) -> NDArray[np.float64]:
        """Mean incidents in one hour, (n cells, classes)."""
        return np.asarray(self.weekly * self.shape[:, hour_of_week], np.float64)


def pack_demand(demand: Demand) -> bytes:
    """The bytes of a demand.npz; equal demand gives equal bytes."""
    buffer = io.BytesIO()
    # Only where there is any: a city made before has the same bytes as ever.
    evidence = {"evidence": np.array(demand.evidence)} if demand.evidence else {}
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        format=np.array(FORMAT),
        cell_m=np.array(demand.cell_m),
        lat=demand.lat,
        lon=demand.lon,
        population=demand.population,
        weekly=demand.weekly,
        shape=demand.shape,
        variance_to_mean=np.array(demand.variance_to_mean),
        effective_share=np.array(demand.effective_share),
        classes=np.array(demand.classes),
        **evidence,
    )
    return buffer.getvalue()


def unpack_demand(data: bytes, file: Path) -> Demand:
    """The demand in the bytes of a demand.npz; raises CityFolderError where it is damaged."""
    again = "restore it from a backup or make the city again"
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        _check_format(int(arrays["format"]))
        return Demand(
            cell_m=float(arrays["cell_m"]),
            lat=arrays["lat"].astype(np.float64),
            lon=arrays["lon"].astype(np.float64),
            population=arrays["population"].astype(np.float32),
            weekly=arrays["weekly"].astype(np.float32),
            shape=arrays["shape"].astype(np.float32),
            variance_to_mean=float(arrays["variance_to_mean"]),
            effective_share=float(arrays["effective_share"]),
            classes=tuple(arrays["classes"].tolist()),
            evidence=str(arrays["evidence"]) if "evidence" in arrays else "",
        )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError) as error:
        raise CityFolderError(f"{file} cannot be read as demand ({error}): {again}") from error


def _check_format(found: int) -> None:
    if found != FORMAT:
        raise ValueError(f"it is of format {found}, this build reads {FORMAT}")
