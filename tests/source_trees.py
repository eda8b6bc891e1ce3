"""The files of this repository and their syntax trees (源码树): each read once for many checks."""

from __future__ import annotations

import ast
import gc
import shutil
import subprocess
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src") / "kuaifan"


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a source file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a source file."""
    return tuple(ast.walk(parse(path)))


@contextmanager
def trees_kept() -> Iterator[None]:
    """Read every file once for all checks: looking for rubbish in a million nodes is dear."""
    gc.disable()
    yield
    forget_trees()
    gc.enable()


def forget_trees() -> None:
    """Read every file anew from now on."""
    nodes_of.cache_clear()
    parse.cache_clear()


def list_sources(root: Path) -> list[Path]:
    """List the modules of the product; the tests beside plug-ins are not part of it."""
    files = (root / PACKAGE).rglob("*.py")
    return sorted(p for p in files if "tests" not in p.relative_to(root / PACKAGE).parts)


def list_tests(root: Path) -> list[Path]:
    """List the test files, those beside plug-ins too."""
    beside = (p for p in (root / PACKAGE).rglob("tests/*.py"))
    return sorted([*(root / "tests").rglob("*.py"), *beside])


def list_texts(root: Path) -> list[Path]:
    """List the files that are, or are about to be, tracked; outside a repository, all of them."""
    git = shutil.which("git")
    if git is not None and (root / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        output = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout  # noqa: S603 - git on our own tree
        names = [root / name for name in output.decode().split("\0") if name]
        return sorted(p for p in names if p.is_file())
    return sorted(p for p in root.rglob("*") if p.is_file() and ".venv" not in p.parts)


def module_name(root: Path, path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(root / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
