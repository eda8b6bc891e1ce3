"""`bench match` on a small made track: what it prints, and what it says of broken files."""

import gzip
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kuaifan.app.bench_city import make_bench_reference
from kuaifan.app.bench_match import bench_match
from kuaifan.app.bench_travel import N_STREETS
from kuaifan.app.cli import app
from kuaifan.app.track_files import read_tracks
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.ride import Ride
from kuaifan.roads.travel import RoadPosition

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
NOISE_DEG = 3 / 111_195


@pytest.fixture(scope="module")
def tracks(tmp_path_factory):
    """One ride over the bench's own grid, a fix each ten seconds, as the two files."""
    reference = make_bench_reference(n_streets=N_STREETS, n_units=1)
    network, rng = reference.network, np.random.default_rng(1)
    path = reference.travel.path(RoadPosition(500, 500_000), RoadPosition(9_000, 500_000))
    ride = Ride(reference.snapper.lines, path)
    at_ms = np.arange(0, ride.travel_ms, 10_000)
    places, noise = ride.places_at(at_ms), rng.normal(0, NOISE_DEG, (2, len(at_ms)))
    assert len(at_ms) > 20
    assert network.n_arcs > 9_000
    folder = tmp_path_factory.mktemp("tracks")
    for name, lat, lon in (
        ("input", places.lat + noise[0], places.lon + noise[1]),
        ("output", places.lat, places.lon),
    ):
        rows = zip((at_ms // 1000).tolist(), lat.tolist(), lon.tolist(), strict=True)
        lines = [f"{at_s} {a:.8f} {b:.8f} 7\n" for at_s, a, b in rows]
        text = "".join([*lines, "-1\n"]).encode()
        (folder / f"made_{name}.txt.gz").write_bytes(gzip.compress(text))
    return folder


def test_a_made_track_is_matched_back(tracks, capsys):
    with pytest.raises(SystemExit) as ended:
        app(["bench", "match", "--tracks", str(tracks)])
    assert ended.value.code == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["tracks"] == 1
    assert figures["points"] > 20
    for form in ("online", "batch"):
        assert figures[form]["within_10m_share"] >= 0.95
        assert figures[form]["jumps"] == figures[form]["off_road"] == 0
        assert figures[form]["ms_per_fix_p99"] >= figures[form]["ms_per_fix_p50"] > 0


def test_five_hundred_units_at_once_are_matched_as_one_is(tracks):
    figures = bench_match(None, tracks)
    assert figures.live.units == 500
    assert figures.live.fixes == 500 * figures.points
    assert figures.live.doubted == 0
    assert 0 < figures.live.ms_per_fix_p50 <= figures.live.ms_per_fix_p99
    assert figures.live.ms_per_batch_p99 >= figures.live.ms_per_fix_p99


def test_a_file_gives_what_its_folder_gives(tracks):
    from_file = read_tracks(tracks / "made_input.txt.gz")
    assert from_file == read_tracks(tracks)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x_input.txt", "1 2 x 3", "something else than numbers"),
        ("x_input.txt", "1 2 3", "line 1: a fix is"),
        ("x_input.txt", "-1", "holds no fix"),
        ("x_input.txt", "1 2 3 4\n-1", "has 1 lines for 2"),
        ("x_input.txt.gz", "not packed", "cannot be read"),
        ("x.csv", "1 2 3 4", "has no tracks"),
    ],
)
def test_a_broken_track_gets_a_sentence(tmp_path, name, text, words):
    (tmp_path / name).write_text(text, encoding="utf-8")
    other = text.split("\n", maxsplit=1)[0]
    matches = name.replace("input", "output")
    if matches != name:
        (tmp_path / matches).write_text(other, encoding="utf-8")
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(BadInputError, match=words):
            read_tracks(path, with_matches=True)


def test_no_tracks_and_no_matches_get_a_sentence(tmp_path):
    with pytest.raises(BadInputError, match="has no tracks"):
        read_tracks(tmp_path / "nowhere_input.txt")
    (tmp_path / "x_input.txt").write_text("1 2 3 4", encoding="utf-8")
    with pytest.raises(BadInputError, match="cannot be read"):
        read_tracks(tmp_path, with_matches=True)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not here")
def test_recorded_taxis_lie_where_they_were_matched():
    figures = bench_match(SHARED / "roads" / "porto_portugal.osm.pbf", SHARED / "tracks")
    assert (figures.tracks, figures.points) == (200, 10_457)
    shares = [
        figures.nearest_within_10m_share,
        figures.online.within_10m_share,
        figures.batch.within_10m_share,
    ]
    assert shares == sorted(shares)
    assert min(shares[1:]) >= 0.93
    assert msgspec.json.encode(figures)
