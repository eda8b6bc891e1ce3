"""The command `kuaifan` (命令行): each command imports what it needs when it is called.

Exit code 0: it holds; 1: it falls short; 2: bad input, said in one sentence; 130: stopped by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

import kuaifan
from kuaifan.app import (
    cli_ahead,
    cli_backup,
    cli_bench,
    cli_city,
    cli_cluster,
    cli_continuity,
    cli_doctor,
    cli_keeping,
    cli_log,
    cli_phone,
    cli_plan,
    cli_province,
    cli_serve,
    cli_twin,
    cli_twin_quarter,
    cli_user,
)
from kuaifan.app.printing import print_problem

BAD_INPUT = 2
STOPPED = 130

app = App(
    name="kuaifan",
    help="Kuaifan 快反: an open 110, its digital twin and its log.",
    version=kuaifan.__version__,
    help_on_error=False,
    suppress_keyboard_interrupt=False,
)
app.command(cli_serve.serve)
app.command(cli_serve.demo)
app.command(cli_city.app)
cli_twin.app.command(cli_ahead.ahead)
cli_twin.app.command(cli_ahead.what_if)
cli_twin.app.command(cli_twin_quarter.quarter)
app.command(cli_twin.app)
app.command(cli_twin.replay)
app.command(cli_log.app)
app.command(cli_backup.backup)
app.command(cli_backup.restore)
app.command(cli_doctor.doctor)
app.command(cli_continuity.app)
app.command(cli_city.calls_app)
app.command(cli_bench.app)
app.command(cli_phone.app)
app.command(cli_cluster.app)
app.command(cli_province.app)
app.command(cli_plan.app)
app.command(cli_user.app)
app.command(cli_keeping.retention)
app.command(cli_keeping.person)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        print_problem(_as_sentence(error))
        return BAD_INPUT
    except (ValueError, OSError, RuntimeError) as error:
        # What our borders raise is one sentence with its cure; anything else is a bug and shows,
        # also a ValueError of a library: to its own caller it speaks of shapes and offsets.
        if not is_said_plainly(error):
            raise
        print_problem(_in_words(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        print_problem("stopped before it was done: run it again")
        return STOPPED
    return int(code or 0)


def _as_sentence(error: CycloptsError) -> str:
    command = " ".join(("kuaifan", *(error.command_chain or ())))
    said = " ".join(str(error).split()).rstrip(".")
    return f"{said[0].lower()}{said[1:]}: see `{command} --help`"


def _in_words(error: Exception) -> str:
    """What is wrong; what the system raised by itself speaks of error numbers."""
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror.lower()}; put that right, or give another path"
    return str(error)


def is_said_plainly(error: Exception) -> bool:
    """Whether an error is advice to whoever typed the command, rather than a bug of ours."""
    from kuaifan.kernel.errors import BadInputError
    from kuaifan.kernel.journal import StorageError

    return isinstance(error, BadInputError | OSError | StorageError)
