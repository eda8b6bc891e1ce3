"""The planner beside the desk: frozen scenarios, what a restart says, models by their fields."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pytest
from toy_city import toy_reference

from kuaifan.app.plan_adopted import plan_of
from kuaifan.app.planner import Planner
from kuaifan.app.planner_models import Asked, _offer, find_offer, list_models, solver_of
from kuaifan.app.planner_problem import by_hand, drawn_posts, make_ground, make_solution, pose
from kuaifan.app.planner_stands import stands_for
from kuaifan.app.planner_words import in_chinese
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.settings import Settings
from kuaifan.city.demand_file import PLACE_CLASSES, Demand
from kuaifan.plan.scenario import (
    Draft,
    Job,
    Scenario,
    ScenarioError,
    SitePost,
    TwinAsk,
    check_draft,
    content_hash,
)
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.trial import TrialDay, TwinFigures
from kuaifan.vocabulary.plan import ProposePlan, UnitStand
from kuaifan.web.adopting import check_comparison
from kuaifan.web.problems import Problem

CIRCLES = toy_reference().circle_posts
POSTS = tuple(
    SitePost(site_id=p.post_id, kind=p.kind, name=p.name, lat=p.lat, lon=p.lon) for p in CIRCLES
)


class ToyDesk:
    """What a planner sees of a desk that nobody works at."""

    reference, settings, plans = toy_reference(), Settings(), PlanPapers()

    def read_since(self, since_ms, _each):
        return since_ms


@pytest.fixture
def planner(tmp_path):
    return Planner(tmp_path, ToyDesk(), n_waiting=lambda: 0, clock_ms=lambda: 1_000, zone=None)


def scenario(**fields):
    draft = Draft(**{"name": "s", "model": "by_hand", "n_candidates": 10, **fields})
    return Scenario(
        draft=draft, city_hash="c", map_hash="m", demand_hash="d", posts=POSTS, drawn_at_ms=1
    )


def toy_demand(weight=1.0):
    lat = np.array([post.lat for post in CIRCLES])
    lon = np.array([post.lon for post in CIRCLES])
    n, k = len(lat), len(PLACE_CLASSES)
    return Demand(
        cell_m=500.0,
        lat=lat,
        lon=lon,
        population=np.ones(n, np.float32),
        weekly=np.full((n, k), weight, np.float32),
        shape=np.full((k, 168), 1 / 168, np.float32),
        variance_to_mean=2.4,
        effective_share=0.25,
    )


def test_a_scenario_is_called_by_its_hash_and_a_changed_file_is_no_scenario(tmp_path):
    files = ScenarioFiles(tmp_path)
    key = files.add(scenario(), Settings())
    assert files.get(key) == scenario()
    path = tmp_path / "plans" / key / "scenario.json"
    path.write_bytes(path.read_bytes().replace(b'"by_hand"', b'"p_median"'))
    with pytest.raises(ScenarioError, match="was changed") as caught:
        files.get(key)
    assert "改动" in caught.value.zh
    path.write_bytes(b"{")
    with pytest.raises(ScenarioError, match="damaged"):
        files.get(key)
    with pytest.raises(ScenarioError, match="no scenario"):
        files.get("../../etc")


def test_what_ran_when_the_desk_ended_is_said_to_be_unfinished(tmp_path, planner):
    key = planner.draw(Draft(name="one", model="by_hand"))
    files = ScenarioFiles(tmp_path)
    files.put_job(key, Job(kind="twin", state="running", asked_at_ms=1, ask=TwinAsk(n_days=3)))
    planner.start()
    planner.stop()
    job = planner.find_job(key)
    assert job.state == "unfinished"
    assert "中断" in job.said_zh


def test_a_run_is_refused_in_words_where_there_is_nothing_to_run(planner):
    key = planner.draw(Draft(name="one", model="by_hand"))
    for act in (
        lambda: planner.run(key, "twin", TwinAsk()),
        lambda: planner.end(key),
        lambda: planner.compare(key, key),
        lambda: planner.proposal(key, key),
        lambda: planner.run("0" * 12, "solve"),
    ):
        with pytest.raises(ScenarioError) as caught:
            act()
        assert caught.value.zh
        assert caught.value.en
    assert planner.ledger() is None


def test_a_run_waits_while_the_desk_is_pressed(tmp_path):
    pressed = Planner(tmp_path, ToyDesk(), n_waiting=lambda: 1_000, clock_ms=lambda: 1, zone=None)
    key = pressed.draw(Draft(name="one", model="by_hand"))
    with pytest.raises(ScenarioError, match="first"):
        pressed.run(key, "solve")


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(name=" "), "no_name"),
        (Draft(name="a", locked=("SB-N",), forbidden=("SB-N",)), "locked_and_forbidden"),
        (Draft(name="a", n_posts=1, locked=("SB-N", "SB-S")), "too_many_locked"),
        (Draft(name="a", drawn=(POSTS[0], POSTS[0])), "drawn_twice"),
    ],
)
def test_an_absurd_draft_is_refused_before_any_solver(draft, code):
    with pytest.raises(ScenarioError) as caught:
        check_draft(draft, POSTS)
    assert caught.value.code == code


def test_models_are_offered_by_what_they_ask_for():
    offers = {offer.model: offer for offer in list_models()}
    assert {"by_hand", "p_median", "mclp", "lscp", "p_center"} <= offers.keys()
    assert "hypercube" not in offers
    assert offers["mclp"].uses_reach
    assert not offers["lscp"].uses_n_posts
    with pytest.raises(ScenarioError, match="p_median"):
        find_offer("nope")


def tried(tmp_path, planner, name, *, policy="", plan="", **fields):
    """A scenario that was solved and tried, as its run leaves it."""
    key = planner.draw(Draft(name=name, model="by_hand", **fields))
    files, reference = ScenarioFiles(tmp_path), toy_reference()
    asked = files.get(key)
    ground = make_ground(asked, reference, toy_demand())
    solved = by_hand(asked, ground)
    files.put_solution(
        key, make_solution(asked, ground, solved, reference, seconds=0.1, is_stopped=False)
    )
    none = dict.fromkeys(("call_s", "response_s", "hour", "cell", "priority"), (60, 90))
    day = TrialDay(
        **none,
        is_late=(False, False),
        circle=(0, 0),
        way_s=(30, 30),
        n_incidents=2,
        n_unattended=0,
        lost_min=1.0,
        n_orders={},
        busy_s={},
    )
    figures = TwinFigures(
        scenario_hash=content_hash(asked),
        ask=TwinAsk(n_days=2, policy=policy),
        calls_hash="same",
        post_ids=tuple(post.site_id for post in POSTS),
        days=(day, day),
        seconds=1.0,
        plan=plan,
    )
    files.put_twin(key, figures)
    return key


def proposed(planner, old, new):
    plan, plan_hash, comparison = planner.proposal(old, new)
    return ProposePlan(
        person="a", reason="b", plan=plan, plan_hash=plan_hash, comparison=comparison
    )


def test_a_plan_is_proposed_only_on_a_comparison_that_this_desk_made_for_it(tmp_path, planner):
    now = tried(tmp_path, planner, "now")
    new = tried(tmp_path, planner, "new", forbidden=("SB-S",))
    honest = proposed(planner, now, new)
    over_the_wire = msgspec.json.decode(msgspec.json.encode(honest), type=ProposePlan)
    asyncio.run(check_comparison(planner, None, over_the_wire))
    better = msgspec.structs.replace(honest.comparison, difference=-90.0)
    other_plan = proposed(planner, now, now).plan_hash
    for fields in ({"comparison": better}, {"plan_hash": other_plan}):
        with pytest.raises(Problem, match="never made") as caught:
            asyncio.run(check_comparison(planner, None, msgspec.structs.replace(honest, **fields)))
        assert caught.value.code == "unknown_comparison"
    # What comes with none at all is for the rules to refuse.
    asyncio.run(check_comparison(planner, None, msgspec.structs.replace(honest, comparison=None)))
    assert set(planner.ids()) == {now, new}


def test_how_many_days_were_tried_is_that_of_the_file_there_now(tmp_path, planner):
    key, files = tried(tmp_path, planner, "now"), ScenarioFiles(tmp_path)
    assert [planner.n_days(key), planner.n_days(key)] == [2, 2]
    twin = files.find_twin(key)
    files.put_twin(key, msgspec.structs.replace(twin, days=twin.days * 3))
    assert planner.n_days(key) == 6
    assert planner.n_days("../../etc") == 0


def test_a_plan_is_held_against_what_holds_now_and_all_else_alike(tmp_path, planner):
    now = tried(tmp_path, planner, "now")
    new = tried(tmp_path, planner, "new", forbidden=("SB-S",))
    other = tried(tmp_path, planner, "other", forbidden=("SB-N",))
    nearest = tried(tmp_path, planner, "nearest", forbidden=("SB-S",), policy="nearest")
    newer = tried(tmp_path, planner, "newer", forbidden=("SB-S",), plan="newer")
    for old, asked, code in (
        (other, new, "not_what_holds"),
        (now, nearest, "other_policy"),
        (now, newer, "other_demand"),
    ):
        with pytest.raises(ScenarioError) as caught:
            planner.proposal(old, asked)
        assert caught.value.code == code


@dataclass(frozen=True, kw_only=True)
class Busy:
    """A problem of somebody's own model, with a number that a planner has to give."""

    cost: object
    weight: object
    n_open: int
    busy: float


def solve_busy(problem: Busy, **_options):
    return problem


def test_a_model_nobody_has_heard_of_is_asked_by_its_own_fields(monkeypatch):
    declared = {"title": "忙率", "solve": solve_busy}
    offer = _offer("busy", declared)
    assert offer.asks == ("busy",)

    class Plugin:
        plugin_id, declaration = "busy", declared

    monkeypatch.setattr("kuaifan.app.planner_models.find_plugins", lambda _kind: [Plugin])
    asked = Asked(
        cost=np.ones((2, 3)),
        weight=np.ones(3),
        n_open=1,
        locked=(),
        forbidden=(),
        reach_s=60.0,
        rings_s=(60.0,),
        parameters={"busy": 0.4},
    )
    posed = solver_of("busy", asked)()
    assert (posed.n_open, posed.busy) == (1, 0.4)
    for name in ("n_open", "weight", "magic"):
        wrong = replace(asked, parameters={"busy": 0.4, name: 1.0})
        with pytest.raises(ScenarioError, match=f"no parameter '{name}'; it takes: busy"):
            solver_of("busy", wrong)


def test_calls_of_the_quietest_squares_are_said_to_be_left_out(monkeypatch):
    asked, reference, demand = scenario(), toy_reference(), toy_demand()
    assert make_ground(asked, reference, demand).left_out == 0
    monkeypatch.setattr("kuaifan.app.planner_problem.MAX_DEMANDS", 1)
    ground = make_ground(asked, reference, demand)
    assert ground.left_out == pytest.approx(demand.incidents_per_day - ground.per_day.sum())
    assert ground.left_out > 0
    solution = make_solution(
        asked, ground, by_hand(asked, ground), reference, seconds=0.1, is_stopped=False
    )
    assert solution.left_out == round(ground.left_out, 4)


def test_posts_as_drawn_are_measured_and_make_a_plan_that_can_be_adopted():
    lat, lon = POSTS[1].lat, POSTS[1].lon
    moved = msgspec.structs.replace(POSTS[0], lat=lat, lon=lon)
    asked = scenario(drawn=(moved,), forbidden=("SB-S",))
    assert drawn_posts(asked)[0] == moved
    reference = toy_reference()
    ground = make_ground(asked, reference, toy_demand())
    solution = make_solution(
        asked, ground, by_hand(asked, ground), reference, seconds=0.1, is_stopped=False
    )
    assert [site.site_id for site in solution.sites] == ["KS-M", "SB-N"]
    assert solution.given_up == ("SB-S",)
    assert solution.rings[-1].share == 1.0
    plan = plan_of(asked, solution)
    assert {stand.post_id for stand in plan.stands} == {"KS-M", "SB-N"}


def test_posts_as_they_are_keep_their_units_even_where_one_has_none():
    reference = toy_reference()
    now = [(post.post_id, post.lat, post.lon) for post in CIRCLES]
    homes = dict.fromkeys(("SB-S",), "SB-N")
    units = {
        unit_id: msgspec.structs.replace(
            unit, home_post_id=homes.get(unit.home_post_id, unit.home_post_id)
        )
        for unit_id, unit in reference.units.items()
    }
    bare = reference.under(units=units)
    stands, n_units = stands_for(bare, now)
    assert "SB-S" not in n_units
    assert all(bare.units[each.unit_id].home_post_id == each.post_id for each in stands)


def test_what_cannot_be_solved_is_said_in_words():
    reference = toy_reference()
    with pytest.raises(ScenarioError, match="plan demand"):
        make_ground(scenario(), reference, None)
    with pytest.raises(ScenarioError, match="no demand"):
        make_ground(scenario(), reference, toy_demand(0.0))
    off = msgspec.structs.replace(POSTS[0], lat=POSTS[0].lat + 1)
    with pytest.raises(ScenarioError, match="from any street"):
        make_ground(scenario(drawn=(off,)), reference, toy_demand())
    ground = make_ground(scenario(), reference, toy_demand())
    with pytest.raises(ScenarioError, match="no site"):
        pose(scenario(locked=("X9",)), ground, (60.0,))
    gone = scenario(forbidden=tuple(post.site_id for post in POSTS))
    with pytest.raises(ScenarioError, match="no post is left"):
        by_hand(gone, ground)
    wants = scenario(model="p_median", n_posts=99)
    with pytest.raises(ProblemError) as caught:
        solver_of("p_median", pose(wants, ground, (60.0,)))()
    assert "只有" in in_chinese(str(caught.value))
    assert "boom" in in_chinese("boom")


def test_units_of_a_post_given_up_move_together_and_a_new_post_is_manned():
    reference = toy_reference()
    north = next(post for post in CIRCLES if post.post_id == "SB-N")
    stands, n_units = stands_for(
        reference, [("SB-N", north.lat, north.lon), ("NEW", north.lat, north.lon + 0.01)]
    )
    homes = {stand.unit_id: stand.post_id for stand in stands}
    assert homes["P2"] == "SB-N"
    assert homes["P3"] == homes["T2"]
    assert set(n_units) == {"SB-N", "NEW"}
    assert "S1" not in homes
    assert stands == tuple(UnitStand(u, p) for u, p in sorted(homes.items()))
