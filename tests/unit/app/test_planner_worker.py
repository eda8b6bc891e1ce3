"""The planner's process: it never outlives the desk, not even while it is held."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HELD = """
import threading
from kuaifan.app.planner_worker import end_with_desk
end_with_desk()
print("ready", flush=True)
threading.Event().wait()
"""
DESK = """
import os, signal, subprocess, sys
worker = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
worker.stdout.readline()
worker.send_signal(signal.SIGSTOP)
print("held", file=sys.stderr, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_worker_that_is_held_ends_with_the_desk():
    # The pipe that both write to is at its end once neither is left.
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", DESK, HELD],
        stderr=subprocess.PIPE,
        env=os.environ,
        timeout=60,
        check=False,
    )
    assert ended.stderr == b"held\n"
