"""A plan as a desk has it once it is adopted (方案采用): by the very rules of adopting.

A twin that tries a plan goes by the posts, homes and expected calls that the desk would have.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.plan_papers import PlanPapers, hash_plan
from kuaifan.board.reference import Reference
from kuaifan.board.settings import Settings, settle
from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.plan.scenario import Scenario, ScenarioError, Solution
from kuaifan.twin.offices import COMMANDER, PLANNER
from kuaifan.twin.trial import NoJournal, cannot_restore
from kuaifan.vocabulary.plan import Comparison, Plan, PlanPost, ProposePlan, PublishPlan

FIRST: Final = "F1"
"""The first plan of a log."""
REASON: Final = "孪生试跑 tried on the twin"


class Adopted(NamedTuple):
    """What holds under a plan (采用后底数): the city's data, and the plan in use."""

    reference: Reference
    plans: PlanPapers

    def board(self) -> Board:
        """A board on which nothing has happened yet but that."""
        board = new_board(self.reference)
        board.plans = self.plans
        return board


def plan_of(scenario: Scenario, solution: Solution) -> Plan:
    """A solution as a plan that can be adopted (方案内容)."""
    return Plan(
        name=scenario.draft.name,
        posts=tuple(
            PlanPost(
                post_id=site.site_id,
                kind=site.kind,
                name=site.name,
                lat=site.lat,
                lon=site.lon,
                per_day=site.per_day,
                rings=site.rings,
            )
            for site in solution.sites
        ),
        stands=solution.stands,
    )


def adopting(plan: Plan) -> tuple[tuple[str, Command], ...]:
    """What a twin's two persons do so that a plan is in use from its first moment on, by whom."""
    plan_hash = hash_plan(plan)
    nothing = Comparison(
        comparison_hash=plan_hash,
        baseline="",
        metric="",
        unit="",
        n_pairs=1,
        difference=0.0,
        low=0.0,
        high=0.0,
        said_zh="孪生试跑，未与现行做法对比",
        said_en="a run of the twin: it was held against nothing",
    )
    propose = ProposePlan(
        person=PLANNER, reason=REASON, plan=plan, plan_hash=plan_hash, comparison=nothing
    )
    return (
        (PLANNER, propose),
        (COMMANDER, PublishPlan(plan_id=FIRST, person=COMMANDER, reason=REASON)),
    )


def adopt(own: Reference, ground: Settings, plan: Plan) -> Adopted:
    """The city as the plan would have it, engines shared; raises ScenarioError where it is refused.

    ground: the settings in force, with those of the plan before.
    """
    board = new_board(own)
    board.use_settings(ground)
    engine = Engine(
        State(board),
        core_rulebook(),
        core_codec(),
        SimInbox(0),
        NoJournal(),
        restore=cannot_restore,
    )
    records = list[Record]()
    engine.watchers.append(records.append)
    for actor, command in adopting(plan):
        engine.submit(Arrival(0, actor, command))
    for refusal in (record.refusal for record in records):
        if refusal is not None:
            raise ScenarioError(refusal.code, refusal.reason_zh, refusal.reason_en)
    return Adopted(settle(own, board.settings), board.plans)
