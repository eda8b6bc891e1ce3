"""What a run is told: the policy for all desks as its first input, and where the time goes."""

import json

import pytest
from small_town import make_town

from kuaifan.app.rules import core_codec
from kuaifan.app.twin_demand import draw_source
from kuaifan.app.twin_run import RunOptions, run_twin
from kuaifan.city.folder import read_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.incident import RecommendationMade

MONDAY_MS = 1_767_542_400_000


@pytest.fixture(name="city", scope="module")
def fixture_city(tmp_path_factory):
    return read_city(make_town(tmp_path_factory.mktemp("town")).city)


@pytest.fixture(name="source", scope="module")
def fixture_source(city):
    return draw_source(city, start_ms=MONDAY_MS, n_days=1, handled_per_day=30.0, seed=4)


def _run(city, source, out, **options):
    said = []
    summary = run_twin(
        city, source, out, RunOptions(**options), progress=lambda *counts: said.append(counts)
    )
    with LogReader(out / "log.db", core_codec()) as reader:
        return summary, list(reader.read_records())


@pytest.mark.parametrize("policy", ["nearest", "station_first"])
def test_another_policy_is_put_in_force_by_the_commander_before_anything_else(
    city, source, tmp_path, policy
):
    summary, records = _run(city, source, tmp_path / "out", policy=policy)
    first = records[1].command
    assert isinstance(first, UsePolicy)
    assert (first.policy, first.approved_by, first.desk_id) == (policy, "sim:commander", "")
    made = [e for r in records for e in r.events if isinstance(e, RecommendationMade)]
    assert {event.policy for event in made} == {policy}
    assert summary.policy == policy
    assert (summary.figures.n_open, summary.figures.n_unexplained) == (0, 0)


def test_the_citys_own_policy_needs_no_order(city, source, tmp_path):
    summary, records = _run(city, source, tmp_path / "own")
    assert not any(isinstance(record.command, UsePolicy) for record in records)
    named, _ = _run(city, source, tmp_path / "named", policy=summary.policy)
    assert named.content_hash == summary.content_hash


def test_an_unknown_policy_is_refused_by_name(city, source, tmp_path):
    with pytest.raises(BadInputError, match=r"choose one of patrol_first, .*, mixed"):
        _run(city, source, tmp_path / "out", policy="best")


def test_a_profile_says_where_the_time_goes_and_decides_nothing(city, source, tmp_path):
    plain, _ = _run(city, source, tmp_path / "plain")
    profiled, _ = _run(city, source, tmp_path / "profiled", with_profile=True)
    assert profiled.content_hash == plain.content_hash
    assert profiled.parts_s["kuaifan.kernel"] > 0
    assert plain.parts_s == {}
    text = (tmp_path / "profiled" / "profile.txt").read_text()
    assert "kuaifan.board" in text
    assert "cumtime" in text
    written = json.loads((tmp_path / "profiled" / "summary.json").read_bytes())
    assert written["parts_s"] == profiled.parts_s
    assert not (tmp_path / "plain" / "profile.txt").exists()


def test_more_calls_that_ring_leave_the_handled_ones_as_they_were(city):
    drawn = [
        draw_source(
            city,
            start_ms=MONDAY_MS,
            n_days=1,
            handled_per_day=30.0,
            raw_per_handled=raw,
            seed=4,
        ).sim_calls
        for raw in (1.0, 4.1)
    ]
    alone, among = ([c for c in calls if c.kind == "effective"] for calls in drawn)
    assert [(c.at_ms, c.type_code) for c in alone] == [(c.at_ms, c.type_code) for c in among]
    assert len(drawn[0]) == len(alone) < len(drawn[1])
