"""Comparisons of policies beside the desk (策略对比台): asked for, run one by one, kept.

One run at a time, in the order they were asked for, in a process each; see `app/run_queue.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from kuaifan.app.build import build_id
from kuaifan.app.policy_files import PolicyFiles
from kuaifan.app.run_queue import RunQueue, RunWords
from kuaifan.board.policies import choice_in_force, choices_now, policy_text, present_for
from kuaifan.board.settings import ground_of
from kuaifan.board.state import Board
from kuaifan.plan.policy_trial import (
    PolicyAnswer,
    PolicyAsk,
    PolicyNow,
    PolicyQuestion,
    PolicyTrialLine,
    check_question,
)
from kuaifan.plan.scenario import Job, ScenarioError, content_hash
from kuaifan.plan.shadow_figures import ShadowBook, ShadowFigures, figures_of
from kuaifan.vocabulary.desk import PolicyProof

WORDS: Final = RunWords("策略对比", "the comparison", "该对比", "this comparison")


class BoardDesk(Protocol):
    """What is asked of the running desk (所需态势)."""

    @property
    def board(self) -> Board:
        """The board of now, to be read only."""


class PolicyTrials:
    """Asks, runs and keeps comparisons (策略对比台); called from any thread, blocks on the disk."""

    def __init__(
        self,
        city: Path,
        desk: BoardDesk,
        *,
        n_waiting: Callable[[], int],
        clock_ms: Callable[[], int],
        shadow: Callable[[], ShadowFigures] = lambda: figures_of(ShadowBook()),
    ) -> None:
        self._desk, self._files = desk, PolicyFiles(city)
        self._clock_ms, self._shadow = clock_ms, shadow
        self._runs = RunQueue(
            WORDS,
            self._files,
            lambda trial_id, _job: ["kuaifan.app.policy_worker", str(city), trial_id],
            n_waiting=n_waiting,
            clock_ms=clock_ms,
        )

    def start(self) -> None:
        """What was under way when the desk ended is said to be unfinished."""
        self._runs.start()

    def stop(self) -> None:
        """End the run, and wait for it."""
        self._runs.stop()

    def ask(self, asked: PolicyAsk) -> str:
        """Queue a comparison with what holds now; its id. Raises ScenarioError."""
        board, now_ms = self._desk.board, self._clock_ms()
        if asked.desk_id and asked.desk_id not in board.reference.desks:
            raise ScenarioError(
                "unknown_desk",
                f"没有指挥席 {asked.desk_id}",
                f"there is no desk {asked.desk_id}; leave it empty for all",
            )
        self._runs.need_time()
        ground = ground_of(board.settings)
        question = PolicyQuestion(
            ask=asked,
            policy=policy_text(asked.policy, asked.ways),
            present=present_for(board, asked.desk_id, now_ms),
            first=choices_now(board, now_ms),
            city_hash=board.reference.city_hash,
            ground_hash=content_hash(ground),
            asked_at_ms=now_ms,
            build=build_id(),
        )
        check_question(question)
        trial_id = self._files.add(question, ground, board.plans.in_use())
        job = Job(kind="twin", state="queued", asked_at_ms=now_ms, of=asked.n_days)
        self._runs.add(trial_id, job)
        return trial_id

    def end(self, trial_id: str) -> None:
        """Stop a run; enough days that were whole by then are kept."""
        self._runs.end(trial_id)

    def in_force(self) -> list[PolicyNow]:
        """What holds at every desk."""
        board, now_ms = self._desk.board, self._clock_ms()
        found = []
        for desk_id, desk in sorted(board.reference.desks.items()):
            choice = choice_in_force(board, desk_id, now_ms)
            found.append(
                PolicyNow(
                    desk_id=desk_id,
                    name=desk.name,
                    text=policy_text(choice.policy, choice.ways),
                    policy=choice.policy,
                    ways=choice.ways,
                    from_ms=choice.from_ms,
                    until_ms=choice.until_ms,
                )
            )
        return found

    def lines(self) -> list[PolicyTrialLine]:
        """All of them, the last first; what is damaged is left out of the list."""
        found = []
        for trial_id in self._files.list_ids():
            with contextlib.suppress(ScenarioError):
                found.append(self._line(trial_id))
        return sorted(found, key=lambda each: (-each.asked_at_ms, each.trial_id))

    def find_answer(self, trial_id: str) -> PolicyAnswer | None:
        """What came of one; raises ScenarioError where there is none of that id."""
        self._files.get(trial_id)
        return self._files.find_answer(trial_id)

    def shadow(self) -> ShadowFigures:
        """What another policy would have said beside the one in force."""
        return self._shadow()

    def need_kept(self, proof: PolicyProof) -> None:
        """Raise ScenarioError for a proof that was not made here."""
        self._files.need_kept(proof)

    def _line(self, trial_id: str) -> PolicyTrialLine:
        question, answer = self._files.get(trial_id), self._files.find_answer(trial_id)
        return PolicyTrialLine(
            trial_id=trial_id,
            policy=question.policy,
            present=question.present,
            ask=question.ask,
            asked_at_ms=question.asked_at_ms,
            job=self._runs.find(trial_id),
            proof=answer.proof if answer else None,
        )
