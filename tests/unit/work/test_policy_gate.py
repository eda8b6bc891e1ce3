"""The gate of a policy (策略启用关口): a desk at work changes it only on a comparison it trusts."""

import msgspec
import pytest
from policy_proofs import figure, proof
from toy_city import EAST_DESK, FIGHT, START_MS, Desk, corner, image

from kuaifan.board.policies import choice_in_force, policy_text, present_for
from kuaifan.twin.variants import read_variant
from kuaifan.vocabulary.approval import AskApproval, GiveApproval
from kuaifan.vocabulary.desk import PolicyUsed, RunShadowPolicy, UsePolicy, Ways
from kuaifan.vocabulary.setting import ChangePolicyRules

DAY_MS = 86_400_000
SIGNED = {"by": "李工", "reason": "第 7 号通知"}


@pytest.fixture
def desk():
    """At work: somebody has rung."""
    desk = Desk()
    desk.opened(FIGHT, corner(4, 5))
    return desk


def use(policy="nearest", **fields):
    return UsePolicy(**{"policy": policy, "approved_by": "chief", "proof": proof(), **fields})


def test_before_the_first_call_a_desk_is_told_what_to_begin_with():
    desk = Desk()
    desk.do(use(proof=None))
    assert present_for(desk.board, "", START_MS) == "nearest"


def test_what_holds_already_needs_no_comparison(desk):
    assert desk.do(use("patrol_first", proof=None, until_ms=START_MS + DAY_MS)).events


def test_a_comparison_lets_a_policy_go_live_and_stands_in_the_log(desk):
    event = desk.do(use()).events[0]
    assert isinstance(event, PolicyUsed)
    assert event.proof == proof()
    assert present_for(desk.board, "", START_MS) == "nearest"
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"proof": None}, "no_comparison"),
        ({"proof": proof("station_first")}, "other_policy"),
        ({"ways": Ways(move_up="none")}, "other_policy"),
        ({"desk_id": EAST_DESK}, "other_policy"),
        ({"proof": proof(present="station_first")}, "not_what_holds"),
        ({"proof": proof(n_days=4)}, "too_few_days"),
        ({"proof": proof(made_at_ms=START_MS - 31 * DAY_MS)}, "old_comparison"),
        ({"proof": proof(figures=(figure(verdict="worse"),))}, "reason_needed"),
        (
            {"proof": proof(figures=(figure("p90_s", "worse"),)), "reason": "trial in the east"},
            "second_person_needed",
        ),
        (
            {
                "proof": proof(figures=(figure("late_urgent", "worse"),)),
                "reason": "r",
                "agreed_by": " CHIEF ",
            },
            "second_person_needed",
        ),
    ],
)
def test_a_policy_does_not_go_live_on_what_does_not_bear_it(desk, fields, code):
    assert desk.code(use(**fields)) == code
    assert desk.board.policies == []


def test_the_refusal_names_what_holds_and_where_to_go(desk):
    refusal = desk.do(use(proof=None)).refusal
    assert "patrol_first" in refusal.reason_zh
    assert "规划页" in refusal.reason_zh


def test_how_old_a_comparison_may_be_is_a_setting(desk):
    old = use(proof=proof(made_at_ms=START_MS - 31 * DAY_MS))
    desk.do(ChangePolicyRules(proof_days=60, **SIGNED))
    assert desk.do(old).events
    assert desk.code(ChangePolicyRules(proof_days=60, **SIGNED)) == "nothing_changed"
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_what_is_worse_is_used_once_another_person_consents(desk):
    worse = use(proof=proof(figures=(figure(verdict="worse"),)), reason="pilot for a week")
    asked = desk.do(AskApproval(person="chief", what=worse)).events[0].approval_id
    assert desk.code(GiveApproval(approval_id=asked, person="chief")) == "own_approval"
    _, used, *_ = desk.do(GiveApproval(approval_id=asked, person="deputy")).events
    assert (used.approved_by, used.agreed_by, used.reason) == (
        *("chief", "deputy", "pilot for a week"),
    )


def test_what_only_seems_worse_is_no_second_persons_matter(desk):
    assert desk.do(use(proof=proof(figures=(figure("within_60", "worse"),)))).events


@pytest.mark.parametrize(
    "ways",
    [
        Ways(),
        Ways(move_up="none"),
        Ways(move_up="dmexclp", per_unit=2, per_shift=10),
        Ways(turns=False, kept=3),
    ],
)
def test_a_policy_reads_the_same_to_the_desk_and_to_the_twin(ways):
    text = policy_text("patrol_first", ways)
    assert read_variant(text).ways == ways


def test_the_ways_of_a_choice_hold_with_it():
    desk = Desk()
    desk.do(use(proof=None, ways=Ways(turns=False)))
    assert not choice_in_force(desk.board, "city", START_MS).ways.turns
    stored = msgspec.msgpack.encode(desk.board.policies[0])
    assert b"turns" in stored


def test_a_shadow_is_run_by_the_planner_and_one_that_holds_already_is_none(desk):
    run = RunShadowPolicy(policy="nearest", **SIGNED)
    desk.do(run)
    assert desk.board.settings.policy_rules.shadow == "nearest"
    assert desk.code(run) == "nothing_changed"
    assert desk.code(RunShadowPolicy(policy="patrol_first", **SIGNED)) == "shadow_holds"
    assert desk.code(RunShadowPolicy(policy="", by="", reason="over")) != ""
    desk.do(RunShadowPolicy(policy="", **SIGNED))
    assert desk.board.settings.policy_rules.shadow == ""
