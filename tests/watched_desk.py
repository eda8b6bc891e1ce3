"""A desk whose every input is followed (旁观), as by a screen that was there from the start."""

from __future__ import annotations

from msgspec.structs import replace
from toy_city import START_MS, Desk

from kuaifan.board.views import Views


class Watched(Desk):
    """A desk whose every input is followed, as a screen would."""

    def __init__(self, *reference, plugins=None):
        super().__init__(*reference, plugins=plugins)
        self.views, self.seen = Views(), {}
        self.views.load(self.board, START_MS, {})
        self.seen.update(self.views.rows)
        self.engine.watchers.append(self._on_record)
        self.engine.sighting_watchers.append(self._on_sighting)

    def _on_record(self, record):
        self.apply(self.views.on_record(self.board, record))

    def _on_sighting(self, _sighting):
        self.apply(self.views.on_moved(self.board))

    def told(self, event):
        """Fold an event as one more record would, and show what came of it."""
        board, last = self.board, self.journal.records[-1]
        board.seq += 1
        self.rules.fold(board, event, last.at_ms)
        self._on_record(replace(last, seq=board.seq, events=(event,)))

    def pass_time(self, at_s):
        self.run_until(at_s)
        self.apply(self.views.on_time(self.board, self.inbox.now_ms()))

    def apply(self, changes):
        """Take changes as a screen does."""
        for change in changes:
            place = (change.view, change.key)
            assert self.seen.get(place) == change.before
            assert change.before != change.after
            if change.after is None:
                del self.seen[place]
            else:
                self.seen[place] = change.after

    def row(self, view, key):
        shown = self.seen.get((view, key))
        return shown and shown.row

    def circle(self, post_id):
        return self.row("circles", post_id)

    def keys(self, view):
        return [key for name, key in self.seen if name == view]

    def fresh(self):
        views = Views()
        views.load(self.board, self.inbox.now_ms(), self.views.recommendations)
        return views.rows
