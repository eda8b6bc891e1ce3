"""Twins under a plan in use: `mixed` prices a unit by the calls that the plan expects."""

import msgspec
import pytest

from kuaifan.app.plan_adopted import plan_of
from kuaifan.app.plan_in_use import FILE, PlanInUse
from kuaifan.app.plan_sources import CONSTANT, find_plan
from kuaifan.app.planner_problem import by_hand, make_ground, make_solution
from kuaifan.app.planner_twin import try_days
from kuaifan.app.reference import make_reference
from kuaifan.app.replay import Replay
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.app.twin_compare import CompareOptions, compare, comparison_lines
from kuaifan.app.twin_demand import draw_source
from kuaifan.app.twin_run import RunOptions, run_twin
from kuaifan.board.settings import UNCHANGED
from kuaifan.city.folder import read_city, read_demand
from kuaifan.city.invent import invent_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.scenario import BY_HAND, Draft, Scenario, SitePost, TwinAsk
from kuaifan.twin.variants import read_variant

MONDAY_MS = 1_767_542_400_000
PER_DAY = 260.0
VARIANTS = tuple(read_variant(each) for each in ("mixed", "mixed:lost=45"))


@pytest.fixture(name="city", scope="module")
def fixture_city(tmp_path_factory):
    path = tmp_path_factory.mktemp("invented") / "city"
    invent_city(path, seed=7, size="small", progress=lambda _: None)
    return read_city(path)


def compared(city, plan):
    options = CompareOptions(
        n_replications=2, n_days=1, start_ms=MONDAY_MS, handled_per_day=PER_DAY, plan=plan
    )
    return compare(city, VARIANTS, None, options, lambda _: None)


def test_policies_are_compared_by_the_plan_in_use_and_it_is_said(city):
    constant = compared(city, None)
    assert constant.expects == CONSTANT
    # Without a plan `mixed` is its constant, with one it is not.
    assert constant.variants[0].means == constant.variants[1].means
    assert any(CONSTANT in line for line in comparison_lines(constant))
    in_use = city.path / "plans" / FILE
    in_use.parent.mkdir(exist_ok=True)
    own = find_plan("own", city)
    in_use.write_bytes(msgspec.json.encode(PlanInUse(plan_id="F1", used_at_ms=1, plan=own)))
    known = compared(city, find_plan("", city))
    in_use.unlink()
    assert known.expects == own.name
    assert known.variants[0].means != known.variants[1].means
    assert any(own.name in line for line in comparison_lines(known))


def test_a_run_adopts_the_plan_first_and_its_log_replays(city, tmp_path):
    source = draw_source(
        city, start_ms=MONDAY_MS, n_days=1, handled_per_day=40.0, raw_per_handled=1.0, seed=4
    )
    own = find_plan("own", city)
    options = RunOptions(policy="mixed", plan=own, until_ms=MONDAY_MS + 6 * 3_600_000)
    summary = run_twin(city, source, tmp_path / "out", options, progress=lambda *_: None)
    assert summary.expects == own.name
    plain = msgspec.structs.replace(options, plan=None)
    other = run_twin(city, source, tmp_path / "plain", plain, progress=lambda *_: None)
    assert (other.expects, other.content_hash == summary.content_hash) == (CONSTANT, False)
    assert Replay(tmp_path / "out" / "log.db", make_reference(city)).run().identical
    off = msgspec.structs.replace(own.posts[0], lat=own.posts[0].lat + 1)
    refused = msgspec.structs.replace(
        options, plan=msgspec.structs.replace(own, posts=(off, *own.posts[1:]))
    )
    with pytest.raises(BadInputError, match="from any street"):
        run_twin(city, source, tmp_path / "off", refused, progress=lambda *_: None)
    assert not (tmp_path / "off").exists()


def test_a_scenario_is_tried_with_the_calls_that_its_own_posts_expect(city):
    reference = make_reference(city)
    posts = tuple(
        SitePost(site_id=p.post_id, kind=p.kind, name=p.name, lat=p.lat, lon=p.lon)
        for p in reference.circle_posts
    )
    files = ScenarioFiles(city.path)
    scenario = Scenario(
        draft=Draft(name="as they stand", model=BY_HAND),
        city_hash="c",
        map_hash="m",
        demand_hash="d",
        posts=posts,
        drawn_at_ms=1,
    )
    key = files.add(scenario, UNCHANGED)
    ground = make_ground(scenario, reference, read_demand(city.path))
    solved = by_hand(scenario, ground)
    files.put_solution(
        key, make_solution(scenario, ground, solved, reference, seconds=0.0, is_stopped=False)
    )
    assert plan_of(scenario, files.find_solution(key)).posts == find_plan("own", city).posts
    found = [
        try_days(
            files,
            scenario,
            city.path,
            TwinAsk(n_days=2, policy=policy, per_day=PER_DAY),
            go_on=lambda: True,
            tell=lambda _: None,
        )
        for policy in ("mixed", "mixed:lost=45")
    ]
    assert {each.plan for each in found} == {"as they stand"}
    assert found[0].calls_hash == found[1].calls_hash
    assert found[0].days != found[1].days
