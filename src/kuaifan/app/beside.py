"""A process beside the desk and its lines (旁侧进程): followed, held while others go first.

It writes JSON lines of `Told`; it ends at the word `stop`. While inputs wait at the desk it is held
(先让接处警); whoever stops it has it stopped within two seconds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from kuaifan.app.planner_worker import Told

PRESSED: Final = 16
"""So many inputs waiting at the desk hold the process; half of them let it go on."""
LOOK_S: Final = 0.25
STOP_S: Final = 1.0
"""A worker that does not end by itself is ended; what it had found is lost then."""


class Watched:
    """A worker process and its lines (规划进程); arguments: the module and what it is told."""

    def __init__(self, arguments: Sequence[str]) -> None:
        names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **dict.fromkeys(names, "1")},
        )
        self._last = Told()
        self._said = ""

    def follow(
        self,
        *,
        is_stopped: Callable[[], bool],
        is_pressed: Callable[[], int],
        tell: Callable[[Told], None],
    ) -> Told:
        """Until it has ended; what it said last."""
        readers = [
            threading.Thread(target=self._read, args=(tell,), daemon=True),
            threading.Thread(target=self._read_problems, daemon=True),
        ]
        for reader in readers:
            reader.start()
        is_held = False
        while self._process.poll() is None:
            if is_stopped():
                self._hold(is_held=False)
                self._end()
                break
            n = is_pressed()
            if (n > PRESSED) if not is_held else (n <= PRESSED // 2):
                is_held = not is_held
                self._hold(is_held=is_held)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(LOOK_S)
        for reader in readers:
            reader.join(STOP_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self._process.returncode and not self._last.error_en:
            last = self._said.strip().splitlines()[-1:] or [f"code {self._process.returncode}"]
            return Told(error_zh=f"运算进程异常结束：{last[0]}", error_en=f"it broke: {last[0]}")
        return self._last

    def _end(self) -> None:
        """Ask it to end; then end it."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.write(b"stop\n")
            self._process.stdin.flush()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hold(self, *, is_held: bool) -> None:
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGSTOP if is_held else signal.SIGCONT)

    def _read(self, tell: Callable[[Told], None]) -> None:
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        for line in self._process.stdout:
            with contextlib.suppress(msgspec.DecodeError):
                self._last = msgspec.json.decode(line, type=Told)
                if self._last.of or self._last.done or self._last.n_nodes:
                    tell(self._last)

    def _read_problems(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - a pipe
        self._said = self._process.stderr.read().decode(errors="replace")
