"""A net of its own for one program (网络命名空间), joined to ours by a wire that can be cut.

Needs root and `ip` (iproute2); two private addresses that nothing else here uses.
"""

from __future__ import annotations

import os
import subprocess
from typing import Final

from kuaifan.kernel.errors import BadInputError

OUTSIDE, INSIDE = "10.253.251.1", "10.253.251.2"
BITS: Final = 30


class OwnNet:
    """A network namespace with one wire (独立网络); `remove` once."""

    outside, inside = OUTSIDE, INSIDE

    def __init__(self) -> None:
        if os.geteuid() != 0:
            raise BadInputError("a net of its own can only be made by root: run this as root")
        self._name = f"kuaifan{os.getpid()}"
        self._ends = (f"kfo{os.getpid()}", f"kfi{os.getpid()}")
        try:
            self._make()
        except BaseException:
            self.remove()
            raise

    def within(self, uid: int | None, gid: int | None) -> tuple[str, ...]:
        """What to put before a command that is to run inside, as another user."""
        user = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
        return ("ip", "netns", "exec", self._name, *(() if uid is None else user))

    def cut(self) -> None:
        """Cut the wire: neither side is told."""
        self._ip("-n", self._name, "link", "set", self._ends[1], "down")

    def mend(self) -> None:
        """Join it again."""
        self._ip("-n", self._name, "link", "set", self._ends[1], "up")

    def remove(self) -> None:
        """Remove the namespace, and the wire with it."""
        for what in (("link", "del", self._ends[0]), ("netns", "del", self._name)):
            subprocess.run(["ip", *what], check=False, capture_output=True)  # noqa: S603, S607 - ours

    def _make(self) -> None:
        outer, inner = self._ends
        self._ip("netns", "add", self._name)
        self._ip("link", "add", outer, "type", "veth", "peer", "name", inner)
        self._ip("link", "set", inner, "netns", self._name)
        self._ip("addr", "add", f"{OUTSIDE}/{BITS}", "dev", outer)
        self._ip("-n", self._name, "addr", "add", f"{INSIDE}/{BITS}", "dev", inner)
        self._ip("link", "set", outer, "up")
        self._ip("-n", self._name, "link", "set", "lo", "up")
        self._ip("-n", self._name, "link", "set", inner, "up")

    def _ip(self, *words: str) -> None:
        try:
            subprocess.run(["ip", *words], check=True, capture_output=True, text=True)  # noqa: S603, S607 - ours
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise BadInputError(f"no net of its own can be made here: {said.strip()}") from None
