import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace as replaced

from kuaifan.app.demand_source import Asked, AskedIncidents, gather_file
from kuaifan.app.plan_demand import plan_demand
from kuaifan.city.calls import CallCounts, CallRow, CallsHeader, encode_calls
from kuaifan.city.calls_import import import_calls
from kuaifan.city.demand_file import pack_demand, unpack_demand
from kuaifan.city.holidays import read_holidays
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.demand_backtest import Folds
from kuaifan.vocabulary.incident import (
    IncidentMerged,
    IncidentOpened,
    IncidentPlaced,
    IncidentReviewed,
)

ROOT = Path(__file__).resolve().parents[3]
CALLS = ROOT.parent / "shared" / "data" / "calls"
MONDAY_MS = 1_767_542_400_000  # 2026-01-05 00:00 in Shanghai
HOUR_MS = 3_600_000


def write_calls(path, rows, *, time_zone="Asia/Shanghai"):
    counts = CallCounts(
        read=len(rows),
        taken=len(rows),
        flagged=0,
        ignored=0,
        bad=0,
        other_type=0,
        blank_lines=0,
        by_flag={},
        by_source={},
        ignored_by_reason={},
        bad_by_reason={},
        unmapped_codes={},
    )
    header = CallsHeader(
        name="made calls",
        source="made",
        source_sha256="",
        mapping="made",
        mapping_sha256="",
        time_zone=time_zone,
        seed=0,
        first_at_ms=rows[0].at_ms,
        last_at_ms=rows[-1].at_ms,
        counts=counts,
    )
    path.write_bytes(encode_calls(header, rows))
    return path


def made_rows(n_days=21, *, per_day=12, source="110"):
    rng = np.random.default_rng(1)
    return [
        CallRow(
            call_id=f"{day}-{i}",
            at_ms=MONDAY_MS + (24 * day + 2 * i) * HOUR_MS,
            type_code="020101" if i % 3 else "030101",
            lat=32.6 + float(rng.normal(0, 0.01)),
            lon=117.0 + float(rng.normal(0, 0.01)),
            source_row=2,
            source=source,
        )
        for day in range(n_days)
        for i in range(per_day)
    ]


def test_the_forecast_beats_raw_counts_on_both_scores_on_real_calls(tmp_path):
    source = CALLS / "montgomery_911_2015-12_2016-06.csv.xz"
    if not CALLS.exists():
        pytest.skip("the real calls of shared/data are not on this machine")
    calls = tmp_path / "montgomery.calls"
    import_calls(source, ROOT / "docs" / "howto" / "mappings" / "montgomery.toml", calls)
    output = tmp_path / "demand.npz"
    figures = plan_demand(output, calls=calls, db=None, city=None, cell_m=1_000, folds=Folds())
    assert figures.backtest is not None
    scores = figures.backtest.scores
    assert figures.backtest.winner == "shrunk"
    for rival in ("raw", "raw_map", "last_week", "kernel"):
        assert scores["shrunk"].deviance < scores[rival].deviance, rival
        assert scores["shrunk"].pai > scores[rival].pai, rival
    assert 2.3 < figures.variance_to_mean < 2.9
    demand = unpack_demand(output.read_bytes(), output)
    assert demand.incidents_per_day == pytest.approx(figures.calls_per_day, rel=1e-3)
    assert json.loads(demand.evidence)["backtest"]["winner"] == "shrunk"


def test_only_citizens_teach_where_citizens_call(tmp_path):
    rows = [*made_rows(15), *made_rows(15, source="patrol_found")]
    rows = [replace_id(row, i) for i, row in enumerate(sorted(rows, key=lambda row: row.at_ms))]
    gathered = gather_file(write_calls(tmp_path / "made.calls", rows))
    assert len(gathered.asked) == gathered.n_left_out == 15 * 12


def replace_id(row, number):
    return replaced(row, call_id=str(number), source_row=number)


def opened(incident_id, **changes):
    fields = {
        "call_id": "C1",
        "source": "110",
        "type_code": "020101",
        "priority": 2,
        "plan": "B1",
        "route": "patrol",
        "min_units": 1,
        "record_class": "ordinary",
        "narrative": "",
    }
    return IncidentOpened(incident_id=incident_id, **(fields | changes))


def placed(incident_id):
    return IncidentPlaced(
        incident_id=incident_id,
        lat=32.6,
        lon=117.0,
        address="",
        arc=0,
        fraction_ppm=0,
        offset_m=0,
        jurisdiction="S1",
        area_class="core",
    )


def test_the_log_teaches_what_citizens_asked_for_by_its_last_type_and_once():
    found = AskedIncidents()
    found.follow(opened("J1"), 5)
    found.follow(opened("J2", source="patrol_found"), 6)
    found.follow(opened("J3", unit_id="P1"), 7)
    found.follow(opened("J4"), 8)
    for name in ("J1", "J2", "J3", "J4"):
        found.follow(placed(name), 9)
    found.follow(IncidentMerged(incident_id="J4", into_incident_id="J1"), 10)
    found.follow(IncidentReviewed(incident_id="J1", reviewer_id="R", final_type_code="030101"), 11)
    assert found.asked == {"J1": Asked(5, 32.6, 117.0, "030101")}
    assert found.n_opened == 4


def test_days_cut_off_are_left_aside_and_holidays_counted(tmp_path):
    calls = write_calls(tmp_path / "made.calls", made_rows(60))
    thresholds = tmp_path / "thresholds.csv"
    figures = plan_demand(
        tmp_path / "demand.npz", calls=calls, db=None, city=None, thresholds=thresholds
    )
    assert figures.n_days == 58
    assert figures.calls_used + figures.outside == 60 * 12
    # Spring Festival 2026 and the days worked for it, as the package ships them.
    assert set(figures.day_factors) == {"ordinary", "holiday", "workday"}
    assert figures.classes == ("02", "03")
    assert len(thresholds.read_text().splitlines()) == figures.thresholds + 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"calls": None}, "either --calls FILE or --db URL"),
        ({"cell_m": 1.0}, "give larger ones with --cell-m"),
        ({"folds": Folds()}, "a back-test needs 12"),
    ],
)
def test_what_cannot_be_forecast_is_said_in_words_and_nothing_is_written(tmp_path, options, said):
    calls = write_calls(tmp_path / "made.calls", made_rows())
    output = tmp_path / "demand.npz"
    with pytest.raises(BadInputError, match=said):
        plan_demand(output, **({"calls": calls, "db": None, "city": None} | options))
    assert not output.exists()


def test_a_city_says_its_own_holidays_and_a_wrong_line_is_named(tmp_path):
    (tmp_path / "holidays.csv").write_text(
        "first,last,kind,name\n2026-09-01,2026-09-02,event,灯会\n", encoding="utf-8"
    )
    found = read_holidays(tmp_path, "Asia/Shanghai")
    assert found == {date(2026, 9, 1): "event", date(2026, 9, 2): "event"}
    (tmp_path / "holidays.csv").write_text("first,last,kind,name\n2026-09-02,2026-09-01,event,x\n")
    with pytest.raises(CityFolderError, match="line 2: give 1 to 60 days"):
        read_holidays(tmp_path, "Asia/Shanghai")
    assert read_holidays(None, "Europe/Berlin") == {}
    assert read_holidays(None, "Asia/Shanghai")[date(2026, 2, 17)] == "holiday"


def test_demand_without_evidence_has_the_bytes_it_always_had(tmp_path):
    calls = write_calls(tmp_path / "made.calls", made_rows())
    output = tmp_path / "demand.npz"
    plan_demand(output, calls=calls, db=None, city=None)
    demand = unpack_demand(output.read_bytes(), output)
    assert demand.evidence
    plain = replace(demand, evidence="")
    assert b"evidence" not in pack_demand(plain)
    assert unpack_demand(pack_demand(plain), output).evidence == ""
