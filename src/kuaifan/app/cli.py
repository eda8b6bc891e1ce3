"""The command `kuaifan` (命令行): each command imports what it needs when it is called.

Exit code 0: it holds; 1: it falls short; 2: bad input, said in one sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

import kuaifan
from kuaifan.app import cli_bench, cli_city, cli_log, cli_twin
from kuaifan.app.printing import print_problem

BAD_INPUT = 2

app = App(
    name="kuaifan",
    help="Kuaifan 快反: an open 110, its digital twin and its log.",
    version=kuaifan.__version__,
    help_on_error=False,
)
app.command(cli_city.app)
app.command(cli_twin.app)
app.command(cli_twin.replay)
app.command(cli_log.app)
app.command(cli_city.calls_app)
app.command(cli_bench.app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        code = app(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return BAD_INPUT
    except (ValueError, OSError, RuntimeError) as error:
        # What our borders raise is one sentence with its cure; anything else is a bug and shows.
        if not _is_said_plainly(error):
            raise
        print_problem(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        print_problem("stopped")
        return BAD_INPUT
    return int(code or 0)


def _is_said_plainly(error: Exception) -> bool:
    from kuaifan.kernel.journal import StorageError

    return isinstance(error, ValueError | OSError | StorageError)
