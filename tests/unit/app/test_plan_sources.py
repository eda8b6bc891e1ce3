"""Which plan a twin of a city goes by: in use, named, the city's own posts, none."""

import msgspec
import pytest
from plans_in_use import plans_expecting
from toy_city import toy_reference

from kuaifan.app.plan_adopted import adopt
from kuaifan.app.plan_in_use import InUseKeeper, PlanInUse
from kuaifan.app.plan_sources import CONSTANT, find_plan, line_of, said_of
from kuaifan.board.circle_calls import calls_by_plan
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.settings import UNCHANGED
from kuaifan.city.folder import read_city
from kuaifan.city.invent import invent_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.scenario import ScenarioError

TOY = toy_reference()
PLAN = plans_expecting(TOY, 90.0, 20.0, 300.0).in_use().plan


class ToyDesk:
    """A desk with plans."""

    plans = PlanPapers()


@pytest.fixture(name="city", scope="module")
def fixture_city(tmp_path_factory):
    path = tmp_path_factory.mktemp("invented") / "city"
    invent_city(path, seed=1, size="small", progress=lambda _: None)
    return read_city(path)


def test_a_plan_is_adopted_as_the_desk_would_adopt_it():
    fewer = msgspec.structs.replace(PLAN, posts=PLAN.posts[1:])
    adopted = adopt(TOY, UNCHANGED, fewer)
    kept = {post.post_id for post in fewer.posts}
    assert {post.post_id for post in adopted.reference.circle_posts} == kept
    gone = PLAN.posts[0].post_id
    assert gone in {unit.home_post_id for unit in TOY.units.values()}
    assert gone not in {unit.home_post_id for unit in adopted.reference.units.values()}
    assert calls_by_plan(adopted.plans, adopted.reference).tolist() == [140, 2_100]
    assert adopted.board().units.keys() == TOY.units.keys()
    off = msgspec.structs.replace(PLAN.posts[0], lat=PLAN.posts[0].lat + 1)
    with pytest.raises(ScenarioError, match="from any street"):
        adopt(TOY, UNCHANGED, msgspec.structs.replace(PLAN, posts=(off,)))


def test_the_desk_keeps_the_plan_it_works_by_and_takes_it_away(city):
    desk = ToyDesk()
    keeper = InUseKeeper(city.path, desk)
    keeper.look()
    assert find_plan("", city) is None
    desk.plans = plans_expecting(TOY, 90.0, 20.0, 300.0)
    keeper.look()
    assert find_plan("", city) == PLAN
    assert find_plan("none", city) is None
    desk.plans = PlanPapers()
    InUseKeeper(city.path, desk).look()
    assert find_plan("", city) is None


def test_a_plan_that_cannot_be_kept_is_said_once_and_kept_as_soon_as_it_can_be(city, capsys):
    desk = ToyDesk()
    desk.plans = plans_expecting(TOY, 90.0, 20.0, 300.0)
    keeper = InUseKeeper(city.path, desk)
    folder = city.path / "plans"
    in_the_way = folder / "in_use.json"
    in_the_way.mkdir(parents=True)
    for _ in range(2):
        keeper.look()
    assert capsys.readouterr().err.count("cannot be written") == 1
    in_the_way.rmdir()
    keeper.look()
    assert find_plan("", city) == PLAN
    desk.plans = PlanPapers()
    keeper.look()
    assert find_plan("", city) is None


def test_a_plan_is_read_alone_and_as_part_of_a_proposal(tmp_path, city):
    carried = PlanInUse(plan_id="F1", used_at_ms=1, plan=PLAN)
    for name, value in (("plan.json", PLAN), ("proposal.json", carried)):
        path = tmp_path / name
        path.write_bytes(msgspec.json.encode(value))
        assert find_plan(str(path), city) == PLAN
    (tmp_path / "other.json").write_bytes(b"[1]")
    for name, said in (("other.json", "holds no plan"), ("gone.json", "cannot be read")):
        with pytest.raises(BadInputError, match=said):
            find_plan(str(tmp_path / name), city)
    with pytest.raises(BadInputError, match=r"solution|scenario"):
        find_plan(str(tmp_path), city)


def test_the_citys_own_posts_expect_the_calls_of_its_demand(city):
    plan = find_plan("own", city)
    assert len(plan.posts) > 1
    assert sum(post.per_day for post in plan.posts) > 0


def test_what_is_gone_by_is_said():
    assert said_of(None) == CONSTANT == "constant 45 s"
    assert "45 s" in line_of(said_of(None))
    assert "'as drawn'" in line_of(said_of(PLAN))
