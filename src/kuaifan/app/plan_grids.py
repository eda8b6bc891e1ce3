"""`kuaifan plan grids` (网格划分): a city's cells into patrol grids of like workload."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec
import numpy as np

from kuaifan.app.plan_cells import CityCells, read_cells
from kuaifan.app.plan_tables import check_suffix, read_rows
from kuaifan.city.whole_folder import replace_file
from kuaifan.geo.points import LocalPlane
from kuaifan.kernel.errors import BadInputError
from kuaifan.models.patrol_grids.problem import GridProblem
from kuaifan.models.patrol_grids.solve import Grids, solve
from kuaifan.plan.solving import Progress

COLUMNS: Final = ("lat", "lon", "grid", "work", "district")


class GridFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What it prints (网格结果). work: incidents a week. joined: borders that no street makes."""

    city: str
    n_cells: int
    n_borders: int
    joined: int
    work: float
    seconds: float
    answer: Grids
    written: Path


def plan_grids(
    city: Path, output: Path, *, n_grids: int, tolerance: float, across_districts: bool,
    locked: Path | None, seconds: float,
) -> GridFigures:  # fmt: skip
    """Divide a city and write a CSV of cells or a GeoJSON of grids; see GridFigures."""
    check_suffix(output, (".csv", ".geojson"))
    cells = read_cells(city, across_districts=across_districts)
    n_districts = len(np.unique(cells.region))
    if n_districts > n_grids:
        raise BadInputError(
            f"the city has {n_districts} districts and a grid lies in one: ask for at least "
            f"{n_districts} grids, or add --across-districts"
        )
    problem = GridProblem(
        work=cells.work,
        place_m=cells.place_m,
        borders=cells.borders,
        n_grids=n_grids,
        region=cells.region,
        locked=_read_locks(locked, cells),
        tolerance=tolerance,
    )
    began_s = perf_counter()

    def watch(_progress: Progress) -> bool:
        return perf_counter() - began_s < seconds

    answer = solve(problem, gap=tolerance, watch=watch)
    took_s = round(perf_counter() - began_s, 3)
    pack = _pack_csv if output.suffix == ".csv" else _pack_geojson
    replace_file(output, pack(cells, answer))
    return GridFigures(
        city=cells.city.meta.name,
        n_cells=len(cells.work),
        n_borders=len(cells.borders),
        joined=cells.n_joined,
        work=float(cells.work.sum()),
        seconds=took_s,
        answer=answer,
        written=output,
    )


def describe(figures: GridFigures) -> list[str]:
    """The figures for a person."""
    joined = f", {figures.joined} of them where no street leads" if figures.joined else ""
    return [
        (
            f"{figures.city}: {figures.n_cells:,} cells, {figures.n_borders:,} borders{joined}, "
            f"{figures.work:.1f} incidents a week; {figures.seconds:.2f} s"
        ),
        *(f"  {reason}" for reason in figures.answer.reasons),
        f"{figures.written} written",
    ]


def _read_locks(file: Path | None, cells: CityCells) -> dict[int, int]:
    """Cells that must belong to a grid: lat, lon, grid a line."""
    if file is None:
        return {}
    rows = read_rows(file, ("lat", "lon", "grid"))
    places = np.array([(row["lat"], row["lon"]) for row in rows], object)
    try:
        lat, lon = places.reshape(-1, 2).astype(np.float64).T
        grids = [int(row["grid"]) for row in rows]
    except ValueError as error:
        raise BadInputError(f"{file}: lat, lon and grid are to be numbers") from error
    locked: dict[int, int] = {}
    for cell, grid in zip(cells.cell_at(lat, lon).tolist(), grids, strict=True):
        if locked.setdefault(cell, grid) != grid:
            raise BadInputError(
                f"{file} locks one cell to the grids {locked[cell]} and {grid}: keep one"
            )
    return locked


def _pack_csv(cells: CityCells, answer: Grids) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    districts = cells.city.districts
    for i, grid in enumerate(answer.grid_of):
        district = districts[cells.region[i]].area_id if districts else ""
        place = (f"{cells.lat[i]:.6f}", f"{cells.lon[i]:.6f}")
        writer.writerow((*place, grid, f"{cells.work[i]:.4f}", district))
    return buffer.getvalue().encode()


def _pack_geojson(cells: CityCells, answer: Grids) -> bytes:
    import shapely

    # A little over, so that neighbours grow together whatever the projection stretches.
    half, grid_of = cells.cell_m * 0.502, np.array(answer.grid_of)
    x, y = cells.place_m.T
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    features = []
    for grid in answer.grids:
        ground = shapely.transform(
            shapely.union_all(boxes[grid_of == grid.grid]), _to_lon_lat(cells.plane)
        )
        features.append(
            {
                "type": "Feature",
                "properties": {"grid": grid.grid, "cells": grid.n_cells, "work": grid.work,
                               "share": grid.share, "rms_m": grid.rms_m},
                "geometry": msgspec.json.decode(shapely.to_geojson(ground)),
            }
        )  # fmt: skip
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _to_lon_lat(plane: LocalPlane) -> Any:  # noqa: ANN401 - shapely takes any such function
    def turn(points: Any) -> Any:  # noqa: ANN401 - (n, 2) of either
        lat, lon = plane.to_degrees(points[:, 0], points[:, 1])
        return np.stack((lon.round(6), lat.round(6)), 1)

    return turn
