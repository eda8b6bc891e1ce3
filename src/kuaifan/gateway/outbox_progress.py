"""How far everybody outside was told (外发进度): up to a record, and places after it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from kuaifan.board.outbox import place_seq
from kuaifan.vocabulary.outbox import MAX_DONE, NoteDelivered


class Progress:
    """Counts what is dealt with (外发进度); for one thread at a time.

    upto_seq, done: as they stand in the log.
    """

    def __init__(self, upto_seq: int, done: Iterable[str] = ()) -> None:
        self.read_seq = self._noted_seq = upto_seq
        self._done = set(done)
        self._open: dict[int, set[str]] = {}
        self._seqs: deque[int] = deque()
        """Of the records with open places, in order; some in between may be dealt with."""
        self._to_note: dict[str, None] = {}

    def is_done(self, place: str) -> bool:
        """Whether a place was dealt with before the last start."""
        return place in self._done

    def read(self, seq: int, places: Sequence[str]) -> None:
        """A record was read, and wants these told."""
        self.read_seq = seq
        if places:
            self._open[seq] = set(places)
            self._seqs.append(seq)

    def skip(self, seq: int) -> None:
        """Nothing up to a record is of any concern."""
        self.read_seq = max(self.read_seq, seq)

    def settle(self, place: str) -> None:
        """A place is dealt with; costs the same however many are not."""
        self._to_note[place] = None
        seq = place_seq(place)
        places = self._open[seq]
        places.discard(place)
        if not places:
            del self._open[seq]
        while self._seqs and self._seqs[0] not in self._open:
            self._seqs.popleft()

    @property
    def upto_seq(self) -> int:
        """Everything up to this record is dealt with."""
        return self._seqs[0] - 1 if self._seqs else self.read_seq

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
        after = [each for each in self._to_note if place_seq(each) > upto_seq]
        return NoteDelivered(upto_seq=upto_seq, done=tuple(after[:MAX_DONE]))

    def noted(self, note: NoteDelivered) -> None:
        """It is written down."""
        self._noted_seq = note.upto_seq
        known = set(note.done)
        self._to_note = {
            each: None
            for each in self._to_note
            if each not in known and place_seq(each) > note.upto_seq
        }
