"""The hindsight bound (后见下界) against dispatchers that try everything, as the kernel moves cars.

Units and places are few, so that every way of sending, holding, turning round and moving up can be
gone through; with more of them, many ways by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from kuaifan.twin import kernel_layout as at
from kuaifan.twin.hindsight import hindsight, least_of
from kuaifan.twin.hindsight_places import Freedom
from kuaifan.twin.kernel_city import KernelCity

MINUTE = 60_000
MOVE_MS = 10 * MINUTE
STILL, TURNING, MOVING = Freedom(False, False), Freedom(False, True), Freedom(True, True)


def tiny(seed, *, n_calls, n_units, hours, n_places=7):
    """A few units at two or three posts of a city without any geometry, and its calls."""
    luck = np.random.default_rng(seed)
    travel_ms = luck.integers(1, 16 * MINUTE, (1, n_places, n_places)).astype(np.int32)
    travel_ms[:, np.arange(n_places), np.arange(n_places)] = 0
    # Where calls are near each other, who stays there is nearer than anybody at a post.
    travel_ms[:, 3:, 3:] //= 6
    units = np.zeros((at.N_UNIT_COLUMNS, n_units), np.int64)
    units[at.HOME] = luck.integers(0, 2, n_units)
    nothing = np.zeros((1, 1), np.uint64)
    city = KernelCity(
        (), units, travel_ms, nothing, np.array([1, 2]), nothing, np.zeros((1, 1, 1), np.int32)
    )
    calls = np.zeros((at.N_CALL_COLUMNS, n_calls), np.int64)
    calls[at.AT] = np.sort(luck.integers(0, int(hours * 60 * MINUTE), n_calls))
    calls[at.AT] -= calls[at.AT, 0]
    calls[at.PLACE] = luck.integers(3, n_places, n_calls)
    calls[at.PRIORITY] = luck.integers(1, 5, n_calls)
    calls[at.N_NEEDED] = 1 + (luck.random(n_calls) < 0.15) * (n_units > 1)
    calls[at.TARGET] = luck.choice([0, 3, 6, 10], n_calls, p=[0.1, 0.3, 0.4, 0.2]) * MINUTE
    calls[at.SERVICE] = luck.integers(1, 10 * MINUTE, n_calls)
    calls[at.TURNOUT] = luck.integers(0, 2 * MINUTE, n_calls)
    return calls, city


@dataclass
class Car:
    """A unit as the kernel has it: out of where, to where, and when it counts as there."""

    home: int
    out_of: int = 0
    to: int = 0
    half_ms: int = 0
    post: int = 0
    is_moved: bool = False
    back_ms: int = at.NEVER
    call: int = -1
    there_ms: int = at.NEVER
    done_ms: int = at.NEVER

    def place(self, now_ms):
        return self.to if now_ms >= self.half_ms else self.out_of

    def go(self, now_ms, to, drive_ms, *, half_from_ms):
        self.out_of, self.to = self.place(now_ms), to
        self.half_ms = half_from_ms + max(1, drive_ms // 2)


@dataclass
class Tried:
    """One dispatcher's day: at every moment it is asked what to do, and may do nothing.

    every_ms: it is asked at regular moments too, up to the last ring; 0 for never.
    """

    calls: np.ndarray
    city: KernelCity
    freedom: Freedom
    choose: object
    first_ms: dict = field(default_factory=dict)
    every_ms: int = 0
    wait_ms: int = 0

    def run(self):
        homes = self.city.units[at.HOME].tolist()
        self.cars = [Car(home, home, home, post=home) for home in homes]
        self.crews = [set() for _ in self.calls.T]
        now_ms = -1
        while (now_ms := self.next_moment(now_ms)) < at.NEVER:
            self.happen(now_ms)
            for call in range(self.calls.shape[1]):
                if self.calls[at.AT, call] <= now_ms:
                    self.offer(call, now_ms)
        return self

    def next_moment(self, now_ms):
        rings = self.calls[at.AT].tolist()
        if len(self.first_ms) == len(rings) and all(car.call < 0 for car in self.cars):
            return at.NEVER
        own = (
            (car.half_ms - 1, car.half_ms, car.there_ms, car.done_ms, car.back_ms)
            for car in self.cars
        )
        moments = [*rings, *(each for car in own for each in car)]
        if self.every_ms and now_ms < rings[-1]:
            moments.append((now_ms // self.every_ms + 1) * self.every_ms)
        return min((each for each in moments if each > now_ms), default=at.NEVER)

    def happen(self, now_ms):
        for car in self.cars:
            if car.there_ms == now_ms:
                self.first_ms.setdefault(car.call, now_ms)
                car.done_ms, car.there_ms = now_ms + int(self.calls[at.SERVICE, car.call]), at.NEVER
            if car.done_ms == now_ms:
                car.call, car.done_ms = -1, at.NEVER
                self.to_post(car, now_ms)
            if car.back_ms == now_ms:
                car.back_ms = now_ms + at.HELD_MS if car.call >= 0 else at.NEVER
                if car.call < 0:
                    car.post, car.is_moved = car.home, False
                    self.to_post(car, now_ms)

    def drive(self, car, to, now_ms):
        return int(self.city.travel_ms[0, to, car.place(now_ms)])

    def to_post(self, car, now_ms):
        car.go(now_ms, car.post, self.drive(car, car.post, now_ms), half_from_ms=now_ms)

    def offer(self, call, now_ms):
        """Send nobody, somebody free, or somebody turned round; as often as units are short."""
        is_over = self.crews[call] and all(car.call != call for car in self.cars)
        while len(self.crews[call]) < self.calls[at.N_NEEDED, call] and not is_over:
            can = [i for i, car in enumerate(self.cars) if self.may_go(i, car, call)]
            choice = self.choose(len(can) + 1)
            if choice == 0:
                return
            self.send(can[choice - 1], call, now_ms)

    def may_go(self, number, car, call):
        if number in self.crews[call] or car.call < 0:
            return car.call < 0 and number not in self.crews[call]
        is_under_way = car.there_ms < at.NEVER
        priority = self.calls[at.PRIORITY]
        is_worth = priority[call] <= 2 and priority[car.call] > priority[call]
        return self.freedom.turns and is_under_way and is_worth

    def send(self, number, call, now_ms):
        car = self.cars[number]
        if car.call >= 0:
            self.crews[car.call].discard(number)
        drive_ms = self.drive(car, int(self.calls[at.PLACE, call]), now_ms)
        left_ms = now_ms + int(self.calls[at.TURNOUT, call])
        car.go(now_ms, int(self.calls[at.PLACE, call]), drive_ms, half_from_ms=left_ms)
        car.call, car.there_ms = call, max(now_ms + 1, left_ms + drive_ms)
        self.crews[call].add(number)
        self.wait_ms = max(self.wait_ms, now_ms - int(self.calls[at.AT, call]))
        if self.freedom.moves:
            self.move(now_ms)

    def move(self, now_ms):
        can = [
            (car, int(post))
            for car in self.cars
            for post in self.city.post_places
            if car.call < 0 and not car.is_moved and car.post != post
            if self.drive(car, int(post), now_ms) <= MOVE_MS
        ]
        if choice := self.choose(len(can) + 1):
            car, post = can[choice - 1]
            car.post, car.is_moved, car.back_ms = post, True, now_ms + at.HELD_MS
            self.to_post(car, now_ms)


def all_ways(calls, city, freedom, *, most, every_ms=0):
    """Every day that choices can lead to, up to so many; whether these were all."""
    chosen = []
    for _ in range(most):
        asked, sizes = iter(list(chosen)), []

        def choose(n, asked=asked, sizes=sizes):
            sizes.append(n)
            return next(asked, 0)

        yield Tried(calls, city, freedom, choose, every_ms=every_ms).run()
        chosen += [0] * (len(sizes) - len(chosen))
        while chosen and chosen[-1] + 1 == sizes[len(chosen) - 1]:
            chosen.pop()
        if not chosen:
            return
        chosen[-1] += 1
    raise AssertionError("more ways than can be tried: make the city smaller")


def ways_by_chance(calls, city, freedom, *, n, seed):
    """So many days of dispatchers that do whatever comes to their mind, idly or busily."""
    luck = np.random.default_rng(seed)
    for i in range(n):
        idle = (0.0, 0.3, 0.8)[i % 3]
        yield Tried(
            calls,
            city,
            freedom,
            lambda n, idle=idle: 0 if luck.random() < idle else int(luck.integers(0, n)),
        ).run()


def figures_of(day, *, warm_up_ms):
    """Late, urgent late and mean response of a day; no mean where a call was never reached."""
    calls, n_calls = day.calls, day.calls.shape[1]
    took_ms = [day.first_ms.get(c, at.NEVER) - int(calls[at.AT, c]) for c in range(n_calls)]
    counted = calls[at.AT] >= warm_up_ms
    asked = counted & (calls[at.TARGET] > 0)
    is_late = np.array(took_ms) > calls[at.TARGET]
    own = np.array(took_ms)[counted]
    has_all = len(own) > 0 and (own < at.NEVER // 2).all()
    return (
        is_late[asked].mean() if asked.any() else None,
        is_late[urgent].mean() if (urgent := asked & (calls[at.PRIORITY] <= 2)).any() else None,
        own.mean() / 1000 if has_all else None,
    )


def least_found(days, calls, city, freedom, *, warm_up_ms=0):
    """Hold every day to the bound; the least of each figure, and the bound."""
    least, bounds = [9e9, 9e9, 9e9], {}
    for day in days:
        wait_ms = max(day.wait_ms, 3_600_000)
        if wait_ms not in bounds:
            bounds[wait_ms] = (
                hindsight(calls, city, warm_up_ms=warm_up_ms, wait_ms=wait_ms, freedom=freedom),
                least_of(calls, city, wait_ms, freedom).response_ms,
            )
        bound, response_ms = bounds[wait_ms]
        for c, first_ms in day.first_ms.items():
            assert first_ms - calls[at.AT, c] >= response_ms[c]
        for i, value in enumerate(figures_of(day, warm_up_ms=warm_up_ms)):
            if value is not None and bound[i] is not None:
                assert value >= bound[i] - 1e-9
                least[i] = min(least[i], value)
    return least, bounds


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("freedom", [STILL, TURNING, MOVING])
def test_nobody_who_tries_every_way_is_below_it(seed, freedom):
    calls, city = tiny(seed, n_calls=3, n_units=1, hours=0.6)
    days = all_ways(calls, city, freedom, most=100_000)
    least_found(days, calls, city, freedom)


def two_in_a_row(seed):
    """A unit between two calls: the second is far from its post, and near to the first."""
    calls, city = tiny(seed, n_calls=2, n_units=1, hours=0.6)
    luck = np.random.default_rng(seed)
    calls[at.PLACE], calls[at.N_NEEDED] = (3, 4), 1
    calls[at.TARGET] = luck.integers(4, 12, 2) * MINUTE
    calls[at.SERVICE] = luck.integers(1, 4 * MINUTE, 2)
    city.travel_ms[0, 3, :3] = luck.integers(MINUTE, 4 * MINUTE)
    city.travel_ms[0, 4, :3] = luck.integers(10 * MINUTE, 20 * MINUTE)
    city.travel_ms[0, :3, 3] = luck.integers(1, 8 * MINUTE)
    calls[at.AT, 1] = luck.integers(2 * MINUTE, 20 * MINUTE)
    return calls, city


@pytest.mark.parametrize("freedom", [STILL, TURNING, MOVING])
def test_nobody_who_holds_a_call_to_be_near_the_next_is_below_it_and_some_meet_it(freedom):
    n_met = 0
    for seed in range(60):
        calls, city = two_in_a_row(seed)
        days = all_ways(calls, city, freedom, most=20_000, every_ms=MINUTE)
        least, bounds = least_found(days, calls, city, freedom)
        [(bound, _)] = bounds.values()
        n_met += least[0] == bound.late_share and least[2] - bound.mean_s < 60
    assert n_met >= 20


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("freedom", [STILL, TURNING, MOVING])
def test_nobody_who_tries_by_chance_is_below_it(seed, freedom):
    calls, city = tiny(100 + seed, n_calls=7, n_units=1 + seed % 3, hours=0.5 + seed % 4)
    days = ways_by_chance(calls, city, freedom, n=60, seed=seed)
    least_found(days, calls, city, freedom, warm_up_ms=seed % 2 * 30 * MINUTE)
