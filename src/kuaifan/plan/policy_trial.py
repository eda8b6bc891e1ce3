"""Policies held against what holds (策略对比): the question, and what came of it.

Both meet the same drawn days with the same luck, under the very rules of the desk. The question is
frozen, its hash is its id; the answer lies beside it, and is what a policy goes live on.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from kuaifan.plan.scenario import ID_CHARS, Job, ScenarioError, content_hash
from kuaifan.plan.trial_compare import Compared, Paired
from kuaifan.vocabulary.call import Id
from kuaifan.vocabulary.desk import PolicyName, PolicyProof, ProofFigure, UsePolicy, Ways

FEWEST: Final = 5
"""Of fewer days nothing is sure."""
SAID_CHARS: Final = 600


class PolicyAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be tried (策略草案); per_day: handled calls, 0 for as many as the city has."""

    policy: PolicyName
    ways: Ways = Ways()
    desk_id: Id = ""
    n_days: Annotated[int, msgspec.Meta(ge=FEWEST, le=400)] = 14
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    per_day: Annotated[float, msgspec.Meta(ge=0, le=20_000)] = 0.0


class PolicyQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The whole question (策略对比问题): what is asked, and what held when it was.

    policy, present: in words. first: the choices in force then, with which either day begins.
    """

    ask: PolicyAsk
    policy: str
    present: str
    first: tuple[UsePolicy, ...]
    city_hash: str
    ground_hash: str
    asked_at_ms: int
    build: str = ""

    @property
    def trial_id(self) -> str:
        """What it is called: the head of its hash."""
        return content_hash(self)[:ID_CHARS]

    @property
    def candidate(self) -> UsePolicy:
        """What is tried, as a command."""
        ask = self.ask
        return UsePolicy(policy=ask.policy, approved_by="twin", desk_id=ask.desk_id, ways=ask.ways)


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it (策略对比结果): every figure, and the proof that a policy goes live on."""

    proof: PolicyProof
    compared: Compared


class PolicyTrialLine(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison as the list shows it (策略对比行)."""

    trial_id: str
    policy: str
    present: str
    ask: PolicyAsk
    asked_at_ms: int
    job: Job | None
    proof: PolicyProof | None


class PolicyNow(msgspec.Struct, frozen=True, kw_only=True):
    """What holds at a desk (现行策略); until_ms: 0 until further notice."""

    desk_id: str
    name: str
    text: str
    policy: str
    ways: Ways
    from_ms: int
    until_ms: int


def answer_of(
    question: PolicyQuestion, compared: Compared, *, made_at_ms: int, said: tuple[str, str]
) -> PolicyAnswer:
    """The answer to a question; said: in Chinese and English."""
    proof = PolicyProof(
        trial_id=question.trial_id,
        comparison_hash=content_hash(compared),
        policy=question.policy,
        present=question.present,
        desk_id=question.ask.desk_id,
        made_at_ms=made_at_ms,
        n_days=compared.n_days,
        figures=tuple(_figure(each) for each in compared.metrics),
        said_zh=said[0][:SAID_CHARS],
        said_en=said[1][:SAID_CHARS],
    )
    return PolicyAnswer(proof=proof, compared=compared)


def check_question(question: PolicyQuestion) -> None:
    """Raise ScenarioError for what no twin need look at."""
    if question.policy == question.present:
        raise ScenarioError(
            "holds_already",
            f"{question.policy} 就是现行策略，无需对比",
            f"{question.policy} holds already: choose another policy to compare",
        )


def _figure(pair: Paired) -> ProofFigure:
    return ProofFigure(
        key=pair.key,
        unit=pair.unit,
        old=pair.old,
        new=pair.new,
        difference=pair.difference,
        low=pair.low,
        high=pair.high,
        verdict=pair.verdict,
    )
