"""Every check of tests/tidy.py, seen to fail on a bad sample and to pass on its repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tidy
from source_trees import forget_trees

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str, str], None]

PROJECT = '[project]\nname = "kuaifan"\nscripts = { kuaifan = "kuaifan.app.cli:main" }\n'


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files of a sample tree under tmp_path, which starts as a tidy empty project."""

    def write_file(path: str, text: str) -> None:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    write_file("pyproject.toml", PROJECT)
    write_file("src/kuaifan/__init__.py", '"""Kuaifan 快反."""\n')
    write_file("docs/glossary.md", "# Words\n\n## Commands and events\n")
    return write_file


def test_an_empty_project_is_tidy(tmp_path: Path, write: Write) -> None:
    write("tests/test_nothing.py", "")
    assert [complaint for check in tidy.CHECKS for complaint in check(tmp_path)] == []


def test_a_function_of_71_lines_is_too_long_and_one_of_70_is_not(
    tmp_path: Path, write: Write
) -> None:
    write(
        "src/kuaifan/long.py", "def f():\n" + "    x = 1\n" * 70 + "def g():\n" + "    x = 1\n" * 69
    )
    assert tidy.check_budgets(tmp_path) == ["long.py:1 f has 71 lines"]


def test_a_file_of_501_lines_is_too_long(tmp_path: Path, write: Write) -> None:
    write("tests/test_long.py", "x = 1\n" * 501)
    write("tests/test_short.py", "x = 1\n" * 500)
    assert [c.rpartition("/")[2] for c in tidy.check_budgets(tmp_path)] == [
        "test_long.py has 501 lines"
    ]


def test_medians_above_the_budget_are_told(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/long.py", "def f():\n" + "    x = 1\n" * 200)
    assert tidy.check_medians(tmp_path) == [
        "the median function has 201 lines, budget 10",
        "the median file has 201 lines, budget 150",
    ]


def test_the_size_report_names_every_figure(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/one.py", "def f():\n    return 1\n")
    assert "median 2, p95 2, max 2" in tidy.size_report(tmp_path)


def test_names_that_say_nothing_are_banned(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/road_utils.py", "class QueueManager: ...\n")
    write("src/kuaifan/common/__init__.py", "")
    write("src/kuaifan/commons.py", "class Temperature: ...\n")
    assert tidy.check_banned_names(tmp_path) == [
        "QueueManager says nothing",
        "common says nothing",
        "road_utils says nothing",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "class FaceRecognition: ...",
        "def match_faces(face_embedding): ...",
        "class Person:\n    person_score: int",
        "class Home:\n    household_risk: int",
        "def predict_offence_of_person(): ...",
        "dv_grade = 'red'",
        "watch_list = []",
        "class BlackList: ...",
        "form = {'key_persons': 1}",
        "def monitor(sentiment): ...",
        "class PetitionAlert: ...",
        "def export_all_calls(): ...",
        "async def track_suspects(): ...",
        "new(ethnicity='x')",
        "title = '重点人员'",
    ],
)
def test_what_is_left_out_on_principle_gets_no_name(
    tmp_path: Path, write: Write, line: str
) -> None:
    write("src/kuaifan/board.py", f"{line}\n")
    assert len(tidy.check_left_out(tmp_path)) == 1


@pytest.mark.parametrize(
    "identifier",
    [
        *("unit_score", "caller_location", "surface", "interface", "track_fixes", "patrol_grade"),
        *("party_id", "FollowUp", "units_listed", "export_log", "tracks", "risk_of_loss"),
    ],
)
def test_ordinary_words_stay_free(identifier: str) -> None:
    assert tidy.find_left_out(identifier) is None


def test_an_allowed_name_needs_its_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tidy.find_left_out("dv_grade") == "a grade"
    monkeypatch.setitem(tidy.ALLOWED, "dv_grade", "the case is graded, never a person")
    assert tidy.find_left_out("dv_grade") is None


def test_every_allowed_name_is_needed_and_says_why() -> None:
    for identifier, reason in tidy.ALLOWED.items():
        plain = f"_{'_'.join(tidy.words_of(identifier))}_"
        assert any(tidy.re.search(form, plain) for form in tidy.LEFT_OUT.values()), identifier
        assert len(reason.split()) >= 5, f"{identifier}: say why in a sentence"


def test_a_cycle_through_a_lazy_import_or_a_parent_is_found(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/board/__init__.py", "from kuaifan.board.state import Board\n")
    write("src/kuaifan/board/state.py", "class Board: ...\n")
    assert tidy.check_cycles(tmp_path) == []
    forget_trees()
    write("src/kuaifan/board/state.py", "def f():\n    from . import Board\n")
    assert len(tidy.check_cycles(tmp_path)) == 1


def test_an_import_for_the_type_checker_makes_no_cycle(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/one.py", "import kuaifan.two\n")
    lines = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kuaifan.one import x\n"
    write("src/kuaifan/two.py", lines)
    assert tidy.check_cycles(tmp_path) == []


def test_a_module_that_nobody_reaches_is_an_orphan(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/app/cli.py", "from . import serve\nLAZY = 'kuaifan.app.bench:main'\n")
    write("src/kuaifan/app/serve.py", "from .limits import MAX\n")
    write("src/kuaifan/app/limits.py", "MAX = 1\n")
    write("src/kuaifan/app/bench.py", "")
    write("src/kuaifan/app/warm.py", 'if __name__ == "__main__":\n    pass\n')
    write("src/kuaifan/app/lost.py", "from kuaifan.app import lost\n")
    assert tidy.check_orphans(tmp_path) == ["nobody imports kuaifan.app.lost"]


@pytest.mark.parametrize(
    "text",
    [
        "x = open('f')",
        "print(1)",
        "import numpy as np\nx = np.random.default_rng(1)",
        "from numpy import random\nx = random.rand()",
        "from numpy.random import default_rng\nx = default_rng(1)",
        "import numpy as np\nx = np.load('f')",
        "from time import monotonic\nx = monotonic()",
        "import dataclasses, time\nx = dataclasses.field(default_factory=time.time)",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.now(datetime.UTC)",
        "from datetime import date\nx = date.today()",
        "import os\nx = os.environ['A']",
        "from pathlib import Path\nx = Path('f')",
        "def f(path):\n    return path.read_text()",
        "import sys\nx = sys.stdout",
        "from random import Random\nx = Random(1)",
        "import threading\nx = threading.Lock()",
        "import logging\nlogging.info('x')",
        "import socket\nx = socket.socket()",
        "import io\nx = io.open('f')",
    ],
)
def test_pure_code_reaches_nothing_outside(tmp_path: Path, write: Write, text: str) -> None:
    write("src/kuaifan/work/dispatch.py", text)
    write("src/kuaifan/app/dispatch.py", text)
    complaints = tidy.check_pure(tmp_path)
    assert len(complaints) == 1
    assert complaints[0].startswith("src/kuaifan/work/dispatch.py:")


def test_pure_code_may_be_given_a_generator_and_count_time(tmp_path: Path, write: Write) -> None:
    text = (
        "import numpy as np\nfrom datetime import datetime, timedelta\nfrom random import Random\n"
        "def draw(rng: np.random.Generator, other: Random, at: datetime) -> int:\n"
        "    board.open(at + timedelta(1))\n    return rng.poisson(other.random())\n"
    )
    write("src/kuaifan/work/draw.py", text)
    assert tidy.check_pure(tmp_path) == []


def test_a_sleeping_test_is_told(tmp_path: Path, write: Write) -> None:
    write("tests/test_sleep.py", "from time import sleep as nap\nnap(1)\n")
    write("src/kuaifan/seats/fraud/tests/test_nap.py", "import time\ntime.sleep(1)\n")
    assert len(tidy.check_sleeping_tests(tmp_path)) == 2


def test_a_plug_in_brings_its_caption_readme_and_tests(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/seats/fraud/tests/__init__.py", "")
    assert tidy.check_plugins(tmp_path) == [
        "src/kuaifan/seats/fraud has no __init__.py",
        "src/kuaifan/seats/fraud has no README.md",
        "src/kuaifan/seats/fraud has no tests/test_*.py",
        "src/kuaifan/seats/fraud has a tests/__init__.py",
    ]


def test_every_message_has_its_row_with_a_chinese_term(tmp_path: Path, write: Write) -> None:
    write(
        "src/kuaifan/vocabulary/order.py",
        "class OrderCommand(Command): ...\nclass AssignUnit(OrderCommand, frozen=True): ...\n"
        "class UnitAssigned(message.Event): ...\nclass Stamp: ...\n",
    )
    rows = "| `AssignUnit` | 派警 | x |\n| `OrderCommand` | assign | |\n| `Gone` | 没有 | |\n"
    write("docs/glossary.md", f"## Commands and events\n{rows}")
    assert tidy.check_glossary(tmp_path) == [
        "OrderCommand has no row with its Chinese term",
        "UnitAssigned has no row with its Chinese term",
        "the row of Gone explains nothing",
    ]


def test_a_plug_in_explains_its_own_messages(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/seats/fraud/words.py", "class StopPayment(Command): ...\n")
    write("src/kuaifan/seats/fraud/README.md", "Stops payments.\n")
    assert len(tidy.check_glossary(tmp_path)) == 1
    write("src/kuaifan/seats/fraud/README.md", "`StopPayment` 紧急止付\n")
    assert tidy.check_glossary(tmp_path) == []


def test_a_package_without_a_chinese_caption_is_told(tmp_path: Path, write: Write) -> None:
    write("src/kuaifan/plan/__init__.py", '"""Demand."""\n')
    assert tidy.check_captions(tmp_path) == [
        "src/kuaifan/plan/__init__.py has no caption with a Chinese term"
    ]


@pytest.mark.parametrize(
    "text",
    ["see /ro" + "ot/x", "in '/ho" + "me/me/x'", "--index" + "-url x", "https://py" + "pi.org/x"],
)
def test_texts_name_no_machine_and_no_registry(tmp_path: Path, write: Write, text: str) -> None:
    write("docs/howto/start.md", text)
    assert len(tidy.check_machine_paths(tmp_path)) == 1


def test_our_own_folders_are_no_machine_paths(tmp_path: Path, write: Write) -> None:
    write("docs/start.md", "src/kuaifan/work/dispatch.py, `work/`, {root}/work/x, a/root/b\n")
    assert tidy.check_machine_paths(tmp_path) == []
