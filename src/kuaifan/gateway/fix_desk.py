"""Where devices hand in positions (定位网关): gathered for 100 ms, matched, one engine input."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from kuaifan.gateway.fixes import Answer, FixMatcher
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.position import PositionReport
from kuaifan.vocabulary.unit import MAX_FIXES, FixBatch

BATCH_S: Final = 0.1
"""So long positions are gathered; longer would be seen on the map."""

Sender = tuple[Sequence[PositionReport], "Future[list[str]]"]


class FixDesk:
    """Takes reports from any thread (定位受理); its own thread matches them and submits the batch.

    make_matcher: called once, on that thread, with the first report: it loads kernels.
    """

    def __init__(
        self,
        make_matcher: Callable[[], FixMatcher],
        submit: Callable[[FixBatch], Ticket],
        now_ms: Callable[[], int],
    ) -> None:
        self._make_matcher, self._submit, self._now_ms = make_matcher, submit, now_ms
        self._matcher: FixMatcher | None = None
        self._waiting: list[Sender] = []
        self._lost: list[PositionReport] = []
        self._last: Ticket | None = None
        self._changed = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="fixes", daemon=True)

    def start(self) -> None:
        """Begin to take reports."""
        self._thread.start()

    def stop(self) -> None:
        """Match and submit what waits, then end."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def take(self, reports: Sequence[PositionReport]) -> Future[list[str]]:
        """What became of each report, once its batch is durable.

        Raises InboxFullError where too many wait. The future raises it too, and StorageError.
        """
        answered: Future[list[str]] = Future()
        # Whoever goes away has still handed it in.
        answered.set_running_or_notify_cancel()
        with self._changed:
            n_waiting = sum(len(waiting) for waiting, _ in self._waiting)
            if self._is_stopping or n_waiting + len(reports) > MAX_FIXES:
                raise InboxFullError("too many positions wait; send them again in a moment")
            self._waiting.append((reports, answered))
            self._changed.notify()
        return answered

    def _run(self) -> None:
        senders: list[Sender] = []
        try:
            while senders := self._gather():
                if self._matcher is None:
                    self._matcher = self._make_matcher()
                self._pass_on(self._matcher, senders)
                senders = []
        finally:
            # Without this thread nothing is taken; whoever waits is told at once.
            self._refuse(senders)

    def _refuse(self, senders: list[Sender]) -> None:
        with self._changed:
            self._is_stopping = True
            senders, self._waiting = senders + self._waiting, []
        for _, answered in senders:
            if not answered.done():
                answered.set_exception(InboxFullError("no positions are taken any more"))

    def _gather(self) -> list[Sender]:
        """All that came within the time; [] when there is nothing more to come."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping)
            self._changed.wait_for(lambda: self._is_stopping, BATCH_S)
            senders, self._waiting = self._waiting, []
            return senders

    def _pass_on(self, matcher: FixMatcher, senders: list[Sender]) -> None:
        with self._changed:
            lost, self._lost, last = self._lost, [], self._last
        matcher.forget(lost)
        reports = [report for sent, _ in senders for report in sent]
        try:
            # It asks the desk where a unit was, and the desk may not answer now.
            answers, batch = matcher.match(reports, self._now_ms())
            last = last if batch is None else self._submit(batch)
        except (StorageError, InboxFullError) as error:
            self._fail(senders, error)
            return
        if last is None:
            _answer(senders, answers)
            return
        self._answer_after(last, senders, answers)

    def _answer_after(
        self, ticket: Ticket, senders: list[Sender], answers: Sequence[Answer]
    ) -> None:
        """What was taken before is known only once it is durable: with the last batch at latest."""
        with self._changed:
            self._last = ticket

        def tell(_record: Record | None, error: BaseException | None) -> None:
            if error is None:
                _answer(senders, answers)
            else:
                self._fail(senders, error, ticket)

        ticket.when_done(tell)

    def _fail(
        self, senders: list[Sender], error: BaseException, ticket: Ticket | None = None
    ) -> None:
        with self._changed:
            # All of it is forgotten before the next match: what is known then is known for good.
            self._last = None if self._last is ticket else self._last
            self._lost += [report for sent, _ in senders for report in sent]
        for _, answered in senders:
            answered.set_exception(error)


def _answer(senders: list[Sender], answers: Sequence[Answer]) -> None:
    first = 0
    for sent, answered in senders:
        answered.set_result(list(answers[first : first + len(sent)]))
        first += len(sent)
