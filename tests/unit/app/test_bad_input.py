"""Advice is told from bugs: only what our borders say plainly is printed as a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kuaifan.app.cli import BAD_INPUT, app, run
from kuaifan.city.calls import CallsError
from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.plugins import PluginError
from kuaifan.store.log_error import LogError
from kuaifan.web.server import PortError

SOURCE = Path(__file__).resolve().parents[3] / "src" / "kuaifan"


def of_numpy() -> None:
    np.zeros(3) + np.zeros(4)


def of_msgspec() -> None:
    msgspec.json.decode(b'"x"', type=int)


def of_a_library() -> None:
    int("many")


def of_the_border() -> None:
    raise CityFolderError("the city is not there: make one")


@pytest.fixture(name="call")
def fixture_call(request: pytest.FixtureRequest) -> Iterator[object]:
    app.command(request.param, name="broken")
    yield request.param
    del app["broken"]


@pytest.mark.parametrize("call", [of_numpy, of_msgspec, of_a_library], indirect=True)
@pytest.mark.usefixtures("call")
def test_a_value_error_of_a_library_is_a_bug_and_shows() -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        run(["broken"])
    assert not isinstance(caught.value, BadInputError)


@pytest.mark.parametrize("call", [of_the_border], indirect=True)
@pytest.mark.usefixtures("call")
def test_what_a_border_says_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["broken"]) == BAD_INPUT
    assert capsys.readouterr().err == "kuaifan: the city is not there: make one\n"


@pytest.mark.parametrize(
    "error", [CityFolderError, CallsError, LogError, DamagedMapError, PluginError, PortError]
)
def test_the_errors_of_our_borders_are_one_family(error: type[Exception]) -> None:
    assert issubclass(error, BadInputError)


def test_no_command_raises_a_bare_value_error() -> None:
    for file in sorted((SOURCE / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = getattr(node.exc.func, "id", "")
                assert name != "ValueError", f"{file.name}:{node.lineno}: raise BadInputError"
