"""What leaves a simulated desk (仿真外发): the real outbox by steps, and receivers that lose it.

A request or its answer is lost, an answer asks to come again or says no, and comes late; the desk
dies between any two steps. Whoever is told keeps the keys that it knows, as a real one does.
"""

from __future__ import annotations

import contextlib

from simulated_oracle import promise

from kuaifan.app.outbox import OutboxLog
from kuaifan.gateway.effect_post import SilentError
from kuaifan.gateway.effects import list_effects
from kuaifan.gateway.outbox import Outbox, Rhythm
from kuaifan.gateway.outbox_lanes import Pace
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.outbox import EffectUndelivered

CHANNELS = ("phone", "119")
PATIENCE_S = 20.0
N_ROUNDS = 400


class Receiver:
    """Somebody outside who is told."""

    def __init__(self, outside, channel):
        self._outside, self.where = outside, f"{channel}:1"

    def post(self, effect):
        return self._outside.take(effect)


class _Later:
    """Stands for the threads of a receiver: what they post is posted in a later step."""

    def __init__(self, posts):
        self._posts = posts

    def submit(self, post, effect):
        self._posts.append((post, effect))

    def shutdown(self, **_how):
        self._posts.clear()


class _NoThread:
    ident = None

    def start(self):
        pass


class SteppedOutbox(Outbox):
    """An outbox that does what its thread does when it is told to."""

    def __init__(self, world, process):
        self.posts = []
        receivers = {each: Receiver(world.outside, each) for each in CHANNELS}
        super().__init__(
            Source(process),
            receivers,
            say=lambda _text: None,
            pace=Pace(seed=world.seed),
            rhythm=Rhythm(pause_s=0.0, note_s=3.0),
            steady_s=world.monotonic,
        )
        self._thread = _NoThread()
        self._pools = {each: _Later(self.posts) for each in CHANNELS}
        self.start()

    def read(self):
        self._try("log", self._read)
        self._take_answers()
        self._tell_due()

    def post_one(self, rng):
        if self.posts:
            post, effect = self.posts.pop(rng.randrange(len(self.posts)))
            post(effect)

    def hand_in(self):
        self._take_answers()
        self._try("reports", self._hand_in)

    @property
    def is_idle(self):
        return not (self.posts or self._lanes.n_waiting or self._reports or self._n_told)


class _Desk:
    """As much of a serving desk as the outbox's log looks at."""

    def __init__(self, process):
        self.live, self.store = process.live, process.store
        self.reference, self.open_reader = process.board.reference, process.journal.open_reader
        self.clock = lambda: (process.now_ms(), 1.0)


class Source(OutboxLog):
    """A simulated desk as the outbox meets it: nobody else gets on while it waits."""

    def __init__(self, process):
        super().__init__(_Desk(process))
        self._process = process

    def submit(self, command):
        if self._process.is_over:
            raise StorageError("the engine has ended")
        ticket = self._process.live.submit(command, actor="outbox")
        self._process.settle()
        with contextlib.suppress(TimeoutError):
            ticket.wait(0)
            return ticket
        raise StorageError("the engine does not answer")


class Outside:
    """Everybody who is told by a desk, in all its lives (外部)."""

    def __init__(self, world):
        self._world, self._rng = world, world.rng
        self.took, self.n_told = {}, 0

    def step(self):
        """The outbox gets on with one thing; a desk may die after any of them."""
        process = self._world.process
        if process is None or process.is_over:
            return
        outbox, rng = process.outbox, self._rng
        what = rng.randrange(5)
        if what == 0:
            outbox.hand_in()
        elif what == 1:
            outbox.read()
        else:
            outbox.post_one(rng)

    def take(self, effect):
        """Answer, or not; what is told must be in the log already, as any reader finds it."""
        with self._world.process.journal.open_reader() as reader:
            told = (each.at_ms for each in [reader.get_record(int(effect.effect_id.split("-")[0]))])
            promise(
                effect.effect_id.endswith(f"-{next(told):x}"),
                f"{effect.effect_id} was told and is not in the log",
            )
        luck = self._rng.random()
        if self._world.loss and luck < self._world.loss:
            raise SilentError("lost")
        if self._world.loss and luck < 1.3 * self._world.loss:
            return self._rng.choice((503, 429, 404))
        self.n_told += 1
        self.took.setdefault(effect.effect_id, len(self.took))
        if luck > 1 - self._world.loss:
            raise SilentError("the answer was lost")
        return 200

    def finish(self):
        """Until nothing waits any more; then everything that was wished for has come to an end."""
        world = self._world
        for _ in range(N_ROUNDS):
            outbox = world.process.outbox
            before = outbox.seq
            outbox.read()
            while outbox.posts:
                outbox.post_one(self._rng)
            outbox.hand_in()
            world.process.settle()
            world.mono_s += PATIENCE_S
            if outbox.is_idle and outbox.seq == before == world.process.store.cursor.seq:
                break
        else:
            promise(False, f"the outbox does not come to an end: {world.process.outbox.waiting}")
        self._check()

    def _check(self):
        process = self._world.process
        source = Source(process)
        with process.journal.open_reader() as reader:
            records = list(reader.read_records())
        wishes = {
            effect.effect_id: effect
            for record in records
            for effect in list_effects(record, source, CHANNELS)
            if not effect.is_repeated
        }
        events = (event for record in records for event in record.events)
        letters = {each.effect_id for each in events if isinstance(each, EffectUndelivered)}
        lost = wishes.keys() - self.took.keys() - letters
        promise(not lost, f"neither told nor handed to a person: {sorted(lost)[:5]}")
        unknown = self.took.keys() - wishes.keys()
        promise(not unknown, f"told and never wished for: {sorted(unknown)[:5]}")
        lanes = {}
        for effect_id in self.took:
            if effect_id not in letters:
                lanes.setdefault(wishes[effect_id].lane, []).append(effect_id)
        for lane, told in lanes.items():
            places = [tuple(map(int, each.split("-")[:2])) for each in told]
            promise(places == sorted(places), f"{lane} was told in another order: {told}")
