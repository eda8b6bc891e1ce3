"""Writes the little TOML that a city file needs: the standard library reads it but writes none."""

import json
from collections.abc import Mapping, Sequence

Scalar = str | int | float | bool
Value = Scalar | Sequence["Value"] | Mapping[str, "Value"]


def write_toml(document: Mapping[str, Value], *, heading: str) -> str:
    """The document as TOML: plain values first, then a table for each mapping, in given order."""
    lines = [f"# {line}" for line in heading.splitlines()]
    lines += _table(document, path=())
    return "\n".join(lines) + "\n"


def _table(table: Mapping[str, Value], *, path: tuple[str, ...]) -> list[str]:
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, Mapping):
            inner = (*path, key)
            lines += ["", f"[{'.'.join(map(_key, inner))}]", *_table(value, path=inner)]
    return lines


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
