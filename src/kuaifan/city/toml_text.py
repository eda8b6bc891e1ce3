"""Writes the little TOML that a city file needs: the standard library reads it but writes none."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

Scalar = str | int | float | bool
Value = Scalar | Sequence["Value"] | Mapping[str, "Value"]


def write_toml(document: Mapping[str, Value], *, heading: str) -> str:
    """The document as TOML: plain values first, then a table for each mapping, in given order.

    A list of mappings becomes an array of tables; one inside a table of it would be misread, so
    mappings there stay on one line.
    """
    lines = [f"# {line}" for line in heading.splitlines()]
    lines += _table(document, path=())
    return "\n".join(lines) + "\n"


def _table(table: Mapping[str, Value], *, path: tuple[str, ...]) -> list[str]:
    lines = _plain({key: value for key, value in table.items() if not _is_table(value)})
    for key, value in table.items():
        inner = (*path, key)
        name = ".".join(map(_key, inner))
        if isinstance(value, Mapping):
            lines += ["", f"[{name}]", *_table(value, path=inner)]
        elif _is_table(value):
            for row in cast("Sequence[Mapping[str, Value]]", value):
                lines += ["", f"[[{name}]]", *_plain(row)]
    return lines


def _plain(table: Mapping[str, Value]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _is_table(value: Value) -> bool:
    """Whether it is a table, or an array of them."""
    if isinstance(value, Mapping):
        return True
    if isinstance(value, str) or not isinstance(value, Sequence):
        return False
    return len(value) > 0 and all(isinstance(row, Mapping) for row in value)


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if is_bare else _text(key)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(map(_value, value)) + "]"


def _text(text: str) -> str:
    # JSON escapes are TOML escapes, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
