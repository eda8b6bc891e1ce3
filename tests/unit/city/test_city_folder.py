"""The city folder: written whole or not at all, read strictly, checked line by line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kuaifan.city.check import accept_edits, check_city
from kuaifan.city.clip import Box
from kuaifan.city.folder import DATA_FILES, read_city, read_sites
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.info import city_info
from kuaifan.city.sites_file import Site, pack_sites
from kuaifan.city.whole_folder import CityFolderError, write_file, written_whole
from kuaifan.geo.datums import Datum

HEAD = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    '<graph edgedefault="directed"><data key="crs">epsg:4326</data>'
    '<data key="created_with">OSMnx</data>'
)
KEYS = "".join(
    f'<key id="{key}" attr.name="{key}"/>'
    for key in ("crs", "created_with", "x", "y", "highway", "name", "maxspeed")
)


def write_town(path: Path, n: int = 6) -> Path:
    """A town of n x n crossings as OSMnx would save it."""
    nodes = [
        f'<node id="{i}"><data key="x">{114 + (i % n) / 200}</data>'
        f'<data key="y">{22.5 + (i // n) / 200}</data></node>'
        for i in range(n * n)
    ]
    pairs = [(i, i + 1) for i in range(n * n) if (i + 1) % n] + [
        (i, i + n) for i in range(n * n - n)
    ]
    edges = [
        f'<edge source="{a}" target="{b}"><data key="highway">residential</data>'
        f'<data key="name">{b - a}路</data><data key="maxspeed">40</data></edge>'
        for one in pairs
        for a, b in (one, one[::-1])
    ]
    text = HEAD.replace("<graph ", KEYS + "<graph ") + "".join(nodes + edges) + "</graph></graphml>"
    path.write_text(text, encoding="utf-8")
    return path


def _import(source, target, **wishes):
    return import_city(source, target, ImportOptions(**wishes), progress=lambda _: None)


@pytest.fixture(name="source", scope="module")
def fixture_source(tmp_path_factory):
    return write_town(tmp_path_factory.mktemp("source") / "town.graphml")


@pytest.fixture(name="city")
def fixture_city(source, tmp_path):
    _import(source, tmp_path / "town")
    return tmp_path / "town"


def test_an_imported_city_checks_clean_and_reads_back_what_the_report_says(source, tmp_path):
    report = _import(source, tmp_path / "town", name="小城", seed=5)
    assert check_city(report.target) == []
    city = read_city(report.target)
    assert city.content_hash == report.content_hash
    assert (city.meta.name, city.meta.seed, city.meta.source_datum) == ("小城", 5, "wgs84")
    assert (len(city.posts), len(city.units)) == (report.n_posts, report.n_units)
    assert (city.network.n_nodes, city.network.n_arcs) == (report.n_nodes, report.n_arcs)
    assert city.targets.on_scene_s["urban"] == (300, 300, 600, 1800, 1800)
    assert len(city.type_rows) == 123
    assert {area.kind for area in city.areas} == {"jurisdiction", "area_class", "district"}
    assert [(desk.desk_id, desk.districts) for desk in city.meta.desks] == [("city", ("D1",))]
    assert any("one district" in note for note in report.notes)


def test_the_same_import_twice_gives_the_same_bytes_and_another_seed_another_hash(source, tmp_path):
    one, two = _import(source, tmp_path / "one"), _import(source, tmp_path / "two")
    for name in ("city.toml", *DATA_FILES):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert one.content_hash == two.content_hash
    assert _import(source, tmp_path / "three", seed=2).content_hash != one.content_hash


def test_info_gives_the_figures(city):
    figures = city_info(city)
    assert figures["roads"]["arcs"] > 0
    assert figures["incident_types"] == 123
    assert figures["placed_by"] == ["road density"]


def test_a_box_cuts_the_map_and_an_empty_one_is_refused(source, tmp_path):
    small = _import(source, tmp_path / "small", box=Box(22.4, 113.9, 22.516, 114.016))
    assert small.n_nodes < 36
    assert small.build.dropped["outside_box"] > 0
    with pytest.raises(ValueError, match="no street lies in the box"):
        _import(source, tmp_path / "none", box=Box(10.0, 10.0, 11.0, 11.0))
    with pytest.raises(ValueError, match="south,west,north,east"):
        Box(11.0, 10.0, 10.0, 11.0)


def test_a_clock_far_from_the_sun_is_told(source, tmp_path):
    notes = _import(source, tmp_path / "town", time_zone="America/Chicago").notes
    assert any("--time-zone" in note for note in notes)


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"time_zone": "Mars/Olympus"}, "time zone 'Mars/Olympus' is unknown"),
        ({"time_zone": "Asia"}, "time zone 'Asia' is unknown"),
        ({"name": " "}, "1 to 100 characters"),
        ({"population": Path("nowhere.csv")}, "cannot read the population file"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(wishes, reason, source, tmp_path):
    with pytest.raises(ValueError, match=reason):
        _import(source, tmp_path / "town", **wishes)
    assert list(tmp_path.iterdir()) == []


def test_a_pbf_is_wgs84_and_other_files_are_no_maps(tmp_path):
    pbf = tmp_path / "a.osm.pbf"
    pbf.write_bytes(b"x")
    with pytest.raises(ValueError, match="WGS-84 by definition"):
        _import(pbf, tmp_path / "town", datum=Datum.GCJ02)
    with pytest.raises(ValueError, match="is not an OSM PBF"):
        _import(pbf, tmp_path / "town")
    with pytest.raises(ValueError, match="does not exist"):
        _import(tmp_path / "b.osm.pbf", tmp_path / "town")
    with pytest.raises(ValueError, match="is no map this reads"):
        _import(pbf.rename(tmp_path / "a.doc"), tmp_path / "town")
    assert [item.name for item in tmp_path.iterdir()] == ["a.doc"]


@pytest.mark.parametrize("name", ["city.toml", *DATA_FILES])
def test_a_missing_file_is_named_by_check_and_refused_by_read(name, city):
    (city / name).unlink()
    findings = check_city(city)
    assert [finding.file for finding in findings] == [name]
    assert name in findings[0].text
    with pytest.raises(CityFolderError, match=name.replace(".", r"\.")):
        read_city(city)


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_damaged_file_is_named_by_check_and_refused_by_read(name, city):
    data = bytearray((city / name).read_bytes())
    data[len(data) // 2] ^= 0x01
    (city / name).write_bytes(data)
    findings = check_city(city)
    assert findings[0].file == name
    assert "damaged or edited" in findings[0].text
    with pytest.raises(CityFolderError, match="damaged or edited"):
        read_city(city)


def test_a_cut_road_file_is_refused(city):
    data = (city / "roads.kfr").read_bytes()
    (city / "roads.kfr").write_bytes(data[: len(data) // 2])
    with pytest.raises(CityFolderError, match="import the map again"):
        read_city(city)
    assert accept_edits(city)[0].text.endswith("restore it from a backup or import the map again")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("format = 1", "format = 9", "format 9 is unknown"),
        ("format = 1", "format = ", "is no TOML"),
        ("time_zone", "timezone", "wrong setting"),
        ("Asia/Shanghai", "Asia/Peking", "time_zone 'Asia/Peking' is unknown"),
        ("urban = [300,", "urban = [-300,", "P1 to P5"),
        ("rural = [1200,", "country = [1200,", "no row for the area class 'rural'"),
        ("rings_min = [1.0, 3.0, 5.0]", "rings_min = []", "at least one ring"),
        ('"forces.csv" = "', '"forces.csv" = "x', "no SHA-256"),
        ("centre_lat = 22", "centre_lat = 122", "must be degrees"),
    ],
)
def test_a_wrong_setting_is_named(old, new, reason, city):
    text = (city / "city.toml").read_text(encoding="utf-8")
    assert old in text
    (city / "city.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    (finding,) = check_city(city)
    assert reason in finding.text
    with pytest.raises(CityFolderError, match=r"city\.toml"):
        read_city(city)


def _edit(city, name, old, new):
    text = (city / name).read_text(encoding="utf-8")
    assert old in text
    (city / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_edit_is_accepted_once_it_is_sound_and_changes_the_hash(city):
    before = read_city(city).content_hash
    _edit(city, "forces.csv", "巡特001", "泰山001")
    assert check_city(city)
    assert accept_edits(city) == []
    assert read_city(city).content_hash != before
    assert read_city(city).units[0].call_sign == "泰山001"


def test_sites_put_into_a_city_without_any_become_part_of_it_once_they_are_sound(city):
    before, text = read_city(city).content_hash, (city / "city.toml").read_text(encoding="utf-8")
    sites = city / "sites.csv"
    sites.write_text("nonsense", encoding="utf-8")
    assert [finding.file for finding in accept_edits(city)] == ["sites.csv"]
    assert (city / "city.toml").read_text(encoding="utf-8") == text
    sites.write_bytes(pack_sites((Site("S1", "school", "小学", 22.501, 114.001, 1),)))
    assert accept_edits(city) == []
    assert [site.site_id for site in read_sites(city)] == ["S1"]
    assert read_city(city).content_hash == before
    assert "\n[" in (city / "city.toml").read_text(encoding="utf-8").split('"sites.csv"')[1]


def test_a_changed_target_needs_no_acceptance_and_changes_the_hash(city):
    before = read_city(city).content_hash
    _edit(city, "city.toml", "sign_s = 30", "sign_s = 45")
    assert check_city(city) == []
    assert read_city(city).targets.sign_s == 45
    assert read_city(city).content_hash != before


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("forces.csv", ",22.5", ",22.6", "is not on its road"),
        ("forces.csv", "早班,8,16,SS01", "早班,8,16,SS99", "has no post"),
        ("forces.csv", "早班,8,16,", "早班,8,8,", "ends when it starts"),
        ("forces.csv", "ORG-SWAT,ORG-110", "ORG-SWAT,ORG-X", "unknown operational parent"),
        ("forces.csv", "post,SS01", "post,PS01", "the id PS01 is used 2 times"),
        ("forces.csv", "巡特002", "巡特001", "call sign 巡特001 is used 2 times"),
        ("types.csv", "010102", "010101", "used twice"),
        ("types.csv", "name_cn", "title", "lacks the columns name_cn"),
        ("types.csv", ",A1,3,general,dispatch,120", ",Z9,3,general,dispatch,120", "plan 'Z9' is"),
        ("types.csv", "3,general,dispatch,120", "3,moon,dispatch,120", "seat 'moon' is none of"),
        ("types.csv", "3,general,dispatch,120", "3,general,fly,120", "route 'fly' is none of"),
        ("types.csv", "general,dispatch,120", "general,dispatch,911", "agencies '911' is none of"),
        ("types.csv", "1,A1,3,general", "1,A1,many,general", "line 2 cannot be read"),
        ("forces.csv", "road density,1", "road density,yes", "has_gps 'yes' is neither"),
        ("areas.geojson", '"id":"J01"', '"id":"C-suburban"', "is used 2 times"),
        ("areas.geojson", '"area_class":"suburban"', '"area_class":"moon"', "not among"),
        ("areas.geojson", "MultiPolygon", "Point", "is no area"),
        ("areas.geojson", '"features"', '"things"', "no GeoJSON"),
    ],
)
def test_check_names_each_fault_in_the_files(name, old, new, reason, city):
    _edit(city, name, old, new)
    faults = [finding.text for finding in accept_edits(city) if finding.file == name]
    assert any(reason in fault for fault in faults)


def test_a_post_on_an_arc_that_is_not_there_is_found(city):
    arc = read_city(city).posts[0].arc
    _edit(city, "forces.csv", f",{arc},500000", ",999999,500000")
    assert any("is on no road" in finding.text for finding in accept_edits(city))


def test_a_city_is_replaced_only_when_asked(city, source):
    before = read_city(city).content_hash
    with pytest.raises(CityFolderError, match="--replace"):
        _import(source, city, seed=9)
    assert read_city(city).content_hash == before
    _import(source, city, seed=9, is_replacing=True)
    assert read_city(city).content_hash != before
    assert [item.name for item in city.parent.iterdir()] == [city.name]


def test_a_folder_that_is_no_city_is_left_alone(source, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"x")
    with pytest.raises(CityFolderError, match="is not empty and no city"):
        _import(source, tmp_path / "photos", is_replacing=True)
    with pytest.raises(CityFolderError, match="is a file"):
        _import(source, tmp_path / "photos" / "one.jpg")
    (tmp_path / "empty").mkdir()
    _import(source, tmp_path / "empty")
    assert check_city(tmp_path / "empty") == []


def test_a_failed_import_leaves_the_old_city_and_no_draft(city, source, tmp_path):
    before = read_city(city).content_hash
    cut = tmp_path / "cut.graphml"
    cut.write_bytes(source.read_bytes()[:-30])
    with pytest.raises(ValueError, match="not whole GraphML"):
        _import(cut, city, is_replacing=True)
    assert read_city(city).content_hash == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["cut.graphml", city.name]


def test_a_place_below_a_file_or_below_nothing_is_refused(source, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CityFolderError, match="its parent is a file"):
        _import(source, tmp_path / "file" / "town")
    with pytest.raises(CityFolderError, match="does not exist: create it first"):
        _import(source, tmp_path / "none" / "town")


def test_a_read_only_place_is_refused_in_one_sentence(source, tmp_path):
    # Nobody, root included, makes folders in the kernel's own tree; elsewhere a mode does it.
    place = Path("/sys/kernel") if os.geteuid() == 0 else tmp_path / "locked"
    if os.geteuid() != 0:
        place.mkdir(mode=0o500)
    elif not place.is_dir():
        pytest.skip("root can write everywhere on a system without /sys/kernel")
    with pytest.raises(CityFolderError, match="read-only or belongs to someone else"):
        _import(source, place / "kuaifan-town")


def test_a_device_without_room_is_told_as_a_full_disk():
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(CityFolderError, match="the disk is full"):
        write_file(Path("/dev/full"), b"x")


LIMITED = """
import resource, sys
from pathlib import Path
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.sites_file import Site, pack_sites
from kuaifan.city.whole_folder import CityFolderError
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    import_city(Path(sys.argv[1]), Path(sys.argv[2]), ImportOptions(is_replacing=True),
                progress=lambda _: None)
except CityFolderError as error:
    print(error)
    sys.exit(2)
"""


def test_a_disk_that_fills_in_the_middle_leaves_the_old_city_whole(city, source):
    before = read_city(city).content_hash
    run = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-B", "-c", LIMITED, str(source), str(city)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (run.returncode, run.stderr) == (2, "")
    assert "the disk is full" in run.stdout
    assert read_city(city).content_hash == before
    assert [item.name for item in city.parent.iterdir()] == [city.name]


def test_an_error_inside_leaves_no_folder_at_all(tmp_path):
    def fail_half_way():
        with written_whole(tmp_path / "town") as draft:
            write_file(draft / "a", b"x")
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert list(tmp_path.iterdir()) == []
