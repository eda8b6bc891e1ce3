"""The engine and the fast kernel send the same units to the same calls (一致性检验)."""

from __future__ import annotations

import random

import msgspec
import numba
import numpy as np
import pytest
from memory_journal import MemoryJournal
from plans_in_use import plans_expecting
from toy_city import RIDER, WALKER, toy_reference
from twin_runs import toy_calls

from kuaifan.app.bench_twin_city import draw_full
from kuaifan.app.plan_adopted import adopt, adopting
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.circle_calls import calls_by_plan
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.settings import UNCHANGED
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.policy.policies import get_policy
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.identity import find_difference, kernel_orders
from kuaifan.twin.kernel_city import lay_calls, make_city, plain_calls
from kuaifan.twin.kernel_run import KernelRules, new_sim, run_sim
from kuaifan.twin.plain_run import PlainRun
from kuaifan.twin.variants import read_variant
from kuaifan.vocabulary.desk import UsePolicy, Ways

CITY = toy_reference(RIDER, WALKER)
NO_PLANS = PlanPapers()


def busy_calls(n_calls, *, every_ms, most_ms, seed=3):
    """Calls of every type that units are sent to, at uneven times, each done within `most_ms`."""
    luck = random.Random(seed)  # noqa: S311 - calls of a test
    codes = [each.code for each in CITY.types.values() if CITY.n_units_of(each)]
    calls = [
        msgspec.structs.replace(
            call,
            type_code=luck.choice(codes),
            at_ms=call.at_ms + luck.randrange(every_ms),
            service_ms=luck.randrange(60_000, most_ms),
        )
        for call in toy_calls(n_calls, every_ms=every_ms)
    ]
    return plain_calls(CITY, sorted(calls, key=lambda call: call.at_ms), seed=1)


def board_of(plans):
    """A board of the city, with plans."""
    board = new_board(CITY)
    board.plans = plans
    return board


def by_engine(calls, policy_id, rules, ways=None, plans=NO_PLANS, plan=None):
    """Orders of the plain engine run; ways: that the desk has in force; plan: it adopts first."""
    journal, start_ms = MemoryJournal(), calls[0].at_ms
    engine = Engine(
        State(board_of(plans)),
        core_rulebook(),
        core_codec(),
        SimInbox(start_ms),
        journal,
        restore=lambda: journal.restore(core_rulebook(), lambda: board_of(plans)),
    )
    for actor, command in () if plan is None else adopting(plan):
        engine.submit(Arrival(start_ms, actor, command))
    use = UsePolicy(policy=policy_id, approved_by="指挥长", ways=ways or Ways())
    engine.submit(Arrival(start_ms, "sim:commander", use))
    return PlainRun(engine, calls, rules).run()


def by_kernel(calls, policy, rules, calls_a_week=None, reference=CITY):
    """Orders and result of the fast kernel; calls_a_week: of each circle, where it is known."""
    rows, line_ms, positions = lay_calls(reference, calls, policy)
    city = make_city(reference, positions)._replace(demand=calls_a_week)
    result = run_sim(new_sim(city, rows, line_ms, policy=policy, rules=rules))
    return kernel_orders(result, sorted(CITY.units)), result


@pytest.mark.parametrize(
    ("policy_id", "every_ms", "n_calls", "rules"),
    [
        ("patrol_first", 150_000, 150, KernelRules()),
        ("station_first", 160_000, 90, KernelRules()),
        ("nearest", 120_000, 80, KernelRules(can_divert=False)),
        ("reserve_urgent", 200_000, 80, KernelRules(can_move_up=False)),
        ("mixed", 150_000, 80, KernelRules()),
    ],
)
def test_engine_and_kernel_give_the_same_orders(policy_id, every_ms, n_calls, rules):
    calls = busy_calls(n_calls, every_ms=every_ms, most_ms=900_000)
    engine = by_engine(calls, policy_id, rules)
    kernel, result = by_kernel(calls, get_policy(policy_id), rules)
    assert find_difference(engine, kernel) is None
    assert len(kernel) > n_calls
    assert result.counts[at.MOST_QUEUED] > 0
    if policy_id == "patrol_first":
        assert result.counts[at.N_MOVED] > 0
        assert result.counts[at.N_TURNED] > 0


@pytest.mark.parametrize("rules", [KernelRules(), KernelRules(can_move_up=False)])
def test_where_the_plan_in_use_says_what_calls_to_expect_both_look_ahead_alike(rules):
    calls = busy_calls(120, every_ms=150_000, most_ms=900_000, seed=4)
    plans, calls_a_week = plans_expecting(CITY, 90.0, 20.0, 300.0), np.array([630, 140, 2_100])
    engine = by_engine(calls, "mixed", rules, plans=plans)
    kernel, _ = by_kernel(calls, get_policy("mixed"), rules, calls_a_week)
    assert find_difference(engine, kernel) is None
    for other in (None, np.array([2_100, 630, 140])):
        unlike, _ = by_kernel(calls, get_policy("mixed"), rules, other)
        assert find_difference(engine, unlike) is not None


def test_under_a_plan_that_moves_posts_and_crews_both_go_by_what_adopting_makes_of_it():
    calls = busy_calls(120, every_ms=150_000, most_ms=900_000, seed=4)
    whole = plans_expecting(CITY, 90.0, 20.0, 300.0).in_use().plan
    plan = msgspec.structs.replace(whole, posts=whole.posts[1:])
    engine = by_engine(calls, "mixed", KernelRules(), plan=plan)
    under = adopt(CITY, UNCHANGED, plan)
    known = calls_by_plan(under.plans, under.reference)
    kernel, _ = by_kernel(calls, get_policy("mixed"), KernelRules(), known, under.reference)
    assert find_difference(engine, kernel) is None
    for other in ((None, under.reference), (None, CITY)):
        unlike, _ = by_kernel(calls, get_policy("mixed"), KernelRules(), *other)
        assert find_difference(engine, unlike) is not None


def test_what_the_desk_does_not_offer_the_kernel_does_not_do():
    """Pre-emption, move-up and reserve are the desk's choice; its people take what is offered."""
    calls = busy_calls(80, every_ms=150_000, most_ms=900_000)
    ways = Ways(turns=False, move_up="none", kept=1)
    engine = by_engine(calls, "patrol_first", KernelRules(), ways)
    variant = read_variant("patrol_first:turns=no:moves=no:kept=1")
    assert variant.ways == ways
    kernel, result = by_kernel(calls, variant.policy, variant.rules)
    assert find_difference(engine, kernel) is None
    assert result.counts[at.N_MOVED] == result.counts[at.N_TURNED] == 0
    offered, _ = by_kernel(calls, variant.policy, KernelRules())
    assert find_difference(engine, offered) is not None


@pytest.mark.parametrize(
    ("text", "is_capped"),
    [
        ("mixed:shift=1:lost=20", True),
        ("mixed:way=all_circles:moves=2", False),
        ("patrol_first:way=dmexclp", False),
        ("patrol_first:way=dmexclp:moves=1:shift=3", True),
    ],
)
def test_ways_and_caps_of_moving_up_are_those_of_the_desk(text, is_capped):
    """The desk keeps the caps of its own ways; its people have none."""
    calls = busy_calls(120, every_ms=300_000, most_ms=900_000)
    variant = read_variant(text)
    engine = by_engine(calls, variant.policy_id, KernelRules(), variant.ways)
    kernel, result = by_kernel(calls, variant.policy, variant.rules)
    assert find_difference(engine, kernel) is None
    assert result.counts[at.N_MOVED] > 0
    free = msgspec.structs.replace(variant.rules, max_moves=0, shift_moves=0)
    _, uncapped = by_kernel(calls, variant.policy, free)
    assert (uncapped.counts[at.N_MOVED] > result.counts[at.N_MOVED]) == is_capped


def test_a_second_more_for_a_missing_skill_is_found_out():
    calls = busy_calls(60, every_ms=180_000, most_ms=900_000)
    engine = by_engine(calls, "patrol_first", KernelRules())
    policy = get_policy("patrol_first")
    planted = policy._replace(weights=policy.weights._replace(missing_skill_ms=20_000))
    kernel, _ = by_kernel(calls, planted, KernelRules())
    found = find_difference(engine, kernel)
    assert found is not None
    assert "the engine has" in str(found)
    assert "the kernel has" in str(found)


def test_of_two_runs_the_first_difference_is_named():
    calls = busy_calls(12, every_ms=180_000, most_ms=300_000)
    kernel, _ = by_kernel(calls, get_policy("nearest"), KernelRules())
    assert find_difference(kernel, kernel) is None
    assert find_difference(kernel, kernel[:-1]).order_no == len(kernel)
    changed = [*kernel[:3], kernel[3]._replace(unit_id="nobody"), *kernel[4:]]
    assert find_difference(kernel, changed).order_no == 4


def test_the_kernel_gives_every_call_its_units_and_nobody_two_calls_at_once():
    calls = busy_calls(100, every_ms=120_000, most_ms=900_000)
    orders, result = by_kernel(calls, get_policy("patrol_first"), KernelRules(can_divert=False))
    rows, _, _ = lay_calls(CITY, calls, get_policy("patrol_first"))
    sent = np.bincount([o.call_i for o in orders if o.call_i >= 0], minlength=len(calls))
    served = result.there_ms >= 0
    assert served.all()
    assert (sent <= rows[at.N_NEEDED] + (rows[at.SKILL] != 0)).all()
    assert (result.there_ms >= result.sent_ms + rows[at.TURNOUT]).all()


def test_a_city_runs_on_the_types_that_setup_has_compiled():
    policy, rules = get_policy("patrol_first"), KernelRules()
    case = draw_full(4, 3, policy)
    warm = new_sim(case.city, case.calls, case.line_ms, policy=policy, rules=rules)
    rows, line_ms, positions = lay_calls(
        CITY, busy_calls(5, every_ms=120_000, most_ms=900_000), policy
    )
    own = new_sim(make_city(CITY, positions), rows, line_ms, policy=policy, rules=rules)
    assert numba.typeof(own) == numba.typeof(warm)
