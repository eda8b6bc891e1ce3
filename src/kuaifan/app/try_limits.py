"""How often an address may be wrong (限速): failures in a window of time, in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Final

WINDOW_MS: Final = 300_000
MAX_FAILURES: Final = 30
"""From one address in five minutes; behind a proxy a whole shift shares one."""
MAX_KEPT: Final = 10_000


class TryLimits:
    """Failures by address (失败计数); any thread."""

    def __init__(self, max_failures: int = MAX_FAILURES) -> None:
        self._max_failures = max_failures
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, deque[int]] = OrderedDict()

    def is_over(self, address: str, now_ms: int) -> bool:
        """Whether nothing more is tried from an address for now."""
        with self._lock:
            return len(self._recent(address, now_ms)) >= self._max_failures

    def failed(self, address: str, now_ms: int) -> None:
        """One more."""
        with self._lock:
            recent = self._recent(address, now_ms)
            recent.append(now_ms)
            self._failures[address] = recent
            self._failures.move_to_end(address)
            if len(self._failures) > MAX_KEPT:
                self._failures.popitem(last=False)

    def _recent(self, address: str, now_ms: int) -> deque[int]:
        recent = self._failures.get(address, deque(maxlen=self._max_failures))
        while recent and recent[0] <= now_ms - WINDOW_MS:
            recent.popleft()
        return recent
