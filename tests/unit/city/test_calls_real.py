from pathlib import Path

import pytest

from kuaifan.city.calls import read_calls
from kuaifan.city.calls_import import import_calls
from kuaifan.city.calls_mapping import incident_type_keys

ROOT = Path(__file__).resolve().parents[3]
CALLS = ROOT.parent / "shared" / "data" / "calls"
MAPPINGS = ROOT / "docs" / "howto" / "mappings"

pytestmark = pytest.mark.skipif(
    not CALLS.exists(), reason="the real calls of shared/data are not on this machine"
)


def test_all_nashville_calls_are_accounted_for_and_few_are_other(tmp_path):
    target = tmp_path / "nashville.calls"
    source = CALLS / "nashville_police_calls_2024_jan_may.csv.gz"
    report = import_calls(source, MAPPINGS / "nashville.toml", target)
    counts = report.header.counts
    assert (counts.read, counts.taken, counts.ignored, counts.bad) == (19_215, 19_169, 46, 0)
    assert counts.unmapped_codes == {}
    assert counts.by_flag == {"placed_by_zone": 6_332, "position_missing": 6_332}
    assert report.other_share <= 0.10
    rows = read_calls(target, type_codes=incident_type_keys()).rows
    assert len(rows) == 19_169
    assert all(35.9 <= row.lat <= 36.5 and -87.1 <= row.lon <= -86.4 for row in rows)


def test_all_montgomery_calls_are_accounted_for_and_few_are_other(tmp_path):
    target = tmp_path / "montgomery.calls"
    source = CALLS / "montgomery_911_2015-12_2016-06.csv.xz"
    report = import_calls(source, MAPPINGS / "montgomery.toml", target)
    counts = report.header.counts
    assert (counts.read, counts.taken, counts.bad) == (78_277, 78_277, 0)
    assert counts.unmapped_codes == {}
    assert counts.by_flag["position_outside"] == 14
    assert report.other_share <= 0.10
    assert len(read_calls(target, type_codes=incident_type_keys()).rows) == 78_277
