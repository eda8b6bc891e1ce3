"""Comparisons of policies beside the desk: asked for, kept, and known again when one goes live."""

import asyncio

import msgspec
import numpy as np
import pytest
from plans_in_use import plans_expecting
from toy_city import EAST_DESK, FIGHT, START_MS, Desk, corner

from kuaifan.app.policy_desk import PolicyTrials
from kuaifan.app.policy_files import PolicyFiles
from kuaifan.app.policy_worker import COMPARE_SEED
from kuaifan.plan.policy_trial import PolicyAsk, answer_of
from kuaifan.plan.scenario import ScenarioError, TwinAsk
from kuaifan.plan.trial import TrialDay, TwinFigures
from kuaifan.plan.trial_compare import compare
from kuaifan.vocabulary.approval import AskApproval
from kuaifan.vocabulary.desk import UsePolicy, Ways
from kuaifan.web.adopting import check_comparison
from kuaifan.web.problems import Problem


@pytest.fixture
def desk():
    desk = Desk()
    desk.do(UsePolicy(policy="reserve_urgent", approved_by="chief", ways=Ways(turns=False)))
    desk.opened(FIGHT, corner(4, 5))
    return desk


@pytest.fixture
def trials(tmp_path, desk):
    return PolicyTrials(tmp_path, desk, n_waiting=lambda: 0, clock_ms=lambda: START_MS + 60_000)


def side(late):
    day = TrialDay(
        call_s=(60, 90),
        response_s=(60 + late, 90),
        hour=(1, 2),
        cell=(1, 2),
        priority=(1, 4),
        is_late=(late > 0, False),
        circle=(0, 0),
        way_s=(30, 30),
        n_incidents=2,
        n_unattended=0,
        lost_min=1.0,
        n_orders={},
        busy_s={},
    )
    return TwinFigures(
        scenario_hash="",
        ask=TwinAsk(n_days=5),
        calls_hash="same",
        post_ids=(),
        days=(day,) * 5,
        seconds=0.0,
    )


def answered(tmp_path, trial_id, late=0):
    """As the worker leaves it."""
    files = PolicyFiles(tmp_path)
    rng = np.random.Generator(np.random.Philox(key=[COMPARE_SEED, 0]))
    answer = answer_of(
        files.get(trial_id),
        compare(side(0), side(late), rng),
        made_at_ms=START_MS,
        said=("看不出差别", "no difference is seen"),
    )
    files.put_answer(trial_id, answer)
    return answer.proof


def used(proof, **fields):
    return UsePolicy(policy="nearest", approved_by="chief", proof=proof, **fields)


def check(trials, message):
    asyncio.run(check_comparison(None, trials, message))


def test_what_is_asked_is_held_against_what_holds_now(trials):
    trial_id = trials.ask(PolicyAsk(policy="nearest", ways=Ways(kept=3)))
    line = trials.lines()[0]
    assert (line.trial_id, line.job.state, line.proof) == (trial_id, "queued", None)
    assert (line.policy, line.present) == ("nearest:kept=3", "reserve_urgent:turns=no")
    assert {each.text for each in trials.in_force()} == {"reserve_urgent:turns=no"}
    trials.end(trial_id)
    assert trials.lines()[0].job.state == "stopped"


def test_the_days_are_run_with_the_calls_that_the_plan_in_use_expects(tmp_path, trials, desk):
    files = PolicyFiles(tmp_path)
    first = files.get_plans(trials.ask(PolicyAsk(policy="mixed")))
    assert first.in_use() is None
    desk.board.plans = plans_expecting(desk.reference, 1.0, 2.0, 3.0)
    trials.end(trials.lines()[0].trial_id)
    kept = files.get_plans(trials.ask(PolicyAsk(policy="mixed", ways=Ways(kept=1))))
    assert kept == desk.board.plans


def test_a_policy_goes_live_on_a_comparison_that_this_desk_made(tmp_path, trials, desk):
    proof = answered(tmp_path, trials.ask(PolicyAsk(policy="nearest")))
    command = used(proof)
    over_the_wire = msgspec.json.decode(msgspec.json.encode(command), type=UsePolicy)
    check(trials, over_the_wire)
    assert desk.do(over_the_wire).events
    better = msgspec.structs.replace(proof, said_zh="好得多")
    for forged in (better, msgspec.structs.replace(proof, trial_id="../../etc")):
        for message in (used(forged), AskApproval(person="li", what=used(forged))):
            with pytest.raises(Problem, match="never made") as caught:
                check(trials, message)
            assert caught.value.code == "unknown_comparison"
    # What comes with none at all is for the rules to refuse.
    check(trials, used(None))


def test_urgent_incidents_reached_late_hold_a_policy_back(tmp_path, trials, desk):
    proof = answered(tmp_path, trials.ask(PolicyAsk(policy="nearest")), late=600)
    worse = {each.key for each in proof.figures if each.verdict == "worse"}
    assert {"late", "late_urgent", "p90_s"} <= worse
    assert desk.code(used(proof)) == "reason_needed"
    assert desk.code(used(proof, reason="pilot")) == "second_person_needed"


def test_a_comparison_of_what_holds_with_itself_is_refused(trials):
    with pytest.raises(ScenarioError, match="holds already"):
        trials.ask(PolicyAsk(policy="reserve_urgent", ways=Ways(turns=False)))
    with pytest.raises(ScenarioError, match="no desk moon"):
        trials.ask(PolicyAsk(policy="nearest", desk_id="moon"))
    assert trials.ask(PolicyAsk(policy="nearest", desk_id=EAST_DESK))


def test_a_run_that_a_restart_cut_off_says_so(tmp_path, trials, desk):
    trial_id = trials.ask(PolicyAsk(policy="nearest"))
    again = PolicyTrials(tmp_path, desk, n_waiting=lambda: 0, clock_ms=lambda: START_MS)
    again.start()
    try:
        job = again.lines()[0].job
        assert (job.state, bool(job.said_zh), again.find_answer(trial_id)) == (
            *("unfinished", True, None),
        )
    finally:
        again.stop()


def test_a_busy_desk_comes_first(tmp_path, desk):
    busy = PolicyTrials(tmp_path, desk, n_waiting=lambda: 99, clock_ms=lambda: START_MS)
    with pytest.raises(ScenarioError, match="calls and orders come first"):
        busy.ask(PolicyAsk(policy="nearest"))
