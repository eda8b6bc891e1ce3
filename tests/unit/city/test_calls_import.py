import csv
import resource
from pathlib import Path

import msgspec
import pytest

from kuaifan.city.calls import CallsError, read_calls
from kuaifan.city.calls_import import import_calls

MAPPING = """
kind = "kuaifan.calls_mapping"
version = 1
name = "Test city"
service_unit = "min"
[columns]
time = ["day", "hour"]
code = "what"
suffix = "how"
lat = "lat"
lon = "lon"
zone = ["grid", "district"]
call_id = "id"
service = "minutes"
[time]
format = "%Y-%m-%d %H:%M"
zone = "Asia/Shanghai"
[ignore]
meal = "a unit's own pause"
[codes]
theft = "010206"
[codes.fight]
type = "020101"
suffix = { R = "020102" }
"""
COLUMNS = "id,day,hour,what,how,lat,lon,grid,district,minutes"
GOOD = [
    "A1,2024-05-01,10:00,theft,,32.60,117.00,g1,d1,30",
    "A2,2024-05-01,09:00,fight,R,32.61,117.01,g1,d1,",
    "A3,2024-05-01,09:00,fight,,32.62,117.02,g2,d1,",
]


def run(folder: Path, rows: list[str], *, mapping: str = MAPPING, seed: int = 1):
    (folder / "in.csv").write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    return import_calls(folder / "in.csv", folder / "m.toml", folder / "out.calls", seed=seed)


def rows_by_id(folder: Path):
    return {row.call_id: row for row in read_calls(folder / "out.calls").rows}


def test_calls_come_out_in_order_of_time_and_then_of_the_source(tmp_path):
    run(tmp_path, GOOD)
    rows = read_calls(tmp_path / "out.calls").rows
    assert [(row.call_id, row.type_code, row.source_row) for row in rows] == [
        ("A2", "020102", 3),
        ("A3", "020101", 4),
        ("A1", "010206", 2),
    ]
    assert rows[2].at_ms == 1_714_528_800_000  # 10:00 in Shanghai is 02:00 UTC
    assert (rows[2].service_ms, rows[0].service_ms) == (1_800_000, None)


def test_every_row_is_taken_or_no_call_or_bad_with_line_and_reason(tmp_path):
    report = run(
        tmp_path,
        [
            *GOOD,
            "A4,2024-05-01,11:00,meal,,32.6,117.0,g1,d1,",
            "A5,yesterday,11:00,theft,,32.6,117.0,g1,d1,",
            "A6,2024-05-01,12:00,,,32.6,117.0,g1,d1,",
        ],
    )
    counts = report.header.counts
    assert (counts.read, counts.taken, counts.ignored, counts.bad) == (6, 3, 1, 2)
    assert counts.ignored_by_reason == {"a unit's own pause": 1}
    assert counts.bad_by_reason == {"code_unreadable": 1, "time_unreadable": 1}
    with (tmp_path / "out.calls.bad.csv").open(encoding="utf-8", newline="") as file:
        bad = list(csv.DictReader(file))
    assert [(row["line"], row["kind"]) for row in bad] == [
        ("6", "time_unreadable"),
        ("7", "code_unreadable"),
    ]
    assert any("line 6: the time 'yesterday 11:00'" in line for line in report.summary_lines())


def test_the_list_of_bad_rows_goes_when_a_later_import_has_none(tmp_path):
    run(tmp_path, [*GOOD, "A5,yesterday,,theft,,,,,,"])
    assert (tmp_path / "out.calls.bad.csv").exists()
    assert run(tmp_path, GOOD).bad_file is None
    assert not (tmp_path / "out.calls.bad.csv").exists()


def test_a_call_without_a_place_is_placed_in_its_zone_else_where_demand_is(tmp_path):
    run(
        tmp_path,
        [
            *GOOD,
            "B1,2024-05-02,10:00,theft,,,,g2,d1,",
            "B2,2024-05-02,10:00,theft,,0,0,g9,d1,",
            "B3,2024-05-02,10:00,theft,,x,117.0,g9,d9,",
            "B4,2024-05-02,10:00,theft,,99,117.0,,,",
        ],
    )
    rows = rows_by_id(tmp_path)
    assert rows["B1"].flags == ("position_missing", "placed_by_zone")
    assert (rows["B1"].lat, rows["B1"].lon) == (32.62, 117.02)
    assert rows["B2"].flags == ("position_zero", "placed_by_zone")
    assert rows["B3"].flags == ("position_unreadable", "placed_by_demand")
    assert rows["B4"].flags == ("position_unreadable", "placed_by_demand")
    own = {(rows[name].lat, rows[name].lon) for name in ("A1", "A2", "A3")}
    assert all((rows[name].lat, rows[name].lon) in own for name in ("B2", "B3", "B4"))


def test_a_position_far_from_all_others_is_not_believed(tmp_path):
    many = [f"C{i},2024-05-01,10:00,theft,,32.6,117.{i:02},g1,d1," for i in range(60)]
    run(tmp_path, [*many, "D1,2024-05-01,10:00,theft,,-32.6,117.0,g1,d1,"])
    rows = rows_by_id(tmp_path)
    assert rows["D1"].flags == ("position_outside", "placed_by_zone")
    assert sum(bool(row.flags) for row in rows.values()) == 1


def test_the_box_of_the_mapping_says_what_is_outside(tmp_path):
    mapping = MAPPING + "[position]\nbbox = [32.0, 116.0, 32.605, 118.0]\n"
    run(tmp_path, GOOD, mapping=mapping)
    rows = rows_by_id(tmp_path)
    assert [rows[name].flags for name in ("A1", "A2")] == [
        (),
        ("position_outside", "placed_by_zone"),
    ]


def test_gcj_positions_are_moved_back_to_wgs84(tmp_path):
    run(tmp_path, GOOD, mapping=MAPPING + '[position]\ndatum = "gcj02"\n')
    row = rows_by_id(tmp_path)["A1"]
    assert abs(row.lat - 32.60) + abs(row.lon - 117.00) == pytest.approx(0.0074, abs=0.002)


def test_zone_centres_of_the_mapping_place_calls_of_a_source_without_positions(tmp_path):
    mapping = MAPPING.replace('lat = "lat"\nlon = "lon"\n', "") + "[zones]\ng1 = [32.5, 117.5]\n"
    run(tmp_path, GOOD, mapping=mapping)
    rows = rows_by_id(tmp_path)
    assert rows["A1"].flags == ("position_missing", "placed_by_zone")
    assert {(row.lat, row.lon) for row in rows.values()} == {(32.5, 117.5)}


def test_without_any_position_or_centre_the_cure_is_named(tmp_path):
    mapping = MAPPING.replace('lat = "lat"\nlon = "lon"\n', "")
    with pytest.raises(CallsError, match="state the centre of each zone"):
        run(tmp_path, GOOD, mapping=mapping)
    assert not (tmp_path / "out.calls").exists()


def test_places_are_drawn_by_seed_and_line_and_the_same_seed_gives_the_same_bytes(tmp_path):
    many = [f"C{i},2024-05-01,10:00,theft,,32.6,117.{i:02},g1,d1," for i in range(40)]
    lost = [f"D{i},2024-05-01,11:00,theft,,,,g1,d1," for i in range(40)]
    files = []
    for seed in (1, 1, 2):
        run(tmp_path, many + lost, seed=seed)
        files.append((tmp_path / "out.calls").read_bytes())
    assert files[0] == files[1]
    assert files[0].splitlines()[1:] != files[2].splitlines()[1:]
    run(tmp_path, [*many, *lost, "E1,2024-05-01,12:00,theft,,,,g1,d1,"])
    first = rows_by_id(tmp_path)
    run(tmp_path, many + lost)
    assert all(first[name] == row for name, row in rows_by_id(tmp_path).items())


def test_identifiers_that_are_empty_or_used_before_are_made_and_flagged(tmp_path):
    run(tmp_path, [GOOD[0], GOOD[0], GOOD[0].replace("A1", ""), GOOD[0].replace("A1", "x" * 99)])
    rows = read_calls(tmp_path / "out.calls").rows
    assert [row.call_id for row in rows] == ["A1", "A1#3", "#4", "x" * 64 + "#5"]
    assert [row.flags for row in rows] == [(), *[("id_made",)] * 3]


def test_a_code_outside_the_mapping_is_taken_as_other_flagged_and_named(tmp_path):
    report = run(tmp_path, [*GOOD, "A9,2024-05-03,10:00,ufo,,32.6,117.0,g1,d1,"])
    row = rows_by_id(tmp_path)["A9"]
    assert (row.type_code, row.flags) == ("990101", ("code_unmapped",))
    assert report.header.counts.unmapped_codes == {"ufo": 1}
    assert report.other_share == 0.25
    text = "\n".join(report.summary_lines())
    assert "Codes not in the mapping: ufo (1)." in text
    assert "more than 10%: map these codes: ufo (1)." in text


def test_a_time_at_the_scene_that_does_not_read_is_left_out_and_flagged(tmp_path):
    run(tmp_path, [GOOD[0].removesuffix("30") + "-5", *GOOD[1:]])
    row = rows_by_id(tmp_path)["A1"]
    assert (row.service_ms, row.flags) == (None, ("service_unreadable",))


def test_a_missing_column_is_named_beside_those_present(tmp_path):
    with pytest.raises(CallsError, match=r'"where" not at all; m\.toml .*: id, day, hour, '):
        run(tmp_path, GOOD, mapping=MAPPING.replace('lat = "lat"', 'lat = "where"'))


def test_a_source_of_which_nothing_can_be_taken_writes_nothing(tmp_path):
    with pytest.raises(CallsError, match=r"of 1 rows 1 are bad.*line 2: the time"):
        run(tmp_path, ["A5,yesterday,,theft,,,,,,"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "m.toml"]


def test_a_place_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    run(tmp_path, GOOD)
    for target in (tmp_path / "none" / "out.calls", tmp_path / "in.csv", tmp_path):
        with pytest.raises(CallsError, match=r"cannot|folder"):
            import_calls(tmp_path / "in.csv", tmp_path / "m.toml", target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "m.toml", "out.calls"]


def test_a_write_that_fails_half_way_leaves_the_old_files_as_they_were(tmp_path):
    run(tmp_path, GOOD)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(CallsError, match=r"cannot write .*out\.calls: .*nothing was written"):
            import_calls(tmp_path / "in.csv", tmp_path / "m.toml", tmp_path / "out.calls", seed=9)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_report_is_plain_json(tmp_path):
    report = run(tmp_path, GOOD)
    plain = msgspec.json.decode(msgspec.json.encode(report.as_json()))
    assert plain["counts"]["read"] == 3
    assert plain["by_type"] == {"010206": 1, "020101": 1, "020102": 1}


def test_a_call_file_that_was_cut_is_refused_by_its_count(tmp_path):
    run(tmp_path, GOOD)
    path = tmp_path / "out.calls"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(CallsError, match="promises 3 calls and holds 2"):
        read_calls(path)


def test_a_damaged_line_of_a_call_file_is_named(tmp_path):
    run(tmp_path, GOOD)
    path = tmp_path / "out.calls"
    path.write_bytes(path.read_bytes().replace(b'"A3"', b"33"))
    with pytest.raises(CallsError, match="line 3 is not a call"):
        read_calls(path)


@pytest.mark.parametrize("data", [b"", b"{}\n", b"id,day\n", b"\xff\xfe", b'{"kind":"x"}\n'])
def test_a_file_that_is_no_call_file_is_refused(tmp_path, data):
    (tmp_path / "x.calls").write_bytes(data)
    with pytest.raises(CallsError, match="is not a call file"):
        read_calls(tmp_path / "x.calls")


def test_a_type_that_the_city_does_not_have_is_named_with_its_line(tmp_path):
    run(tmp_path, GOOD)
    with pytest.raises(CallsError, match="line 4: incident type 010206 is not among"):
        read_calls(tmp_path / "out.calls", type_codes={"020101", "020102"})


def test_calls_out_of_order_or_twice_are_refused(tmp_path):
    run(tmp_path, GOOD)
    path = tmp_path / "out.calls"
    header, first, second, third = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([header, second, first, third]))
    with pytest.raises(CallsError, match="line 3 is earlier"):
        read_calls(path)
    path.write_bytes(b"\n".join([header, first, first, third]))
    with pytest.raises(CallsError, match="line 3: call A2 stands there twice"):
        read_calls(path)
