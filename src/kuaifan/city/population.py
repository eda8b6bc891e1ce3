"""Reads where people live (人口分布) from a CSV and gives it to the nearest streets."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.placement import Standing
from kuaifan.kernel.errors import BadInputError

Floats = NDArray[np.float64]
COLUMNS = ("lat", "lon", "population")
MAX_ROWS = 10_000_000
MAX_AWAY_M = 2_000.0


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants at points in WGS-84; all arrays (n,)."""

    lat: Floats
    lon: Floats
    inhabitants: Floats


def read_population(path: Path) -> Population:
    """Read a CSV with the columns lat, lon (WGS-84) and population; others are ignored.

    Raises BadInputError with the line of the first row that cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _read_rows(path, csv.DictReader(file))
    except OSError as error:
        raise BadInputError(f"cannot read the population file {path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(f"{path} is no UTF-8 CSV ({error}): save it as one") from error
    if not rows:
        raise BadInputError(f"{path} holds no rows: give a CSV with lat, lon, population")
    return Population(*np.array(rows, np.float64).T)


def _read_rows(path: Path, reader: "csv.DictReader[str]") -> list[tuple[float, ...]]:
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInputError(f"{path} lacks the column {missing[0]}: it needs lat, lon, population")
    rows: list[tuple[float, ...]] = []
    for row in reader:
        try:
            values = tuple(float(row[column]) for column in COLUMNS)
        except (TypeError, ValueError):
            values = (math.nan,)
        if not all(map(math.isfinite, values)) or values[-1] < 0.0:
            raise BadInputError(
                f"{path} line {reader.line_num}: lat, lon and population must be numbers, "
                "population not below zero"
            )
        rows.append(values)
        if len(rows) > MAX_ROWS:
            raise BadInputError(f"{path} has over {MAX_ROWS:,} rows: aggregate it first")
    return rows


def weigh_streets(population: Population, standing: Standing) -> tuple[Floats, float]:
    """Give each inhabitant to the nearest street piece; return (weights, inhabitants left out).

    Who lives over 2 km from any street is left out. Raises BadInputError if that is everybody.
    """
    # scipy's tree is heavy and only an import needs it.
    from scipy.spatial import cKDTree

    east_m, north_m = standing.plane.to_metres(population.lat, population.lon)
    tree = cKDTree(np.column_stack((standing.east_m, standing.north_m)))
    away_m, nearest = tree.query(np.column_stack((east_m, north_m)))
    is_near = away_m <= MAX_AWAY_M
    inhabitants = np.where(is_near, population.inhabitants, 0.0)
    weight = np.bincount(nearest, weights=inhabitants, minlength=len(standing.arc))
    if weight.sum() <= 0.0:
        raise BadInputError(
            "nobody in the population file lives within 2 km of a street of this map: is it "
            "another city, another datum, or are lat and lon exchanged?"
        )
    return weight.astype(np.float64), float(population.inhabitants[~is_near].sum())
