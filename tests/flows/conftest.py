"""What the command-line tests share: one small town and one run of it per worker."""

import pytest
from small_town import make_town

from kuaifan.app.cli import run


@pytest.fixture(name="town", scope="session")
def fixture_town(tmp_path_factory):
    """A small town; tests copy what they damage."""
    return make_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(name="out", scope="session")
def fixture_out(town, tmp_path_factory):
    """A twin run of the small town; tests copy what they damage."""
    out = tmp_path_factory.mktemp("runs") / "out"
    arguments = ["twin", "run", "--city", town.city, "--calls", town.calls, "-o", out]
    assert run([str(argument) for argument in arguments]) == 0
    return out


class Kuaifan:
    """The command, run in this process: `kuaifan("city", "check", folder)` gives exit code.

    said: standard output; problem: the sentence on standard error, '' without one.
    """

    def __init__(self, capsys):
        self._capsys = capsys
        self.said = self.problem = ""

    def __call__(self, *arguments):
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        self.said, told = self._capsys.readouterr()
        problems = [line for line in told.splitlines() if line.startswith("kuaifan: ")]
        assert len(problems) == (code == 2), told
        assert "Traceback" not in told
        self.problem = problems[0] if problems else ""
        return code

    def refuses(self, *arguments):
        """The sentence with which bad input is refused."""
        assert self(*arguments) == 2
        assert self.said == ""
        return self.problem


@pytest.fixture(name="kuaifan")
def fixture_kuaifan(capsys):
    """The command, run in this process."""
    return Kuaifan(capsys)
