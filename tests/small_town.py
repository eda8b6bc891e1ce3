"""A small town on disk (小城): a GraphML as OSMnx saves it, its city folder and a few calls.

town = make_town(folder)           # streets, city folder, call file; a second or so
arguments = ["twin", "run", "--city", str(town.city), "--calls", str(town.calls), ...]
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kuaifan.city.calls_import import import_calls
from kuaifan.city.import_map import ImportOptions, import_city

N_SIDE = 6
SOUTH, WEST, STEP_DEG = 22.5, 114.0, 0.005
FIRST_CALL_S = 1_767_571_200  # 2026-01-05 00:00 UTC, a Monday
N_CALLS = 30
CODES = {"fight": "020302", "theft": "010206", "jam": "030202", "locked out": "070303"}

MAPPING = """
kind = "kuaifan.calls_mapping"
version = 1
name = "Calls of a small town"
[columns]
time = "at"
code = "what"
lat = "lat"
lon = "lon"
[time]
format = "epoch_s"
[codes]
"""


@dataclass(frozen=True)
class Town:
    """Where everything of the town lies."""

    streets: Path
    city: Path
    table: Path
    mapping: Path
    calls: Path


def graphml(*, speeds=True, n_side=N_SIDE):
    """A square of two-way streets, with or without posted speeds."""
    keys = ("crs", "created_with", "x", "y", "highway", "name", *(["maxspeed"] if speeds else []))
    posted = '<data key="maxspeed">40</data>' if speeds else ""
    nodes = [
        f'<node id="{i}"><data key="x">{WEST + i % n_side * STEP_DEG}</data>'
        f'<data key="y">{SOUTH + i // n_side * STEP_DEG}</data></node>'
        for i in range(n_side * n_side)
    ]
    east = [(i, i + 1) for i in range(n_side * n_side) if (i + 1) % n_side]
    north = [(i, i + n_side) for i in range(n_side * n_side - n_side)]
    edges = [
        f'<edge source="{a}" target="{b}"><data key="highway">residential</data>'
        f'<data key="name">{abs(b - a)}路</data>{posted}</edge>'
        for pair in east + north
        for a, b in (pair, pair[::-1])
    ]
    return (
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        + "".join(f'<key id="{key}" attr.name="{key}"/>' for key in keys)
        + '<graph edgedefault="directed"><data key="crs">epsg:4326</data>'
        '<data key="created_with">OSMnx</data>' + "".join(nodes + edges) + "</graph></graphml>"
    )


def mapping_text(codes=None):
    """A mapping of the town's own codes."""
    lines = [f'"{name}" = "{code}"' for name, code in (codes or CODES).items()]
    return MAPPING + "\n".join(lines) + "\n"


def call_table(n_calls=N_CALLS):
    """A table with a call every five minutes."""
    names = list(CODES)
    lines = ["at,what,lat,lon"]
    for i in range(n_calls):
        lat, lon = (start + i * step % 5 * STEP_DEG for start, step in ((SOUTH, 3), (WEST, 2)))
        lines.append(f"{FIRST_CALL_S + 300 * i},{names[i % len(names)]},{lat:.6f},{lon:.6f}")
    return "\n".join(lines) + "\n"


def make_town(folder):
    """Write streets, city folder, table, mapping and call file into a folder."""
    town = Town(*(folder / n for n in ("t.graphml", "town", "calls.csv", "m.toml", "calls.jsonl")))
    town.streets.write_text(graphml(), encoding="utf-8")
    town.table.write_text(call_table(), encoding="utf-8")
    town.mapping.write_text(mapping_text(), encoding="utf-8")
    import_city(town.streets, town.city, ImportOptions(name="小城"), progress=lambda _: None)
    import_calls(town.table, town.mapping, town.calls)
    return town


def rewrite_line(path, line_i, **changes):
    """Change fields of one line of a JSON Lines file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[line_i] = json.dumps(json.loads(lines[line_i]) | changes, ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
