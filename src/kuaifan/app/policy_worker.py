"""The process that holds a policy against what holds (策略对比进程): never the desk's own.

`python -m kuaifan.app.policy_worker CITY ID`. Day by day both meet the same calls with the same
luck; a run that is stopped keeps the days it has, if there are enough to judge by.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.app.planner_worker import DONE, FELL_SHORT, NICE, Listener, Told, end_with_desk, say
from kuaifan.app.policy_files import PolicyFiles
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.settings import Settings, settle
from kuaifan.board.state import Board
from kuaifan.plan.policy_trial import FEWEST, PolicyAnswer, PolicyQuestion, answer_of
from kuaifan.plan.scenario import ScenarioError, TwinAsk
from kuaifan.plan.trial import TrialDay, TwinFigures
from kuaifan.plan.trial_compare import compare
from kuaifan.plan.trial_words import say as say_words
from kuaifan.twin.paired import seed_of
from kuaifan.twin.trial import StoppedError

COMPARE_SEED: Final = 110


class Held(NamedTuple):
    """What held when the comparison was asked for (当时底数): the settings, and the plan in use."""

    ground: Settings
    plans: PlanPapers


def main(arguments: list[str]) -> int:
    """Do what is asked; errors are said in a line, in both languages."""
    city_path, trial_id = Path(arguments[0]), arguments[1]
    end_with_desk()
    with suppress(OSError):
        os.nice(NICE)
    listener, files = Listener(), PolicyFiles(city_path)
    try:
        question = files.get(trial_id)
        held = Held(files.get_ground(trial_id), files.get_plans(trial_id))
        answer = hold_against(question, city_path, held, listener)
        files.put_answer(trial_id, answer)
    except ScenarioError as error:
        say(Told(error_zh=error.zh, error_en=error.en))
        return FELL_SHORT
    say(Told(is_stopped=listener.is_stopped))
    return DONE


def hold_against(
    question: PolicyQuestion, city_path: Path, held: Held, listener: Listener
) -> PolicyAnswer:
    """Run the days of both; raises ScenarioError where too few of them are whole."""
    from kuaifan.app.planner_twin import draw_day
    from kuaifan.app.reference import load_kernels, make_reference
    from kuaifan.app.rules import core_codec, core_rulebook, new_board
    from kuaifan.city.folder import read_city
    from kuaifan.twin.trial import Trial

    ask, city = question.ask, read_city(city_path)
    own = make_reference(city)
    load_kernels(own)
    reference, zone = settle(own, held.ground), ZoneInfo(city.meta.time_zone)

    def board_then() -> Board:
        board = new_board(reference)
        board.plans = held.plans
        return board

    trial = Trial(board_then, core_rulebook(), core_codec(), zone)
    drawn = TwinAsk(n_days=max(2, ask.n_days), seed=ask.seed, per_day=ask.per_day)
    pairs, hashes = list[tuple[TrialDay, TrialDay]](), list[str]()
    for day_i in range(ask.n_days):
        listener.tell(Told(day_i, ask.n_days), always=True)
        calls, seed = draw_day(city, own, drawn, day_i), seed_of(ask.seed, day_i)
        try:
            old = trial.run_day(calls, seed=seed, first=question.first, go_on=listener.go_on)
            both = (*question.first, question.candidate)
            new = trial.run_day(calls, seed=seed, first=both, go_on=listener.go_on)
        except StoppedError:
            break
        pairs.append((old, new))
        hashes.append(hashlib.sha256(msgspec.json.encode(calls)).hexdigest())
    if len(pairs) < FEWEST:
        raise ScenarioError(
            "too_few_days",
            f"只跑完 {len(pairs)} 天，不足以比较；请至少跑 {FEWEST} 天",
            f"only {len(pairs)} days were run: too few to judge by, run {FEWEST} at least",
        )
    present, tried = (_side(question, drawn, hashes, [pair[i] for pair in pairs]) for i in (0, 1))
    compared = compare(present, tried, np.random.Generator(np.random.Philox(key=[COMPARE_SEED, 0])))
    said = say_words(compared, question.present, question.policy)
    return answer_of(question, compared, made_at_ms=question.asked_at_ms, said=said)


def _side(
    question: PolicyQuestion, drawn: TwinAsk, hashes: list[str], days: list[TrialDay]
) -> TwinFigures:
    """The days of one of the two."""
    return TwinFigures(
        scenario_hash=question.trial_id,
        ask=drawn,
        calls_hash=hashlib.sha256("".join(hashes).encode()).hexdigest(),
        day_hashes=tuple(hashes),
        post_ids=(),
        days=tuple(days),
        seconds=0.0,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
