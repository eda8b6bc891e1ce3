"""Whose turn it is to be told: in order within a lane, lanes for themselves, given up by a term."""

from collections import Counter

import numpy as np
import pytest

from kuaifan.gateway.effect import Effect, Settled
from kuaifan.gateway.outbox_lanes import Lanes, Pace
from kuaifan.gateway.outbox_progress import Progress

PACE = Pace(first_ms=1_000, last_ms=15_000, seed=7)


def effect(seq, lane="C1", channel="phone", until_ms=120_000):
    return Effect(
        effect_id=f"{seq}-0-0",
        place=f"{seq}-0",
        channel=channel,
        lane=f"{channel}/{lane}",
        what="hold",
        fields={},
        at_ms=0,
        until_ms=until_ms,
        call_id=lane,
    )


def taken(lanes, steady_ms=0, city_ms=0):
    found = []
    while (each := lanes.take(steady_ms, city_ms)) is not None:
        found.append(each)
    return found


def test_one_lane_is_told_one_by_one_and_another_does_not_wait_for_it():
    lanes = Lanes(PACE)
    first, second, other = effect(1), effect(2), effect(3, "C2")
    for each in (first, second, other):
        lanes.add(each)
    assert taken(lanes) == [first, other]
    lanes.failed(first, status=503, steady_ms=0)
    lanes.delivered(other)
    assert taken(lanes, steady_ms=499) == []
    assert taken(lanes, steady_ms=1_000) == [first]
    lanes.delivered(first)
    assert taken(lanes) == [second]


def test_a_receiver_that_hangs_holds_up_its_own_lanes_and_nobody_elses():
    lanes = Lanes(PACE, at_once=2)
    for i in range(5):
        lanes.add(effect(i, f"C{i}"))
    lanes.add(effect(9, "I1", channel="119"))
    assert [each.channel for each in taken(lanes)] == ["phone", "phone", "119"]
    assert lanes.next_due_ms() is None
    assert lanes.n_waiting == 6


def test_the_pause_doubles_to_a_limit_with_a_jitter_that_the_seed_decides():
    pauses = [PACE.pause_ms("1-0", n) for n in range(1, 9)]
    for n, pause_ms in enumerate(pauses):
        whole_ms = min(15_000, 1_000 << n)
        assert whole_ms // 2 <= pause_ms <= whole_ms
    assert pauses == [PACE.pause_ms("1-0", n) for n in range(1, 9)]
    assert len({PACE.pause_ms(f"{i}-0", 5) for i in range(20)}) > 15
    assert PACE.pause_ms("1-0", 500) <= 15_000


@pytest.mark.parametrize(("n_failed", "why"), [(0, "late"), (2, "silent")])
def test_what_is_too_old_is_given_up_and_the_next_goes(n_failed, why):
    lanes = Lanes(PACE)
    old, new = effect(1), effect(2, until_ms=10**9)
    lanes.add(old)
    lanes.add(new)
    for n in range(n_failed):
        assert taken(lanes, steady_ms=n * 60_000) == [old]
        lanes.failed(old, status=500, steady_ms=n * 60_000)
    given_up, told = taken(lanes, steady_ms=600_000, city_ms=120_001)
    assert isinstance(given_up, Settled)
    assert (given_up.why, given_up.n_attempts) == (why, n_failed)
    assert told == new


def test_what_is_refused_is_not_tried_again():
    lanes = Lanes(PACE)
    lanes.add(effect(1))
    settled = lanes.refused(taken(lanes)[0], 404)
    assert (settled.why, settled.status, settled.n_attempts) == ("refused", 404, 1)
    assert taken(lanes, steady_ms=10**9) == []


def test_progress_is_up_to_the_first_that_is_open_and_names_those_after_it():
    progress = Progress(10)
    progress.read(11, ["11-0", "11-1"])
    progress.read(12, [])
    progress.read(13, ["13-0"])
    progress.settle("11-0")
    progress.settle("13-0")
    note = progress.note()
    assert (note.upto_seq, set(note.done)) == (10, {"11-0", "13-0"})
    progress.noted(note)
    assert progress.n_unnoted == 0
    progress.settle("11-1")
    assert progress.note().upto_seq == 13
    assert progress.note().done == ()


def test_thousands_that_are_dealt_with_from_the_newest_back_are_one_step_each():
    progress, seqs = Progress(0), range(1, 20_001)
    for seq in seqs:
        progress.read(seq, [f"{seq}-0"])
    for seq in reversed(seqs[1:]):
        progress.settle(f"{seq}-0")
    assert (progress.upto_seq, progress.n_unnoted) == (0, 19_999)
    progress.settle("1-0")
    assert progress.upto_seq == 20_000


class World:
    """A log of effects, receivers that lose and double, an outbox that is killed at any step."""

    def __init__(self, seed):
        self.draws = np.random.default_rng(seed)
        self.log = [
            [f"{seq}-{i}" for i in range(int(self.draws.integers(0, 3)))] for seq in range(1, 60)
        ]
        self.upto_seq, self.done = 0, set()
        self.took, self.dead = Counter(), Counter()
        self.order: dict[str, list[str]] = {}

    def effects(self, seq):
        for place in self.log[seq - 1]:
            lane = f"L{int(place[:-2]) % 4}"
            yield Effect(
                effect_id=place,
                place=place,
                channel="phone",
                lane=lane,
                what="hold",
                fields={},
                at_ms=seq * 1_000,
                until_ms=seq * 1_000 + 30_000,
            )

    def receive(self, effect):
        """Its answer may be lost; a key that it knows, it passes over."""
        if self.draws.random() < 0.3:
            return None
        if not self.took[effect.effect_id]:
            self.order.setdefault(effect.lane, []).append(effect.effect_id)
        self.took[effect.effect_id] += 1
        return None if self.draws.random() < 0.3 else 200

    def live_once(self, start_ms):
        """One life of an outbox, from what the log holds to a crash; returns when it ended."""
        lanes, progress = Lanes(Pace(seed=1)), Progress(self.upto_seq, self.done)
        now_ms = start_ms
        while progress.upto_seq < len(self.log) and self.draws.random() > 0.03:
            now_ms += 400
            if progress.read_seq < len(self.log):
                seq = progress.read_seq + 1
                new = [e for e in self.effects(seq) if not progress.is_done(e.place)]
                progress.read(seq, [each.place for each in new])
                for each in new:
                    lanes.add(each)
            while (each := lanes.take(now_ms, now_ms)) is not None:
                if isinstance(each, Settled):
                    self.dead[each.effect.effect_id] += 1
                    progress.settle(each.effect.place)
                elif self.receive(each) is None:
                    lanes.failed(each, status=0, steady_ms=now_ms)
                else:
                    progress.settle(lanes.delivered(each).effect.place)
            if self.draws.random() < 0.3:
                note = progress.note()
                progress.noted(note)
                self.upto_seq = note.upto_seq
                done = {*self.done, *note.done}
                self.done = {d for d in done if int(d.partition("-")[0]) > note.upto_seq}
        return now_ms


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_lost_or_killed_each_is_told_in_order_or_given_up(seed):
    world, now_ms = World(seed), 0
    while world.upto_seq < len(world.log):
        now_ms = world.live_once(now_ms)
    wished = {place for places in world.log for place in places}
    assert set(world.took) | set(world.dead) == wished
    for order in world.order.values():
        # First arrivals of a lane keep the order of the log, whatever was told again later.
        seqs = [tuple(map(int, each.split("-"))) for each in order]
        assert seqs == sorted(seqs)
