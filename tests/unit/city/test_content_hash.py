"""A city keeps its hash under every later build, until somebody changes what it decides."""

import hashlib
import json
import tomllib

import msgspec
import pytest

from kuaifan.city import content_hash
from kuaifan.city.city import CityMeta
from kuaifan.city.city_toml import TARGETS, CityToml, make_city_toml, pack_city_toml
from kuaifan.city.clocks import CityClocks
from kuaifan.city.content_hash import DECIDING_FILES, hash_as_before, hash_content
from kuaifan.city.desks import WHOLE_CITY, CityDesk

META = CityMeta(
    name="Testville",
    centre_lat=22.5,
    centre_lon=114.0,
    time_zone="Asia/Shanghai",
    source="town.graphml",
    source_sha256="0" * 64,
    source_datum="wgs84",
    seed=1,
    attribution="none",
    area_classes=("urban",),
    rings_min=(1.0, 3.0, 5.0),
    desks=(WHOLE_CITY, CityDesk("c1", "清源县指挥席", "county", ("C1",))),
    retention_days={"voice": 730, "audit": 180},
)
OLD_FOLDER = """\
format = 1
name = "Testville"
centre_lat = 22.5
centre_lon = 114.0
time_zone = "Asia/Shanghai"
area_classes = ["urban"]
rings_min = [1.0, 3.0, 5.0]
desks = ["city"]

[source]
file = "town.graphml"
sha256 = "{zeros}"
datum = "wgs84"
seed = 1
attribution = "none"

[response_targets_s]
core = [300, 300, 600, 1800, 1800]
urban = [300, 300, 600, 1800, 1800]
suburban = [600, 600, 1200, 3600, 3600]
rural = [1200, 1200, 1800, 7200, 7200]

[desk_targets]
first_order_s = [30, 60, 180, 600, 600]
answer_s = 10
answer_share = 0.9
sign_s = 30
feedback_s = 1800
undo_s = 10

[retention_days]
voice = 730
audit = 180

[files]
"roads.kfr" = "{zeros}"
"forces.csv" = "{ones}"
"types.csv" = "{twos}"
"areas.geojson" = "{threes}"
"features.json.gz" = "{fours}"

[import_report]
n_ways = 7
""".format(
    **{name: str(i) * 64 for i, name in enumerate(("zeros", "ones", "twos", "threes", "fours"))}
)
FILES = {name: str(i) * 64 for i, name in enumerate((*DECIDING_FILES, "features.json.gz"))}
OF_AN_OLD_FOLDER = "9bc4471e"
FORMER_OF_AN_OLD_FOLDER = "2317458b"


@pytest.fixture(name="settings")
def fixture_settings():
    return make_city_toml(META, TARGETS, FILES, {"n_ways": 7})


@pytest.fixture(name="text")
def fixture_text(settings):
    return pack_city_toml(settings).decode()


def hashed(text):
    return hash_content(text.encode())


def test_the_hash_is_that_of_the_written_settings_and_nothing_of_this_build(text):
    written = tomllib.loads(text)
    del written["import_report"]
    del written["desk_targets"]["undo_s"]
    written["files"] = {name: FILES[name] for name in DECIDING_FILES}
    canonical = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashed(text) == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_setting_left_out_of_an_old_folder_is_not_put_in_by_the_build(text):
    assert "undo_s = 10\n" in text
    assert hashed(text.replace("undo_s = 10\n", "")) == hashed(text)
    assert hashed(text.replace("undo_s = 10\n", "undo_s = 15\n")) != hashed(text)


def test_a_build_with_more_optional_settings_reads_an_old_folder_with_its_old_hash():
    later = msgspec.defstruct("Later", [("siren", str, "on")], bases=(CityToml,), frozen=True)
    read = msgspec.convert(tomllib.loads(OLD_FOLDER), later, strict=True)
    assert read.siren == "on"
    # Desks as tables and clocks came after it was made.
    assert (read.desks, read.clocks) == (("city",), CityClocks())
    # The hash is taken of the bytes of the folder: there is no struct for it to depend on.
    assert not hasattr(read, "content_hash")
    assert not [name for name in vars(content_hash) if name == "CityToml"]
    assert hashed(OLD_FOLDER).startswith(OF_AN_OLD_FOLDER)


def test_desks_and_clocks_are_part_of_the_city(text):
    assert hashed(text.replace("清源县", "清河县")) != hashed(text)
    assert hashed(text.replace("take_grace_s = 20", "take_grace_s = 25")) != hashed(text)


@pytest.mark.parametrize("name", DECIDING_FILES)
def test_another_deciding_file_is_another_city(text, name):
    assert hashed(text.replace(FILES[name], "f" * 64)) != hashed(text)


def test_a_map_drawn_anew_a_report_and_the_order_of_lines_change_nothing(text):
    redrawn = text.replace(FILES["features.json.gz"], "f" * 64).replace("n_ways = 7", "n_ways = 8")
    swapped = redrawn.replace("voice = 730\naudit = 180", "# longer\naudit = 180\nvoice = 730")
    assert len({text, redrawn, swapped}) == 3
    assert hashed(redrawn) == hashed(swapped) == hashed(text)


def test_the_former_hash_is_the_one_that_older_logs_hold(text):
    """As it was computed until format 1 of a log; no such log can be of a folder with clocks."""
    former = hash_as_before(OLD_FOLDER.encode())
    assert former.startswith(FORMER_OF_AN_OLD_FOLDER)
    assert former != hashed(OLD_FOLDER)
    assert hash_as_before(OLD_FOLDER.replace("undo_s = 10\n", "").encode()) == former
    assert hash_as_before(b'siren = "on"\n' + OLD_FOLDER.encode()) == ""
    assert hash_as_before(text.encode()) == ""
