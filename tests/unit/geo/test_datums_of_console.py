"""The points that the console's own datum shift is held to are those of the server."""

import json
from pathlib import Path

import pytest

from kuaifan.geo.datums import Datum, from_wgs84

POINTS = json.loads(
    (Path(__file__).resolve().parents[3] / "console" / "tests" / "datums.json").read_text("utf-8")
)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_the_points_are_the_servers(datum):
    for point in POINTS:
        lat, lon = from_wgs84(*point["wgs84"], datum)
        assert (float(lat), float(lon)) == pytest.approx(point[datum.value], abs=1e-9)
