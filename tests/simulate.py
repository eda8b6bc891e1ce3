"""Deterministic simulation (确定性仿真): a whole desk and its world in one thread, from one seed.

    .venv/bin/python tests/simulate.py --seed 17
    .venv/bin/python tests/simulate.py --seeds 10000 --jobs 2

The engine, the rules, the log's writer over SQLite, recovery, the views and the stream are the real
ones. Clock, disk, net, people and devices are simulated, and fail as the seed says. A seed whose
promises do not hold prints the one command that repeats it, and ends with 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    # Sets of texts are walked in the same order in every run of a seed.
    if os.environ.get("PYTHONHASHSEED") != "0":
        same = {**os.environ, "PYTHONHASHSEED": "0"}
        os.execve(sys.executable, [sys.executable, *sys.argv], same)  # noqa: S606 - ourselves
    sys.path.insert(0, str(Path(__file__).parent))

from simulated_disk import Disk
from simulated_oracle import BrokenPromiseError, Oracle, promise
from simulated_outbox import Outside, SteppedOutbox
from simulated_people import People
from simulated_process import RING_KEPT, Process, SteppedWriter
from toy_city import START_MS

from kuaifan.kernel.journal import StorageError
from kuaifan.store.log_error import STORE_FAULTS
from kuaifan.web.view_store import ViewStore

N_STEPS = 120
HOUR_S = 3_600.0
N_SETTLE = 400
"""Rounds of repeating, after the last fault, in which everybody must have been answered."""
CHECK_EVERY = 40
PASSES_S = (0.05, 0.3, 1.0, 5.0, 30.0, 400.0, 1_900.0)
SHM = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
FAULTS = (
    *("io", "full", "read_only", "read", "kill", "power"),
    *("clock", "slow", "loss", "deaf", "reopen"),
)


class Faults:
    """Bugs planted to see them caught; this one plants none."""

    writer_type = SteppedWriter

    def recovered(self, state):
        """The state as recovery hands it over."""
        return state

    def spoil(self, process):
        """A process that was just made."""


class World:
    """All there is in one simulation (仿真世界)."""

    def __init__(self, seed, folder, faults=None):
        self.seed, self.rng = seed, random.Random(seed)  # noqa: S311 - no secret
        self.faults = faults or Faults()
        self.log = Path(folder) / "log.db"
        self.mono_s = self.wall_off_s = 0.0
        self.disk = Disk(folder, self.rng)
        # Each seed has some of the faults only: too many at once hide one another.
        self.kinds = [kind for kind in FAULTS if self.rng.random() < 0.5]
        self.loss = 0.2 if "loss" in self.kinds else 0.0
        self.process, self.store = None, None
        self.oracle, self.people = Oracle(self), People(self)
        self.outside = Outside(self)
        self.n_lives = self.n_refused = 0

    def wall(self):
        return START_MS / 1000 + self.mono_s + self.wall_off_s

    def monotonic(self):
        return self.mono_s

    # --- what may happen in a step -----------------------------------------------------------

    def step(self):
        """One thing happens, by luck."""
        if self.process is None:
            self.start()
        else:
            self.rng.choices(ACTS, WEIGHTS)[0](self)
        self._bury()
        self.oracle.check_step()

    def start(self):
        """Start the desk, or open its log again; a disk that refuses is tried again later."""
        if self.store is None:
            self.store = ViewStore(RING_KEPT)
        try:
            self.process = Process(self, self.store)
        except (StorageError, ValueError, OSError, *STORE_FAULTS):
            self.n_refused += 1
            if self.rng.random() < 0.5:
                self.disk.heal()
            return
        self.n_lives += 1
        # As a serving desk does before it listens.
        self.process.outbox = SteppedOutbox(self, self.process)

    def pass_time(self):
        self.mono_s += self.rng.choice(PASSES_S[: self.rng.randint(1, len(PASSES_S))])

    def work(self):
        """The engine and the writer get on, in some order."""
        for _ in range(self.rng.randint(1, 6)):
            if self.process is None or self.process.is_over:
                return
            writes = self.rng.random() < (0.15 if "slow" in self.kinds else 0.5)
            (self.process.write if writes else self.process.decide)()

    def fault(self):
        """Something breaks, of the kinds that this seed knows."""
        if self.kinds:
            getattr(self, f"_{self.rng.choice(self.kinds)}")()

    def look(self):
        """Everything is written, then held against what was promised."""
        self.process.settle()
        if not self.process.is_over:
            self.oracle.check_views()
            self.oracle.check_log()
            self.oracle.check_recovery()
            self.people.read()

    def save(self):
        if not self.process.is_over:
            self.process.save_snapshot()

    # --- faults ------------------------------------------------------------------------------

    def _io(self, how="io"):
        self.disk.fail_in, self.disk.how = self.rng.randint(1, 12), how
        self.disk.n_bad = self.rng.choice((1, 1, 2, 30))

    def _full(self):
        self._io("full")

    def _read_only(self):
        self.disk.is_read_only = True

    def _kill(self, *, power_cut=False):
        """The process is gone, now or in the middle of its next writes."""
        self.disk.heal()
        if self.rng.random() < 0.5:
            self.disk.fail_in, self.disk.how = self.rng.randint(1, 10), "io"
            for _ in range(6):
                self.work()
            self.disk.heal()
        self._die(power_cut=power_cut)

    def _power(self):
        self._kill(power_cut=True)

    def _clock(self):
        self.wall_off_s += self.rng.choice((-HOUR_S, HOUR_S, -3.0, 3.0, 40.0))

    def _slow(self):
        """Nothing is written for a while, and everybody goes on asking."""
        for _ in range(20):
            self.people.act()
            self.people.retry()
            if not self.process.is_over:
                self.process.decide()

    def _loss(self):
        self.people.retry()

    def _deaf(self):
        self.people.stop_reading()

    def _read(self):
        """Pages cannot be read, by a desk at work or by one that starts."""
        if self.rng.random() < 0.5:
            self._die(power_cut=False)
        self.disk.read_fails_in = self.rng.randint(1, 60)
        for _ in range(3):
            if self.process is None:
                self.start()
            else:
                self.people.retry()
                self.work()
        self.disk.read_fails_in = None

    def _reopen(self):
        """Stopped and started again in good order."""
        self.process.close()
        self.process = self.store = None

    def _die(self, *, power_cut):
        self.disk.is_dead = True
        if self.process is not None:
            self.process.kill()
        self.disk.restart(power_cut=power_cut)
        self.process = self.store = None
        self.wall_off_s += self.rng.choice((0.0, 0.0, -HOUR_S)) if "clock" in self.kinds else 0.0

    def _bury(self):
        """A desk whose disk refused opens the log again, as the serving one does."""
        if self.process is not None and self.process.is_over:
            self.process.close()
            self.process = None
            self.n_refused += 1

    # --- the end -----------------------------------------------------------------------------

    def finish(self):
        """No more faults: everybody is answered, and everything that was promised holds."""
        self.disk.heal()
        self.loss = 0.0
        for _ in range(N_SETTLE):
            self._bury()
            if self.process is None:
                self.start()
            elif not self.people.requests:
                break
            else:
                self.people.retry()
                self.process.settle()
            self.oracle.check_step()
        left = [request.key for request in self.people.requests]
        promise(not left, f"never answered: {left[:5]}")
        self.process.settle()
        self.outside.finish()
        self.look()
        self.people.check_screens()
        self.oracle.check_replay()
        self._reopen()
        self.oracle.check_log()


ACTS = (
    *(lambda world: world.people.act(), lambda world: world.people.retry()),
    *(lambda world: world.people.ring(), lambda world: world.people.report()),
    *(lambda world: world.people.read(), World.pass_time, World.work, World.fault),
    *(World.look, World.save, lambda world: world.outside.step()),
)
WEIGHTS = (22, 8, 8, 8, 6, 14, 40, 6, 1, 1, 12)


def simulate(seed, n_steps=N_STEPS, faults=None):
    """Run one seed and return what it saw; raises BrokenPromiseError."""
    base = SHM if SHM.is_dir() and os.access(SHM, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="kuaifan-sim-", dir=base) as folder:
        world = World(seed, folder, faults)
        with world.disk.mounted():
            try:
                for _ in range(n_steps):
                    world.step()
                world.finish()
            finally:
                world.disk.is_dead = True
                if world.process is not None:
                    world.process.kill()
        seen = world.oracle
        return {
            "seed": seed,
            "lives": world.n_lives,
            "refused": world.n_refused,
            "faults": world.disk.n_faults,
            "answers": seen.n_answers,
            "retried": seen.n_retried,
            "checks": seen.n_checks,
            "told": world.outside.n_told,
        }


def repeat_by(seed, n_steps):
    """The one command that repeats a seed."""
    return f".venv/bin/python tests/simulate.py --seed {seed} --steps {n_steps}"


def say(line):
    """Print a line at once: a long run is watched."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _attempt(task):
    seed, n_steps = task
    try:
        return seed, simulate(seed, n_steps), None
    except BrokenPromiseError as error:
        return seed, None, str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the seed repeats it
        return seed, None, f"{type(error).__name__}: {error}"


def _attempts(seeds, n_steps, n_jobs):
    tasks = [(seed, n_steps) for seed in seeds]
    if n_jobs == 1:
        yield from map(_attempt, tasks)
        return
    with multiprocessing.Pool(n_jobs) as pool:
        yield from pool.imap_unordered(_attempt, tasks, chunksize=4)


def main():
    """Run one seed, or many; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="run this one, with its traceback")
    parser.add_argument("--seeds", type=int, default=200, help="how many, from --first on")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--steps", type=int, default=N_STEPS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    chosen = parser.parse_args()
    if chosen.seed is not None:
        say(json.dumps(simulate(chosen.seed, chosen.steps)))
        return 0
    return run_many(range(chosen.first, chosen.first + chosen.seeds), chosen.steps, chosen.jobs)


def run_many(seeds, n_steps, n_jobs):
    """Run seeds in several processes; prints their figures together."""
    began_s, sums, broken = time.monotonic(), {}, []
    for seed, seen, said in _attempts(seeds, n_steps, n_jobs):
        if said is not None:
            broken.append(seed)
            say(f"seed {seed}: {said}\n  repeat it: {repeat_by(seed, n_steps)}")
        for name, value in (seen or {}).items():
            sums[name] = sums.get(name, 0) + value
    sums.pop("seed", None)
    elapsed_s = round(time.monotonic() - began_s, 1)
    say(json.dumps({"seeds": len(seeds), "broken": broken, **sums, "seconds": elapsed_s}))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
