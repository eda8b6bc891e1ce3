"""What the next hour may bring, and what another choice would have brought (前瞻与反事实).

The board of a moment is folded from the log, of a desk that serves or of one that ended; each run
goes on from a copy of it with drawn calls. Nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.app.build import build_id
from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.app.twin_demand import draw_handled
from kuaifan.board.policies import policy_text, present_for
from kuaifan.board.promise_ledger import wilson
from kuaifan.city.city import City
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command
from kuaifan.plan.scenario import ScenarioError
from kuaifan.store.log_place import LogPlace
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover_up_to
from kuaifan.twin.ahead import AheadRow, AheadRun, SavedState, save_state
from kuaifan.twin.paired import PairedDifference, compare_paired, seed_of
from kuaifan.twin.variants import command_of, read_variant
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.order import AssignUnit

MINUTE_MS: Final = 60_000
FEWEST: Final = 10
"""Of fewer runs no interval is worth its name."""
N_DRAWN_DAYS: Final = 2
"""The time ahead may go past midnight."""


class AheadAsk(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked ahead from (前瞻选项).

    policy: a variant in force at every desk, empty for what
    holds. choose: (incident, unit) sent at that moment; held: sent then as it was. per_day: handled
    calls, None as usual.
    """

    minutes: int = 60
    n_replications: int = 20
    seed: int = 1
    policy: str = ""
    choose: tuple[tuple[str, str], ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    per_day: float | None = None


class Mean(msgspec.Struct, frozen=True):
    """The mean over runs with Student's 95 % interval (均值); n: runs that have it."""

    n: int
    mean: float | None
    low: float | None
    high: float | None


class CircleAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A circle in the time ahead (快反圈前瞻): in what share of runs it is empty for a minute."""

    post_id: str
    name: str
    lost_share: float
    low: float
    high: float
    lost_min: float


class AheadFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What the time ahead may bring (前瞻结果); circles: the likeliest to be empty first."""

    at: str
    seq: int
    minutes: int
    n_replications: int
    policy: str
    calls: Mean
    incidents: Mean
    p50_s: Mean
    p90_s: Mean
    late_share: Mean
    unreached: Mean
    lost_min: Mean
    circles: tuple[CircleAhead, ...]


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """What was, what would have been, and the difference of the second less the first (反事实)."""

    asked: str
    base: AheadFigures
    other: AheadFigures
    present: str
    differences: dict[str, PairedDifference]


Say = Callable[[str], None]


def state_of_log(
    log: LogPlace, city: City, at_ms: int | None = None, *, before_seq: int | None = None
) -> SavedState:
    """The state of a log at an instant, or at its end; raises BadInputError before its begin.

    before_seq: without this record.
    """
    own = make_reference(city)
    with LogReader(log, core_codec()) as reader:
        state = recover_up_to(
            reader,
            core_rulebook(),
            lambda: new_board(own),
            at_ms=at_ms,
            before_seq=before_seq,
            build=build_id(),
        )
    if not state.head.seq:
        said = "" if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
        raise BadInputError(f"the log has nothing yet at {said or 'all'}: give a later moment")
    saved = save_state(state)
    return saved if at_ms is None else msgspec.structs.replace(saved, at_ms=at_ms)


def look_ahead(saved: SavedState, city: City, ask: AheadAsk, say: Say) -> AheadFigures:
    """Run the time ahead of a moment so many times."""
    looker = _Looker(saved, city, ask, say)
    rows = looker.rows(policy=ask.policy, choose=ask.choose)
    return looker.figures(rows, ask.policy)


def look_otherwise(saved: SavedState, city: City, ask: AheadAsk, say: Say) -> WhatIf:
    """Hold another policy or choice against what held, run by run on the same calls and luck."""
    if not ask.policy and not ask.choose:
        raise BadInputError("say what else: give --policy, or --choose INCIDENT=UNIT")
    looker = _Looker(saved, city, ask, say)
    present = looker.present()
    if ask.policy and _written(ask.policy) == present:
        raise ScenarioError(
            "same_policy",
            f"当时的策略就是 {present}，没有可比较的",
            f"{present} is what held then: there is nothing to compare, choose another policy",
        )
    base = looker.rows(choose=ask.held)
    other = looker.rows(policy=ask.policy, choose=ask.choose)
    names = [*base[0]]
    found = {
        name: compare_paired([row[name] for row in base], [row[name] for row in other])
        for name in names
    }
    chosen = (f"{unit_id} to {incident_id}" for incident_id, unit_id in ask.choose)
    return WhatIf(
        asked=", ".join((*([ask.policy] if ask.policy else []), *chosen)),
        base=looker.figures(base, ""),
        other=looker.figures(other, ask.policy),
        present=present,
        differences={name: each for name, each in found.items() if each is not None},
    )


class _Row(dict[str, float | None]):
    """The figures of one run by name, and its circles."""

    def __init__(self, row: AheadRow) -> None:
        found = np.array(row.response_s)
        super().__init__(
            calls=float(row.n_calls),
            incidents=float(row.n_incidents),
            p50_s=_rank(found, 0.5),
            p90_s=_rank(found, 0.9),
            mean_s=float(found.mean()) if len(found) else None,
            late_share=row.n_late / len(found) if len(found) else None,
            unreached=float(row.n_unreached),
            lost_min=float(sum(row.lost_min)),
            incident_s=row.named_s,
        )
        self.circles_min = row.lost_min


class _Looker:
    """One moment, and the calls of the runs ahead of it."""

    def __init__(self, saved: SavedState, city: City, ask: AheadAsk, say: Say) -> None:
        if ask.n_replications < FEWEST:
            raise BadInputError(f"{ask.n_replications} runs are too few: take {FEWEST} or more")
        self._ask, self._say = ask, say
        self._own = make_reference(city)
        load_kernels(self._own)
        self._saved, own = saved, self._own
        self._zone = ZoneInfo(city.meta.time_zone)
        rules, codec = core_rulebook(), core_codec()
        self._run = AheadRun(saved, lambda: new_board(own), rules, codec, self._zone)
        self._posts = self._run.circle_posts()
        self._until_ms = saved.at_ms + ask.minutes * MINUTE_MS
        say("drawing the calls")
        self._calls = [self._draw(city, i) for i in range(ask.n_replications)]

    def present(self) -> str:
        """The policy that held then, in words."""
        return present_for(self._run.board(), "", self._saved.at_ms)

    def rows(self, *, policy: str = "", choose: Sequence[tuple[str, str]] = ()) -> list[_Row]:
        """Every run under a policy, with some choices made first."""
        used: UsePolicy | None = command_of(policy, "twin") if policy else None
        first: list[Command] = [
            AssignUnit(incident_id=incident_id, unit_id=unit_id, by="twin")
            for incident_id, unit_id in choose
        ]
        found = []
        for i, calls in enumerate(self._calls):
            self._say(f"run {i + 1} of {len(self._calls)}")
            row = self._run.run(
                calls,
                seed=seed_of(self._ask.seed, i),
                until_ms=self._until_ms,
                policy=used,
                first=first,
                named=self._ask.choose[0][0] if self._ask.choose else "",
            )
            found.append(_Row(row))
        return found

    def figures(self, rows: Sequence[_Row], policy: str) -> AheadFigures:
        """Sum the runs up."""
        means = {name: _mean([row[name] for row in rows]) for name in rows[0]}
        circles = [
            _circle(post.post_id, post.name, [row.circles_min[i] for row in rows])
            for i, post in enumerate(self._posts)
        ]
        del means["mean_s"], means["incident_s"]
        return AheadFigures(
            at=datetime.fromtimestamp(self._saved.at_ms / 1000, self._zone).isoformat(
                timespec="seconds"
            ),
            seq=self._saved.seq,
            minutes=self._ask.minutes,
            n_replications=len(rows),
            policy=policy or "as it holds",
            circles=tuple(sorted(circles, key=lambda each: (-each.lost_share, -each.lost_min))),
            **means,
        )

    def _draw(self, city: City, number: int) -> list[SimCall]:
        """The calls of one run, in the hours they are expected in."""
        day = datetime.fromtimestamp(self._saved.at_ms / 1000, self._zone).date()
        midnight = datetime.combine(day, time(), self._zone)
        drawn = draw_handled(
            city,
            self._own,
            start_ms=round(midnight.timestamp() * 1000),
            n_days=N_DRAWN_DAYS,
            handled_per_day=self._ask.per_day,
            seed=seed_of(self._ask.seed, number),
        )
        return [call for call in drawn if self._saved.at_ms < call.at_ms <= self._until_ms]


def _written(policy: str) -> str:
    """A policy as it is always written, whatever the order of its options."""
    variant = read_variant(policy)
    return policy_text(variant.policy_id, variant.ways)


def _rank(found: np.ndarray[tuple[int], np.dtype[np.float64]], share: float) -> float | None:
    """Nearest rank, None of nothing."""
    if not len(found):
        return None
    return float(np.sort(found)[int(np.ceil(share * len(found))) - 1])


def _mean(values: Sequence[float | None]) -> Mean:
    known = np.array([value for value in values if value is not None])
    if len(known) < 2:  # noqa: PLR2004 - one value has no spread
        return Mean(len(known), float(known[0]) if len(known) else None, None, None)
    from scipy.stats import t

    mean = float(known.mean())
    half = float(t.ppf(0.975, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return Mean(len(known), *(round(value, 3) for value in (mean, mean - half, mean + half)))


def _circle(post_id: str, name: str, lost_min: Sequence[float]) -> CircleAhead:
    n_lost = sum(value >= 1 for value in lost_min)
    low, high = wilson(n_lost, len(lost_min))
    return CircleAhead(
        post_id=post_id,
        name=name,
        lost_share=round(n_lost / len(lost_min), 4),
        low=round(low, 4),
        high=round(high, 4),
        lost_min=round(float(np.mean(lost_min)), 2),
    )
