"""The page docs/reference/cli.md (命令参考), made from the commands themselves.

`python tests/cli_reference.py` writes it anew; a test says when it is out of date.
"""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "cli.md"
INTRODUCTION = """\
# The command line 命令行

Made from the commands themselves by `python tests/cli_reference.py`; do not edit.
Exit code 0: it holds; 1: it falls short; 2: bad input, said in one sentence.
`--help` (`-h`) explains any command, `--version` says which Kuaifan this is.
"""


def list_commands(app, chain=()):
    """Names of every command that does something, such as ("city", "import")."""
    found = []
    for name, command in sorted(app.resolved_commands().items()):
        if name.startswith("-"):
            continue
        deeper = list_commands(command, (*chain, name))
        found += deeper or [(*chain, name)]
    return found


def make_page():
    """The whole page."""
    from kuaifan.app.cli import app

    body = app.generate_docs()
    _, _, body = body.partition("## kuaifan")
    # Under `python -m pytest` every usage line would say so.
    body = re.sub(r"^(kuaifan .*?) -m \w+", r"\1", body, flags=re.MULTILINE)
    # Of the default False of a switch nobody learns anything.
    body = re.sub(r" *\*\[default: False\]\*", "", body)
    lines = [line.rstrip() for line in f"{INTRODUCTION}\n## kuaifan{body}".splitlines()]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(make_page(), encoding="utf-8")
