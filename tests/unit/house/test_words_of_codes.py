"""Every code that the rules put on a screen has words in both languages of the console."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from kuaifan.policy.fleet import SKILLS
from kuaifan.policy.scoring import WHY_NOT
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.incident import IncidentState
from kuaifan.vocabulary.order import OrderState
from kuaifan.vocabulary.unit import UnitStatus

ROOT = Path(__file__).resolve().parents[3]
POLICY = ROOT / "src" / "kuaifan" / "policy"
WORDS = ROOT / "console" / "src" / "words"
SAID_OTHERWISE = {"leaves_circle_lost", "leaves_circle_edge"}
"""Said with the names of the circles, as reason.lost and reason.edge."""


def reason_codes():
    """First members of the reasons that the policies make, and the codes of their line prices."""
    found = set()
    for path in sorted(POLICY.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple) and len(node.elts) == len(("code", "number", "subject")):
                found |= {e.value for e in node.elts[:1] if _is_code(e)}
                if isinstance(node.elts[0], ast.IfExp):
                    found |= {node.elts[0].body.value, node.elts[0].orelse.value}
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LinePrice":
                found |= {e.value for e in node.args[1:] if _is_code(e)}
    return found - SAID_OTHERWISE


def _is_code(node):
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text and re.fullmatch(r"[a-z]+(_[a-z]+)+|gains", node.value)


def words_of(*files):
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r'^  "([a-z_]+\.[0-9a-z_]+)":', text, re.MULTILINE))


CODES = {
    *(f"reason.{code}" for code in reason_codes()),
    *(f"why_not.{code}" for code in WHY_NOT if code),
    *(f"skill.{skill}" for skill in SKILLS),
    *(f"call_line.{line}" for line in get_args(Line)),
    *(f"state.{s}" for kind in (IncidentState, OrderState, UnitStatus) for s in get_args(kind)),
}


def test_the_reasons_of_the_policies_are_found():
    expected = {"nearest_by_road", "own_station", "second_line", "lacks_skill", "gains"}
    assert expected <= reason_codes()


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_words_in_both_languages(code):
    assert code in words_of(*sorted((WORDS / "zh").glob("*.ts")))
    assert code in words_of(*sorted((WORDS / "en").glob("*.ts")))
