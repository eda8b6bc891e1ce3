"""A disk that refuses: a read-only folder, a file in the way, no room left, a run cut short.

Root may write anywhere, so the read-only folder is one that not even root can make a file in.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

READ_ONLY = Path("/sys/kernel")
NO_ROOM = """
import resource, sys
from kuaifan.app.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
main(sys.argv[2:])
"""
# A run started in the background inherits an interrupt that is ignored; a person's does not.
STOPPABLE = """
import signal
from kuaifan.app.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
needs_sys = pytest.mark.skipif(
    not READ_ONLY.is_dir(), reason="this system has no folder in which nobody may make a file"
)


def _commands(town, out, target):
    """Every command that writes, told to write there."""
    log = f"sqlite:///{out / 'log.db'}"
    return [
        ("city", "import", town.streets, target),
        ("import", "calls", town.table, "--mapping", town.mapping, "-o", target),
        ("twin", "run", "--city", town.city, "--calls", town.calls, "-o", target),
        ("log", "export", "--db", log, "-o", target),
    ]


def _words(arguments):
    return [str(argument) for argument in arguments]


@needs_sys
@pytest.mark.parametrize("command_i", range(4))
def test_a_read_only_folder_is_named(kuaifan, town, out, command_i):
    target = READ_ONLY / "kuaifan-test"
    problem = kuaifan.refuses(*_commands(town, out, target)[command_i])
    assert str(target) in problem
    assert "choose another" in problem or "name another" in problem
    assert not target.exists()


@pytest.mark.parametrize("command_i", range(4))
def test_a_file_where_a_folder_should_be_is_named(kuaifan, town, out, tmp_path, command_i):
    (tmp_path / "note").write_text("mine")
    target = tmp_path / "note" / "target"
    assert str(target) in kuaifan.refuses(*_commands(town, out, target)[command_i])
    assert [path.name for path in tmp_path.iterdir()] == ["note"]
    assert (tmp_path / "note").read_text() == "mine"


@pytest.mark.parametrize(("command_i", "n_bytes"), [(0, 4_000), (1, 1_000), (2, 200_000), (3, 900)])
def test_a_full_disk_is_said_and_nothing_is_left(town, out, tmp_path, command_i, n_bytes):
    target = tmp_path / "target"
    ran = _run_without_room(n_bytes, _commands(town, out, target)[command_i])
    assert ran.returncode == 2, ran.stderr
    *_, problem = ran.stderr.splitlines()
    assert problem.startswith("kuaifan: ")
    assert "target" in problem
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_from_the_start_is_said(town, out, tmp_path):
    ran = _run_without_room(5_000, _commands(town, out, tmp_path / "target")[2])
    assert ran.returncode == 2, ran.stderr
    assert "free some space" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def _run_without_room(n_bytes, arguments):
    """Run a command that may write no file longer than so many bytes."""
    command = [sys.executable, "-c", NO_ROOM, str(n_bytes), *_words(arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ourselves


def test_a_run_stopped_by_hand_leaves_nothing(town, tmp_path):
    wishes = ("--days", "60", "--per-day", "500", "-o", tmp_path / "out")
    command = [sys.executable, "-c", STOPPABLE]
    arguments = _words(("twin", "run", "--city", town.city, *wishes))
    with subprocess.Popen([*command, *arguments], stderr=subprocess.PIPE, text=True) as running:  # noqa: S603 - ourselves
        assert running.stderr is not None
        assert "closed" in running.stderr.readline()
        assert [path.name[:5] for path in tmp_path.iterdir()] == [".out."]
        os.kill(running.pid, signal.SIGINT)
        said = running.stderr.read()
    assert running.returncode == 130
    assert said.splitlines()[-1].startswith("kuaifan: stopped")
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
