"""The shadow policy of a live desk (影子策略): what another policy would have said, as figures.

It is worked out on the engine's thread right after a recommendation, between two inputs and only
where none waits: the answer is with the log's writer by then, and nobody waits for it. Nothing is
decided by it and nothing of it goes into the log; no name of a person is looked at.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from kuaifan.app.live import LiveEngine
from kuaifan.app.printing import print_problem
from kuaifan.app.scenario_files import FOLDER
from kuaifan.board.papers import PolicyInForce
from kuaifan.board.policies import policy_text
from kuaifan.board.recommend import ranking_under
from kuaifan.board.state import Board
from kuaifan.kernel.record import Record
from kuaifan.kernel.whole_file import replace_file
from kuaifan.plan.shadow_figures import ShadowBook, ShadowFigures, figures_of
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.order import UnitAssigned

FILE: Final = "shadow.json"
MAX_SEEN: Final = 500
SAVE_S: Final = 60.0


class _Seen(NamedTuple):
    """The last recommendation of an incident, and what the shadow would have said."""

    team: tuple[str, ...]
    first_ms: int
    shadow_id: str
    shadow_ms: int


class Shadow:
    """Counts beside a live desk (影子台账); `on_record` and `between` on the engine's thread."""

    def __init__(self, city: Path) -> None:
        self._path = city / FOLDER / FILE
        self._book = self._read()
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._pending: list[tuple[RecommendationMade, int]] = []
        self._is_changed = False
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep_saving, name="shadow", daemon=True)

    def follow(self, live: LiveEngine) -> None:
        """Look on at this engine from now on."""
        self._pending.clear()
        engine = live.engine
        engine.watchers.append(lambda record: self.on_record(engine.board, record))

        def between() -> None:
            try:
                self.between(engine.board, live.inbox.n_waiting)
            except Exception as error:  # noqa: BLE001 - a broken shadow must not take the desk down
                live.between_inputs.remove(between)
                print_problem(f"the shadow policy is off until the next start: {error!r}")

        live.between_inputs.append(between)

    def start(self) -> None:
        """Keep the figures on the disk from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Write them a last time."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._save()

    def figures(self) -> ShadowFigures:
        """As a page shows them."""
        with self._lock:
            return figures_of(self._book)

    def on_record(self, board: Board, record: Record) -> None:
        """Note what was recommended and who was sent; works nothing out."""
        for event in record.events:
            if isinstance(event, RecommendationMade):
                self._pending.append((event, record.at_ms))
            elif isinstance(event, UnitAssigned) and _is_choice(event):
                self._sent(board, event)

    def between(self, board: Board, n_waiting: int) -> None:
        """Work out the shadow's choice where nothing waits."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        rules = board.settings.policy_rules
        text = policy_text(rules.shadow, rules.shadow_ways) if rules.shadow else ""
        self._begin(text, pending[0][1])
        for event, at_ms in pending:
            is_busy = bool(text) and n_waiting > 0
            with self._lock:
                self._book.n_passed += is_busy
                self._is_changed |= is_busy
            choice = None
            if rules.shadow and not is_busy:
                choice = PolicyInForce(
                    policy=rules.shadow,
                    desk_id="",
                    from_ms=0,
                    until_ms=0,
                    ways=rules.shadow_ways,
                )
            self._recommended(board, event, choice, at_ms)

    def _recommended(
        self, board: Board, event: RecommendationMade, choice: PolicyInForce | None, at_ms: int
    ) -> None:
        incident = board.incidents.get(event.incident_id)
        if incident is None or not event.candidates or incident.is_over:
            return
        first, shadow_id, shadow_ms = event.candidates[0], "", 0
        if choice is not None and (ranked := ranking_under(board, incident, choice, at_ms)):
            best = ranked.candidates[0]
            shadow_id, shadow_ms = board.fleet.unit_ids[best.unit_i], best.travel_ms
            self._count(
                "recommended",
                incident.priority,
                is_same=shadow_id == first.unit_id,
                difference_ms=shadow_ms - first.travel_ms,
            )
        team = event.team or (first.unit_id,)
        self._seen[event.incident_id] = _Seen(team, first.travel_ms, shadow_id, shadow_ms)
        self._seen.move_to_end(event.incident_id)
        while len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)

    def _sent(self, board: Board, event: UnitAssigned) -> None:
        """Who was sent, against the recommendation and against the shadow; the first order only."""
        seen = self._seen.pop(event.incident_id, None)
        incident = board.incidents.get(event.incident_id)
        if seen is None or incident is None:
            return
        self._count(
            "chosen",
            incident.priority,
            is_same=event.unit_id in seen.team,
            difference_ms=event.travel_ms - seen.first_ms,
        )
        if seen.shadow_id:
            self._count(
                "sent",
                incident.priority,
                is_same=event.unit_id == seen.shadow_id,
                difference_ms=seen.shadow_ms - event.travel_ms,
            )

    def _count(self, kind: str, priority: int, *, is_same: bool, difference_ms: int) -> None:
        with self._lock:
            self._book.count(kind, priority, is_same=is_same, difference_ms=difference_ms)
            self._is_changed = True

    def _begin(self, text: str, at_ms: int) -> None:
        """Another shadow, or none: its figures begin anew, those of overrides go on."""
        with self._lock:
            if self._book.shadow == text and self._book.since_ms:
                return
            chosen = self._book.chosen
            self._book = ShadowBook(shadow=text, since_ms=at_ms, chosen=chosen)
            self._is_changed = True

    def _keep_saving(self) -> None:
        while not self._is_over.wait(SAVE_S):
            self._save()

    def _save(self) -> None:
        with self._lock:
            if not self._is_changed:
                return
            data, self._is_changed = msgspec.json.encode(self._book), False
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, data)
        except OSError as error:
            print_problem(f"{FOLDER}/{FILE} cannot be written ({error.strerror}): free some space")

    def _read(self) -> ShadowBook:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._path.read_bytes(), type=ShadowBook)
        return ShadowBook()


def _is_choice(event: UnitAssigned) -> bool:
    """Whether a person chose among free units for it."""
    is_other = event.beside or event.is_over or event.self_initiated or event.diverted_from
    return not is_other
