"""The style of the house as tests: budgets, names, orphans, plug-ins, words, principles.

Every check is a function from a source tree to a list of complaints, so that its own test
(tests/unit/house) can show it a bad sample. `python tests/tidy.py` prints the size report.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pytest
from source_trees import (
    PACKAGE,
    ROOT,
    list_sources,
    list_tests,
    list_texts,
    module_name,
    nodes_of,
    parse,
    trees_kept,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

KINDS = ("seats", "devices", "neighbours", "models", "reports")
PURE = ("geo", "policy", "vocabulary", "board", "work", "plan", *KINDS)

MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 500
MAX_MEDIAN_FUNCTION_LINES = 10
MAX_MEDIAN_FILE_LINES = 150

BANNED = frozenset(
    ("util", "utils", "helper", "helpers", "manager", "managers", "common", "temp", "tmp", "misc")
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# docs/architecture.md, "Left out on principle": no such thing may get a name here.
_PERSON = "(?:person|people|citizen|resident|caller|household|family|individual|suspect|victim)"
_SCORE = "(?:score|risk|rating|rank|grade|prediction|propensity|profile|profiling)"
LEFT_OUT = {
    "face recognition": r"_(?:face|facial|gait|iris|voice)_(?:recognition|match|search|id|template|"
    r"embedding|print)_|_(?:faceprint|voiceprint|biometrics?)_",
    "tracking of individuals": r"_(?:track|trace|follow|surveil)_(?:the_|a_)?"
    r"(?:person|people|citizen|individual|suspect)s?_|_surveillance_",
    "a score of a person or household": rf"_{_PERSON}s?_(?:\w+_)?{_SCORE}s?_"
    rf"|_(?:score|rate|rank|grade|predict|profile)_(?:\w+_)?{_PERSON}s?_",
    "a grade": r"_(?:dv|violence|case)_grades?_",
    "a list of persons": r"_(?:watch|black)_?lists?_|_key_persons?_|_persons?_of_interest_",
    "opinion monitoring": r"_sentiments?_|_opinion_(?:monitor|monitoring|analysis|alert)_",
    "petition monitoring": r"_petition(?:s|er|ers|ing)?_",
    "mass export of calls": r"_(?:mass|bulk)_export_|_(?:export|dump)_all_",
    "traits of a person": r"_ethnicity_|_religions?_|_political_view_|_sexual_orientation_",
}
LEFT_OUT_TEXT = re.compile("人脸识别|重点人员|布控|舆情|信访监测|上访人员|人员评分|步态识别")
# identifier, as it is written: why it is no breach of the principle.
ALLOWED: dict[str, str] = {}

# Calls that import contracts cannot see: built-ins, and parts of modules that are otherwise pure.
FORBIDDEN_BUILTINS = frozenset(
    ("open", "print", "input", "breakpoint", "exec", "eval", "__import__")
)
FORBIDDEN_METHODS = frozenset(
    ("read_text", "write_text", "read_bytes", "write_bytes", "tofile", "rvs")
)
FORBIDDEN_NAMES = (
    *("time", "random", "secrets", "threading", "socket", "logging", "os", "pathlib", "uuid"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    *("datetime.date.today", "datetime.now", "sys.stdout", "sys.stderr", "sys.stdin"),
    *("io.open", "io.FileIO", "numpy.random", "numpy.load", "numpy.save", "numpy.savez"),
    *("numpy.savez_compressed", "numpy.loadtxt", "numpy.savetxt", "numpy.genfromtxt"),
    *("numpy.fromfile", "numpy.memmap", "scipy.io"),
)
# A generator comes in as an argument: its type may be named, never called.
TYPES_ONLY = frozenset({"numpy.random.Generator", "random.Random"})

_BEFORE = r"(?<![\w.~})\]/*-])"
MACHINE = re.compile(
    _BEFORE + r"/(?:work|root|home|Users)/[\w.-]+"
    r"|pypi\.org|pythonhosted\.org|npmjs\.org|--(?:extra-)?index-url|--find[-]links"
)


class Sized(NamedTuple):
    """A file or a function and how many lines it has."""

    where: str
    n_lines: int


class Message(NamedTuple):
    """A command, event or observation class as the source defines it."""

    name: str
    path: Path


# --- budgets ---------------------------------------------------------------------------------


def measure_functions(paths: Iterable[Path]) -> list[Sized]:
    """Return every function, nested ones too, with its length from `def` to its last line."""
    return [
        Sized(f"{path.name}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for path in paths
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def measure_files(paths: Iterable[Path]) -> list[Sized]:
    """Return every file with its number of lines."""
    return [Sized(str(p), len(p.read_text(encoding="utf-8").splitlines())) for p in paths]


def check_budgets(root: Path) -> list[str]:
    """Functions and files that are longer than the house allows."""
    paths = [*list_sources(root), *list_tests(root)]
    long_functions = [s for s in measure_functions(paths) if s.n_lines > MAX_FUNCTION_LINES]
    long_files = [s for s in measure_files(paths) if s.n_lines > MAX_FILE_LINES]
    return [f"{s.where} has {s.n_lines} lines" for s in [*long_functions, *long_files]]


def check_medians(root: Path) -> list[str]:
    """Medians that drifted above the budget; captions (`__init__`) do not count as files."""
    paths = [p for p in list_sources(root) if p.name != "__init__.py"]
    limits = [
        ("function", measure_functions(paths), MAX_MEDIAN_FUNCTION_LINES),
        ("file", measure_files(paths), MAX_MEDIAN_FILE_LINES),
    ]
    return [
        f"the median {what} has {median(s.n_lines for s in sizes)} lines, budget {limit}"
        for what, sizes, limit in limits
        if sizes and median(s.n_lines for s in sizes) > limit
    ]


def size_report(root: Path) -> str:
    """Return the sizes of product and tests, one line each."""
    lines = []
    for title, paths in (("src", list_sources(root)), ("tests", list_tests(root))):
        for what, sizes in (
            ("files", measure_files(paths)),
            ("functions", measure_functions(paths)),
        ):
            n = sorted(s.n_lines for s in sizes)
            if n:
                figures = f"median {median(n):g}, p95 {n[int(0.95 * (len(n) - 1))]}, max {n[-1]}"
                lines.append(f"{title:5} {len(n):5} {what:9} {sum(n):6} lines: {figures}")
    return "\n".join(lines)


# --- names -----------------------------------------------------------------------------------


def words_of(identifier: str) -> list[str]:
    """Split snake_case and CamelCase into lower-case words."""
    return [word.lower() for word in WORD.findall(identifier)]


def check_banned_names(root: Path) -> list[str]:
    """Files, folders and classes named after nothing in particular."""
    paths = [*list_sources(root), *list_tests(root)]
    parts = {part for p in paths for part in p.relative_to(root).with_suffix("").parts}
    classes = {n.name for p in paths for n in nodes_of(p) if isinstance(n, ast.ClassDef)}
    return sorted(f"{name} says nothing" for name in parts | classes if BANNED & {*words_of(name)})


def identifiers_of(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield what a source file names: classes, functions, arguments, targets, field-like texts."""
    for node in nodes:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.AsyncFunctionDef(name=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.Constant(value=str(text)) if re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)+", text):
                yield text


def find_left_out(identifier: str) -> str | None:
    """Return the principle that an identifier breaks, if any."""
    if identifier in ALLOWED:
        return None
    plain = f"_{'_'.join(words_of(identifier))}_"
    return next((what for what, form in LEFT_OUT.items() if re.search(form, plain)), None)


def check_left_out(root: Path) -> list[str]:
    """Names and words of what this system does not do, on principle."""
    complaints = []
    for path in list_sources(root):
        names = {path.stem, *identifiers_of(nodes_of(path))}
        found = [(name, what) for name in sorted(names) if (what := find_left_out(name))]
        complaints += [f"{path.name}: {name} is {what}" for name, what in found]
    for path in sorted((root / PACKAGE).rglob("*")):
        if path.suffix in {".py", ".csv", ".toml", ".json", ".html", ".sql", ".md"}:
            words = {*LEFT_OUT_TEXT.findall(path.read_text(encoding="utf-8"))}
            complaints += [
                f"{path.name}: {word} is left out on principle" for word in sorted(words)
            ]
    return complaints


# --- imports ---------------------------------------------------------------------------------


def ifs_of(path: Path) -> list[ast.If]:
    """List the conditions that a module asks while it is imported."""
    return [node for node in parse(path).body if isinstance(node, ast.If)]


def is_type_checking(node: ast.AST) -> bool:
    """Say whether a statement is an `if TYPE_CHECKING:` block."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def run_time_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a file without those that only the type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if not is_type_checking(node):
            yield node
            yield from run_time_nodes(node)


def imported_names(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    """Yield the dotted names that import statements mention, relative ones resolved."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, *filter(None, [node.module])]) if node.level else node.module
            yield from (f"{base}.{alias.name}" for alias in node.names)


def import_graph(root: Path, *, typing_too: bool) -> dict[str, set[str]]:
    """Return who imports whom among our modules: by module, or by a name that it holds."""
    modules = {module_name(root, path): path for path in list_sources(root)}
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        nodes = nodes_of(path) if typing_too else run_time_nodes(parse(path))
        wanted = imported_names(nodes, package)
        held = {w if w in modules else w.rpartition(".")[0] for w in wanted}
        graph[name] = (held & modules.keys()) - {name}
    return graph


def check_cycles(root: Path) -> list[str]:
    """An import cycle between modules, lazy imports too; import-linter sees only siblings."""
    try:
        TopologicalSorter(import_graph(root, typing_too=False)).prepare()
    except CycleError as error:
        return [f"import cycle: {' -> '.join(error.args[1])}"]
    return []


def entry_modules(root: Path) -> set[str]:
    """Return the modules that start something: commands of pyproject.toml and `python -m`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    commands = {target.partition(":")[0] for target in project.get("scripts", {}).values()}
    runnable = {
        module_name(root, path)
        for path in list_sources(root)
        if any("__name__ == '__main__'" in ast.unparse(n.test) for n in ifs_of(path))
    }
    return commands | runnable


def named_modules(root: Path) -> set[str]:
    """Return the modules that a text of the form `kuaifan.x.y` or `kuaifan.x.y:name` names."""
    return {
        node.value.partition(":")[0]
        for path in list_sources(root)
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith("kuaifan.")
    }


def check_orphans(root: Path) -> list[str]:
    """Modules that nobody imports and nothing starts; packages are reached by their contents."""
    reached = set().union(*import_graph(root, typing_too=True).values())
    reached |= entry_modules(root) | named_modules(root)
    modules = {module_name(root, p) for p in list_sources(root) if p.name != "__init__.py"}
    return sorted(f"nobody imports {name}" for name in modules - reached)


# --- what pure code may not touch ------------------------------------------------------------


def aliases_of(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Return what each imported name stands for, as a dotted name."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for a in node.names:
                found[a.asname or a.name.partition(".")[0]] = (
                    a.name if a.asname else a.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def dotted(node: ast.AST, aliases: dict[str, str]) -> str | None:
    """Return the dotted name of an attribute chain that starts at an imported name."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id)
    if isinstance(node, ast.Attribute) and (base := dotted(node.value, aliases)):
        return f"{base}.{node.attr}"
    return None


def is_forbidden(name: str, *, called: bool) -> bool:
    """Say whether a dotted name reaches a clock, disk, net, thread, log or random source."""
    if name in TYPES_ONLY and not called:
        return False
    return any(name == f or name.startswith(f"{f}.") for f in FORBIDDEN_NAMES)


def forbidden_uses(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield what a file uses that a pure package must not, called or handed on, with its line."""
    aliases = aliases_of(nodes)
    inner = {id(n.value) for n in nodes if isinstance(n, ast.Attribute)}
    called = {id(n.func) for n in nodes if isinstance(n, ast.Call)}
    for node in nodes:
        name = dotted(node, aliases) if id(node) not in inner else None
        if name and is_forbidden(name, called=id(node) in called):
            yield f"{node.lineno}: {name}"
        elif isinstance(node, ast.Name) and id(node) in called and node.id in FORBIDDEN_BUILTINS:
            yield f"{node.lineno}: {node.id}()"
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_METHODS:
            yield f"{node.lineno}: .{node.attr}"


def check_pure(root: Path) -> list[str]:
    """Calls in the pure packages that reach outside; what is needed comes in as an argument."""
    within = [root / PACKAGE / name for name in PURE]
    paths = [p for p in list_sources(root) if any(p.is_relative_to(w) for w in within)]
    return [f"{p.relative_to(root)}:{use}" for p in paths for use in forbidden_uses(nodes_of(p))]


def check_sleeping_tests(root: Path) -> list[str]:
    """Tests that sleep: they wait for an event with a limit instead."""
    return [
        f"{path.relative_to(root)}:{node.lineno} sleeps"
        for path in list_tests(root)
        for aliases in [aliases_of(nodes_of(path))]
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and dotted(node.func, aliases) == "time.sleep"
    ]


# --- plug-ins, words, texts ------------------------------------------------------------------


def list_plugins(root: Path) -> list[Path]:
    """List the plug-in folders of every kind."""
    folders = (p for kind in KINDS for p in (root / PACKAGE / kind).glob("*/"))
    return sorted(p for p in folders if not p.name.startswith(("_", ".")))


def check_plugins(root: Path) -> list[str]:
    """Plug-ins that lack a caption, a README.md or tests, or whose tests are a package."""
    complaints = []
    for folder in list_plugins(root):
        rules = {
            "has no __init__.py": not (folder / "__init__.py").is_file(),
            "has no README.md": not (folder / "README.md").is_file(),
            "has no tests/test_*.py": not list(folder.glob("tests/test_*.py")),
            "has a tests/__init__.py": (folder / "tests" / "__init__.py").exists(),
        }
        complaints += [
            f"{folder.relative_to(root)} {rule}" for rule, broken in rules.items() if broken
        ]
    return complaints


def base_names(node: ast.ClassDef) -> set[str]:
    """Return the last part of each base class's name."""
    return {ast.unparse(base).rpartition(".")[2] for base in node.bases}


def list_messages(paths: Iterable[Path]) -> list[Message]:
    """List the commands, events and observations that files define, through any number of bases."""
    classes = [(n, p) for p in paths for n in parse(p).body if isinstance(n, ast.ClassDef)]
    known = {"Command", "Event", "Observation"}
    for _ in classes:
        known |= {node.name for node, _path in classes if base_names(node) & known}
    return [Message(node.name, path) for node, path in classes if base_names(node) & known]


def glossary_rows(root: Path) -> dict[str, str]:
    """Return the rows of `## Commands and events` in docs/glossary.md by the name they explain."""
    text = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = text.partition("## Commands and events")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| *`(\w+)` *\|(.*)$", section, flags=re.MULTILINE)
    return {name: rest for name, rest in rows if CHINESE.search(rest)}


def check_glossary(root: Path) -> list[str]:
    """Messages without a row with their Chinese term, and rows whose message is gone."""
    sources = [
        p for name in ("vocabulary", "kernel") for p in (root / PACKAGE / name).rglob("*.py")
    ]
    defined = {message.name for message in list_messages(sorted(sources))}
    rows = glossary_rows(root).keys()
    folders = list_plugins(root)
    # A plug-in has to explain its own in its README; it may have rows here too.
    beside = {m.name for m in list_messages(sorted(p for f in folders for p in f.rglob("*.py")))}
    complaints = [f"{name} has no row with its Chinese term" for name in sorted(defined - rows)]
    gone = sorted(rows - defined - beside)
    complaints += [f"the row of {name} explains nothing" for name in gone]
    for folder in folders:
        readme = folder / "README.md"
        words = readme.read_text(encoding="utf-8") if readme.is_file() else ""
        own = list_messages(sorted(p for p in folder.rglob("*.py") if "tests" not in p.parts))
        complaints += [f"{m.name} is not in {readme}" for m in own if f"`{m.name}`" not in words]
    return complaints


def check_captions(root: Path) -> list[str]:
    """Packages whose `__init__` docstring does not caption them, with the Chinese term."""
    packages = [p for p in list_sources(root) if p.name == "__init__.py"]
    bare = [p for p in packages if not CHINESE.search(ast.get_docstring(parse(p)) or "")]
    return [f"{p.relative_to(root)} has no caption with a Chinese term" for p in bare]


def check_machine_paths(root: Path) -> list[str]:
    """Texts that name a path of one machine or the address of a registry."""
    complaints = []
    for path in list_texts(root):
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            found = MACHINE.findall(content.decode("utf-8", errors="replace"))
            complaints += [f"{path.relative_to(root)} names {f}" for f in sorted(set(found))]
    return complaints


CHECKS: list[Callable[[Path], list[str]]] = [
    *(check_budgets, check_medians, check_banned_names, check_left_out, check_cycles),
    *(check_orphans, check_pure, check_sleeping_tests, check_plugins, check_glossary),
    *(check_captions, check_machine_paths),
]


@pytest.fixture(scope="module", autouse=True)
def _trees() -> Iterator[None]:
    with trees_kept():
        yield


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_the_house_is_tidy(check: Callable[[Path], list[str]]) -> None:
    assert check(ROOT) == []


if __name__ == "__main__":
    with trees_kept():
        sys.stdout.write(f"{size_report(ROOT)}\n")
