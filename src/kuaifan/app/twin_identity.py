"""Runs the identity test (一致性检验) on a small invented city, with calls of every kind."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from msgspec import convert

from kuaifan.app.bench_city import make_bench_reference
from kuaifan.app.build import build_id
from kuaifan.app.reference import load_kernels
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import StartEngine
from kuaifan.policy.policies import get_policy
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.recovery import recover
from kuaifan.twin.demand import draw_calls
from kuaifan.twin.identity import Difference, find_difference, kernel_orders
from kuaifan.twin.kernel_city import PlainCall, lay_calls, make_city, plain_calls
from kuaifan.twin.kernel_run import KernelRules, new_sim, run_sim
from kuaifan.twin.offices import COMMANDER
from kuaifan.twin.plain_run import PlainOrder, PlainRun
from kuaifan.vocabulary.desk import PolicyName, UsePolicy

N_STREETS, N_UNITS = 30, 30
PER_DAY: Final = 500.0
START_MS: Final = round(datetime(2026, 1, 5, tzinfo=UTC).timestamp() * 1000)
SEED: Final = 1


class Identity(msgspec.Struct, frozen=True):
    """Whether the engine and the kernel sent the same units (一致性)."""

    n_calls: int
    n_orders: int
    difference: Difference | None


def run_identity(policy_id: str = "patrol_first") -> Identity:
    """Run a drawn day of a grid city both ways. Costs about ten seconds."""
    reference = make_bench_reference(n_streets=N_STREETS, n_units=N_UNITS)
    load_kernels(reference)
    drawn = draw_calls(
        reference,
        start_ms=START_MS,
        n_days=1,
        calls_per_day=PER_DAY,
        rng=np.random.default_rng(SEED),
    )
    return compare_orders(reference, plain_calls(reference, drawn, seed=SEED), policy_id)


def compare_orders(
    reference: Reference,
    calls: Sequence[PlainCall],
    policy_id: str,
    rules: KernelRules | None = None,
) -> Identity:
    """Run some calls on the engine and on the kernel, and compare every order."""
    rules = rules or KernelRules()
    policy = get_policy(policy_id)
    rows, line_ms, positions = lay_calls(reference, calls, policy)
    city = make_city(reference, positions)
    result = run_sim(new_sim(city, rows, line_ms, policy=policy, rules=rules))
    kernel = kernel_orders(result, sorted(reference.units))
    engine = _orders_of_engine(reference, calls, policy_id, rules)
    return Identity(len(calls), len(engine), find_difference(engine, kernel))


def _orders_of_engine(
    reference: Reference, calls: Sequence[PlainCall], policy_id: str, rules: KernelRules
) -> list[PlainOrder]:
    codec, rulebook, start_ms = core_codec(), core_rulebook(), calls[0].at_ms

    def restore(journal: LogJournal) -> State[Board]:
        journal.flush()
        with journal.open_reader() as reader:
            return recover(reader, rulebook, lambda: new_board(reference))

    options = LogOptions(city_hash=reference.city_hash, city_path="", durability="batch")
    with (
        tempfile.TemporaryDirectory(prefix="kuaifan-identity-") as folder,
        open_log(Path(folder) / "log.db", codec, options) as journal,
    ):
        engine = Engine(
            State(new_board(reference)),
            rulebook,
            codec,
            SimInbox(start_ms),
            journal,
            restore=lambda: restore(journal),
        )
        start = StartEngine(build=build_id(), plugins=(), city_hash=reference.city_hash)
        use = UsePolicy(policy=convert(policy_id, PolicyName), approved_by=COMMANDER)
        engine.submit(Arrival(start_ms, "engine", start))
        engine.submit(Arrival(start_ms, COMMANDER, use))
        return PlainRun(engine, calls, rules).run()
