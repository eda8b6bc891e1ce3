"""How far everybody outside was told (外发进度): up to a record, and places after it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from kuaifan.vocabulary.outbox import MAX_DONE, NoteDelivered


class Progress:
    """Counts what is dealt with (外发进度); for one thread at a time.

    upto_seq, done: as they stand in the log.
    """

    def __init__(self, upto_seq: int, done: Iterable[str] = ()) -> None:
        self.read_seq = self._noted_seq = upto_seq
        self._done = set(done)
        self._open: deque[tuple[int, set[str]]] = deque()
        self._to_note: list[str] = []

    def is_done(self, place: str) -> bool:
        """Whether a place was dealt with before the last start."""
        return place in self._done

    def read(self, seq: int, places: Sequence[str]) -> None:
        """A record was read, and wants these told."""
        self.read_seq = seq
        if places:
            self._open.append((seq, set(places)))

    def settle(self, place: str) -> None:
        """A place is dealt with."""
        seq = int(place.partition("-")[0])
        self._to_note.append(place)
        for open_seq, places in self._open:
            if open_seq == seq:
                places.discard(place)
                break
        while self._open and not self._open[0][1]:
            self._open.popleft()

    @property
    def upto_seq(self) -> int:
        """Everything up to this record is dealt with."""
        return self._open[0][0] - 1 if self._open else self.read_seq

    @property
    def n_unnoted(self) -> int:
        """Places dealt with that the log does not know of."""
        return len(self._to_note)

    @property
    def n_ahead(self) -> int:
        """Records dealt with that the log does not know of."""
        return self.upto_seq - self._noted_seq

    def note(self) -> NoteDelivered:
        """What to write down now; as much as one note may hold."""
        upto_seq = self.upto_seq
        after = [each for each in self._to_note if int(each.partition("-")[0]) > upto_seq]
        return NoteDelivered(upto_seq=upto_seq, done=tuple(after[:MAX_DONE]))

    def noted(self, note: NoteDelivered) -> None:
        """It is written down."""
        self._noted_seq = note.upto_seq
        known = set(note.done)
        self._to_note = [
            each
            for each in self._to_note
            if each not in known and int(each.partition("-")[0]) > note.upto_seq
        ]
